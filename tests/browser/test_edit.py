"""The price of a release changes after it was announced: its post is changed, once, and followers read the new words."""

import time

from playwright.sync_api import Page, expect
from sqlmodel import select

from creatorbot.models import Post, Release, ReleaseChange
from tests.browser.conftest import Live, again, look, rehearse, sign_up


def announced(live: Live, page: Page) -> int:
    """Tall Ships is out on the practice server; the id of its post."""
    page.goto("/releases")
    page.get_by_role("link", name="Tall Ships").first.click()
    page.get_by_role("button", name="Announce it").click()
    page.get_by_role("button", name="Post now").click()
    page.wait_for_url("**/posts/*")
    for _ in range(3):
        live.work()
        time.sleep(0.7)
    expect(page.get_by_role("main")).to_contain_text("Looked again: it is there")  # by itself, and then it looks no more
    with live.runtime.reading() as session:
        post = session.exec(select(Post)).one()
    assert post.state == "confirmed"
    assert post.id is not None
    return post.id


def dearer(live: Live) -> int:
    """What a source tells one day: a fixed price. The change's id."""
    with live.runtime.session() as session:
        release = session.exec(select(Release).where(Release.title == "Tall Ships")).one()
        before = {"price_model": release.price_model, "price_minor": release.price_minor}
        release.price_model, release.price_minor, release.price_currency = "fixed", 900, "EUR"
        row = ReleaseChange(
            artist_id=release.artist_id,
            release_id=release.id or 0,
            at=live.runtime.clock(),
            what="price",
            before=before,
            after={"price_model": "fixed", "price_minor": 900},
        )
        session.add(row)
        session.flush()
        return row.id or 0


def test_a_new_price_reaches_the_followers_in_the_same_post(live: Live, page: Page) -> None:
    sign_up(live, page)
    rehearse(live, page)
    post = announced(live, page)
    change = dearer(live)
    page.goto(f"/posts/{post}/edit?change={change}")
    before, after = page.locator("article.post").first, page.locator("#previews article.post")
    expect(before).to_contain_text("Pay what you want")
    expect(after).to_contain_text("€9")
    words = page.get_by_label("What it shall say")
    words.fill(words.input_value().replace("is out now.", "is out, and on vinyl."))
    expect(after).to_contain_text("on vinyl")
    look(page, "edit")
    link = words.input_value()
    words.fill("Only words")
    page.get_by_role("button", name="Change the post").click()
    expect(page.get_by_role("alert")).to_contain_text("link has to stay")
    expect(words).to_have_value("Only words")
    look(page, "edit-refused")
    words.fill(link)
    page.get_by_role("button", name="Change the post").click()
    page.wait_for_url(f"**/posts/{post}")
    expect(page.locator("#changes")).to_contain_text("waits its turn")
    live.work()
    again(page)
    expect(page.locator("#changes")).to_contain_text("changed")
    expect(page.get_by_role("main")).to_contain_text("The text was changed")
    look(page, "edit-done")
    page.goto("/rehearsal/fediverse/")
    expect(page.locator("article.post")).to_have_count(1)
    expect(page.locator("article.post")).to_contain_text("on vinyl")
    expect(page.locator("article.post")).to_contain_text("€9")
    expect(page.locator("article.post")).to_contain_text("changed")
    with live.runtime.reading() as session:
        assert session.get_one(ReleaseChange, change).state == "seen"


def test_without_scripts_the_preview_is_one_button_away(live: Live, page: Page) -> None:
    sign_up(live, page)
    rehearse(live, page)
    post = announced(live, page)
    page.route("**/*.js*", lambda route: route.abort())
    page.goto(f"/posts/{post}")
    page.get_by_role("link", name="Change the text").click()
    words = page.get_by_label("What it shall say")
    words.fill(words.input_value() + "\nThank you")
    page.get_by_role("button", name="Show preview").click()
    expect(page.locator("#previews article.post")).to_contain_text("Thank you")
    page.get_by_role("button", name="Change the post").click()
    page.wait_for_url(f"**/posts/{post}")
