"""Keys are checked before they are kept, and kept sealed."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from creatorbot.errors import InvalidInput, NotFound, ServiceError
from creatorbot.ledger.apart import opened
from creatorbot.ledger.services import connect_service, disconnect, service_of
from creatorbot.models import Admission, PaymentService
from creatorbot.runtime import Runtime
from tests.ledger.books import KEY, SIGNING, Books, open_books
from tests.providers.test_stripe_calls import EMPTY
from tests.servers.scripted import Scripted, data, scripted


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        running.on("GET", "*", data(EMPTY))
        yield running


@pytest.fixture
def books(runtime: Runtime, server: Scripted) -> Books:
    found = open_books(runtime, base_url=server.url)
    with runtime.session() as session:
        session.add(Admission(artist_id=found.artist_id, host="127.0.0.1", port=server.port))
    return found


def services(books: Books) -> list[PaymentService]:
    with books.runtime.reading() as session:
        return list(session.exec(select(PaymentService).where(PaymentService.artist_id == books.artist_id)))


def test_connecting_again_replaces_the_keys_and_keeps_the_row(books: Books, server: Scripted) -> None:
    new = "rk_test_another12345678"
    typed = {"key": f" {new} \n", "signing_secret": ""}
    assert connect_service(books.runtime, books.artist_id, "stripe", typed, server.url) == books.service_id
    (row,) = services(books)
    assert new.encode() not in row.secrets
    assert opened(books.runtime.vault, row).secrets == {"key": new, "signing_secret": SIGNING}
    assert (row.live, row.state, row.public_id) == (False, "ok", books.public_id)


def test_a_refused_key_changes_nothing(books: Books, server: Scripted) -> None:
    server.on("GET", "/v1/events", data({"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}, 401))
    with pytest.raises(ServiceError):
        connect_service(books.runtime, books.artist_id, "stripe", {"key": "rk_live_another12345678"}, server.url)
    with pytest.raises(InvalidInput):
        connect_service(books.runtime, books.artist_id, "stripe", {"key": "  "}, server.url)
    (row,) = services(books)
    assert opened(books.runtime.vault, row).secrets["key"] == KEY


def test_another_artist_does_not_get_through_the_same_door(books: Books, server: Scripted) -> None:
    other = open_books(books.runtime, name="Bea", base_url=server.url)
    with pytest.raises(ServiceError):
        connect_service(books.runtime, other.artist_id, "stripe", {"key": KEY}, server.url)
    assert server.asked == []


def test_disconnecting_forgets_the_keys_and_connecting_brings_the_service_back(books: Books, server: Scripted) -> None:
    with books.runtime.session() as session:
        with pytest.raises(NotFound):
            disconnect(session, books.artist_id + 1, books.service_id)
        disconnect(session, books.artist_id, books.service_id)
        session.flush()
        assert service_of(session, books.artist_id) is None
    assert services(books)[0].secrets == b""
    connect_service(books.runtime, books.artist_id, "stripe", {"key": KEY}, server.url)
    with books.runtime.reading() as session:
        found = service_of(session, books.artist_id)
    assert found is not None
    assert found.id == books.service_id


def test_there_is_no_service_of_another_name(books: Books) -> None:
    with pytest.raises(NotFound):
        connect_service(books.runtime, books.artist_id, "nobody", {})


LIVE = "rk_live_another12345678"


def test_real_money_gets_a_row_of_its_own_and_ends_the_playing(books: Books, server: Scripted) -> None:
    live_id = connect_service(books.runtime, books.artist_id, "stripe", {"key": LIVE}, server.url)
    played, live = sorted(services(books), key=lambda row: row.id or 0)
    assert live_id == live.id != books.service_id
    assert (played.live, played.state, played.secrets, played.public_id) == (False, "disconnected", b"", books.public_id)
    assert (live.live, live.state) == (True, "ok")
    assert live.public_id != played.public_id
    assert opened(books.runtime.vault, live).secrets == {"key": LIVE}, "the signing secret was that of the played money"
    assert connect_service(books.runtime, books.artist_id, "stripe", {"key": "rk_live_newer123456789"}, server.url) == live_id


def test_a_test_key_does_not_take_the_place_of_real_money(books: Books, server: Scripted) -> None:
    live_id = connect_service(books.runtime, books.artist_id, "stripe", {"key": LIVE}, server.url)
    with pytest.raises(InvalidInput) as caught:
        connect_service(books.runtime, books.artist_id, "stripe", {"key": KEY}, server.url)
    assert caught.value.field == "key"
    with books.runtime.session() as session:
        found = service_of(session, books.artist_id)
        assert found is not None
        assert (found.id, found.state) == (live_id, "ok")
        disconnect(session, books.artist_id, live_id)
    assert connect_service(books.runtime, books.artist_id, "stripe", {"key": KEY}, server.url) == books.service_id
