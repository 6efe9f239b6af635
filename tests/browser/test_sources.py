"""A source’s life in a real browser: found from any page, tried with its steps told, held and answered; and how its pages look."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from creatorbot.models import Admission, Fetch, MergeSuggestion, Push, Release, ReleaseChange, SourceItem
from tests.browser.conftest import SIZES, Live, again, look
from tests.servers.scripted import Scripted, answer, scripted
from tests.web.desk import House, open_house
from tests.web.test_sources_page import HTML, RSS, feed, item, source

HELD = "#held li"


@pytest.fixture
def house(live: Live, page: Page) -> House:
    """A house on the running service; the page is its owner's."""
    made = open_house(live.runtime)
    cookie = made.browser().client.get_cookie("creatorbot")
    assert cookie is not None
    page.context.add_cookies([{"name": "creatorbot", "value": cookie.value, "url": live.url}])
    return made


@pytest.fixture
def server(house: House) -> Iterator[Scripted]:
    """The artist's own website, on loopback."""
    with scripted() as running:
        house.add(Admission(artist_id=house.artist_id, host="127.0.0.1", port=running.port))
        running.on("GET", "/feed", answer(200, feed(1, 2, 3), RSS))
        page = '<html><head><title>Aoife</title><link rel="alternate" type="application/rss+xml" href="/feed"></head><p>Hello</html>'
        running.on("GET", "/", answer(200, page, HTML))
        yield running


def add(page: Page, server: Scripted) -> None:
    """Paste the address of a page that is no feed; tick nothing."""
    page.goto("/connections/sources")
    page.get_by_label("Address").fill(f"{server.url}/")
    page.get_by_role("button", name="Look there").click()
    expect(page.get_by_text("3 releases were found here. Nothing was posted.")).to_be_visible()
    assert page.get_by_role("checkbox", checked=True).count() == 0


@pytest.mark.parametrize("size", SIZES)
def test_from_any_page_to_a_watched_feed(house: House, server: Scripted, page: Page, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    add(page, server)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("main")).to_contain_text("All is well: 3 releases are known from here.")
    server.on("GET", "/feed", answer(200, feed(1, 2, 3, 4), RSS))
    page.get_by_role("button", name="Try now").click()
    steps = page.locator("#steps li")
    expect(steps.last).to_have_text("One of them is new.")
    expect(steps.first).to_have_text("We ask 127.0.0.1 …")
    expect(page.locator("#p-looks tbody tr")).to_have_count(2)
    expect(page.locator("#p-items")).to_contain_text("Song 4")
    server.on("GET", "/feed", answer(200, feed(*range(1, 10)), RSS))
    page.get_by_role("button", name="Try now").click()
    page.get_by_role("link", name="Show the page anew").click()
    expect(page.locator(HELD)).to_have_count(5)
    page.locator(HELD).first.get_by_role("button", name="New").click()
    expect(page.get_by_text("It counts as new now.")).to_be_visible()
    page.get_by_role("button", name="All were already out").click()
    expect(page.locator(HELD)).to_have_count(0)


def test_a_robot_check_stays_calm_and_the_steps_say_so(house: House, server: Scripted, page: Page) -> None:
    add(page, server)
    server.on("GET", "/feed", answer(503, "busy", {"Retry-After": "3600"}))
    page.goto("/connections/sources/1")
    page.get_by_role("button", name="Try now").click()
    expect(page.locator("#steps li").last).to_contain_text("is busy and asks us to come back later.")
    again(page)
    expect(page.get_by_role("main")).to_contain_text("asks us to wait")
    look(page, "source-busy")


def test_a_look_without_scripts(house: House, server: Scripted, page: Page, live: Live) -> None:
    add(page, server)
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=live.url)
    context.add_cookies(
        [{"name": "creatorbot", "value": one["value"], "url": live.url} for one in page.context.cookies() if one["name"] == "creatorbot"]
    )
    plain = context.new_page()
    plain.goto("/connections/sources/1")
    plain.get_by_role("button", name="Try now").click()
    expect(plain.get_by_role("status").first).to_contain_text("Nothing has changed there since the last look.")
    context.close()


def furnish(house: House) -> dict[str, str]:
    """Sources in every state, items of every kind, a release with a life, two that may be one."""
    now = house.runtime.clock()
    pages = {"add": "/connections/sources", "connections": "/connections", "home": "/", "same": "/releases/same", "releases": "/releases"}
    well = source(house, found_how="The page names this feed.", typed="aoife.example", software="faircamp", last_new_at=now)
    push: dict[str, Any] = {"artist_id": house.artist_id, "created_at": now, "next_try_at": now}
    house.add(Push(source_id=well, kind="websub", public_id="p1", state="on", last_push_at=now, **push))
    for hours, outcome in reversed(list(enumerate(["changed", "unchanged", "failed", "robot_check", "unchanged"]))):
        house.add(
            Fetch(
                source_id=well,
                at=now - timedelta(hours=6 * hours),
                outcome=outcome,
                how=["pushed", "polled", "asked", "polled", "polled"][hours],
                status=[200, 304, 503, 403, 304][hours],
                milliseconds=430 * (hours + 1),
                bytes=34_000 if outcome == "changed" else 0,
                found=12 if outcome == "changed" else 0,
                fresh=1 if outcome == "changed" else 0,
                sentence="aoife.example has a problem of its own at the moment." if outcome == "failed" else "",
            )
        )
    for number, decision in enumerate(["new", "baseline", "changed", "moved", "with_album", "waits", "merged", *["baseline"] * 20], 1):
        item(house, well, number, decision, not_before=(now + timedelta(days=30)).date() if decision == "waits" else None)
    pages |= {"source-well": f"/connections/sources/{well}", "source-found": f"/connections/sources/{well}?added=1"}
    held = source(
        house, address="https://moved.example/feed", title="A page that was rebuilt", sentence="5 releases appeared here at once."
    )
    for number in range(30, 35):
        item(house, held, number, "held")
    pages["source-held"] = f"/connections/sources/{held}"
    for state in ("robot_check", "refused", "gone", "broken", "failing"):
        number = source(house, address=f"https://{state.replace('_', '-')}.example/feed", title="", state=state, failures=3)
        pages[f"source-{state}"] = f"/connections/sources/{number}"
    return pages | lived(house)


def lived(house: House) -> dict[str, str]:
    """A release that changed after it was announced, and its twin."""
    now = house.runtime.clock()
    release = house.release(state="announced", availability="preorder", suggested_minor=900)
    twin = house.release(title="Tall Ships (2026 Remaster, Deluxe Edition)", url="https://songs.example/tall-ships", price_model="free")
    house.post(release, house.account())
    house.add(MergeSuggestion(artist_id=house.artist_id, kept_id=release, other_id=twin, why="alike", created_at=now))
    was: dict[str, object] = {"price_model": "fixed", "price_minor": 500, "price_currency": "EUR"}
    for what, before, after in (
        ("preorder", {}, {}),
        ("licence", {"licence": "CC-BY-4.0"}, {"licence": "CC-BY-SA-4.0"}),
        ("price", was, {**was, "price_minor": 700}),
    ):
        row = ReleaseChange(artist_id=house.artist_id, release_id=release, at=now, what=what, before=before, after=after)
        house.add(row)
    return {"release-lived": f"/releases/{release}"}


def test_pages_look_well_everywhere(house: House, page: Page) -> None:
    for name, path in furnish(house).items():
        opened = page.goto(path)
        assert opened is not None
        assert opened.status == 200, path
        look(page, name)
    page.goto("/connections/sources")
    page.get_by_label("Address").fill("nothing like an address")
    page.get_by_role("button", name="Look there").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "add-refused")


def test_a_title_without_a_gap_stays_on_the_page(house: House, page: Page) -> None:
    """A feed may name a release with three hundred letters in a row."""
    number = source(house, title="Long")
    for decision in ("baseline", "held"):
        row = item(house, number, 1 if decision == "baseline" else 2, decision, title="W" * 300)
        with house.runtime.session() as session:
            release = session.get_one(Release, session.get_one(SourceItem, row).release_id)
            release.title, release.url = "W" * 300, "https://aoife.example/" + "w" * 300
            session.add(release)
    suggestion = MergeSuggestion(artist_id=house.artist_id, kept_id=1, other_id=2, why="alike", created_at=house.runtime.clock())
    house.add(suggestion)
    for path in (
        "",
        "/releases",
        "/releases/1",
        "/releases/same",
        "/connections",
        f"/connections/sources/{number}",
        "/connections/sources/1?added=1",
    ):
        page.goto(path or "/")
        for width, height in SIZES.values():
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, (path, width)


def test_two_become_one_and_two_again(house: House, page: Page) -> None:
    path = lived(house)["release-lived"]
    page.goto("/releases")
    page.get_by_role("link", name="Look at them").click()
    page.get_by_role("button", name="They are the same").click()
    page.wait_for_url(f"**{path}")
    expect(page.get_by_role("main")).to_contain_text("Joined with “Tall Ships (2026 Remaster, Deluxe Edition)”.")
    page.get_by_role("button", name="Take them apart again").click()
    page.goto("/releases")
    expect(page.get_by_role("link", name="Tall Ships")).to_have_count(2)


def test_a_change_can_be_left_as_it_is(house: House, page: Page) -> None:
    page.goto(lived(house)["release-lived"])
    expect(page.get_by_role("link", name="Change the post").first).to_be_visible()
    page.get_by_role("button", name="Leave it").first.click()
    expect(page.get_by_role("main")).to_contain_text("Good: the posts stay as they are.")
    expect(page.get_by_role("button", name="Leave it")).to_have_count(2)
