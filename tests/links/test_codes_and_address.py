"""Codes nobody confuses, and addresses that may leave the house."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.amounts import LARGEST_MINOR, Money
from creatorbot.errors import Conflict
from creatorbot.links.address import is_public_https, is_public_name, link_address, post_base
from creatorbot.links.choices import choices
from creatorbot.links.codes import ALPHABET, LENGTH, new_code, new_link
from creatorbot.models import Installation
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from tests.links import rows

OWN = "http://127.0.0.1:8080"


def test_codes_are_random_and_hold_no_look_alikes() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(len(code) == LENGTH for code in codes)
    assert set("".join(codes)) == set(ALPHABET)
    assert not set("0Oo1lIi") & set(ALPHABET)


def test_each_link_has_a_code_of_its_own(both_runtime: Runtime) -> None:
    artist_id = rows.make_artist(both_runtime)
    release_id = rows.make_release(both_runtime, artist_id)
    with both_runtime.session() as session:
        links = [
            new_link(session, artist_id=artist_id, release_id=release_id, label=f"poster {n}", now=both_runtime.clock()) for n in range(20)
        ]
    assert len({link.code for link in links}) == 20
    assert all(link.id for link in links)


def installation(public_url: str, runtime: Runtime, *, answered: bool = True) -> Installation:
    return Installation(id=1, public_url=public_url, public_answered_at=runtime.clock() if answered else None, created_at=runtime.clock())


def test_a_post_points_to_us_only_when_the_world_can_come(runtime: Runtime) -> None:
    door, server = Door(), "https://social.example.org"
    assert post_base(None, OWN, server, door) is None
    assert post_base(installation("", runtime), OWN, server, door) is None
    assert post_base(installation("https://music.example.org", runtime, answered=False), OWN, server, door) is None
    assert post_base(installation("http://music.example.org", runtime), OWN, server, door) is None
    assert post_base(installation("https://192.168.1.4", runtime), OWN, server, door) is None
    base = post_base(installation("https://music.example.org/", runtime), OWN, server, door)
    assert base is not None
    assert link_address(base, "abcd2345") == "https://music.example.org/l/abcd2345"


def test_only_a_practice_server_is_given_our_own_address(runtime: Runtime) -> None:
    door = Door().admitting(frozenset({("127.0.0.1", 9001)}))
    assert post_base(None, OWN, "http://127.0.0.1:9001", door) == OWN
    assert post_base(None, OWN, "http://127.0.0.1:9002", door) is None


@pytest.mark.parametrize(
    "url",
    [
        "http://music.example.org",
        "https://localhost",
        "https://localhost:8443",
        "https://127.0.0.1",
        "https://10.1.2.3",
        "https://[::1]",
        "https://[fe80::1]",
        "https://169.254.169.254",
        "https://printer.local",
        "https://box.lan",
        "https://a@music.example.org",
        "https://",
        "",
        "music.example.org",
        "https://music.example.org:0",
        "https://music.example.org:99999",
        "https://[bad",
        "https://0x7f.1",
        "https://music",
        "https://192.168.0.1.",
        "ftp://music.example.org",
        "https://a b.example.org",
    ],
)
def test_what_must_not_be_told_the_world(url: str) -> None:
    assert not is_public_https(url)


@pytest.mark.parametrize(
    "url", ["https://music.example.org", "https://xn--mller-kva.example/x?y=1", "https://music.example.org:8443", "https://9.9.9.9"]
)
def test_what_may_be_told(url: str) -> None:
    assert is_public_https(url)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_judged_without_trouble(text: str) -> None:
    is_public_https(text)
    is_public_https("https://" + text)
    is_public_name(text)


@pytest.mark.parametrize(
    ("suggested", "minimum", "currency", "offered"),
    [
        (700, 0, "EUR", [300, 700, 1200]),
        (1000, 0, "EUR", [500, 1000, 1500]),
        (700, 500, "EUR", [500, 700, 1200]),
        (1000, 0, "JPY", [500, 1000, 1500]),
        (None, 0, "EUR", [300, 500, 1000]),
        (None, 0, "JPY", [300, 500, 1000]),
        (None, 400, "EUR", [400, 700, 1200]),
        (100, 0, "EUR", [50, 100, 150]),
        (5, 0, "EUR", [2, 5, 8]),
    ],
)
def test_the_amounts_offered_are_round_and_hold_the_suggested_one(
    suggested: int | None, minimum: int, currency: str, offered: list[int]
) -> None:
    found = choices(Money(suggested, currency) if suggested else None, Money(minimum, currency), currency)
    assert [amount.minor for amount in found] == offered


@settings(deadline=None)
@given(st.integers(0, LARGEST_MINOR), st.integers(0, LARGEST_MINOR), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_no_amount_is_below_the_minimum(suggested: int, minimum: int, currency: str) -> None:
    found = [amount.minor for amount in choices(Money(suggested, currency), Money(minimum, currency), currency)]
    assert len(found) == 3
    assert found == sorted(found)
    assert found[0] >= max(minimum, 1)
    assert suggested in found or suggested < max(minimum, 1)


def test_a_post_has_one_link_only(runtime: Runtime) -> None:
    artist_id = rows.make_artist(runtime)
    release_id = rows.make_release(runtime, artist_id)
    post_id = rows.make_post(runtime, artist_id, release_id)
    with runtime.session() as session:
        new_link(session, artist_id=artist_id, release_id=release_id, post_id=post_id, now=runtime.clock())
    with pytest.raises(Conflict), runtime.session() as session:
        new_link(session, artist_id=artist_id, release_id=release_id, post_id=post_id, now=runtime.clock())
