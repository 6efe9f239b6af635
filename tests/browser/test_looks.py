"""Every page of the house at three widths, light and dark, before and after there is something on it."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, Live, follow, look, rehearse, sign_up


def test_first_evening_pages(live: Live, page: Page) -> None:
    page.goto("/")
    look(page, "setup-key")
    page.goto(live.key_address())
    expect(page.get_by_label("Where you live")).to_have_value("Europe/Dublin")
    look(page, "setup-artist")
    page.get_by_label("Artist name").fill("Aoife Marsh")
    follow(page.get_by_role("button", name="Go on"))
    look(page, "setup-you")
    page.get_by_label("Login name").fill("aoife")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my creatorbot").click()
    page.wait_for_url("**/welcome")
    look(page, "welcome")


def test_empty_pages(live: Live, page: Page) -> None:
    sign_up(live, page)
    for path in (
        "/",
        "/more",
        "/artists",
        "/artists/new",
        "/connections",
        "/connections/mastodon",
        "/connections/sources",
        "/connections/payments/stripe",
        "/settings",
        "/settings/people",
        "/settings/address",
        "/settings/you",
        "/rehearsal",
        "/nothing-here",
    ):
        page.goto(path)
        look(page, f"empty{path.replace('/', '-')}")


def test_refused_forms(live: Live, page: Page) -> None:
    sign_up(live, page)
    page.goto("/connections/mastodon")
    page.get_by_label("Server or full name").fill("no server")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "refused-server")
    page.goto("/connections/sources")
    page.get_by_label("Address").fill("not an address")
    page.get_by_role("button", name="Look there").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.goto("/settings/people")
    follow(page.get_by_role("button", name="Make an invitation"))
    look(page, "people-invited")
    page.goto("/more")
    follow(page.get_by_role("main").get_by_role("button", name="Log out"))
    look(page, "login")
    page.get_by_label("Login name").fill("aoife")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "login-refused")


def test_rehearsal_pages(live: Live, page: Page) -> None:
    sign_up(live, page)
    page.goto("/rehearsal")
    page.get_by_role("button", name="Start the rehearsal").click()
    expect(page.get_by_role("status")).to_contain_text("getting ready")
    live.fulfil()
    page.get_by_role("button", name="Connect it").first.wait_for()
    look(page, "rehearsal-steps")
    follow(page.get_by_role("button", name="Connect it").first)
    look(page, "server")
    page.get_by_role("link", name=re.compile("^Continue to")).click()
    page.get_by_role("button", name="Authorise").click()
    page.wait_for_url("**/connections/accounts/*")
    look(page, "account")
    page.goto("/rehearsal")
    page.get_by_role("button", name="Add it").click()
    page.wait_for_url("**/connections/sources/*")
    look(page, "source")
    page.goto("/rehearsal")
    page.get_by_role("button", name="Connect it").click()
    page.wait_for_url("**/connections/payments/stripe")
    look(page, "stripe-connected")
    page.goto("/rehearsal")
    look(page, "rehearsal-set")
    page.goto("/connections")
    look(page, "connections")
    page.goto("/")
    look(page, "home-set")


def test_the_practice_servers_pages_are_ours_to_see(live: Live, page: Page) -> None:
    sign_up(live, page)
    rehearse(live, page)
    for path in ("/rehearsal/fediverse/", "/rehearsal/fediverse/practice", "/rehearsal/shop/music"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200
        assert "script-src" not in answer.headers["content-security-policy"]
    page.goto("/rehearsal/fediverse/practice")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Make it go wrong").click()
    expect(page.get_by_text("Waiting to happen")).to_be_visible()
    page.goto("/rehearsal")
    page.get_by_text("Wipe the rehearsal").click()
    page.get_by_role("button", name="Wipe everything made in rehearsal").click()
    expect(page.get_by_text("The rehearsal is wiped")).to_be_visible()
    answer = page.goto("/rehearsal/fediverse/")
    assert answer is not None
    assert answer.status == 404


def test_the_first_evening_works_without_scripts(live: Live, chromium: Browser) -> None:
    plain = chromium.new_context(base_url=live.url, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = plain.new_page()
    sign_up(live, page)
    rehearse(live, page)
    page.goto("/connections")
    expect(page.get_by_text("All is well.")).to_be_visible()
    plain.close()
