"""Results: figures that open into their rows, and sums that equal the ledger."""

import re

import pytest
from selectolax.parser import HTMLParser

from creatorbot.attribution.report import EVIDENCE
from creatorbot.links import classify
from creatorbot.models import Referrer
from creatorbot.runtime import Runtime
from creatorbot.web.results import REASONS
from tests.web.desk import House, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


def table(page: HTMLParser) -> list[list[str]]:
    return [[" ".join(cell.text(separator=" ").split()) for cell in row.css("td")] for row in page.css("table.list tbody tr")]


def test_before_the_first_post_the_page_offers_one(house: House) -> None:
    assert house.browser().get("/results").css_first("main a.go[href='/compose']") is not None


def test_each_post_with_what_it_brought_and_the_sum(house: House) -> None:
    first, link = house.post(house.release(), house.account())
    second, other = house.post(house.release(title="Old Song"), house.account("b", "b.example"), look="picture")
    house.opened(link, people=5, servers=7), house.opened(other, people=2)
    service = house.service()
    house.payment(service, 700, link_id=link), house.payment(service, 500, link_id=link), house.payment(service, 300, link_id=other)
    page = house.browser().get("/results")
    assert words(page, ".lead").startswith("3 payments, €15. 7 people opened your links.")
    figures = {row[0].split(" @")[0]: row[1:] for row in table(page)}
    assert figures["Tall Ships"] == ["7", "5", "2", "€12 ●●●● sure"]
    assert figures["Old Song"] == ["not measured", "2", "1", "€3 ●●●● sure"]
    assert figures["Together"] == ["–", "7", "3", "€15"]
    for part in ("servers", "people", "payments"):
        assert page.css_first(f"a[href='/results/posts/{first}#{part}']") is not None
        assert page.css_first(f"a[href='/results/posts/{second}#{part}']") is not None


def test_what_cannot_be_placed_is_shown_and_counted(house: House) -> None:
    _, link = house.post(house.release(), house.account())
    service = house.service()
    house.payment(service, 700, link_id=link), house.payment(service, 900)
    figures = {row[0].split("  ")[0]: row[1:] for row in table(house.browser().get("/results"))}
    rest = next(row for name, row in figures.items() if name.startswith("What we cannot place"))
    assert rest == ["–", "–", "1", "€9 ○○○○ unknown"]
    page = house.browser().get("/results/rest")
    assert EVIDENCE["none"] in words(page)
    assert "€9" in words(page, ".lead")


def test_two_currencies_are_never_added_up(house: House) -> None:
    _, link = house.post(house.release(), house.account())
    service = house.service()
    house.payment(service, 700, link_id=link), house.payment(service, 1000, link_id=link, currency="USD")
    page = house.browser().get("/results")
    assert "€7 and US$10" in words(page, ".lead") or "€7 and $10" in words(page, ".lead")
    assert not re.search(r"\b17\b", words(page))


def test_refunds_are_taken_off_here_as_in_money(house: House) -> None:
    post, link = house.post(house.release(), house.account())
    service = house.service()
    paid = house.payment(service, 700, link_id=link)
    house.payment(service, -700, link_id=link, kind="refund", parent_id=paid)
    page = house.browser().get(f"/results/posts/{post}")
    assert "-€7.00" in words(page, "#payments") or "−€7.00" in words(page, "#payments")


def test_one_posts_rows_explain_its_figures(house: House) -> None:
    post, link = house.post(house.release(), house.account())
    house.opened(link, people=2, servers=3)
    payment = house.payment(house.service(), 700, link_id=link)
    page = house.browser().get(f"/results/posts/{post}")
    shown = words(page)
    assert "It reached 3 servers. 2 people came. 1 paid €7." in words(page, ".lead")
    assert "server0.example" in shown
    assert "server2.example" in shown
    assert "the browser says that somebody followed the link" in shown
    assert "Stripe sent our reference back" in shown
    assert "sure" in shown
    assert page.css_first(f"a[href='/money/{payment}']") is not None


def test_a_site_that_sent_fewer_than_three_people_is_not_named(house: House) -> None:
    post, link = house.post(house.release(), house.account())
    house.opened(link, people=5)
    assert "No browser has said where it came from" in words(house.browser().get(f"/results/posts/{post}"), "#people")
    with house.runtime.session() as session:
        for host, people in (("big.example", 3), ("tiny.example", 1), ("small.example", 2)):
            session.add(Referrer(link_id=link, day=house.runtime.clock().date(), host=host, people=people))
    shown = words(house.browser().get(f"/results/posts/{post}"), "#people")
    assert "big.example 3" in shown
    assert "small servers fewer than three people each, so they are not named 3" in shown
    assert "tiny.example" not in shown
    assert "small.example" not in shown


def test_a_post_with_the_shops_address_says_why_nothing_is_counted(house: House) -> None:
    post, _ = house.post(house.release(), house.account(), carries="shop")
    shown = words(house.browser().get(f"/results/posts/{post}"))
    assert "the shop’s own address instead of a link of ours" in shown
    assert "not counted" in words(house.browser().get("/results"))


def test_every_reason_the_rules_give_is_said_in_words() -> None:
    table = re.findall(r"^\s+(?:preview|bot|person|uncertain)\s+(\w+)\s\s", classify.__doc__ or "", re.MULTILINE)
    assert len(table) >= 10
    assert set(table) <= set(REASONS)


def test_a_viewer_may_look_and_a_stranger_may_not(house: House) -> None:
    post, _ = house.post(house.release(), house.account())
    house.browser("viewer").get("/results"), house.browser("viewer").get(f"/results/posts/{post}")
    stranger = open_house(house.runtime, name="Other", slug="other").browser()
    stranger.get(f"/results/posts/{post}", 404)
    assert "Tall Ships" not in words(stranger.get("/results"))
    assert house.browser("nobody").client.get("/results").status_code == 303
