"""Connecting Ko-fi through the pages, its notes at the hook, and what Money and Results say of them."""

import re

import pytest
from selectolax.parser import HTMLParser

from creatorbot.models import Installation, PaymentService
from creatorbot.providers.kofi import TEST_PAYMENT
from creatorbot.runtime import Runtime
from creatorbot.web.connections.payments import LOOKS
from jobs import credit_payments, read_notices
from tests.providers import notes
from tests.web.desk import House, open_house, words

PAGE = "/connections/payments/kofi"
OTHER_TOKEN = "00000000-0000-4000-8000-00000000beef"


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def public(house: House, address: str = "https://songs.example") -> None:
    now = house.runtime.clock()
    house.add(Installation(id=1, public_url=address, public_answered_at=now, created_at=now))


def connect(house: House, token: str = notes.TOKEN) -> HTMLParser:
    owner = house.browser()
    owner.get(PAGE)
    owner.post(PAGE, token=token)
    return owner.get(PAGE)


def address(page: HTMLParser) -> str:
    found = page.css_first("#hook")
    assert found is not None
    return found.text().removeprefix("https://songs.example")


def push(house: House, where: str, body: bytes) -> int:
    return house.app.test_client().post(where, data=body, headers=notes.FORM).status_code


def understand(house: House) -> None:
    read_notices.run(house.runtime, house.runtime.clock())
    credit_payments.run(house.runtime, house.runtime.clock())


def test_the_steps_the_address_the_waiting_and_that_it_works(house: House) -> None:
    public(house)
    before = house.browser().get(PAGE)
    assert len(before.css("ol.steps > li")) == 3
    assert "ko-fi.com/manage/webhooks" in words(before)
    assert "never tried with a real Ko-fi page" in words(before)
    waiting = connect(house)
    assert "Waiting for the first note" in words(waiting)
    hook = address(waiting)
    last = house.browser().last
    assert last is not None
    assert last.headers["Refresh"] == f"5; url={PAGE}?looked=1"
    assert push(house, hook, notes.body(kofi_transaction_id=TEST_PAYMENT)) == 200
    works = house.browser().get(PAGE)
    assert "It works" in words(works, ".lead")
    assert "Waiting for" not in words(works)
    assert "Refresh" not in (house.browser().last or last).headers
    understand(house)
    assert "No payment yet" in words(house.browser().get("/money")), "a test counts nowhere"


def test_the_page_stops_asking_after_a_while(house: House) -> None:
    public(house)
    connect(house)
    page = house.browser().get(f"{PAGE}?looked={LOOKS}")
    last = house.browser().last
    assert last is not None
    assert "Refresh" not in last.headers
    assert page.css_first(f"main a[href='{PAGE}']") is not None, "and offers to look again"


@pytest.mark.parametrize("own", ["", "http://songs.example"])
def test_without_a_public_address_it_says_so(house: House, own: str) -> None:
    if own:
        public(house, own)
    page = connect(house)
    assert "has none yet" in words(page)
    assert page.css_first("main a[href='/settings/address']") is not None
    assert page.css_first("#hook") is None


def test_a_wrong_code_is_told_at_its_field_and_only_an_owner_connects(house: House) -> None:
    owner = house.browser()
    owner.get(PAGE)
    assert "36 signs" in owner.post(PAGE, 422, token="rk_live_1").text
    assert house.browser("manager").post(PAGE, 403, token=notes.TOKEN)
    assert "Only an owner" in words(house.browser("manager").get(PAGE))


def test_money_and_results_show_what_came_with_the_services_name(house: House) -> None:
    public(house)
    hook = address(connect(house))
    push(house, hook, notes.body(1))
    push(house, hook, notes.body(1))
    push(house, hook, notes.body(2, type="Subscription", amount="10.00"))
    understand(house)
    page = house.browser().get("/money")
    assert "2 payments, €13" in words(page, ".lead")
    shown = words(page, "table.list")
    assert "tip · Ko-fi" in shown
    assert "subscription · Ko-fi" in shown
    row = page.css_first("table.list a")
    assert row is not None
    assert "Ko-fi does not tell us" in words(house.browser().get(row.attributes["href"] or ""))
    assert "2 payments, €13" in words(house.browser().get("/results"), ".lead")
    assert "Ko-fi" in words(house.browser().get("/connections"), "[aria-labelledby=c-money]")


def test_a_note_with_another_code_is_shown_with_what_to_do(house: House) -> None:
    public(house)
    hook = address(connect(house))
    assert push(house, hook, notes.body(1, verification_token=OTHER_TOKEN)) == 200
    understand(house)
    page = house.browser().get("/money")
    assert "One note is not counted" in words(page)
    assert "copy it again" in words(page)
    assert page.css_first(f"#m-notes ~ ul a[href='{PAGE}']") is not None
    assert "Nobody Inparticular" not in page.html  # type: ignore[operator]
    assert "Ko-fi" in words(house.browser().get("/"), "main")
    assert "needs you" in words(house.browser().get(PAGE))
    owner = house.browser()
    owner.post(PAGE, token=OTHER_TOKEN)
    understand(house)
    page = owner.get("/money")
    assert "1 payment, €3" in words(page, ".lead")
    assert "not counted" not in words(page)


def test_notes_are_read_again_or_forgotten_by_those_who_may(house: House) -> None:
    public(house)
    hook = address(connect(house))
    push(house, hook, notes.body(1, amount="three"))
    understand(house)
    page = house.browser().get("/money")
    forms = [form.attributes["action"] or "" for form in page.css("#m-notes ~ ul form")]
    assert [re.sub(r"\d+", "N", action) for action in forms] == ["/money/notes/N/again", "/money/notes/N/forget"]
    house.browser("viewer").get("/money")
    house.browser("viewer").post(forms[0], 403)
    house.browser("manager").get("/money")
    house.browser("manager").post(forms[1], 403)
    house.browser("manager").post(forms[0])
    understand(house)
    assert "One note is not counted" in words(house.browser().get("/money")), "still not readable"
    house.browser().post(forms[1])
    assert "not counted" not in words(house.browser().get("/money"))
    house.browser().post(forms[1], 404)


def test_stripe_and_kofi_stand_side_by_side_and_only_stripe_opens_the_till(house: House) -> None:
    stripe = house.service()
    assert house.read(PaymentService, stripe).provider == "stripe"
    connections = words(house.browser().get("/connections"), "[aria-labelledby=c-money]")
    assert "Stripe" in connections
    assert "Connect Ko-fi" in connections
    house.add(
        PaymentService(
            artist_id=house.artist_id,
            provider="kofi",
            public_id="hookk",
            secrets=house.runtime.vault.seal("{}"),
            connected_at=house.runtime.clock(),
        )
    )
    connections = words(house.browser().get("/connections"), "[aria-labelledby=c-money]")
    assert "waits for a first note" in connections
    slug = re.search(r"/@([\w-]+)", house.browser().get("/settings").html or "")
    assert slug is None or house.app.test_client().get(f"/tip/{slug[1]}").status_code == 200
