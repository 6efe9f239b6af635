"""Where other servers tell us, and where an artist's bookmark hands a page over: open to all, and nothing borrowed from anybody."""

import json
import re
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from selectolax.parser import HTMLParser
from sqlmodel import select

from creatorbot.models import Handover, Push, Pushed, Release, Source
from creatorbot.releases.pushing import handover
from creatorbot.releases.pushing.receive import LARGEST
from creatorbot.runtime import Runtime
from creatorbot.web.pushes import LARGEST_FORM
from tests.conftest import TestClock
from tests.servers.hub import signed
from tests.web.conftest import House

TOPIC = "https://aoife.example/feed.xml"
SQUARES = [
    {"id": "album-1", "href": "/album/tall-ships", "title": "Tall Ships", "artist": "", "image": ""},
    {"id": "track-2", "href": "/track/low-water", "title": "Low <b>Water</b>", "artist": "Other", "image": ""},
]
PAGE = {"v": 1, "address": "https://aoife.bandcamp.com/music?from=hp", "squares": SQUARES}


@pytest.fixture
def told(house: House, runtime: Runtime) -> dict[str, Push]:
    """A hub's subscription that waits for its verification, and an Owncast path."""
    now = runtime.clock()
    with runtime.session() as session:
        made = {}
        for kind, address in (("websub", TOPIC), ("owncast", "https://live.example/api/status")):
            source = Source(
                artist_id=house.artist_id,
                kind="feed" if kind == "websub" else "owncast",
                address=address,
                created_at=now,
                next_poll_at=now.replace(hour=23),
            )
            session.add(source)
            session.flush()
            made[kind] = Push(
                artist_id=house.artist_id,
                source_id=source.id,
                kind=kind,
                public_id=f"{kind}-secret",
                topic=TOPIC,
                state="asked" if kind == "websub" else "wanted",
                secret=runtime.vault.seal("s" * 40),
                asked_at=now,
                created_at=now,
                next_try_at=now,
            )
            session.add(made[kind])
    return made


def asking(**other: str) -> dict[str, str]:
    return {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "<script>1</script>", "hub.lease_seconds": "600"} | other


def test_a_hub_gets_its_challenge_back_as_plain_text(told: dict[str, Push], visitor: FlaskClient, runtime: Runtime) -> None:
    answer = visitor.get("/push/websub-secret", query_string=asking())
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "<script>1</script>", "text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    with runtime.reading() as session:
        assert session.exec(select(Push.state).where(Push.kind == "websub")).one() == "on"


@pytest.mark.parametrize(
    "other", [{"hub.topic": "https://else.example"}, {"hub.mode": "unsubscribe"}, {"hub.challenge": ""}, {"hub.challenge": "x" * 5000}]
)
def test_what_nobody_asked_for_is_not_there(told: dict[str, Push], visitor: FlaskClient, other: dict[str, str]) -> None:
    answer = visitor.get("/push/websub-secret", query_string=asking(**other))
    assert (answer.status_code, answer.text) == (404, "")


@pytest.mark.parametrize("path", ["/push/guessed", "/push/x%00y", "/push/owncast-secret%00"])
def test_a_guessed_address_says_nothing(told: dict[str, Push], visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path, query_string=asking()).status_code == 404
    assert visitor.get(path).status_code == 404
    assert visitor.post(path, data=b"x").status_code == 404


def test_a_person_who_tries_the_address_is_told_that_it_works(told: dict[str, Push], visitor: FlaskClient) -> None:
    for kind in ("websub", "owncast"):
        assert "This address works." in visitor.get(f"/push/{kind}-secret").text
    assert visitor.get("/push/owncast-secret", query_string=asking()).status_code == 404


def test_a_note_is_on_disk_before_it_is_answered(told: dict[str, Push], visitor: FlaskClient, runtime: Runtime) -> None:
    visitor.get("/push/websub-secret", query_string=asking())
    for signature, status in ((signed("s" * 40, b"<rss/>"), 204), (signed("s" * 40, b"<rss/>"), 204), ("sha1=00", 204), ("", 204)):
        answer = visitor.post("/push/websub-secret", data=b"<rss/>", headers={"X-Hub-Signature": signature})
        assert (answer.status_code, answer.text) == (status, "")
    with runtime.reading() as session:
        assert [row.body for row in session.exec(select(Pushed)).all()] == [b"<rss/>"]
        assert session.exec(select(Push.ignored).where(Push.kind == "websub")).one() == 2


def test_too_much_is_not_read(told: dict[str, Push], visitor: FlaskClient, runtime: Runtime) -> None:
    answer = visitor.post("/push/websub-secret", data=b"x" * (LARGEST + 1))
    assert answer.status_code == 413
    assert "<html" not in answer.text
    with runtime.reading() as session:
        assert session.exec(select(Pushed)).all() == []


def test_an_owncast_note_is_kept_and_chat_is_not(told: dict[str, Push], visitor: FlaskClient, runtime: Runtime) -> None:
    for kind in ("STREAM_STARTED", "STREAM_STARTED", "CHAT", "USER_JOINED"):
        note = {"type": kind, "eventData": {"id": "a1", "body": "private words"}}
        assert visitor.post("/push/owncast-secret", json=note).status_code == 204
    garbage = visitor.post("/push/owncast-secret", data=b"\xff{")
    assert (garbage.status_code, garbage.text) == (422, "This is not a note from an Owncast server.\n")
    with runtime.reading() as session:
        (kept,) = session.exec(select(Pushed)).all()
        assert json.loads(kept.body)["type"] == "STREAM_STARTED"
        assert session.exec(select(Push.state).where(Push.kind == "owncast")).one() == "on"


@pytest.fixture
def secret(house: House, runtime: Runtime) -> str:
    """What is in the artist's bookmark."""
    with runtime.session() as session:
        return handover.secret_of(session, runtime.vault, house.artist_id, runtime.clock())


def hand_over(client: FlaskClient, secret: str, page: object = PAGE) -> str:
    """Press the bookmark; where that leads."""
    answer = client.post("/hand-over", data={"secret": secret, "payload": page if isinstance(page, str) else json.dumps(page)})
    assert answer.status_code == 303, answer.text
    assert "Set-Cookie" not in answer.headers
    return answer.location


def test_the_bookmark_is_shown_with_its_secret_and_our_address(house: House, secret: str) -> None:
    page = HTMLParser(house.client("bob").get("/connections/sources/by-hand").text)
    button = page.css_first("a#bookmark")
    assert button is not None
    address = button.attributes["href"] or ""
    assert address.startswith("javascript:")
    assert "http://localhost/hand-over" in unquote(address)
    assert secret in unquote(address)
    code = page.css_first("#button-text")
    assert code is not None
    assert code.text() == address
    assert house.client("charlie").get("/connections/sources/by-hand").status_code == 403


def test_what_was_read_is_shown_and_nothing_taken_before_the_artist_says_so(
    house: House, visitor: FlaskClient, secret: str, runtime: Runtime
) -> None:
    place = hand_over(visitor, secret)
    page = house.client("bob").get(place).text
    assert "We read 2 releases" in page
    assert "Tall Ships" in page
    assert "Low &lt;b&gt;Water&lt;/b&gt;" in page or "Low Water" in page
    assert "<b>Water</b>" not in page
    with runtime.reading() as session:
        assert session.exec(select(Source)).all() == []
    taken = house.client("bob").post(place)
    assert re.fullmatch(r"/connections/sources/\d+", taken.location or "")
    with runtime.reading() as session:
        assert session.exec(select(Source.address)).one() == "https://aoife.bandcamp.com/music"
        assert {release.state for release in session.exec(select(Release)).all()} == {"listed"}
    assert house.client("bob").get(place).status_code == 404  # once


def test_a_page_that_is_watched_is_brought_up_to_date(house: House, visitor: FlaskClient, secret: str, runtime: Runtime) -> None:
    house.client("bob").post(hand_over(visitor, secret))
    newer = PAGE | {"squares": [{"id": "album-3", "href": "/album/new", "title": "New", "artist": "", "image": ""}, *SQUARES]}
    place = hand_over(visitor, secret, newer)
    assert "You watch this page already" in house.client("bob").get(place).text
    house.client("bob").post(place)
    with runtime.reading() as session:
        assert len(session.exec(select(Source)).all()) == 1
        assert {release.title: release.state for release in session.exec(select(Release)).all()}["New"] == "new"


def test_who_is_not_logged_in_logs_in_and_comes_back(house: House, visitor: FlaskClient, secret: str) -> None:
    place = hand_over(visitor, secret)
    assert visitor.get(place).location == f"/login?next={place}"


def test_strangers_and_viewers_see_nothing_of_it(house: House, visitor: FlaskClient, secret: str) -> None:
    place = hand_over(visitor, secret)
    assert house.client("charlie").get(place).status_code == 403
    assert house.client("dora").get(place).status_code == 404
    assert house.client("dora").post(place).status_code == 404
    assert house.client("bob").get(place + "x").status_code == 404


def test_it_is_forgotten_after_a_quarter_of_an_hour(house: House, visitor: FlaskClient, secret: str, clock: TestClock) -> None:
    place = hand_over(visitor, secret)
    clock.forward(minutes=16)
    answer = house.client("bob").get(place)
    assert (answer.status_code, "Hand it over once more" in answer.text) == (404, True)


def test_forgetting_it_takes_nothing(house: House, visitor: FlaskClient, secret: str, runtime: Runtime) -> None:
    place = hand_over(visitor, secret)
    assert house.client("bob").post(f"{place}/forget").location == "/connections"
    with runtime.reading() as session:
        assert session.exec(select(Handover)).all() == []
        assert session.exec(select(Source)).all() == []


@pytest.mark.parametrize("wrong", ["", "x", "0" * 40, "x" * 500, "\0"])
def test_a_wrong_secret_says_what_to_do(house: House, visitor: FlaskClient, secret: str, wrong: str, runtime: Runtime) -> None:
    answer = visitor.post("/hand-over", data={"secret": wrong, "payload": "{}"})
    assert answer.status_code == 403
    assert "make the bookmark again" in answer.text
    with runtime.reading() as session:
        assert session.exec(select(Handover)).all() == []


def test_a_renewed_bookmark_makes_the_old_one_useless(house: House, visitor: FlaskClient, secret: str) -> None:
    house.client("bob").post("/connections/sources/by-hand/renew")
    assert visitor.post("/hand-over", data={"secret": secret, "payload": "{}"}).status_code == 403
    page = house.client("bob").get("/connections/sources/by-hand").text
    assert secret not in page


@pytest.mark.parametrize(
    "garbage",
    [
        "{",
        "[]",
        "hello",
        '{"address": 7}',
        '{"address": "javascript:alert(1)", "squares": []}',
        "[" * 50_000,
        "\0",
    ],
)
def test_garbage_gets_a_sentence(house: House, visitor: FlaskClient, secret: str, garbage: str) -> None:
    answer = house.client("bob").get(hand_over(visitor, secret, garbage))
    assert answer.status_code == 422
    assert "We could not read this page" in answer.text
    assert "Nothing was changed" in answer.text


def test_a_page_without_a_release_offers_nothing_to_take(house: House, visitor: FlaskClient, secret: str) -> None:
    answer = house.client("bob").get(hand_over(visitor, secret, '{"address":"https://aoife.bandcamp.com/","linked":"{"}'))
    assert answer.status_code == 200
    assert "found no release on it" in answer.text
    assert "Add it" not in answer.text


def test_nothing_and_far_too_much_are_refused_at_the_door(house: House, visitor: FlaskClient, secret: str) -> None:
    assert visitor.post("/hand-over", data={"secret": secret, "payload": " "}).status_code == 422
    large = visitor.post("/hand-over", data={"secret": secret, "payload": "x" * (handover.LARGEST + 1)})
    assert (large.status_code, "2 MB" in large.text) == (422, True)
    huge = visitor.post("/hand-over", data=b"payload=" + b"x" * LARGEST_FORM, content_type="application/x-www-form-urlencoded")
    assert (huge.status_code, "2 MB" in huge.text) == (413, True)


def test_only_so_many_wait(house: House, visitor: FlaskClient, secret: str, runtime: Runtime) -> None:
    places = [hand_over(visitor, secret) for _ in range(handover.MOST_WAITING + 3)]
    with runtime.reading() as session:
        assert len(session.exec(select(Handover)).all()) == handover.MOST_WAITING
    assert house.client("bob").get(places[-1]).status_code == 200
    assert house.client("bob").get(places[0]).status_code == 404


def test_a_pasted_page_goes_the_same_way(house: House, runtime: Runtime) -> None:
    bob = house.client("bob")
    wrong = bob.post("/connections/sources/by-hand", data={"page": "<html><title>My cat</title></html>"})
    assert wrong.status_code == 422
    assert 'id="w-page"' in wrong.text
    assert "My cat" in wrong.text
    assert bob.post("/connections/sources/by-hand", data={"page": ""}).status_code == 422
    good = bob.post("/connections/sources/by-hand", data={"page": json.dumps(PAGE)})
    assert good.status_code == 303
    assert "We read 2 releases" in bob.get(good.location).text


def test_the_logged_in_half_insists_on_its_form_secret(app: Flask, house: House, visitor: FlaskClient, secret: str) -> None:
    place = hand_over(visitor, secret)
    app.config["WTF_CSRF_ENABLED"] = True
    assert house.client("bob").post(place).status_code == 400
    assert hand_over(visitor, secret)  # the open half borrows nothing, so it needs none
