"""The pages about reach in a real browser: axe finds nothing, nothing is too wide, one plot is shown and its words keep their size."""

import random
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, TABLET, Live, look
from tests.web.desk import House, open_house
from tests.web.reach.rows import boosted, looked, reached_by

HOUR, DAY = 3600, 86_400


@pytest.fixture
def house(live: Live, page: Page) -> House:
    """A house on the running service; the page is its owner's."""
    made = open_house(live.runtime)
    cookie = made.browser().client.get_cookie("creatorbot")
    assert cookie is not None
    page.context.add_cookies([{"name": "creatorbot", "value": cookie.value, "url": live.url}])
    return made


def a_year_of_posts(house: House) -> tuple[int, int]:
    """Four posts; the last was boosted by us and by others. Returns its id, and that of one with a picture."""
    rand, now, release, account = random.Random(5), house.runtime.clock(), house.release(), house.account()
    for number, days in enumerate((200, 90, 40)):
        _, link = house.post(release, account, published_at=now - timedelta(days=days))
        reached_by(house, link, [rand.expovariate(1 / 40) for _ in range(220 + 40 * number)])
    picture, _ = house.post(release, account, look="picture", published_at=now - timedelta(days=20))
    out = now - timedelta(days=9)
    post, link = house.post(release, account, published_at=out)
    herd = [rand.expovariate(1 / 35) for _ in range(290)]
    reached_by(house, link, [*herd, *(rand.uniform(600, 5 * HOUR) for _ in range(40))])
    reached_by(house, link, [rand.uniform(2 * HOUR, 6 * HOUR) for _ in range(28)], name="piano", software="pleroma")
    reached_by(house, link, [7 * DAY + rand.expovariate(1 / 900) for _ in range(23)], name="late", software="gotosocial")
    looked(
        house, post, [(out + timedelta(seconds=at), count) for at, count in ((600, 2), (HOUR, 3), (6 * HOUR, 9), (DAY, 9), (8 * DAY, 10))]
    )
    boosted(house, post, house.account("backup", "b.example"), out + timedelta(days=7))
    boosted(house, post, account, out + timedelta(days=8))
    return post, picture


def test_the_pages_about_reach(house: House, page: Page) -> None:
    page.goto("/results/reach")
    look(page, "reach-empty")
    post, picture = a_year_of_posts(house)
    for name, path in {
        "reach": "/results/reach",
        "reach-of-post": f"/results/posts/{post}/reach",
        "reach-of-picture": f"/results/posts/{picture}/reach",
        "reach-in-results": f"/results/posts/{post}",
    }.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        look(page, name)


def test_one_plot_is_shown_and_its_words_keep_their_size(house: House, page: Page) -> None:
    post, _ = a_year_of_posts(house)
    page.goto(f"/results/posts/{post}/reach")
    for width, height in (PHONE, TABLET, DESK):
        page.set_viewport_size({"width": width, "height": height})
        shown = page.locator("#growth svg.plot:visible")
        expect(shown).to_have_count(1)
        sizes = shown.locator("text").evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert sizes
        assert all(12 <= size <= 24 for size in sizes), (width, sizes)
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("table", name="Servers reached, by the age of the post")).to_contain_text("2 minutes")
