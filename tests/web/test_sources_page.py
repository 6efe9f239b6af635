"""A source's pages: what was found and how, its health in a sentence, why each item was news or not, what helps, trying now."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlmodel import select

from creatorbot.models import Admission, Announcement, Fetch, Push, Release, Source, SourceItem
from creatorbot.runtime import Runtime
from creatorbot.sources import REGISTRY
from tests.servers.scripted import Scripted, answer, scripted
from tests.web.desk import House, open_house, words

RSS = {"Content-Type": "application/rss+xml"}
HTML = {"Content-Type": "text/html"}
WAYS = ("robot_check", "refused", "missing", "gone", "broken", "busy", "failing")


def entry(number: int) -> str:
    return (
        f"<item><title>Song {number}</title><link>https://aoife.example/songs/{number}</link>"
        f"<guid>song-{number}</guid><pubDate>Mon, {number:02} Jun 2026 10:00:00 GMT</pubDate></item>"
    )


def feed(*numbers: int) -> str:
    inside = "".join(entry(number) for number in numbers)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Songs of Aoife</title><link>https://aoife.example/</link>{inside}</channel></rss>'


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


@pytest.fixture
def server(house: House) -> Iterator[Scripted]:
    """A website of the artist's on loopback, which the artist may reach."""
    with scripted() as running:
        house.add(Admission(artist_id=house.artist_id, host="127.0.0.1", port=running.port))
        running.on("GET", "/feed", answer(200, feed(1, 2, 3), RSS))
        page = '<html><head><title>Aoife</title><link rel="alternate" type="application/rss+xml" href="/feed"></head><p>Hello</html>'
        running.on("GET", "/", answer(200, page, HTML))
        yield running


def source(house: House, **more: Any) -> int:
    """A watched feed, as looks would have left it."""
    now = house.runtime.clock()
    given = {
        "kind": "feed",
        "address": "https://aoife.example/feed",
        "title": "Songs of Aoife",
        "state": "ok",
        "created_at": now - timedelta(days=9),
        "baseline_at": now - timedelta(days=9),
        "polled_at": now - timedelta(minutes=5),
        "next_poll_at": now + timedelta(hours=6),
        "interval_s": 6 * 3600,
        **more,
    }
    return house.add(Source(artist_id=house.artist_id, **given))


def item(house: House, source_id: int, number: int, decision: str = "baseline", **more: Any) -> int:
    """An item of it, with its release."""
    now = house.runtime.clock()
    state = {"held": "held", "new": "new"}.get(decision, "listed")
    release = house.release(title=f"Song {number}", url=f"https://aoife.example/songs/{number}", state=state, source_id=source_id)
    given = {
        "guid": f"song-{number}",
        "guid_key": f"song-{number}",
        "title": f"Song {number}",
        "first_seen_at": now,
        "last_seen_at": now,
        **more,
    }
    return house.add(SourceItem(artist_id=house.artist_id, source_id=source_id, release_id=release, decision=decision, **given))


def show(house: House, source_id: int, role: str = "owner", more: str = "") -> str:
    return words(house.browser(role).get(f"/connections/sources/{source_id}{more}"))


def test_what_can_be_pasted_is_said_from_the_registry(house: House) -> None:
    shown = words(house.browser().get("/connections/sources"))
    assert [one.label for one in REGISTRY.values() if one.label.partition(" (")[0] not in shown] == []


def test_any_page_pasted_finds_its_feed_and_says_so(house: House, server: Scripted) -> None:
    browser = house.browser()
    browser.get("/connections/sources")
    where = browser.post("/connections/sources", address=f"{server.url}/").headers["Location"]
    page = browser.get(where)
    shown = words(page)
    kept = house.read(Source, 1)
    assert kept.address == f"{server.url}/feed"
    assert kept.found_how
    assert kept.found_how in shown
    assert "3 releases were found here. Nothing was posted." in shown
    assert len(page.css("input[type=checkbox]")) == 3
    assert not page.css("input[checked]")
    with house.runtime.reading() as session:
        assert {one.state for one in session.exec(select(Release))} == {"listed"}
    assert kept.found_how in show(house, 1)


def test_nothing_ticked_makes_nothing_new(house: House, server: Scripted) -> None:
    browser = house.browser()
    browser.post("/connections/sources", address=f"{server.url}/feed")
    assert browser.post("/connections/sources/1/pick").headers["Location"] == "/connections/sources/1"
    with house.runtime.reading() as session:
        assert {one.state for one in session.exec(select(Release))} == {"listed"}


def test_one_ticked_goes_to_the_desk_and_several_become_new(house: House, server: Scripted) -> None:
    browser = house.browser()
    browser.post("/connections/sources", address=f"{server.url}/feed")
    page = browser.get("/connections/sources/1?added=1")
    ticks = [str(node.attributes["value"]) for node in page.css("input[name=item]")]
    where = browser.post("/connections/sources/1/pick", item=ticks[0]).headers["Location"]
    assert where.startswith("/announcements/")
    with house.runtime.reading() as session:
        assert len(session.exec(select(Announcement)).all()) == 1
    assert browser.post("/connections/sources/1/pick", item=ticks[1:]).headers["Location"] == "/releases"
    with house.runtime.reading() as session:
        assert [one.state for one in session.exec(select(Release))] == ["new"] * 3
        assert len(session.exec(select(Announcement)).all()) == 1


def test_an_address_that_cannot_be_read_offers_other_ways(house: House, server: Scripted) -> None:
    server.on("GET", "/plain", answer(200, "<html><p>Nothing of use</html>", HTML))
    browser = house.browser()
    for typed in ("", "no address", "http://10.0.0.1/feed", f"{server.url}/plain", f"{server.url}/none"):
        browser.post("/connections/sources", 422, address=typed)
        assert browser.last is not None
        assert 'id="w-address"' in browser.last.text
        assert 'href="/connections/sources/by-hand"' in browser.last.text
        assert 'href="/releases/new"' in browser.last.text
    with house.runtime.reading() as session:
        assert not session.exec(select(Source)).all()


def test_a_page_pasted_is_read_instead_of_fetched(house: House, server: Scripted) -> None:
    browser = house.browser()
    browser.post("/connections/sources", address=f"{server.url}/hidden/feed", page=feed(1, 2))
    assert house.read(Source, 1).address == f"{server.url}/hidden/feed"
    assert not [asked.path for asked in server.asked if asked.path == "/hidden/feed"]
    browser.post("/connections/sources", 422, address=f"{server.url}/other", page="https://only.an.address/")
    assert browser.last is not None
    assert 'id="w-page"' in browser.last.text


def test_the_sentence_comes_first_and_the_looks_are_told(house: House) -> None:
    number = source(house, found_how="The page names this feed.", typed="aoife.example", software="faircamp")
    now = house.runtime.clock()
    house.add(Fetch(source_id=number, at=now - timedelta(hours=1), outcome="unchanged", status=304, milliseconds=120))
    house.add(
        Fetch(source_id=number, at=now, how="asked", outcome="changed", status=200, milliseconds=1400, bytes=34_000, found=12, fresh=1)
    )
    item(house, number, 1)
    shown = show(house, number)
    assert "All is well: one release is known from here." in shown
    for said in (
        "The page names this feed.",
        "aoife.example",
        "Faircamp",
        "1.4 s",
        "34 kB",
        "you asked",
        "12 releases listed",
        "nothing new",
    ):
        assert said in shown


def test_why_each_was_news_or_not(house: House) -> None:
    number = source(house)
    item(house, number, 1, why="It stood there at our first look.")
    item(house, number, 2, "new")
    item(house, number, 3, "waits", not_before=date(2026, 12, 24))
    shown = show(house, number)
    assert "It stood there at our first look." in shown
    assert "It was not there before." in shown
    assert "Its day is 24 Dec 2026." in shown
    only = show(house, number, more="?which=new")
    assert "Song 2" in only
    assert "Song 1" not in only


def test_many_items_come_in_pages(house: House) -> None:
    number = source(house)
    for one in range(1, 46):
        item(house, number, one)
    first, last = show(house, number), show(house, number, more="?page=3")
    assert "Page 1 of 3" in first
    assert sum(f"Song {one} " in first for one in range(1, 46)) == 20
    assert sum(f"Song {one} " in last for one in range(1, 46)) == 5
    assert "Page 3 of 3" in show(house, number, more="?page=99")
    assert "Page 1 of 3" in show(house, number, more="?page=nonsense")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "It has something new about once a week. We have seen nothing new there for 9 days, so we look every 6 hours."),
        ({"failures": 2, "state": "failing"}, "It failed 2 times in a row, so we wait a little longer each time"),
        ({"asked_s": 6 * 3600}, "It asks to be looked at no more often, so we look every 6 hours."),
        ({"interval_s": 86_400}, "so we look once a day."),
        ({"interval_s": 900}, "so we look every 15 minutes."),
        ({"state": "gone"}, "we look only once in a while"),
    ],
)
def test_the_next_look_says_why_then(house: House, more: dict[str, Any], said: str) -> None:
    number = source(house, **more)
    for week in range(5):
        house.release(title=f"Week {week}", source_id=number, released_on=date(2026, 10, 1) + timedelta(weeks=week))
    assert said in show(house, number)


def test_a_rhythm_is_only_said_when_it_is_known(house: House) -> None:
    number = source(house)
    house.release(source_id=number, released_on=date(2026, 10, 1))
    assert "We have seen nothing new there for 9 days" in show(house, number)
    assert "It has something new" not in show(house, number)
    fresh = source(house, address="https://other.example/feed", last_new_at=house.runtime.clock() - timedelta(days=21))
    assert "Its last news came 3 weeks ago, so we look every 6 hours." in show(house, fresh)


def test_whether_it_tells_us_by_itself(house: House) -> None:
    number, now = source(house), house.runtime.clock()
    assert "No, so we look by ourselves." in show(house, number)
    house.add(Push(artist_id=house.artist_id, source_id=number, kind="websub", public_id="p1", state="on", created_at=now, next_try_at=now))
    shown = show(house, number)
    assert "It tells us by itself, so we look only every 6 hours, to be sure." in shown
    assert "It has had nothing to tell yet." in shown


def test_held_items_one_by_one_and_all(house: House) -> None:
    number = source(house, sentence="4 releases appeared here at once.")
    held = [item(house, number, one, "held") for one in range(1, 5)]
    browser = house.browser()
    assert "4 releases appeared here at once. Are they new?" in words(browser.get(f"/connections/sources/{number}"))
    assert "4 releases wait for your answer." in words(browser.get("/connections"))
    assert "4 releases appeared here at once" in words(browser.get("/"))
    browser.post(f"/connections/sources/{number}/answer", item=str(held[0]), do="new")
    browser.post(f"/connections/sources/{number}/answer", item="all", do="old")
    with house.runtime.reading() as session:
        assert [one.state for one in session.exec(select(Release).order_by("id"))] == ["new", "listed", "listed", "listed"]  # type: ignore[arg-type]
        assert [one.decision for one in session.exec(select(SourceItem))] == ["new", "baseline", "baseline", "baseline"]
    shown = show(house, number)
    assert "You said that it was already out." in shown
    assert "appeared here at once" not in shown


def test_an_answer_changes_nothing_that_was_announced(house: House) -> None:
    number = source(house)
    one = item(house, number, 1, "held")
    release = house.read(SourceItem, one).release_id
    with house.runtime.session() as session:
        session.get_one(Release, release).state = "announced"
    house.browser().post(f"/connections/sources/{number}/answer", item="all", do="old")
    assert house.read(Release, release).state == "announced"


def test_a_held_release_can_be_answered_on_its_own_page(house: House) -> None:
    number = source(house)
    one = item(house, number, 1, "held")
    release, browser = house.read(SourceItem, one).release_id, house.browser()
    browser.get(f"/releases/{release}")
    browser.post(f"/releases/{release}/answer", do="new")
    assert house.read(Release, release).state == "new"
    assert house.read(SourceItem, one).decision == "new"


@pytest.mark.parametrize("state", WAYS)
def test_each_trouble_has_its_sentence_and_what_helps(house: House, state: str) -> None:
    number = source(house, state=state, failures=1)
    page = house.browser().get(f"/connections/sources/{number}")
    assert "Your releases from here stay" in words(page)
    assert page.css_first("#help") is not None
    assert len(words(page, ".lead")) > 20
    assert len(words(page, "#help")) > 40
    assert page.css_first(f"form[action='/connections/sources/{number}/look'] button") is not None


def test_a_robot_check_offers_all_the_other_ways_in(house: House) -> None:
    number = source(house, state="robot_check", kind="bandcamp", address="https://aoife.bandcamp.com/music")
    page = house.browser().get(f"/connections/sources/{number}")
    for way in (
        "a[href='/connections/sources/by-hand']",
        "form[action='/connections/sources']",
        "textarea[name=page]",
        "a[href='/releases/new']",
    ):
        assert page.css_first(f"#help {way}") is not None, way
    assert "We do not pretend to be a person" in words(page)
    assert "Other ways in" in words(house.browser().get("/connections"))


def test_what_is_only_tired_does_not_ask_on_the_first_page(house: House) -> None:
    source(house, state="failing", failures=2, title="Sleepy server")
    assert "Sleepy server" not in words(house.browser().get("/"))
    assert "Try now" in words(house.browser().get("/connections"))
    source(house, state="gone", title="Lost server", address="https://lost.example/feed")
    assert "Lost server" in words(house.browser().get("/"))
    assert "Say where it is now" in words(house.browser().get("/connections"))


def test_a_page_handed_over_is_read_for_the_source_it_belongs_to(house: House, server: Scripted) -> None:
    browser = house.browser()
    browser.post("/connections/sources", address=f"{server.url}/feed")
    saved = (BytesIO(feed(1, 2, 3, 4).encode()), "feed.xml")
    browser.get("/connections/sources/1")
    sent = browser.client.post("/connections/sources/1/page", data={"csrf_token": browser.token, "file": saved})
    assert sent.headers["Location"] == "/connections/sources/1"
    with house.runtime.reading() as session:
        assert [one.state for one in session.exec(select(Release).where(Release.title == "Song 4"))] == ["new"]
    browser.post("/connections/sources/1/page", 422, page="")
    assert browser.last is not None
    assert "choose the file" in browser.last.text


def test_a_place_that_moved_stays_the_same_place(house: House, server: Scripted) -> None:
    browser = house.browser()
    browser.post("/connections/sources", address=f"{server.url}/feed")
    server.on("GET", "/new-home", answer(200, feed(1, 2, 3), RSS))
    browser.post("/connections/sources/1/move", 422, address=f"{server.url}/nowhere")
    assert house.read(Source, 1).address == f"{server.url}/feed"
    browser.post("/connections/sources/1/move", address=f"{server.url}/new-home")
    moved = house.read(Source, 1)
    assert (moved.address, moved.failures) == (f"{server.url}/new-home", 0)
    browser.post("/connections/sources/1/look")
    with house.runtime.reading() as session:
        assert len(session.exec(select(Release)).all()) == 3
        assert {one.state for one in session.exec(select(Release))} == {"listed"}


def test_try_now_without_scripts(house: House, server: Scripted) -> None:
    browser = house.browser()
    browser.post("/connections/sources", address=f"{server.url}/feed")
    server.on("GET", "/feed", answer(200, feed(1, 2, 3, 4), RSS))
    assert browser.post("/connections/sources/1/look").headers["Location"] == "/connections/sources/1"
    shown = show(house, 1)
    assert "One of them is new." in shown
    assert "you asked" in shown
    server.on("GET", "/feed", answer(500, "no"))
    browser.post("/connections/sources/1/look")
    assert "has a problem of its own" in show(house, 1)


def test_try_now_tells_its_steps(house: House, server: Scripted) -> None:
    browser = house.browser()
    browser.post("/connections/sources", address=f"{server.url}/feed")
    server.on("GET", "/feed", answer(200, feed(1, 2, 3, 4), RSS))
    told = browser.post("/connections/sources/1/look", 200, headers={"X-Fragment": "steps"}).text.splitlines()
    assert told[0] == "now\tWe ask 127.0.0.1 …"
    assert re.match(r"good\t127\.0\.0\.1 answered after [\d.]+ s with [\d.,]+ (kB|bytes)\.", told[-3])
    assert told[-2:] == ["good\tWe read it: 4 releases are listed.", "good\tOne of them is new."]
    again = browser.post("/connections/sources/1/look", 200, headers={"X-Fragment": "steps"}).text.splitlines()
    assert again[-1] == "good\tNothing has changed there since the last look."


def test_a_viewer_looks_and_changes_nothing(house: House) -> None:
    number = source(house, state="robot_check")
    item(house, number, 1, "held")
    viewer = house.browser("viewer")
    page = viewer.get(f"/connections/sources/{number}")
    assert not page.css("main button, main form[action$='/look'], main form[action$='/answer']")
    for path in ("look", "answer", "move", "page", "pick", "remove"):
        viewer.post(f"/connections/sources/{number}/{path}", 403)
    viewer.get("/connections/sources", 403)


def test_another_artists_source_is_not_there(house: House) -> None:
    number = source(house)
    stranger = open_house(house.runtime, name="Other", slug="other").browser()
    stranger.get(f"/connections/sources/{number}", 404)
    stranger.get(f"/connections/sources/{number}?added=1", 404)
    for path in ("look", "answer", "move", "page", "pick", "remove"):
        stranger.post(f"/connections/sources/{number}/{path}", 404, address="https://x.example/", item="all", do="old")
    assert house.read(Source, number).state == "ok"


def test_stopping_leaves_the_releases(house: House) -> None:
    number = source(house)
    item(house, number, 1)
    house.browser().post(f"/connections/sources/{number}/remove")
    with house.runtime.reading() as session:
        assert not session.exec(select(Source)).all()
        assert len(session.exec(select(Release)).all()) == 1
