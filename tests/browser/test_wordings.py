"""Words tried while they are typed, several for one announcement, a thread and a question: written and sent in the browser."""

import re

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import Live, follow, look, rehearse, sign_up
from tests.web.desk import House, open_house


@pytest.fixture
def house(live: Live, page: Page) -> House:
    """A house on the running service; the page is its owner's."""
    made = open_house(live.runtime)
    cookie = made.browser().client.get_cookie("creatorbot")
    assert cookie is not None
    page.context.add_cookies([{"name": "creatorbot", "value": cookie.value, "url": live.url}])
    return made


def announce(house: House, page: Page) -> None:
    """A draft about an album, on two accounts."""
    house.account()
    house.account("aoife.marsh", "a-rather-long-name.example", characters=300)
    page.goto(f"/releases/{house.release(tags=['folk', 'new wave'], explicit=True)}")
    page.get_by_role("button", name=re.compile("Announce")).first.click()
    page.wait_for_url("**/announcements/*")


def test_what_is_wrong_is_said_while_it_is_typed_and_where_it_stands(house: House, page: Page) -> None:
    announce(house, page)
    words = page.get_by_label("What you say")
    words.fill("Hello\n{titel} is out")
    expect(page.locator("#said-wording")).to_contain_text("Line 2: we do not know {titel}. Did you mean {title}?")
    expect(page.locator("#said-wording mark")).to_have_text("{titel}")
    expect(words).to_have_attribute("aria-invalid", "true")
    look(page, "wording-wrong")
    words.fill("Hello\n")
    expect(page.locator("#said-wording")).to_be_empty()
    page.locator("summary", has_text="Words in brackets").click()
    page.get_by_role("button", name="{title}", exact=True).click()
    expect(words).to_have_value("Hello\n{title}")
    expect(page.locator("#previews article").first).to_contain_text("Tall Ships")


def test_several_wordings_names_hashtags_a_thread_and_a_question(house: House, page: Page) -> None:
    announce(house, page)
    words = page.get_by_label("What you say")
    words.fill("{title} with @carol@far.example is out {link}\n\n#paywhatyouwant")
    expect(page.locator("#previews")).to_contain_text("read aloud as one long word")
    page.get_by_role("button", name="Write #PayWhatYouWant").click()
    expect(words).to_have_value("{title} with @carol@far.example is out {link}\n\n#PayWhatYouWant")
    expect(page.locator("#previews article").first).to_contain_text("@\u2060carol")
    page.get_by_label("Mention @carol@far.example").check()
    expect(page.locator("#previews article").first).not_to_contain_text("@\u2060carol")
    page.get_by_role("button", name="Add another wording to compare").click()
    second = page.get_by_label("What you say: wording B")
    expect(second).to_be_focused()
    second.fill("Other words: {title} {link}")
    expect(page.locator("#previews article").nth(1)).to_contain_text("Other words: Tall Ships")
    page.get_by_role("button", name="Add a message below").nth(1).click()
    second.press_sequentially("And a second message about the songs")
    expect(page.locator("#previews article.reply")).to_contain_text("And a second message")
    page.locator("summary", has_text="Ask a question").click()
    page.get_by_label("Answer 1").fill("Sails")
    page.get_by_label("Answer 2").fill("Anchor")
    expect(page.locator("#previews .choices")).to_have_count(2)
    look(page, "wording-everything")
    page.get_by_role("button", name="Keep as draft").click()
    page.wait_for_url("**?saved=1")
    expect(page.get_by_label("Mention @carol@far.example")).to_be_checked()
    expect(page.get_by_label("Answer 2")).to_have_value("Anchor")


def test_a_wording_is_kept_tried_and_begun_with(house: House, page: Page) -> None:
    house.account()
    house.release()
    page.goto("/compose")
    follow(page.get_by_role("link", name="Your wordings"))
    look(page, "wordings-none")
    page.get_by_role("link", name="A new wording").click()
    page.get_by_label("Its name").fill("Album day")
    page.get_by_label("What you say").fill("{artist} made an album: {title} {if licence}({licence}){end}\n{link}\n{tags}")
    expect(page.locator("#previews article")).to_contain_text("Aoife Marsh made an album: Tall Ships (CC BY-SA 4.0)")
    page.get_by_label("New announcements begin with it").check()
    look(page, "wordings-one")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("main")).to_contain_text("announcements begin with it")
    look(page, "wordings")
    page.get_by_role("link", name="Announce something").click()
    page.get_by_role("button", name=re.compile("Announce")).first.click()
    expect(page.get_by_label("What you say")).to_have_value(re.compile("made an album"))


def test_a_thread_goes_out_to_the_practice_server(live: Live, page: Page) -> None:
    sign_up(live, page)
    rehearse(live, page)
    live.work(2)
    page.goto("/compose")
    page.get_by_role("button", name=re.compile("Announce")).first.click()
    words = page.get_by_label("What you say")
    words.fill("{title} is out {link}")
    page.get_by_role("button", name="Add a message below").click()
    words.press_sequentially("Eight songs about the sea")
    expect(page.locator("#previews article.reply")).to_contain_text("Eight songs")
    page.get_by_role("button", name="Post now").click()
    live.work(3)
    found = requests.get(f"{live.practice.fediverse_url}/practice/statuses", timeout=5).json()["statuses"]
    first, second = [status for status in found if "is out" in status["text"] or "Eight songs" in status["text"]]
    assert second["in_reply_to_id"] == first["id"]
    page.goto("/compose")
    page.goto(page.url.replace("/compose", "/announcements/1"))
    expect(page.get_by_role("main")).to_contain_text("message 2")
    look(page, "wording-thread-done")
