"""On the way to pay: amounts offered, and the reference known before the service is called."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from creatorbot.amounts import Money
from creatorbot.errors import InvalidInput, NotFound, ServiceError
from creatorbot.ledger.checkout import A_MINUTE, TillBusy, amounts_for, checkout_by_reference, start_checkout
from creatorbot.models import Admission, Artist, Checkout, Link, PaymentService, Release
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.ledger.books import Books, open_books
from tests.providers.test_stripe_calls import OPEN, stripe_error
from tests.servers.scripted import Scripted, data, reset, scripted


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        running.on("POST", "/v1/checkout/sessions", data(OPEN))
        yield running


@pytest.fixture
def books(runtime: Runtime, server: Scripted) -> Books:
    found = open_books(runtime, base_url=server.url)
    with runtime.session() as session:
        session.add(Admission(artist_id=found.artist_id, host="127.0.0.1", port=server.port))
    return found


def start(books: Books, amount: Money, **more: Any) -> str:
    with books.runtime.reading() as session:
        link = session.get_one(Link, books.link_id)
    return start_checkout(
        books.runtime,
        **{
            "link": link,
            "artist_id": books.artist_id,
            "release_id": books.release_id,
            "amount": amount,
            "kind": "tip",
            "title": "Low Tide",
            "urls": lambda reference: (f"https://a.example/thanks/{reference}", "https://a.example/tip"),
            "language": "en",
        }
        | more,
    )


def checkouts(books: Books) -> list[Checkout]:
    with books.runtime.reading() as session:
        return list(session.exec(select(Checkout)))


def test_the_fan_is_sent_to_pay_with_a_reference_that_only_we_know(books: Books, server: Scripted) -> None:
    assert start(books, Money(700, "EUR")) == OPEN["url"]
    (row,) = checkouts(books)
    form = {name: values[0] for name, values in server.asked[0].form.items()}
    assert form["client_reference_id"] == row.reference
    assert form["success_url"] == f"https://a.example/thanks/{row.reference}"
    assert (row.external_id, row.link_id) == ("cs_test_1", books.link_id)
    assert (row.asked_minor, row.suggested_minor, row.minimum_minor) == (700, 500, 100)
    with books.runtime.reading() as session:
        found = checkout_by_reference(session, row.reference)
        assert found is not None
        assert found.id == row.id
        assert checkout_by_reference(session, "something-else") is None


def test_when_the_answer_is_lost_the_reference_is_known_all_the_same(books: Books, server: Scripted) -> None:
    server.on("POST", "/v1/checkout/sessions", reset())
    with pytest.raises(ServiceError):
        start(books, Money(700, "EUR"))
    (row,) = checkouts(books)
    assert (row.state, row.external_id) == ("open", "")


def test_a_key_without_permission_is_told_on_the_connection(books: Books, server: Scripted) -> None:
    server.on("POST", "/v1/checkout/sessions", stripe_error(403, "x", "Having the 'rak_checkout_session_write' permission would help."))
    with pytest.raises(ServiceError):
        start(books, Money(700, "EUR"))
    with books.runtime.reading() as session:
        row = session.get_one(PaymentService, books.service_id)
    assert row.state == "failing"
    assert "checkout session" in row.sentence


@pytest.mark.parametrize("amount", [Money(0, "EUR"), Money(99, "EUR"), Money(700, "USD"), Money(10**12, "EUR")])
def test_amounts_that_cannot_be_paid_are_told_at_their_field(books: Books, server: Scripted, amount: Money) -> None:
    with pytest.raises(InvalidInput) as caught:
        start(books, amount)
    assert caught.value.field == "amount"
    assert (checkouts(books), server.asked) == ([], [])


def test_nobody_is_paid_who_connected_nothing(books: Books) -> None:
    with books.runtime.session() as session:
        session.get_one(PaymentService, books.service_id).state = "disconnected"
    with pytest.raises(NotFound):
        start(books, Money(700, "EUR"))


@pytest.mark.parametrize(
    ("artist", "release", "suggested", "minimum", "choices"),
    [
        ({"suggested_minor": 700, "minimum_minor": 100}, {}, 700, 100, (400, 700, 1400)),
        ({"suggested_minor": 700, "minimum_minor": 100}, {"suggested_minor": 1000, "minimum_minor": 600}, 1000, 600, (600, 1000, 2000)),
        ({"suggested_minor": 700, "minimum_minor": 100}, {"suggested_minor": 0, "minimum_minor": 0}, 0, 0, (200, 500, 1000)),
        ({"suggested_minor": 100, "minimum_minor": 300}, {}, 300, 300, (300, 600)),
        ({}, {}, 0, 0, (200, 500, 1000)),
        ({"currency": "JPY"}, {}, 0, 0, (250, 500, 1000)),
        ({"currency": "JPY", "suggested_minor": 1}, {}, 1, 0, (1, 2)),
    ],
)
def test_three_amounts_are_offered_around_the_suggested_one(
    runtime: Runtime, artist: dict[str, Any], release: dict[str, Any], suggested: int, minimum: int, choices: tuple[int, ...]
) -> None:
    someone = Artist(name="Ada", slug="ada", created_at=runtime.clock(), **artist)
    work = Release(artist_id=1, title="x", artist_name="x", first_seen_at=runtime.clock(), changed_at=runtime.clock(), **release)
    found = amounts_for(someone, work)
    assert (found.suggested.minor, found.minimum.minor, tuple(one.minor for one in found.choices)) == (suggested, minimum, choices)
    assert amounts_for(someone, None).minimum.minor == artist.get("minimum_minor", 0)


def test_a_script_opens_no_more_than_so_many_pages_in_a_minute(books: Books, server: Scripted, clock: TestClock) -> None:
    for _ in range(A_MINUTE):
        start(books, Money(700, "EUR"))
    with pytest.raises(TillBusy):
        start(books, Money(700, "EUR"))
    assert (len(checkouts(books)), len(server.asked)) == (A_MINUTE, A_MINUTE)
    clock.forward(seconds=61)
    start(books, Money(700, "EUR"))


def test_payments_that_came_do_not_count_as_a_crowd(books: Books) -> None:
    for number in range(A_MINUTE):
        checkout_id = books.checkout(f"paid{number}")
        with books.runtime.session() as session:
            session.get_one(Checkout, checkout_id).state = "paid"
    start(books, Money(700, "EUR"))


@given(suggested=st.integers(0, 10**6), minimum=st.integers(0, 10**6), currency=st.sampled_from(["EUR", "JPY", "KWD"]))
def test_nothing_below_the_least_is_ever_suggested_or_offered(suggested: int, minimum: int, currency: str) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    someone = Artist(name="Ada", slug="ada", created_at=at, currency=currency, suggested_minor=suggested, minimum_minor=minimum)
    found = amounts_for(someone, None)
    assert found.suggested.minor == 0 or found.suggested.minor >= minimum
    assert all(one.minor >= minimum for one in found.choices)
