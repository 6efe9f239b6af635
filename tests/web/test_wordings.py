"""Kept wordings, several for one announcement, threads, names and hashtags: what the pages show, keep and refuse."""

import pytest
from sqlmodel import col, select

from creatorbot.models import KeptWording, OtherWording, Post
from creatorbot.runtime import Runtime
from tests.web.desk import Browser, House, fields, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


@pytest.fixture
def draft(house: House) -> str:
    """The address of a draft about the release, on two accounts."""
    house.account()
    house.account("aoife", "short.example", characters=300)
    return str(house.browser().post(f"/releases/{house.release()}/announce").headers["Location"])


def typed(browser: Browser, path: str, css: str = "form[data-preview]") -> dict[str, str | list[str]]:
    """What stands in the form, but what a browser leaves out."""
    return {name: value for name, value in fields(browser.get(path), css).items() if name not in ("csrf_token", "")}


def press(browser: Browser, path: str, to: str = "preview", status: int = 200, **changed: str | list[str]) -> str:
    return browser.post(f"{path}/{to}", status, **{**typed(browser, path), **changed}).text


def test_what_is_wrong_stands_under_the_words_with_its_line(house: House, draft: str) -> None:
    browser = house.browser()
    page = press(browser, draft, status=422, wording="Hello\n{titel} is out")
    assert "Line 2: we do not know {titel}. Did you mean {title}?" in page
    assert "<mark>{titel}</mark>" in page
    answer = browser.post(f"{draft}/preview", 200, {"X-Fragment": "previews"}, **{**typed(browser, draft), "wording": "{if title}"})
    assert 'id="said-wording"' in answer.text
    assert "has no end" in answer.text


def test_one_broken_wording_leaves_the_other_accounts_preview(house: House, draft: str) -> None:
    page = press(house.browser(), draft, status=422, wording="Fine {link}", wording_B="{titel}", carries_2="B")
    assert "Fine" in page
    assert "Line 1: we do not know {titel}" in page


def test_another_wording_goes_to_every_second_account_and_is_remembered(house: House, draft: str) -> None:
    browser = house.browser()
    page = press(browser, draft, add_wording="1")
    assert 'name="wording_B"' in page
    assert page.count("checked") >= 4
    browser.post(
        f"{draft}/approve", do="now", **{**typed(browser, draft), "wording_B": "Second words {link}", "carries_2": "B", "carries_1": "A"}
    )
    with house.runtime.reading() as session:
        assert [post.wording for post in session.exec(select(Post).order_by(col(Post.account_id)))] == ["A", "B"]
        assert session.exec(select(OtherWording)).one().text == "Second words {link}"
    done = words(browser.get(draft))
    assert "What each wording brought" in done
    assert "Wording B" in done


def test_a_wording_is_taken_out_again(house: House, draft: str) -> None:
    assert 'name="wording_B"' not in press(house.browser(), draft, wording_B="x", drop_wording="B")


def test_a_thread_is_shown_message_by_message(house: House, draft: str) -> None:
    browser = house.browser()
    page = press(browser, draft, wording="One {link}\n---\nTwo is a longer message", accounts=["1"])
    assert "message 2 of 2" in page
    assert page.count("<article") == 2
    assert "\n---\n" in press(browser, draft, wording="One", next_message="A")


def test_a_name_stays_plain_until_it_is_ticked(house: House, draft: str) -> None:
    browser = house.browser()
    page = press(browser, draft, wording="With @bob@far.example {link}")
    assert "Mention @bob@far.example" in page
    assert "@\u2060bob" in page
    ticked = press(browser, draft, wording="With @bob@far.example {link}", mentions="@bob@far.example")
    assert "@\u2060bob" not in ticked
    press(browser, draft, "save", 303, wording="With @bob@far.example {link}", mentions="@bob@far.example")
    assert 'value="@bob@far.example" checked' in browser.get(draft).html  # type: ignore[operator]


def test_hashtags_are_mended_and_put_in(house: House, draft: str) -> None:
    browser = house.browser()
    page = press(browser, draft, wording="Out {link} #paywhatyouwant")
    assert "is read aloud as one long word" in page
    page = press(browser, draft, wording="Out {link} #paywhatyouwant", better="#paywhatyouwant #PayWhatYouWant")
    assert "#PayWhatYouWant</textarea>" in page
    assert "#NewAlbum</textarea>" in press(browser, draft, wording="Out {link}", tag="#NewAlbum")
    assert "{title}</textarea>" in press(browser, draft, wording="Out ", insert="{title}")


def test_a_question_is_shown_and_kept(house: House, draft: str) -> None:
    browser = house.browser()
    page = press(browser, draft, answer=["Sails", "Anchor", ""], poll_hours="72", poll_many="on")
    assert page.count('class="choices"') == 2
    press(browser, draft, "save", 303, answer=["Sails", "Anchor", ""], poll_hours="72", poll_many="on")
    again = browser.get(draft).html or ""
    assert 'value="Sails"' in again
    assert 'value="72" selected' in again
    page = press(browser, draft, "approve", 422, answer=["Sails", "Sails"], do="now")
    assert "Two of the answers are the same" in page


def test_what_a_source_marks_as_explicit_is_hinted_at(house: House) -> None:
    house.account()
    draft = str(house.browser().post(f"/releases/{house.release(explicit=True)}/announce").headers["Location"])
    assert "marks it as explicit" in words(house.browser().get(draft))
    assert typed(house.browser(), draft)["content_warning"] == ""


def test_words_are_kept_under_a_name_and_used_again(house: House, draft: str) -> None:
    browser = house.browser()
    assert "Give it a name" in press(browser, draft, "keep-wording", 422, wording="Mine {title}")
    page = press(browser, draft, "keep-wording", 200, wording="Mine {title}", kept_name="Album day")
    assert "Album day" in page
    page = press(browser, draft, use="1", kept="1", wording="something else")
    assert "Mine {title}</textarea>" in page


def test_the_page_of_wordings_is_reached_from_compose_and_settings(house: House) -> None:
    house.release()
    browser = house.browser()
    assert browser.get("/compose").css_first("a[href='/wordings']") is not None
    assert browser.get("/settings").css_first("a[href='/wordings']") is not None
    assert "None yet" in words(browser.get("/wordings"))


def test_a_kept_wording_is_tried_changed_and_thrown_away(house: House) -> None:
    house.account()
    house.release(title="Harbour")
    browser = house.browser()
    form = typed(browser, "/wordings/new")
    assert "Harbour" in words(browser.get("/wordings/new"), "article.post")
    answer = browser.post("/wordings/preview", 200, {"X-Fragment": "previews"}, **{**form, "wording": "So: {title|upper}"})
    assert "So: HARBOUR" in answer.text
    assert "<form" not in answer.text
    refused = browser.post("/wordings", 422, **{**form, "wording": "{titel}", "name": "Mine"}).text
    assert "Did you mean {title}?" in refused
    assert "{titel}</textarea>" in refused
    browser.post("/wordings", **{**form, "wording": "So: {title}", "name": "Mine", "starts": "on"})
    assert "announcements begin with it" in words(browser.get("/wordings"))
    browser.post("/wordings", **{**typed(browser, "/wordings/1"), "wording": "Now: {title}"})
    assert house.read(KeptWording, 1).text == "Now: {title}"
    draft = str(browser.post("/releases/1/announce").headers["Location"])
    assert typed(browser, draft)["wording"] == "Now: {title}"
    browser.get("/wordings")
    browser.post("/wordings/1/forget")
    assert "None yet" in words(browser.get("/wordings"))


def test_without_release_or_account_it_is_tried_on_a_made_up_one(house: House) -> None:
    assert "made-up album" in words(house.browser().get("/wordings/new"))


def test_a_viewer_looks_and_a_stranger_sees_nothing(house: House, runtime: Runtime) -> None:
    kept = house.add(KeptWording(artist_id=house.artist_id, name="Mine", text="{title}", changed_at=runtime.clock()))
    viewer = house.browser("viewer")
    assert "Mine" in words(viewer.get("/wordings"))
    for path in ("/wordings", "/wordings/preview", f"/wordings/{kept}/forget"):
        viewer.post(path, 403, name="x", wording="x")
    stranger = open_house(runtime, name="Other", slug="other").browser()
    stranger.get(f"/wordings/{kept}", 404)
    stranger.post(f"/wordings/{kept}/forget", 404)
    stranger.post("/wordings", 404, id=str(kept), name="x", wording="x")
