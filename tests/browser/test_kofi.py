"""Ko-fi from the connect page to the money, in a browser without scripts where it waits: the page finds out by itself that notes arrive."""

import requests
from playwright.sync_api import Browser, Page, expect

from creatorbot.models import Installation
from creatorbot.providers.kofi import TEST_PAYMENT
from tests.browser.conftest import Live, follow, look, sign_up
from tests.providers import notes

PAGE = "/connections/payments/kofi"
OURS = "https://songs.example"


def push(live: Live, hook: str, body: bytes) -> None:
    """What Ko-fi does."""
    assert requests.post(live.url + hook.removeprefix(OURS), data=body, headers=notes.FORM, timeout=5).status_code == 200


def public(live: Live) -> None:
    """A public address that answers."""
    with live.runtime.session() as session:
        row = session.get(Installation, 1) or Installation(id=1, created_at=live.runtime.clock())
        row.public_url, row.public_answered_at = OURS, live.runtime.clock()
        session.add(row)


def test_from_the_connect_page_to_the_money(live: Live, page: Page, chromium: Browser) -> None:
    sign_up(live, page)
    page.goto(PAGE)
    look(page, "kofi-no-address")
    public(live)
    page.goto(PAGE)
    look(page, "kofi-connect")
    page.get_by_label("Verification code").fill(notes.TOKEN)
    follow(page.get_by_role("button", name="Check and connect"))
    hook = page.locator("#hook").inner_text()
    assert hook.startswith(f"{OURS}/hooks/kofi/")
    page.goto(f"{PAGE}?looked=60")  # stands still for the picture
    look(page, "kofi-waiting")

    plain = chromium.new_context(base_url=live.url, java_script_enabled=False, storage_state=page.context.storage_state())
    waiting = plain.new_page()
    waiting.goto(PAGE)
    expect(waiting.get_by_text("Waiting for the first note.")).to_be_visible()
    push(live, hook, notes.body(9, kofi_transaction_id=TEST_PAYMENT))
    expect(waiting.get_by_text("It works")).to_be_visible(timeout=15_000)
    plain.close()

    push(live, hook, notes.body(1))
    push(live, hook, notes.body(2, type="Subscription", amount="10.00"))
    push(live, hook, notes.body(3, verification_token="00000000-0000-4000-8000-00000000beef"))
    push(live, hook, notes.body(4, amount="three"))
    live.work(2)
    page.goto("/money")
    expect(page.locator(".lead").first).to_contain_text("€13")
    expect(page.get_by_text("2 notes are not counted")).to_be_visible()
    look(page, "kofi-money")
    page.goto(PAGE)
    look(page, "kofi-needs-you")
    page.goto("/connections")
    look(page, "kofi-connections")
