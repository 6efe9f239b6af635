"""A source's page on how the place tells us by itself: what is said while it does not, and another secret address for Owncast."""

from datetime import timedelta

import pytest
from sqlmodel import select

from creatorbot.models import Installation, Push, Source
from creatorbot.runtime import Runtime
from tests.web.desk import House, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def watched(house: House, kind: str, state: str) -> int:
    """A source whose place tells us by itself, or will."""
    now = house.runtime.clock()
    place = Source(
        artist_id=house.artist_id,
        kind="owncast" if kind == "owncast" else "feed",
        address="https://live.example/api/status",
        state="ok",
        created_at=now,
        polled_at=now,
        next_poll_at=now + timedelta(hours=6),
        interval_s=6 * 3600,
    )
    number = house.add(place)
    house.add(
        Push(
            artist_id=house.artist_id,
            source_id=number,
            kind=kind,
            public_id="a-secret-path",
            state=state,
            last_push_at=now if state == "on" else None,
            created_at=now,
            next_try_at=now,
        )
    )
    return number


def test_a_place_that_cannot_reach_us_says_what_is_missing(house: House) -> None:
    number, browser = watched(house, "websub", "wanted"), house.browser()
    assert "can reach us only at a public https address" in words(browser.get(f"/connections/sources/{number}"))
    now = house.runtime.clock()
    house.add(Installation(id=1, public_url="https://songs.example", public_answered_at=now, created_at=now))
    assert "we are about to ask for it" in words(browser.get(f"/connections/sources/{number}"))


def test_a_secret_address_that_got_out_is_replaced(house: House) -> None:
    number, browser = watched(house, "owncast", "on"), house.browser()
    path = f"/connections/sources/{number}"
    assert "/push/a-secret-path" in (browser.get(path).html or "")
    browser.post(f"{path}/path")
    shown = browser.get(path)
    assert "The old address is answered no more" in words(shown, "body")
    assert "a-secret-path" not in (shown.html or "")
    with house.runtime.reading() as session:
        push = session.exec(select(Push)).one()
    assert f"/push/{push.public_id}" in (shown.html or "")
    house.browser("viewer").post(f"{path}/path", 403)


def test_only_an_owncast_server_has_such_an_address(house: House) -> None:
    number = watched(house, "websub", "on")
    house.browser().post(f"/connections/sources/{number}/path", 422)
    with house.runtime.reading() as session:
        assert session.exec(select(Push)).one().public_id == "a-secret-path"
