"""Asking for notes gives the same notes as having them pushed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from creatorbot.errors import ServiceError
from creatorbot.ledger.fetch import due_services, fetch_service
from creatorbot.ledger.receive import receive
from creatorbot.ledger.record import postpone, record
from creatorbot.ledger.services import tell_trouble
from creatorbot.models import Admission, Notice, PaymentService
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.ledger.books import Books, open_books
from tests.providers.events import event, session
from tests.providers.test_stripe_calls import listed, stripe_error
from tests.servers.scripted import Scripted, scripted


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


@pytest.fixture
def books(runtime: Runtime, server: Scripted) -> Books:
    found = open_books(runtime, base_url=server.url)
    with runtime.session() as session:
        session.add(Admission(artist_id=found.artist_id, host="127.0.0.1", port=server.port))
    return found


def row(books: Books) -> PaymentService:
    with books.runtime.reading() as session:
        return session.get_one(PaymentService, books.service_id)


def test_pages_are_stored_one_by_one_and_what_was_pushed_is_not_stored_again(books: Books, server: Scripted, clock: TestClock) -> None:
    headers, body = books.sign(event("checkout.session.completed", session("pi_8"), "evt_8"))
    receive(books.runtime, "stripe", books.public_id, headers, body, clock())
    server.on("GET", "/v1/events", listed([9, 8], True), listed([7], False))
    assert fetch_service(books.runtime, books.service_id, clock()) == 2
    assert [(one.external_id, one.came_by) for one in books.notices()] == [("evt_8", "pushed"), ("evt_9", "asked"), ("evt_7", "asked")]
    assert fetch_service(books.runtime, books.service_id, clock()) == 0
    assert (row(books).state, row(books).fetched_at) == ("ok", clock())


def test_a_round_that_breaks_off_goes_on_where_it_was(books: Books, server: Scripted, clock: TestClock) -> None:
    server.on("GET", "/v1/events", listed([9, 8], True), stripe_error(500, "api_error"), listed([7], False))
    assert fetch_service(books.runtime, books.service_id, clock()) == 2
    assert row(books).state == "failing"
    assert "trouble" in row(books).sentence
    assert fetch_service(books.runtime, books.service_id, clock()) == 1
    assert server.asked[-1].query["starting_after"] == ["evt_8"]
    assert (row(books).state, row(books).sentence) == ("ok", "")


def test_services_are_asked_every_minute_and_seldom_when_they_push(books: Books, server: Scripted, clock: TestClock) -> None:
    def due() -> list[int]:
        with books.runtime.reading() as opened:
            return due_services(opened, clock())

    assert due() == [books.service_id]
    server.on("GET", "/v1/events", listed([], False))
    fetch_service(books.runtime, books.service_id, clock())
    assert due() == []
    clock.forward(seconds=60)
    assert due() == [books.service_id]
    with books.runtime.session() as opened:
        opened.get_one(PaymentService, books.service_id).pushed_at = clock()
    assert due() == []
    clock.forward(minutes=15)
    assert due() == [books.service_id]
    with books.runtime.session() as opened:
        opened.get_one(PaymentService, books.service_id).state = "disconnected"
    assert due() == []
    assert fetch_service(books.runtime, books.service_id, clock() + timedelta(1)) == 0


def test_trouble_with_reading_a_note_is_not_wiped_by_asking_well(books: Books, server: Scripted, clock: TestClock) -> None:
    notice_id = books.notice()
    with books.runtime.session() as opened:
        postpone(opened, opened.get_one(Notice, notice_id), "A permission is missing.", None, clock())
        tell_trouble(opened, books.service_id, ServiceError("A permission is missing.", kind="refused"))
    server.on("GET", "/v1/events", listed([], False))
    fetch_service(books.runtime, books.service_id, clock())
    assert (row(books).state, row(books).sentence) == ("failing", "A permission is missing.")
    with books.runtime.session() as opened:
        record(opened, opened.get_one(Notice, notice_id), [], clock())
    fetch_service(books.runtime, books.service_id, clock())
    assert (row(books).state, row(books).sentence) == ("ok", "")
