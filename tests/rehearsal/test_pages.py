"""The practice servers' pages in a real browser: nothing for axe to find, light and dark, on a phone, a tablet and a desk."""

import requests
import stripe
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from creatorbot.rehearsal.covers import cover
from creatorbot.rehearsal.serve import Practice

from .conftest import SCOPES, Client


def furnish(practice: Practice, client: Client) -> list[str]:
    """Posts of every look, a payment, some trouble; the addresses of all pages."""
    back, app = f"{practice.shop_url}/music", Client(client.base).register(f"{practice.shop_url}/music").app
    made = client.call(
        "POST", "/api/v2/media", files={"file": ("c.jpg", cover("z", 350), "image/jpeg")}, data={"description": "Ships"}
    ).json()
    client.call("POST", "/api/v1/statuses", data={"status": "The cover", "media_ids[]": made["id"], "language": "en"})
    client.post("Behind a warning", spoiler_text="Loud music")
    one = client.post(f"Tall Ships is out\n{practice.shop_url}/album/tall-ships?and=something_rather_long\n\n#TallShips #Folk").json()
    client.trouble("executed_answer_lost", times=0)
    shop = stripe.StripeClient("rk_test_practice", base_addresses={"api": practice.shop_url})
    price = shop.v1.prices.create(
        {"currency": "eur", "product_data": {"name": "Tall Ships"}, "custom_unit_amount": {"enabled": True, "preset": 700}}
    )
    sessions = [
        shop.v1.checkout.sessions.create({"mode": "payment", "line_items": [{"price": price.id, "quantity": 1}], "success_url": back})
        for _ in range(2)
    ]
    requests.post(str(sessions[0].url), data={"amount": "9"}, timeout=5, allow_redirects=False)
    requests.post(f"{practice.shop_url}/practice/faults", json={"behaviour": "repeat"}, timeout=5)
    asking = (
        requests.Request(
            "GET",
            f"{client.base}/oauth/authorize",
            params={"response_type": "code", "client_id": app["client_id"], "redirect_uri": back, "scope": SCOPES},
        )
        .prepare()
        .url
    )
    shop_pages = ("/music", "/album/tall-ships", "/album/harbour-lights", "/practice", "/pay/none")
    return [
        f"{client.base}/",
        one["url"],
        f"{client.base}/practice",
        str(asking),
        f"{client.base}/oauth/authorize",
        f"{client.base}/@aoife/1",
        *(practice.shop_url + path for path in shop_pages),
        str(sessions[1].url),
    ]


def faults_of(page: Page) -> list[str]:
    """What axe finds, and anything wider than the window."""
    found = [f"{page.url}: {one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, *([f"{page.url}: wider than the window"] if wide else [])]


def test_every_page_is_clean_in_every_light_and_width(practice: Practice, client: Client, chromium: Browser) -> None:
    addresses, found, blocked = furnish(practice, client), [], []
    for width, scheme in ((390, "dark"), (820, "light"), (1280, "dark")):
        page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
        page.on("console", lambda message: blocked.append(message.text) if "Content Security Policy" in message.text else None)
        page.on("request", lambda asked: blocked.append(asked.url) if not asked.url.startswith(("http://127.0.0.1:", "data:")) else None)
        for address in addresses:
            page.goto(address)
            found += faults_of(page)
        page.close()
    assert found == []
    assert blocked == []


def test_a_member_authorises_pays_and_makes_something_go_wrong_by_hand(practice: Practice, client: Client, chromium: Browser) -> None:
    addresses = furnish(practice, client)
    page = chromium.new_page(viewport={"width": 820, "height": 1100})
    page.goto(addresses[3])
    page.get_by_role("button", name="Authorise").click()
    assert page.url.startswith(f"{practice.shop_url}/music?code=")
    page.goto(addresses[-1])
    page.get_by_label("You choose the amount").fill("1x")
    page.get_by_role("button", name="Pay with the practice card").click()
    assert page.get_by_role("alert").inner_text().startswith("Please type an amount")
    page.get_by_label("You choose the amount").fill("7,50")
    page.get_by_role("button", name="Pay with the practice card").click()
    assert page.url == f"{practice.shop_url}/music"
    page.goto(f"{practice.shop_url}/practice")
    page.get_by_role("button", name="Refund half").first.click()
    assert "3.75 EUR given back" in page.locator("main").inner_text()
    page.goto(f"{client.base}/practice")
    page.get_by_role("button", name="Let all be well again").click()
    page.get_by_text("Its permission for creatorbot was taken back").click()
    page.get_by_role("button", name="Make it go wrong").click()
    assert (
        "The account: Its permission for creatorbot was taken back (once)"
        in page.get_by_role("region", name="Waiting to happen").inner_text()
    )
    page.goto(client.base)
    page.get_by_text("Loud music").click()
    assert page.get_by_text("Behind a warning").is_visible()
    page.close()
