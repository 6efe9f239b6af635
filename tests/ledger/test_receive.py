"""A pushed note is kept once, sealed, before it is understood; a forged one not at all."""

import threading

import pytest

from creatorbot.errors import BadSignature, NotFound
from creatorbot.ledger.receive import receive
from creatorbot.ledger.services import disconnect
from creatorbot.models import PaymentService
from creatorbot.runtime import Runtime
from tests.ledger.books import open_books
from tests.providers.events import event, session


def test_a_note_pushed_often_is_kept_once(both_runtime: Runtime) -> None:
    books = open_books(both_runtime)
    headers, body = books.sign(event("checkout.session.completed", session()))
    for _ in range(3):
        receive(both_runtime, "stripe", books.public_id, headers, body, both_runtime.clock())
    (notice,) = books.notices()
    assert (notice.external_id, notice.state, notice.came_by) == ("evt_1", "new", "pushed")
    assert both_runtime.vault.open(notice.body) == body
    with both_runtime.reading() as opened:
        assert opened.get_one(PaymentService, books.service_id).pushed_at == both_runtime.clock()


def test_a_note_pushed_eight_times_at_once_is_kept_once(both_runtime: Runtime) -> None:
    books = open_books(both_runtime)
    headers, body = books.sign(event("checkout.session.completed", session()))
    troubles: list[Exception] = []

    def push() -> None:
        try:
            receive(both_runtime, "stripe", books.public_id, headers, body, both_runtime.clock())
        except Exception as error:  # (told below)
            troubles.append(error)

    threads = [threading.Thread(target=push) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert len(books.notices()) == 1


def test_the_same_id_at_two_services_is_two_notes(runtime: Runtime) -> None:
    one, two = open_books(runtime, name="Ada"), open_books(runtime, name="Bea")
    headers, body = one.sign(event("checkout.session.completed", session()))
    for books in (one, two):
        receive(runtime, "stripe", books.public_id, headers, body, runtime.clock())
    assert [notice.artist_id for notice in one.notices()] == [one.artist_id, two.artist_id]


def test_what_a_note_says_of_a_buyer_is_not_readable_in_the_database(runtime: Runtime) -> None:
    books = open_books(runtime)
    headers, body = books.sign(event("checkout.session.completed", session(customer_details={"email": "fan@buyer.example"})))
    receive(runtime, "stripe", books.public_id, headers, body, runtime.clock())
    stored = b"".join(path.read_bytes() for path in runtime.settings.data.glob("creatorbot.sqlite3*"))
    assert b"evt_1" in stored
    assert b"buyer.example" not in stored


def test_a_forged_note_leaves_nothing(runtime: Runtime) -> None:
    books = open_books(runtime)
    headers, body = books.sign(event("checkout.session.completed", session()))
    with pytest.raises(BadSignature):
        receive(runtime, "stripe", books.public_id, headers, body.replace(b"700", b"999"), runtime.clock())
    assert books.notices() == []


def test_unknown_hooks_are_not_there(runtime: Runtime) -> None:
    books = open_books(runtime)
    headers, body = books.sign(event("checkout.session.completed", session()))
    for provider, public_id in (("stripe", "wrong"), ("nobody", books.public_id)):
        with pytest.raises(NotFound):
            receive(runtime, provider, public_id, headers, body, runtime.clock())
    with runtime.session() as opened:
        disconnect(opened, books.artist_id, books.service_id)
    with pytest.raises(NotFound):
        receive(runtime, "stripe", books.public_id, headers, body, runtime.clock())
