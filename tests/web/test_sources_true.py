"""What the pages of sources say is so: a list that was emptied, what is held, what is dated ahead, which place is which."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from creatorbot.models import Admission, Release
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.servers.scripted import Scripted, answer, scripted
from tests.web.desk import House, open_house, words
from tests.web.test_sources_page import RSS, entry, feed, item, show, source

PATH = "/connections/sources/1"
EMPTIED = "Nothing is listed there at the moment. What we know from there stays as it is."


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


@pytest.fixture
def server(house: House) -> Iterator[Scripted]:
    """The artist's website, watched since it listed three songs."""
    with scripted() as running:
        house.add(Admission(artist_id=house.artist_id, host="127.0.0.1", port=running.port))
        running.on("GET", "/feed", answer(200, feed(1, 2, 3), RSS))
        house.browser().post("/connections/sources", address=f"{running.url}/feed")
        yield running


def steps(house: House) -> list[str]:
    """What “Try now” tells."""
    return house.browser().post(f"{PATH}/look", 200, headers={"X-Fragment": "steps"}).text.splitlines()


def test_a_list_that_was_emptied_is_not_called_one_that_never_had_anything(house: House, server: Scripted) -> None:
    server.on("GET", "/feed", answer(200, feed(), RSS))
    assert "Nothing has changed there since the last look." not in " ".join(steps(house))
    assert EMPTIED in show(house, 1)
    assert "no entries yet" not in show(house, 1)
    assert "nothing there now" in show(house, 1)
    assert steps(house)[-1] == "good\tNothing has changed there since the last look."
    server.on("GET", "/feed", answer(200, feed(1, 2, 3), RSS))
    steps(house)
    assert EMPTIED not in show(house, 1)
    with house.runtime.reading() as session:
        assert {one.state for one in session.exec(select(Release))} == {"listed"}


def test_a_list_that_never_had_anything_is_called_so(house: House, server: Scripted) -> None:
    server.on("GET", "/new", answer(200, feed(), RSS))
    house.browser().post("/connections/sources", address=f"{server.url}/new")
    assert "This feed has no entries yet." in show(house, 2)


def test_what_is_held_is_not_called_new(house: House, server: Scripted, clock: TestClock) -> None:
    server.on("GET", "/feed", answer(200, feed(*range(1, 9)), RSS))
    assert steps(house)[-1] == "warn\t5 of them wait for your answer."
    assert "5 not seen before" in show(house, 1)
    clock.forward(hours=1)
    server.on("GET", "/feed", answer(200, feed(*range(1, 10)), RSS))
    assert steps(house)[-1] == "good\tOne of them is new."


def test_what_is_dated_ahead_is_not_called_out(house: House, server: Scripted) -> None:
    ahead = entry(4).replace("Jun 2026", "Jun 2027")
    server.on("GET", "/ahead", answer(200, feed(1).replace("</channel>", f"{ahead}</channel>"), RSS))
    house.browser().post("/connections/sources", address=f"{server.url}/ahead")
    assert "What waits for its day counts as new when it has come." in show(house, 2, more="?added=1")
    assert "waits for its day" not in show(house, 1, more="?added=1")


def test_places_of_one_name_can_be_told_apart(house: House) -> None:
    for kind, address in (("mirlo", "https://api.mirlo.example/x"), ("faircamp", "https://www.aoife.example/feed.rss")):
        item(house, source(house, kind=kind, address=address, title="Aoife"), 1 if kind == "mirlo" else 2)
    shown = words(house.browser().get("/connections"))
    assert "Mirlo, api.mirlo.example" in shown
    assert "Faircamp, aoife.example" in shown
