"""The bookmark button in a real browser, on pages as Bandcamp makes them: what it sends says the same as the page itself."""

from collections.abc import Iterator
from dataclasses import replace

import orjson
import pytest
from playwright.sync_api import Browser, Page, expect

from creatorbot.sources import read_page
from creatorbot.sources.bandcamp_handed import page_of
from creatorbot.sources.base import Fetched, Reading
from creatorbot.web.house.bookmarklet import bookmarklet
from tests.servers.scripted import Scripted, answer, scripted
from tests.sources.pages import LABEL, STUB, grid_page, linked, offer, release_page, square, tralbum

HTML = {"Content-Type": "text/html; charset=utf-8"}
SECRET = "s3cret'\"</script>&%41 ü"
ELSEWHERE = "Das ist keine Seite von Bandcamp – „hier“ nicht."
LATER = [{"id": n, "type": "album", "title": f"Later & {n}", "page_url": f"/album/{n}", "art_id": n} for n in range(17, 40)]
DEED = '<a class="cc-icons" href="http://creativecommons.org/licenses/by-nc-sa/3.0/de/">some rights reserved</a>'
FANS = {"sponsor": [{"@type": "Person", "name": "A fan's name"}], "comment": [{"author": {"name": "A fan's name"}}]}
RELEASE = release_page(
    tralbum(
        minimum_price=7.0, trackinfo=[{"id": 1, "file": {"mp3": "https://t4.example/x"}, "license_type": 3}, {"id": 2, "license_type": 3}]
    ),
    linked(offer(4001, "a", "EUR", {"minPrice": 7.0}), numTracks=2, name="Tall Ships", **FANS),
    licence=DEED,
    extra='<h2 class="trackTitle"> Tall Ships </h2><h4 class="ft compound-button">Buy Digital Album €7 EUR or more</h4>'
    '<div class="tralbum-tags"><a class="tag">Folk</a></div><form><input name="submit"><input name="action"></form>',
)
GRID = grid_page(
    [
        square("album-1", "Tall <em>Ships</em> &amp; „Más”", "/album/tall-ships"),
        square("track-2", "Wellerman", "/track/wellerman", override="Bea", lazy=True),
        square("album-3", "Hidden", "/album/hidden", style="display: none"),
    ],
    LATER,
)


@pytest.fixture
def ours() -> Iterator[Scripted]:
    """Plays our own installation."""
    with scripted() as server:
        server.on("POST", "/hand-over", answer(200, "<!doctype html><title>Taken</title>", HTML))
        yield server


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A tab of the artist's browser."""
    context = chromium.new_context()
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def press(tab: Page, ours: Scripted) -> None:
    """Press the bookmark: the browser runs a link whose address is a script."""
    address = bookmarklet(f"{ours.url}/hand-over", SECRET, ELSEWHERE)
    tab.evaluate("address => { const a = document.createElement('a'); a.href = address; document.body.append(a); a.click(); }", address)


def sent(tab: Page, ours: Scripted, body: bytes, path: str) -> tuple[Reading, Reading, bytes]:
    """What the page says when fetched, what it says when handed over, and what went over."""
    with scripted() as bandcamp:
        page = body.replace(b"https://aoife.bandcamp.com", bandcamp.url.encode())
        bandcamp.on("GET", path, answer(200, page, HTML))
        tab.goto(bandcamp.url + path + "?from=fan")
        press(tab, ours)
        tab.wait_for_url("**/hand-over")
    (asked,) = [one for one in ours.asked if one.method == "POST"]
    assert asked.form["secret"] == [SECRET]
    (payload,) = asked.form["payload"]
    return read_page(Fetched(bandcamp.url + path, page)), read_page(page_of(payload.encode())), payload.encode()


def test_a_release_goes_over_whole_and_without_its_fans(tab: Page, ours: Scripted) -> None:
    fetched, handed, payload = sent(tab, ours, RELEASE, "/album/tall-ships")
    assert handed.releases == fetched.releases
    (release,) = handed.releases
    assert (release.licence, release.price.model, release.tracks) == ("CC-BY-NC-SA-3.0-DE", "minimum", 2)
    assert handed.notes == fetched.notes
    assert b"A fan" not in payload
    assert b"mp3" not in payload


def test_an_artists_page_goes_over_with_what_its_script_would_add(tab: Page, ours: Scripted) -> None:
    fetched, handed, _ = sent(tab, ours, GRID, "/music")
    assert [replace(one, cover_url=None) for one in handed.releases] == [replace(one, cover_url=None) for one in fetched.releases]
    assert [one.cover_url for one in handed.releases] == [one.cover_url for one in fetched.releases]
    assert len(handed.releases) == 2 + len(LATER)
    assert handed.releases[0].title == "Tall Ships & „Más”"
    assert (handed.releases[1].title, handed.releases[1].artist) == ("Wellerman", "Bea")


def test_a_label_and_an_empty_profile_go_over(tab: Page, ours: Scripted) -> None:
    label = LABEL.replace(b"https://aoife.bandcamp.com", b"https://aoife.example")
    fetched, handed, _ = sent(tab, ours, label, "/artists")
    assert (handed.follow, handed.state) == (fetched.follow, "empty")
    assert handed.follow[1] == "https://aoife.example/music"
    ours.asked.clear()
    fetched, handed, payload = sent(tab, ours, STUB, "/")
    assert (handed.state, handed.notes) == (fetched.state, fetched.notes)
    assert orjson.loads(payload)["stub"] is True


def test_broken_data_goes_over_as_it_is(tab: Page, ours: Scripted) -> None:
    broken = RELEASE.replace(b'data-tralbum="{', b'data-tralbum="{{')
    fetched, handed, _ = sent(tab, ours, broken, "/album/tall-ships")
    assert handed.releases == fetched.releases
    assert handed.releases[0].guid == "album-4001"


def test_on_any_other_page_it_says_so_and_sends_nothing(tab: Page, ours: Scripted) -> None:
    said: list[str] = []

    def hear(dialog: object) -> None:
        said.append(dialog.message)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    tab.on("dialog", hear)
    with scripted() as other:
        other.on("GET", "/", answer(200, "<!doctype html><title>Else</title><body>Hello", HTML))
        tab.goto(other.url + "/")
        press(tab, ours)
        expect(tab).to_have_title("Else")
    assert said == [ELSEWHERE]
    assert ours.asked == []
