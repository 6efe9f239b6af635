"""From the fan's tap to Results, against the practice shop, on its bad days too."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests

from creatorbot.amounts import Money
from creatorbot.attribution.report import by_post, credits_of_post, summary
from creatorbot.ledger.checkout import start_checkout
from creatorbot.ledger.queries import totals
from creatorbot.ledger.services import connect_service
from creatorbot.models import Admission, Link, PaymentService
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.runtime import Runtime
from jobs import check_ledger, credit_payments, fetch_notices, read_notices
from tests.conftest import TestClock
from tests.contracts.test_providers import give_back, pay
from tests.ledger.books import Books, open_books


@pytest.fixture
def practice(tmp_path_factory: pytest.TempPathFactory, clock: TestClock) -> Iterator[Practice]:
    with start(tmp_path_factory.mktemp("practice"), clock=lambda: clock().timestamp()) as running:
        yield running


@pytest.fixture
def books(runtime: Runtime, practice: Practice) -> Books:
    found = open_books(runtime, base_url=practice.shop_url)
    with runtime.session() as session:
        session.add(Admission(artist_id=found.artist_id, host="127.0.0.1", port=practice.ports[1]))
    assert connect_service(runtime, found.artist_id, "stripe", {"key": "rk_test_practice1234"}, practice.shop_url) == found.service_id
    return found


def tip(books: Books, minor: int = 700) -> str:
    """A fan who came by the post's link pays; gives our reference."""
    with books.runtime.reading() as session:
        link = session.get_one(Link, books.link_id)
    references: list[str] = []

    def urls(reference: str) -> tuple[str, str]:
        references.append(reference)
        return "https://a.example/thanks", "https://a.example/tip"

    pay(
        start_checkout(
            books.runtime,
            link=link,
            artist_id=books.artist_id,
            release_id=books.release_id,
            amount=Money(minor, "EUR"),
            kind="tip",
            urls=urls,
            title="Low Tide",
            language="en",
        )
    )
    return references[0]


def work(books: Books, clock: TestClock, minutes: int = 1) -> None:
    """What the jobs do in these minutes."""
    for _ in range(minutes):
        now = clock.forward(minutes=1)
        for job in (fetch_notices, read_notices, credit_payments):
            job.run(books.runtime, now)


def agree(books: Books) -> None:
    assert check_ledger.run(books.runtime, books.runtime.clock() + timedelta(days=2)).done == 0


def test_a_tip_is_credited_to_its_post_and_a_refund_taken_off_again(books: Books, practice: Practice, clock: TestClock) -> None:
    reference = tip(books)
    work(books, clock)
    with books.runtime.reading() as session:
        (post,) = by_post(session, books.artist_id)
        assert (post.payments, post.money, post.grades) == (1, {"EUR": 700}, {"exact": 1})
    give_back(practice.shop_url, reference, 200)
    work(books, clock, 2)
    with books.runtime.reading() as session:
        (post,) = by_post(session, books.artist_id)
        assert (post.payments, post.money) == (1, {"EUR": 500})
        assert [row.amount_minor for row in credits_of_post(session, books.post_id)] == [-200, 700]
        (total,) = totals(session, books.artist_id).values()
        assert (total.gross, total.refunded, total.fees, total.net, total.unsettled) == (700, 200, 36, 464, 0)
        found = summary(session, books.artist_id)
        assert (found.to_posts, found.uncredited, found.gave_more) == ({"EUR": 500}, {}, 1)
    agree(books)


@pytest.mark.parametrize("trouble", ["stripe_500", "stripe_429", "stripe_down"])
def test_bad_days_lose_nothing_and_count_nothing_twice(books: Books, practice: Practice, clock: TestClock, trouble: str) -> None:
    reference = tip(books)
    give_back(practice.shop_url, reference, 700)
    for times in (1, 3):
        requests.post(f"{practice.shop_url}/practice/faults", json={"behaviour": trouble, "times": str(times)}, timeout=5)
        work(books, clock, 12)
    tip(books, 300)
    work(books, clock, 20)
    assert [(row.kind, row.amount_minor) for row in sorted(books.payments(), key=lambda row: row.amount_minor)] == [
        ("refund", -700),
        ("tip", 300),
        ("tip", 700),
    ]
    assert all(row.net_minor is not None for row in books.payments())
    with books.runtime.reading() as session:
        row = session.get_one(PaymentService, books.service_id)
        assert (row.state, row.sentence) == ("ok", "")
    agree(books)


def test_money_of_the_artists_own_shop_stays_out(books: Books, practice: Practice, clock: TestClock) -> None:
    key = {"Authorization": "Bearer rk_test_practice1234"}
    made = requests.post(
        f"{practice.shop_url}/v1/checkout/sessions",
        timeout=5,
        headers=key,
        data={
            "mode": "payment",
            "success_url": "https://other.example/",
            "client_reference_id": "order-17",
            "line_items[0][price_data][currency]": "eur",
            "line_items[0][price_data][unit_amount]": "2500",
            "line_items[0][price_data][product_data][name]": "A shirt",
            "line_items[0][quantity]": "1",
        },
    ).json()
    pay(made["url"])
    work(books, clock, 3)
    assert books.payments() == []
    assert {notice.state for notice in books.notices()} == {"not_ours"}
    agree(books)
