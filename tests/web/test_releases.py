"""Releases: the list, one with all that is known, and those typed in by hand."""

import pytest
from sqlmodel import select

from creatorbot.models import Announcement, Artist, Release
from creatorbot.runtime import Runtime
from tests.web.desk import House, fields, open_house, words

TYPED = {
    "title": "Harbour Lights",
    "artist_name": "Aoife Marsh",
    "kind": "track",
    "url": "https://aoife.bandcamp.com/track/harbour-lights",
    "released_on": "2026-11-20",
    "price_model": "minimum",
    "amount": "3,50",
    "currency": "EUR",
    "suggested": "5",
    "minimum": "2",
    "licence": "CC-BY-4.0",
    "tags": "folk, new music",
    "description": "Two voices.",
}


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def releases(house: House) -> list[Release]:
    with house.runtime.reading() as session:
        return list(session.exec(select(Release)))


def test_nothing_yet_offers_a_source_and_typing(house: House) -> None:
    page = house.browser().get("/releases")
    assert page.css_first("main a.go[href='/connections/sources']") is not None
    assert page.css_first("main a[href='/releases/new']") is not None


def test_the_list_says_what_each_is(house: House) -> None:
    house.release(), house.release(title="Old Song", state="listed", price_model="free")
    shown = words(house.browser().get("/releases"))
    assert "Tall Ships" in shown
    assert "Pay what you want – we suggest €7" in shown
    assert "Old Song" in shown
    assert "was already out" in shown
    assert "Free download" in shown


def test_typing_one_in(house: House) -> None:
    browser = house.browser()
    browser.get("/releases/new")
    where = browser.post("/releases/new", **TYPED).headers["Location"]
    (made,) = releases(house)
    assert where == f"/releases/{made.id}"
    assert (made.price_model, made.price_minor, made.suggested_minor, made.minimum_minor) == ("minimum", 350, 500, 200)
    shown = words(browser.get(where))
    assert "Harbour Lights" in shown
    assert "CC BY 4.0" in shown
    assert "You may share and change it" in shown
    assert "typed in by hand" in shown
    assert "€3.50 or more" in shown


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("url", "not an address"),
        ("url", "javascript:alert(1)"),
        ("released_on", "yesterday"),
        ("amount", "a lot"),
        ("currency", "EURO"),
        ("suggested", "-3"),
        ("minimum", "1.2345"),
    ],
)
def test_what_cannot_be_is_marked_and_the_rest_is_kept(house: House, name: str, value: str) -> None:
    browser = house.browser()
    browser.get("/releases/new")
    browser.post("/releases/new", 422, **{**TYPED, name: value})
    page = browser.last
    assert page is not None
    assert not releases(house)
    assert f'id="w-{name}"' in page.text
    assert "Two voices." in page.text


def test_changing_one(house: House) -> None:
    release, browser = house.release(licence="CC-BY-NC-3.0-DE"), house.browser()
    shown = fields(browser.get(f"/releases/{release}/edit"), "main form")
    assert (shown["title"], shown["licence"], shown["suggested"]) == ("Tall Ships", "CC-BY-NC-3.0-DE", "")
    browser.post(f"/releases/{release}/edit", **{**shown, "suggested": "9", "minimum": "0"})
    made = house.read(Release, release)
    assert (made.suggested_minor, made.minimum_minor, made.licence, made.tags) == (900, 0, "CC-BY-NC-3.0-DE", ["folk"])


def test_one_release_shows_its_posts_and_what_they_brought(house: House) -> None:
    release = house.release()
    post, link = house.post(release, house.account())
    house.opened(link, people=3, servers=2)
    house.payment(house.service(), 700, link_id=link, release_id=release)
    page = house.browser().get(f"/releases/{release}")
    row = words(page, "table.list tbody tr")
    assert "@aoife@folk.example" in row
    assert "€7" in row
    assert page.css_first(f"a[href='/posts/{post}']") is not None
    assert [cell.text(strip=True) for cell in page.css("table.list tbody td.num")][:3] == ["2", "3", "1"]


def test_announce_makes_one_draft_and_takes_it_up_again(house: House) -> None:
    release, browser = house.release(), house.browser()
    first = browser.post(f"/releases/{release}/announce").headers["Location"]
    assert browser.post(f"/releases/{release}/announce").headers["Location"] == first
    assert browser.get(f"/releases/{release}").css_first(f"a[href='{first}']") is not None


def test_a_viewer_looks_and_changes_nothing(house: House) -> None:
    release, viewer = house.release(), house.browser("viewer")
    for path in ("/releases", f"/releases/{release}"):
        assert not viewer.get(path).css("main form, main button:not([data-copy]), main a[href$='/edit'], main a[href='/releases/new']")
    viewer.get("/releases/new", 403)
    for path in ("/releases/new", f"/releases/{release}/edit", f"/releases/{release}/announce"):
        viewer.post(path, 403, **TYPED)
    with house.runtime.reading() as session:
        assert not session.exec(select(Announcement)).all()


def test_another_artists_release_is_not_there(house: House) -> None:
    release = house.release()
    stranger = open_house(house.runtime, name="Other", slug="other").browser()
    stranger.get(f"/releases/{release}", 404)
    stranger.post(f"/releases/{release}/edit", 404, **TYPED)
    stranger.post(f"/releases/{release}/announce", 404)
    assert house.read(Release, release).title == "Tall Ships"


def test_a_title_from_outside_is_only_text(house: House) -> None:
    release = house.release(title="<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")
    page = house.browser().get(f"/releases/{release}")
    assert page.css_first("h1").text() == "<script>alert(1)</script>"  # type: ignore[union-attr]
    assert not page.css("main script, main img[onerror]")


def test_a_price_in_another_currency_says_nothing_of_our_suggestion(house: House) -> None:
    assert house.read(Artist, house.artist_id).currency == "EUR"
    release = house.release(price_model="fixed", price_minor=1980, price_currency="JPY")
    shown = words(house.browser().get(f"/releases/{release}"))
    assert "¥1,980" in shown or "1,980" in shown
    assert "we suggest" not in shown
