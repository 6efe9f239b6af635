"""Money: the ledger as pages."""

import pytest

from creatorbot.models import PaymentService
from creatorbot.runtime import Runtime
from tests.web.desk import House, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def test_nothing_yet_offers_the_one_next_step(house: House) -> None:
    assert house.browser().get("/money").css_first("main a.go[href='/connections']") is not None
    house.service()
    assert house.browser().get("/money").css_first("main a.go[href='/compose']") is not None


def test_every_payment_and_sums_by_currency(house: House) -> None:
    service, release = house.service(), house.release()
    house.payment(service, 700, release_id=release, fee_minor=40, net_minor=660, settled_currency="EUR")
    house.payment(service, 1000, currency="USD")
    page = house.browser().get("/money")
    lead = words(page, ".lead")
    assert "1 payment, €7." in lead
    assert "$10." in lead
    shown = words(page)
    assert "€6.60" in shown
    assert "not known yet" in shown
    assert "never added up" in shown
    assert len(page.css("table.list tbody tr")) == 2


def test_a_refund_is_a_row_of_its_own_and_lowers_the_sum(house: House) -> None:
    service = house.service()
    paid = house.payment(service, 700)
    back = house.payment(service, -300, kind="refund", parent_id=paid)
    assert "1 payment, €4 after €3 given back." in words(house.browser().get("/money"), ".lead")
    assert house.browser().get(f"/money/{paid}").css_first(f"a[href='/money/{back}']") is not None
    assert house.browser().get(f"/money/{back}").css_first(f"a[href='/money/{paid}']") is not None


def test_one_payment_says_where_it_came_from_and_why(house: House) -> None:
    release = house.release()
    post, link = house.post(release, house.account())
    payment = house.payment(
        house.service(), 900, link_id=link, release_id=release, suggested_minor=700, fee_minor=52, net_minor=848, settled_currency="EUR"
    )
    page = house.browser().get(f"/money/{payment}")
    shown = words(page)
    assert page.css_first("h1").text() == "€9.00"  # type: ignore[union-attr]
    assert "for Tall Ships" in shown
    assert "this is more" in shown
    assert "€0.52" in shown
    assert "€8.48" in shown
    assert "Stripe sent our reference back" in shown
    assert "sure" in shown
    assert page.css_first(f"a[href='/posts/{post}']") is not None


def test_many_payments_come_page_by_page(house: House) -> None:
    service = house.service()
    for number in range(103):
        house.payment(service, 100 + number)
    first, second = house.browser().get("/money"), house.browser().get("/money?page=1")
    assert (len(first.css("table.list tbody tr")), len(second.css("table.list tbody tr"))) == (100, 3)
    house.browser().get("/money?page=-1"), house.browser().get("/money?page=x")


def test_only_ones_own(house: House) -> None:
    payment = house.payment(house.service(), 700)
    house.browser("viewer").get(f"/money/{payment}")
    stranger = open_house(house.runtime, name="Other", slug="other").browser()
    stranger.get(f"/money/{payment}", 404)
    assert "€7" not in words(stranger.get("/money"))


def test_money_that_came_back_after_all_has_a_name(house: House) -> None:
    service = house.service()
    paid = house.payment(service, 700)
    house.payment(service, -700, kind="dispute", parent_id=paid)
    back = house.payment(service, 700, kind="reinstated", parent_id=paid)
    assert "came back to you" in words(house.browser().get("/money"))
    assert "came back to you" in words(house.browser().get(f"/money/{paid}"))
    shown = words(house.browser().get(f"/money/{back}"))
    assert "Came back to you" in shown
    assert "takes back" not in shown


def test_played_money_is_shown_as_such_once_there_is_real_money(house: House) -> None:
    played = house.payment(house.service(), 700)
    page = house.browser().get("/money")
    assert "1 payment, €7." in words(page, ".lead")
    assert "test" not in words(page, "main")
    real = house.add(
        PaymentService(
            artist_id=house.artist_id, provider="stripe", public_id="live", live=True, secrets=b"", connected_at=house.runtime.clock()
        )
    )
    assert "No real payment yet" in words(house.browser().get("/money"), ".lead")
    paid = house.payment(real, 300)
    page = house.browser().get("/money")
    assert "1 payment, €3." in words(page, ".lead")
    assert ["· test" in row.text() for row in page.css("table.list tbody tr")] == [False, True]
    assert "in no sum" in words(house.browser().get(f"/money/{played}"))
    assert "in no sum" not in words(house.browser().get(f"/money/{paid}"))
