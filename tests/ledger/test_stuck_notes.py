"""A note that cannot be used holds up nobody, and one that only waits for a key is never given up."""

import json
from typing import Any

import pytest

from creatorbot.models import Checkout, Notice, PaymentService
from creatorbot.runtime import Runtime
from creatorbot.security.secrets import Vault, new_vault_key
from jobs import fetch_notices, read_notices
from tests.conftest import TestClock
from tests.ledger.books import Books, open_books
from tests.providers.events import OURS, event, session

OTHER = "Another0123456789abcdefghijklmno"
# The practice Stripe of these tests is not there at all: what has to be asked back is only fee and net, which may come later.
NOWHERE = "http://127.0.0.1:9"


def told(books: Books, name: str, **more: Any) -> int:
    return books.notice(name, json.dumps(event("checkout.session.completed", session(**more), name)).encode())


def row_of(books: Books, notice_id: int) -> Notice:
    with books.runtime.reading() as opened:
        return opened.get_one(Notice, notice_id)


@pytest.mark.parametrize("broken", [{"amount": -5}, {"amount": 10**30}, {"amount": 2**62}, {"currency": "euros"}, {"amount": "x"}])
def test_an_impossible_amount_is_set_aside_and_the_next_note_is_read(
    both_runtime: Runtime, clock: TestClock, broken: dict[str, Any]
) -> None:
    books = open_books(both_runtime, base_url=NOWHERE)
    books.checkout()
    books.checkout(OTHER)
    first = told(books, "evt_1", **broken)
    told(books, "evt_2", intent="pi_2", amount=300, reference=OTHER)
    assert read_notices.run(both_runtime, clock()).done == 1
    assert [(row.external_id, row.amount_minor) for row in books.payments()] == [("pi_2", 300)]
    aside = row_of(books, first)
    assert aside.state == "unreadable"
    assert aside.sentence


def test_money_that_needs_more_than_four_bytes_is_recorded(both_runtime: Runtime, clock: TestClock) -> None:
    books = open_books(both_runtime, base_url=NOWHERE)
    books.checkout(currency="IDR")
    told(books, "evt_1", amount=5_000_000_000, currency="idr")
    read_notices.run(both_runtime, clock())
    assert [(row.currency, row.amount_minor) for row in books.payments()] == [("IDR", 5_000_000_000)]


def test_a_note_nobody_foresaw_is_tried_again_later_and_given_up_in_the_end(
    both_runtime: Runtime, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    books = open_books(both_runtime, base_url=NOWHERE)
    with both_runtime.session() as opened:  # the database refuses a payment of this kind
        opened.get_one(Checkout, books.checkout()).kind = "gift"
    first = told(books, "evt_1")
    books.checkout(OTHER)
    told(books, "evt_2", intent="pi_2", amount=300, reference=OTHER)
    assert read_notices.run(both_runtime, clock()).done == 1
    waiting = row_of(books, first)
    assert (waiting.state, waiting.tries) == ("new", 1)
    assert waiting.not_before is not None
    assert waiting.not_before > clock()
    assert f"note {first}" in caplog.text
    assert OURS not in caplog.text, "what a note says is not written down"
    for _ in range(40):
        read_notices.run(both_runtime, clock.forward(hours=7))
    given_up = row_of(books, first)
    assert given_up.state == "unreadable"
    assert given_up.tries >= 5
    assert given_up.sentence
    assert [row.external_id for row in books.payments()] == ["pi_2"]


def test_notes_wait_while_the_keys_are_the_wrong_ones_and_are_read_afterwards(runtime: Runtime, clock: TestClock) -> None:
    books = open_books(runtime, base_url=NOWHERE)
    books.checkout()
    first = told(books, "evt_1")
    right = runtime.vault
    object.__setattr__(runtime, "vault", Vault([new_vault_key()]))
    for _ in range(30):
        assert read_notices.run(runtime, clock.forward(hours=7)).done == 0
        fetch_notices.run(runtime, clock())
    assert row_of(books, first).state == "new"
    assert "keys in the data folder" in row_of(books, first).sentence
    with runtime.reading() as opened:
        assert opened.get_one(PaymentService, books.service_id).state == "failing"
    object.__setattr__(runtime, "vault", right)
    assert read_notices.run(runtime, clock.forward(minutes=10)).done == 1, "soon after the right keys are back"
    assert [row.external_id for row in books.payments()] == ["pi_1"]
