"""Insert-or-ignore tells the truth about which of the two it did, on both databases."""

from creatorbot.models import Notice
from creatorbot.runtime import Runtime
from creatorbot.storage.once import insert_once
from tests.ledger.books import open_books


def test_a_second_row_like_the_first_is_neither_inserted_nor_said_to_be(both_runtime: Runtime) -> None:
    books = open_books(both_runtime)

    def notice() -> Notice:
        return Notice(
            artist_id=books.artist_id, service_id=books.service_id, external_id="evt_1", body=b"", received_at=both_runtime.clock()
        )

    with both_runtime.session() as session:
        assert insert_once(session, notice())
        assert not insert_once(session, notice())
    with both_runtime.session() as session:
        assert not insert_once(session, notice())
    assert len(books.notices()) == 1
