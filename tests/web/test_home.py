"""Home in a sentence: what the latest post brought, what comes next, what is left to do on the first evening."""

import pytest
from selectolax.parser import HTMLParser

from creatorbot.models import PostRemoval
from creatorbot.runtime import Runtime
from tests.web.desk import House, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def lead(house: House) -> str:
    """The sentence."""
    page: HTMLParser = house.browser("viewer").get("/")
    return words(page, ".lead")


def test_the_first_evening_offers_the_next_step(house: House) -> None:
    page = house.browser().get("/")
    assert "Nothing has been announced yet" in words(page)
    assert page.css_first("a[href='/connections/sources']") is not None
    house.release()
    assert house.browser().get("/").css_first("a[href='/connections/sources']") is None


def test_nobody_has_come(house: House) -> None:
    house.post(house.release(title="Tall Ships"), house.account(), state="published")
    assert "Tall Ships" in lead(house)
    assert "Nobody has come yet." in lead(house)


def test_a_post_that_was_taken_down_is_not_praised(house: House) -> None:
    house.post(house.release(title="Harbour Lights"), house.account(), state="published")
    post_id, _ = house.post(house.release(title="Tall Ships"), house.account(), state="published")
    with house.runtime.session() as session:
        now = house.runtime.clock()
        session.add(PostRemoval(artist_id=house.artist_id, post_id=post_id, who="Alice", created_at=now, not_before=now, state="done"))
    assert "Harbour Lights" in lead(house)
    assert "Tall Ships" not in lead(house)


def test_people_and_payments_in_a_sentence(house: House) -> None:
    _, link = house.post(house.release(title="Tall Ships"), house.account())
    house.opened(link, people=3, servers=12)
    house.payment(house.service(), 750, link_id=link)
    assert "Tall Ships reached 12 servers. 3 people came. 1 of them paid €7.50." in lead(house)


def test_more_payments_than_people_are_not_of_them(house: House) -> None:
    _, link = house.post(house.release(title="Tall Ships"), house.account())
    house.opened(link, servers=2)
    house.payment(house.service(), 700, link_id=link)
    assert "reached 2 servers. 1 person paid €7." in lead(house)
    assert "of them" not in lead(house)


def test_a_picture_has_no_reach(house: House) -> None:
    _, link = house.post(house.release(title="Tall Ships"), house.account(), look="picture")
    house.opened(link, people=2)
    assert "Your post about Tall Ships brought 2 people." in lead(house)


def test_what_comes_next_is_shown_with_its_time(house: House) -> None:
    house.post(house.release(title="Harbour Lights"), house.account(), state="waiting")
    shown = words(house.browser("viewer").get("/"))
    assert "Harbour Lights" in shown
    assert "@aoife@folk.example" in shown
    assert "Nothing is scheduled" not in shown
