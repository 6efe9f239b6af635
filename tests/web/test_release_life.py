"""A release's life on its page: places and prices, changes in sentences and what to do about them, two that may be one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from creatorbot.models import MergeSuggestion, Release, ReleaseChange, ReleasePlace
from creatorbot.releases.keys import url_key
from creatorbot.runtime import Runtime
from tests.web.desk import House, open_house, words

PRICES = (
    {"price_model": "fixed", "price_minor": 500, "price_currency": "EUR"},
    {"price_model": "fixed", "price_minor": 700, "price_currency": "EUR"},
)
DAY = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def change(house: House, release: int, what: str, before: dict[str, Any], after: dict[str, Any], at: datetime = DAY) -> int:
    row = ReleaseChange(artist_id=house.artist_id, release_id=release, at=at, what=what, before=before, after=after)
    return house.add(row)


def place(house: House, release: int, url: str, kind: str = "feed", **more: Any) -> int:
    now = house.runtime.clock()
    row = ReleasePlace(
        artist_id=house.artist_id, release_id=release, kind=kind, url=url, url_key=url_key(url), first_seen_at=now, seen_at=now, **more
    )
    return house.add(row)


def twins(house: House) -> tuple[int, int, int]:
    """Two releases and the suggestion that they are one."""
    one = house.release(price_model="fixed", price_minor=700)
    two = house.release(title="Tall Ships (2026)", url="https://faircamp.example/tall-ships", state="new", price_model="free")
    place(house, one, "https://aoife.bandcamp.com/album/tall-ships", "bandcamp", price_model="fixed", price_minor=700, price_currency="EUR")
    place(house, two, "https://faircamp.example/tall-ships", price_model="free")
    row = MergeSuggestion(artist_id=house.artist_id, kept_id=one, other_id=two, why="alike", created_at=house.runtime.clock())
    return one, two, house.add(row)


@pytest.mark.parametrize(
    ("what", "before", "after", "said"),
    [
        ("price", *PRICES, "The price went from €5 to €7 on 3 November."),
        ("price", {"price_model": "pay_what_you_want"}, PRICES[1], "The price went from “Pay what you want” to €7 on 3 November."),
        ("price", PRICES[0], {"price_model": "not_sold"}, "The price went from €5 to not for sale on 3 November."),
        ("price", {}, PRICES[1], "Its price is told since 3 November: €7."),
        ("price", {"price_minor": 5}, {"price_minor": "nonsense", "price_currency": "x"}, "is no longer told since 3 November."),
        ("licence", {"licence": "CC-BY-4.0"}, {"licence": "all-rights-reserved"}, "from CC BY 4.0 to all rights reserved on 3 November."),
        (
            "title",
            {"title": "Tal Ships"},
            {"title": "Tall Ships"},
            "It was called “Tal Ships” and is called “Tall Ships” since 3 November.",
        ),
        ("tracks", {"tracks": 7}, {"tracks": 8}, "It went from 7 to 8 songs on 3 November."),
        ("preorder", {}, {}, "It can be ordered ahead since 3 November."),
        ("out", {}, {}, "It came out on 3 November."),
        ("withdrawn", {}, {}, "It was taken away on 3 November."),
        ("back", {}, {}, "It came back on 3 November."),
        ("something-new", {}, {}, "It changed on 3 November."),
    ],
)
def test_a_change_is_a_sentence(house: House, what: str, before: dict[str, Any], after: dict[str, Any], said: str) -> None:
    release = house.release()
    change(house, release, what, before, after)
    assert said in words(house.browser().get(f"/releases/{release}"), "#life")


def test_a_change_of_another_year_names_the_year(house: House) -> None:
    release = house.release()
    change(house, release, "out", {}, {}, DAY - timedelta(days=365))
    assert "3 November 2025" in words(house.browser().get(f"/releases/{release}"), "#life")


def test_a_change_offers_to_change_the_posts_that_are_out(house: House) -> None:
    release = house.release(state="announced")
    made = change(house, release, "price", *PRICES)
    page = house.browser().get(f"/releases/{release}")
    assert "Change the post" not in words(page)
    out, _ = house.post(release, house.account())
    waiting, _ = house.post(release, house.account("b", "other.example"), "waiting")
    page = house.browser().get(f"/releases/{release}")
    assert page.css_first(f"a[href='/posts/{out}/edit?change={made}']") is not None
    assert page.css_first(f"a[href^='/posts/{waiting}/edit']") is None
    assert "Tall Ships: The price went from €5 to €7 on 3 November." in words(house.browser().get("/"))


def test_leaving_a_change_as_it_is(house: House) -> None:
    release = house.release(state="announced")
    made = change(house, release, "price", *PRICES)
    house.post(release, house.account())
    house.browser().post(f"/releases/{release}/changes/{made}/leave")
    shown = words(house.browser().get(f"/releases/{release}"), "#life")
    assert "The price went from €5 to €7" in shown
    assert "Change the post" not in shown
    assert "The price went" not in words(house.browser().get("/"))


def test_a_change_before_it_was_announced_asks_for_nothing(house: House) -> None:
    change(house, house.release(state="new"), "price", *PRICES)
    assert "The price went" not in words(house.browser().get("/"))


def test_all_places_with_their_prices(house: House) -> None:
    release = house.release()
    place(
        house,
        release,
        "https://aoife.bandcamp.com/album/tall-ships",
        "bandcamp",
        price_model="minimum",
        price_minor=500,
        price_currency="EUR",
    )
    place(house, release, "https://mirlo.example/aoife", price_model="free", availability="withdrawn")
    place(house, release, "https://shop.example/x", price_model="not_sold")
    place(house, release, "javascript:alert(1)")
    page = house.browser().get(f"/releases/{release}")
    shown = words(page)
    for said in ("aoife.bandcamp.com", "€5 or more", "mirlo.example", "Free download", "no longer there", "Not for sale there"):
        assert said in shown
    assert "we suggest €7" in shown
    assert not page.css("a[href^='javascript']")


def test_the_suggestion_stands_beside_a_price_that_cannot_hold_it(house: House) -> None:
    release = house.release(price_model="fixed", price_minor=900, price_currency="USD")
    shown = words(house.browser().get(f"/releases/{release}"))
    assert "You suggest €7" in shown


def test_the_licence_speaks_plainly_and_its_line_can_be_copied(house: House) -> None:
    release = house.release()
    page = house.browser().get(f"/releases/{release}")
    assert "as long as others may do the same with yours" in words(page)
    line = page.css_first("#attribution")
    assert line is not None
    assert "Tall Ships" in line.text()
    assert "Aoife Marsh" in line.text()
    assert page.css_first("[data-from='attribution'][hidden]") is not None
    reserved = house.release(title="Mine", url="", licence="all-rights-reserved")
    assert house.browser().get(f"/releases/{reserved}").css_first("#attribution") is None


@pytest.mark.parametrize(("state", "said"), [("coming", "coming"), ("preorder", "to order ahead"), ("withdrawn", "no longer there")])
def test_what_can_be_had_is_said_in_the_list_and_on_the_page(house: House, state: str, said: str) -> None:
    release = house.release(availability=state)
    assert said in words(house.browser().get("/releases"), ".covers")
    assert said in words(house.browser().get(f"/releases/{release}"))


def test_two_side_by_side_and_joined(house: House) -> None:
    one, two, pair = twins(house)
    browser = house.browser()
    assert "Is it one, or are they two?" in words(browser.get("/"))
    assert "Two of these may be one and the same" in words(browser.get("/releases"))
    assert browser.get(f"/releases/{two}").css_first(f"a[href='/releases/same/{pair}']") is not None
    shown = words(browser.get("/releases/same"))
    for said in ("Tall Ships", "Tall Ships (2026)", "Their titles are alike.", "faircamp.example", "€7", "Free download"):
        assert said in shown
    browser.post(f"/releases/same/{pair}/one")
    assert house.read(Release, two).state == "merged"
    assert house.read(MergeSuggestion, pair).decided_by == "Owner"
    assert "Tall Ships (2026)" not in words(browser.get("/releases"), ".covers")
    joined = words(browser.get(f"/releases/{one}"))
    assert "faircamp.example" in joined
    assert "Joined with “Tall Ships (2026)”." in joined
    browser.get(f"/releases/{two}", 303)
    assert browser.last is not None
    assert browser.last.headers["Location"] == f"/releases/{one}"


def test_taken_apart_again(house: House) -> None:
    one, two, pair = twins(house)
    browser = house.browser()
    browser.post(f"/releases/same/{pair}/one")
    browser.get(f"/releases/same/{pair}")
    browser.post(f"/releases/same/{pair}/apart")
    assert (house.read(Release, one).state, house.read(Release, two).state) == ("new", "new")
    assert "Tall Ships (2026)" in words(browser.get("/releases"), ".covers")
    assert "faircamp.example" not in words(browser.get(f"/releases/{one}"))
    assert "Nothing to decide" in words(browser.get("/releases/same"))
    browser.post(f"/releases/same/{pair}/apart", 409)


def test_they_are_two(house: House) -> None:
    one, two, pair = twins(house)
    browser = house.browser()
    browser.post(f"/releases/same/{pair}/two")
    assert (house.read(Release, one).state, house.read(Release, two).state) == ("new", "new")
    assert "may be one and the same" not in words(browser.get("/releases"))


def test_a_viewer_decides_nothing_and_a_stranger_sees_nothing(house: House) -> None:
    release, _two, pair = twins(house)
    made = change(house, release, "price", *PRICES)
    viewer = house.browser("viewer")
    for path in ("/releases/same", f"/releases/same/{pair}", f"/releases/{release}"):
        assert not viewer.get(path).css("main form, main button:not([hidden])")
    stranger = open_house(house.runtime, name="Other", slug="other").browser()
    stranger.get(f"/releases/same/{pair}", 404)
    for path in (
        f"/releases/same/{pair}/one",
        f"/releases/same/{pair}/two",
        f"/releases/{release}/changes/{made}/leave",
        f"/releases/{release}/answer",
    ):
        viewer.post(path, 403)
        stranger.post(path, 404)
    assert house.read(MergeSuggestion, pair).state == "open"
    assert house.read(ReleaseChange, made).state == "open"
