"""Compose: what is proposed, shown, refused and sent."""

import pytest
from sqlmodel import col, select

from creatorbot.models import Announcement, Artist, Installation, Post
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.web.desk import Browser, House, fields, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


@pytest.fixture
def draft(house: House) -> str:
    """The address of a draft about the release, on one account."""
    house.account()
    return str(house.browser().post(f"/releases/{house.release()}/announce").headers["Location"])


def posts(house: House) -> list[Post]:
    with house.runtime.reading() as session:
        return list(session.exec(select(Post).order_by(col(Post.id))))


def send(browser: Browser, draft: str, to: str = "approve", status: int = 303, **changed: str | list[str]) -> str:
    """Change what stands in the form, press a button; where it leads, or the page that comes back."""
    typed = {**fields(browser.get(draft)), **changed}
    answer = browser.post(f"{draft}/{to}", status, **{name: value for name, value in typed.items() if name != "csrf_token"})
    return answer.headers.get("Location", "") or answer.text


def test_announcing_opens_a_draft_with_wording_and_alt_text(house: House, draft: str) -> None:
    shown = fields(house.browser().get(draft))
    assert "{title}" in shown["wording"]
    assert "{link}" in shown["wording"]
    assert shown["alt_text"]
    assert shown["look"] == "card"
    assert len(shown["accounts"]) == 1


def test_the_preview_shows_the_filled_text_and_its_length(house: House, draft: str) -> None:
    page = house.browser().get(draft)
    assert "Tall Ships" in words(page, "article.post .body")
    assert "of 500 on folk.example" in words(page, "#previews")
    assert "@aoife@folk.example" in words(page, "article.post")


def test_without_a_public_address_the_preview_says_what_is_not_counted(house: House, draft: str) -> None:
    shown = words(house.browser().get(draft), "#previews")
    assert "aoife.bandcamp.com/album/tall-ships" in shown
    assert "cannot be counted" in shown


def test_with_a_public_address_the_preview_carries_our_link(house: House, draft: str) -> None:
    now = house.runtime.clock()
    house.add(Installation(id=1, public_url="https://music.example.org", public_answered_at=now, created_at=now))
    shown = words(house.browser().get(draft), "#previews")
    assert "music.example.org/l/" in shown
    assert "cannot be counted" not in shown


def test_post_now_makes_one_post_and_shows_it(house: House, draft: str) -> None:
    where = send(house.browser(), draft, do="now")
    (made,) = posts(house)
    assert where == f"/posts/{made.id}"
    assert made.state == "due"


def test_a_second_press_makes_no_second_post(house: House, draft: str) -> None:
    browser = house.browser()
    typed = {name: value for name, value in fields(browser.get(draft)).items() if name != "csrf_token"}
    browser.post(f"{draft}/approve", do="now", **typed)
    assert browser.post(f"{draft}/approve", do="now", **typed).headers["Location"] == draft
    assert len(posts(house)) == 1


def test_a_time_in_the_artists_zone_is_kept(house: House, draft: str) -> None:
    send(house.browser(), draft, do="schedule", when="2026-11-22T19:00")
    (made,) = posts(house)
    assert (made.state, made.due_at.isoformat()) == ("waiting", "2026-11-22T18:00:00+00:00")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-11-01T10:00", "already passed"),
        ("", "Choose a day"),
        ("tomorrow", "not a date"),
        ("2027-03-28T02:30", "does not exist"),
    ],
)
def test_a_time_that_cannot_be_keeps_everything_typed(house: House, draft: str, when: str, said: str) -> None:
    answer = send(house.browser(), draft, status=422, do="schedule", when=when, wording="My own words {link}", content_warning="loud")
    assert said in answer
    assert "My own words {link}" in answer
    assert 'value="loud"' in answer
    assert not posts(house)


def test_the_night_without_that_hour_names_another(house: House, draft: str) -> None:
    assert "03:30" in send(house.browser(), draft, status=422, do="schedule", when="2027-03-28T02:30")


def test_a_text_that_does_not_fit_is_refused_where_it_stands(house: House, draft: str) -> None:
    answer = send(house.browser(), draft, status=422, do="now", wording="long " * 130 + "{link}")
    assert "Too long for folk.example" in answer
    assert answer.count("long long") >= 1
    assert not posts(house)


def test_what_fits_one_server_and_not_the_other_is_said_for_that_one(house: House) -> None:
    house.account(), house.account("aoife", "short.example", characters=60)
    draft = str(house.browser().post(f"/releases/{house.release()}/announce").headers["Location"])
    answer = send(house.browser(), draft, status=422, do="now", wording="This is rather more than that small server takes. {link}")
    assert "Too long for short.example" in answer
    assert "Too long for folk.example" not in answer
    assert not posts(house)


def test_a_word_in_brackets_we_do_not_know(house: House, draft: str) -> None:
    answer = send(house.browser(), draft, status=422, do="now", wording="{titel} is out")
    assert "{titel}" in answer
    assert "{title}" in answer


def test_no_account_chosen(house: House, draft: str) -> None:
    assert "Choose at least one account" in send(house.browser(), draft, status=422, do="now", accounts=[])


def test_a_picture_without_a_cover(house: House, draft: str) -> None:
    assert "no cover to attach" in send(house.browser(), draft, status=422, do="now", look="picture")


def test_keep_as_draft_and_find_it_again(house: House, draft: str) -> None:
    assert send(house.browser(), draft, "save", wording="Soon: {title} {link}") == f"{draft}?saved=1"
    assert fields(house.browser().get(draft))["wording"] == "Soon: {title} {link}"
    assert draft in house.browser().get("/compose").html
    assert not posts(house)


def test_throw_away(house: House, draft: str) -> None:
    assert send(house.browser(), draft, "cancel") == "/compose"
    assert "thrown away" in words(house.browser().get(draft))


def test_show_preview_without_scripts_keeps_what_is_typed_and_nothing_in_the_database(house: House, draft: str) -> None:
    answer = send(house.browser(), draft, "preview", 200, wording="Other words {link}", content_warning="loud")
    assert "Other words" in answer
    assert "<h1>" in answer
    assert fields(house.browser().get(draft))["wording"] != "Other words {link}"


def test_the_live_preview_is_only_the_preview(house: House, draft: str) -> None:
    browser = house.browser()
    typed = {name: value for name, value in fields(browser.get(draft)).items() if name != "csrf_token"}
    changed = {**typed, "wording": "<b>Hi</b> {link}", "content_warning": "loud"}
    answer = browser.post(f"{draft}/preview", 200, {"X-Fragment": "previews"}, **changed)
    assert "&lt;b&gt;Hi&lt;/b&gt;" in answer.text
    assert "loud" in answer.text
    assert "<h1" not in answer.text
    assert "<form" not in answer.text


def test_a_viewer_sees_it_and_has_no_buttons(house: House, draft: str) -> None:
    viewer = house.browser("viewer")
    page = viewer.get(draft)
    assert "Tall Ships" in words(page, "article.post .body")
    assert not page.css("main form")
    assert not page.css("main button")
    for to in ("approve", "save", "preview", "cancel"):
        viewer.post(f"{draft}/{to}", 403, wording="x")
    assert house.read(Announcement, int(draft.rsplit("/", 1)[1])).state == "draft"


def test_another_artists_draft_is_not_there(house: House, draft: str, clock: TestClock) -> None:
    stranger = open_house(house.runtime, name="Other", slug="other")
    stranger.browser().get(draft, 404)
    stranger.browser().post(f"{draft}/approve", 404, wording="x", do="now")
    assert not posts(house)


def test_without_an_account_the_draft_waits(house: House) -> None:
    draft = str(house.browser().post(f"/releases/{house.release()}/announce").headers["Location"])
    shown = words(house.browser().get(draft))
    assert "No account is connected yet" in shown
    assert send(house.browser(), draft, "save", wording="Kept {link}") == f"{draft}?saved=1"


def test_nothing_to_announce_offers_the_next_step(house: House) -> None:
    assert house.browser().get("/compose").css_first("a.button.go[href='/connections/sources']") is not None


def test_a_language_nobody_knows_does_not_break_the_desk(house: House, draft: str) -> None:
    with house.runtime.session() as session:
        session.get_one(Artist, house.artist_id).language = "klingon_xx"
    assert "Tall Ships" in words(house.browser().get(draft), "#previews")
