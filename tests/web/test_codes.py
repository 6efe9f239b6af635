"""Addresses that lead nowhere: what was meant is found, what was not is explained, and nobody is ever led elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session
from werkzeug.test import Client

from creatorbot.links.codes import ALPHABET, LENGTH, MOST_LIKELY, PRINTED, as_typed, find_mistyped, likely
from creatorbot.models import Artist, Link
from creatorbot.runtime import Runtime
from creatorbot.web.entry.login import safe_next
from creatorbot.web.frontdoor import FrontDoor
from tests.links import rows
from tests.web.conftest import House

POSTER, POST = "abcd2345", "ABxy6789"


@pytest.fixture
def links(runtime: Runtime, house: House) -> House:
    """A poster's code and a post's, of the first of two artists."""
    add(runtime, house.artist_id, POSTER, POST)
    return house


@pytest.fixture
def door(links: House, runtime: Runtime) -> Iterator[FrontDoor]:
    """The front door with the application behind it."""
    found = FrontDoor(links.app, runtime, refresh_s=3600.0)
    yield found
    found.stop()


def add(runtime: Runtime, artist_id: int, *codes: str) -> None:
    release_id = rows.make_release(runtime, artist_id)
    with runtime.session() as session:
        for code in codes:
            session.add(Link(artist_id=artist_id, release_id=release_id, code=code, created_at=runtime.clock()))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ABCD2345", POSTER),
        ("Abcd2345", POSTER),
        ("abxy6789", POST),
        ("abcd 2345", POSTER),
        ("abcd-2345", POSTER),
        ("abcd2345.", POSTER),
        ("abcd2345)", POSTER),
        ("ABCD2345/bandcamp", POSTER),
        ("ABCD2345.12", f"{POSTER}.12"),
        ("0bcd2345", ""),  # could be cbcd…, ebcd…, none of which is there; abcd… is
        ("abcd2346", ""),
        ("abcd234", ""),
        ("abcd23456", ""),
        ("", ""),
        ("äbcd2345", ""),
        ("\0bcd2345", ""),
    ],
)
def test_what_was_meant_is_found(both_runtime: Runtime, typed: str, meant: str) -> None:
    add(both_runtime, rows.make_artist(both_runtime), POSTER, POST)
    expected = POSTER if typed == "0bcd2345" else meant
    with both_runtime.reading() as session:
        assert find_mistyped(session, typed) == expected


def test_what_could_be_two_is_neither(runtime: Runtime) -> None:
    add(runtime, rows.make_artist(runtime), "abcd2345", "ABCD2345", "jxyz2345", "txyz2345")
    with runtime.reading() as session:
        assert find_mistyped(session, "Abcd2345") == ""
        assert find_mistyped(session, "1xyz2345") == ""
        assert find_mistyped(session, "ABCD2345") == "ABCD2345"


codes = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)
printed = st.text(PRINTED, min_size=LENGTH, max_size=LENGTH)


@given(code=printed, upper=st.lists(st.booleans(), min_size=LENGTH, max_size=LENGTH))
def test_a_posters_code_is_among_the_likely_ones_in_any_case(code: str, upper: list[bool]) -> None:
    assert code in likely("".join(sign.upper() if up else sign for sign, up in zip(code, upper, strict=True)))


@given(code=codes)
def test_a_posts_code_is_among_the_likely_ones_when_all_is_small_or_large(code: str) -> None:
    assert code in likely(code.lower())
    assert code in likely(code.upper())


@given(text=st.text(max_size=200))
def test_likely_codes_are_codes_and_few(text: str) -> None:
    own = as_typed(text).partition(".")[0]
    found = likely(own) if own else []
    assert len(found) <= MOST_LIKELY
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in found)


def test_a_mistyped_link_leads_to_the_right_one_for_now_only(visitor: FlaskClient, links: House) -> None:
    for address in ("/l/ABCD2345", "/tip/ABCD2345", "/l/abcd2345%29"):
        answer = visitor.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (302, "no-store")
        assert answer.location == f"/{address.split('/')[1]}/{POSTER}"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "address", ["/l/", "/l/nothing", "/l/abcd2346", "/l/%00", "/l/" + "x" * 10_000, "/l/a/b/c", "/tip/nothing", "/tip/%00"]
)
def test_a_wrong_code_gets_a_page_that_helps(visitor: FlaskClient, links: House, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert "never a 0 or an O, never a 1, an I or a small L" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "All music by" not in answer.text, "there are two artists here"


def test_the_only_artists_page_is_offered_and_a_practice_artists_is_not(visitor: FlaskClient, runtime: Runtime) -> None:
    rows.make_artist(runtime, name="Rehearsal", slug="rehearsal", badge="practice")
    assert "All music by" not in visitor.get("/l/nothing").text
    rows.make_artist(runtime, name="Mina <b>", slug="mina")
    page = visitor.get("/l/nothing").text
    assert 'href="/@mina"' in page
    assert "All music by Mina &lt;b&gt;" in page


def test_of_several_artists_the_one_whose_name_begins_like_this(visitor: FlaskClient, links: House) -> None:
    for address in ("/@aoife", "/@aoife-marsh-band", "/@AOIFE.", "/tip/aoife"):
        assert 'href="/@aoife-marsh"' in visitor.get(address).text
    for address in ("/@ao", "/@nobody", "/@%", "/@_____"):
        answer = visitor.get(address)
        assert answer.status_code == 404
        assert "All music by" not in answer.text
        assert "small L" not in answer.text, "that is about codes"


def test_an_artists_name_in_other_case_leads_to_the_page(visitor: FlaskClient, links: House) -> None:
    assert visitor.get("/@Aoife-Marsh").location == "/@aoife-marsh"
    assert visitor.get("/@aoife%20marsh").location == "/@aoife-marsh"
    assert visitor.get("/tip/Aoife-Marsh").location == "/tip/aoife-marsh"


def test_an_address_that_is_right_does_not_lead_to_itself(visitor: FlaskClient, links: House) -> None:
    answer = visitor.get(f"/l/{POSTER}")  # the front door would have answered, had it been able to
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_guessing_asks_the_database_a_bounded_number_of_times(links: House, visitor: FlaskClient, runtime: Runtime) -> None:
    asked = 0

    def counting() -> Any:
        nonlocal asked
        asked += 1
        return runtime.reading()

    links.app.extensions["creatorbot"] = replace(runtime, reading=counting)
    assert {visitor.get(f"/l/guess{n:03}").status_code for n in range(300)} == {404}
    assert asked < 300


def test_a_typed_code_is_one_question_by_an_index(runtime: Runtime, links: House) -> None:
    said: list[str] = []
    with runtime.reading() as session:
        _listen(session, said)
        assert find_mistyped(session, "ABCD2345") == POSTER
        (statement,) = said
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.partition('IN')[0]} IN ('a', 'b')").all()
    assert "USING COVERING INDEX" in str(plan) or "USING INDEX" in str(plan)


def _listen(session: Session, said: list[str]) -> None:
    event.listen(session.connection(), "before_cursor_execute", lambda *given: said.append(given[2]))


HOSTILE = """//evil.example|\\\\evil.example|/\\evil.example|https://evil.example|https:evil.example|@evil.example|evil.example
%2F%2Fevil.example|..|.|;@evil.example|javascript:alert(1)|\0|ABCD2345|Aoife-Marsh"""
PLACES = """/l/ /@ /tip/ /thanks/ /cover/ /assets/ / // /stop/ /join/ /login/ /artists?next= /login?next= /artists/switch?next=
/setup?key= /settings?next= /calendar?month= /?next="""
evil = st.sampled_from([one for line in HOSTILE.split("\n") for one in line.split("|")] + ["\r\nLocation: //evil.example"])
typed = st.lists(st.one_of(evil, st.text(max_size=20), st.just("/")), max_size=4).map("".join)
where = st.sampled_from(PLACES.split())
CALM = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@CALM
@given(prefix=where, text=typed, host=st.sampled_from(["localhost", "evil.example"]), encoded=st.booleans())
@example(prefix="/l/", text="//evil.example", host="localhost", encoded=False)
@example(prefix="/", text="/evil.example", host="localhost", encoded=False)
@example(prefix="/@", text="evil.example", host="localhost", encoded=False)
def test_nobody_is_ever_led_elsewhere(links: House, visitor: FlaskClient, prefix: str, text: str, host: str, encoded: bool) -> None:
    path = prefix + (quote(text, safe="") if encoded or "?" in prefix else text)
    for client in (visitor, links.client("alice")):
        for method in ("GET", "POST"):
            answer = open_raw(client, path, host, method)
            assert answer.status_code < 500 or answer.status_code == 503
            assert leads_home(answer.headers.get("Location", "/"), host), (path, answer.headers["Location"])


@CALM
@given(
    prefix=st.sampled_from(["/l/", "/@", f"/l/{POSTER}/", f"/l/{POSTER}.", f"/l/{POST}.0/", "/@aoife-marsh/", "/oembed?url="]),
    text=typed,
    host=st.sampled_from(["localhost", "evil.example"]),
    encoded=st.booleans(),
)
@example(prefix=f"/l/{POSTER}/", text="//evil.example", host="localhost", encoded=False)
def test_the_front_door_leads_to_shops_on_its_pages_and_nowhere_else(
    links: House, door: FrontDoor, prefix: str, text: str, host: str, encoded: bool
) -> None:
    path = prefix + (quote(text, safe="") if encoded or "?" in prefix else text)
    answer = open_raw(Client(door), path, host, "GET")
    assert answer.status_code < 500 or answer.status_code == 503
    assert leads_home(answer.headers.get("Location", "/"), host), (path, answer.headers["Location"])


def open_raw(client: Client, path: str, host: str, method: str) -> Any:
    """As a server hands it over, whatever stands in it."""
    bare, _, query = path.partition("?")
    given = {"PATH_INFO": bare.encode("utf-8", "replace").decode("latin-1"), "HTTP_HOST": host, "QUERY_STRING": quote(query, safe="%=&/")}
    return client.open("/", method=method, environ_overrides=given)


def leads_home(location: str, host: str) -> bool:
    """As browsers read an address: backslashes are slashes, controls are dropped."""
    read = "".join(sign for sign in location if sign > " ").replace("\\", "/")
    parts = urlsplit(read)
    own = parts.scheme in ("", "http") and parts.netloc in ("", host) and not read.startswith("//")
    return own and (bool(parts.netloc) or read.startswith("/")) and "\r" not in location and "\n" not in location


@given(wanted=st.one_of(typed, st.text(max_size=50), typed.map(lambda text: "/" + text)))
def test_logging_in_leads_to_a_page_of_ours(wanted: str) -> None:
    assert leads_home(safe_next(wanted), "localhost")


def test_artists_renamed_keep_their_short_name(runtime: Runtime, links: House) -> None:
    alice = links.client("alice")
    kept = {"name": "Aoife & the Ships", "time_zone": "Europe/Dublin", "currency": "EUR", "language": "en", "accent": "#b4432e"}
    assert alice.post("/settings", data={**kept, "suggested": "7", "minimum": "1"}).status_code in (303, 422)
    with runtime.reading() as session:
        assert session.get_one(Artist, links.artist_id).slug == "aoife-marsh"
