"""One post: its state in a sentence, its history, and the buttons that make sense now."""

from datetime import timedelta

import pytest

from creatorbot.models import Attempt, Post
from creatorbot.models.post import STATES
from creatorbot.runtime import Runtime
from creatorbot.web.posts import SENTENCES, TAGS
from tests.web.desk import House, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def made(house: House, state: str, **more: object) -> int:
    return house.post(house.release(), house.account(), state, **more)[0]


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_sentence_and_a_page(house: House, state: str) -> None:
    assert state in SENTENCES
    assert state in TAGS
    page = house.browser().get(f"/posts/{made(house, state)}")
    assert words(page, ".state")
    assert "%(" not in words(page)


def test_what_is_out_can_be_seen_there_and_its_link_copied(house: House) -> None:
    post, link = house.post(house.release(), house.account(), remote_url="https://folk.example/@aoife/1", text="Tall Ships is out")
    page = house.browser().get(f"/posts/{post}")
    assert page.css_first("a[href='https://folk.example/@aoife/1']") is not None
    button = page.css_first("button[data-copy]")
    assert button is not None
    assert (button.attributes["data-copy"] or "").endswith(f"/l/{house.code(link)}")
    assert "hidden" in button.attributes, "without scripts there is no button that does nothing"


def test_what_it_brought_leads_to_its_rows(house: House) -> None:
    post, link = house.post(house.release(), house.account())
    house.opened(link, people=4, servers=9)
    house.payment(house.service(), 1200, link_id=link)
    page = house.browser().get(f"/posts/{post}")
    assert words(page, ".figures").startswith("9 servers reached 4 people came 1 paid €12")
    assert page.css_first(f"a[href='/results/posts/{post}#servers']") is not None


def test_a_picture_says_that_reach_is_not_measured(house: House) -> None:
    post, _ = house.post(house.release(), house.account(), look="picture")
    assert "not measured servers reached" in words(house.browser().get(f"/posts/{post}"), ".figures")


def test_history_and_tries_in_plain_words(house: House) -> None:
    post = made(house, "confirmed")
    now = house.runtime.clock()
    house.add(Attempt(post_id=post, key="k", text_hash="h", started_at=now, finished_at=now, outcome="unreached"))
    house.add(Attempt(post_id=post, key="k2", text_hash="h", started_at=now, finished_at=now, outcome="published"))
    shown = words(house.browser().get(f"/posts/{post}"), ".history")
    assert "Approved (Alice)" in shown
    assert "the server could not be reached; nothing was sent" in shown
    assert "the server took it" in shown


def test_a_waiting_post_can_go_out_now_or_not_at_all(house: House) -> None:
    later = house.runtime.clock() + timedelta(days=1)
    first, browser = made(house, "waiting", due_at=later, not_before=later), house.browser()
    browser.get(f"/posts/{first}")
    assert browser.post(f"/posts/{first}/send-now").headers["Location"] == f"/posts/{first}"
    assert house.read(Post, first).state == "due"
    second, _ = house.post(house.release(title="Two"), house.account("b", "b.example"), "waiting", due_at=later, not_before=later)
    browser.post(f"/posts/{second}/cancel")
    assert house.read(Post, second).state == "cancelled"


def test_a_failed_post_is_tried_again(house: House) -> None:
    post, browser = made(house, "failed", sentence="The server says the text is too long."), house.browser()
    assert "too long" in words(browser.get(f"/posts/{post}"), ".note")
    browser.post(f"/posts/{post}/again")
    assert house.read(Post, post).state == "due"


def test_where_an_earlier_try_may_have_worked_the_member_is_asked(house: House) -> None:
    post, browser = made(house, "held"), house.browser()
    house.add(Attempt(post_id=post, key="k", text_hash="h", started_at=house.runtime.clock(), outcome="unknown"))
    page = browser.get(f"/posts/{post}")
    assert [node.text(strip=True) for node in page.css(".actions button")] == ["Look again", "It is there", "It is not there: post it"]
    browser.post(f"/posts/{post}/cancel", 409)
    assert house.read(Post, post).state == "held"
    browser.post(f"/posts/{post}/not-there")
    assert house.read(Post, post).state == "due"


def test_the_member_says_that_it_is_there(house: House) -> None:
    post, browser = made(house, "held"), house.browser()
    house.add(Attempt(post_id=post, key="k", text_hash="h", started_at=house.runtime.clock(), outcome="unknown"))
    browser.post(f"/posts/{post}/there")
    assert house.read(Post, post).state == "confirmed"


def test_a_button_pressed_too_late_says_so(house: House) -> None:
    post, browser = made(house, "confirmed"), house.browser()
    browser.post(f"/posts/{post}/cancel", 409)
    assert house.read(Post, post).state == "confirmed"


def test_a_viewer_has_no_buttons(house: House) -> None:
    post, viewer = made(house, "waiting"), house.browser("viewer")
    assert not viewer.get(f"/posts/{post}").css(".actions form")
    for asked in ("send-now", "again", "not-there", "cancel"):
        viewer.post(f"/posts/{post}/{asked}", 403)
    assert house.read(Post, post).state == "waiting"


def test_another_artists_post_is_not_there(house: House) -> None:
    post = made(house, "waiting")
    stranger = open_house(house.runtime, name="Other", slug="other").browser()
    stranger.get(f"/posts/{post}", 404)
    stranger.post(f"/posts/{post}/cancel", 404)
    assert house.read(Post, post).state == "waiting"
