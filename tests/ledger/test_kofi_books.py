"""Ko-fi's notes and the ledger: counted once in any order, kept apart when nothing proves them, read again when somebody says so."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from creatorbot.errors import BadSignature, Conflict, NotFound
from creatorbot.ledger import apart, services
from creatorbot.ledger.check import check
from creatorbot.ledger.fetch import due_services, fetch_service
from creatorbot.ledger.receive import receive
from creatorbot.ledger.totals import totals_of
from creatorbot.models import Notice, PaymentService, Release, ReleasePlace
from creatorbot.providers.kofi import TEST_PAYMENT
from creatorbot.runtime import Runtime
from jobs import credit_payments, read_notices
from tests.ledger.books import Books, added, fresh_runtime, open_books
from tests.providers import notes

OTHER_TOKEN = "00000000-0000-4000-8000-00000000beef"


def kofi_books(runtime: Runtime) -> Books:
    """An artist with Stripe, and with Ko-fi: the service of these books."""
    books = open_books(runtime)
    with runtime.session() as session:
        service = PaymentService(
            artist_id=books.artist_id,
            provider="kofi",
            public_id="hookKofi",
            live=True,
            secrets=runtime.vault.seal(json.dumps({"token": notes.TOKEN})),
            connected_at=runtime.clock(),
        )
        service_id = added(session, service)
    return replace(books, service_id=service_id, public_id="hookKofi")


@pytest.fixture
def books(both_runtime: Runtime) -> Books:
    return kofi_books(both_runtime)


def push(books: Books, body: bytes) -> int:
    return receive(books.runtime, "kofi", books.public_id, notes.FORM, body, books.runtime.clock())


def understand(books: Books) -> None:
    read_notices.run(books.runtime, books.runtime.clock())
    credit_payments.run(books.runtime, books.runtime.clock())


def service(books: Books) -> PaymentService:
    with books.runtime.reading() as session:
        return session.get_one(PaymentService, books.service_id)


def test_a_note_becomes_a_payment_of_its_kind_without_a_checkout(books: Books) -> None:
    assert push(books, notes.body(1, type="Subscription", is_subscription_payment=True)) == 200
    assert push(books, notes.body(2, type="Commission", amount="50.00", currency="JPY")) == 200
    understand(books)
    assert [(row.kind, row.amount_minor, row.currency, row.net_minor) for row in books.payments()] == [
        ("subscription", 300, "EUR", None),
        ("sale", 50, "JPY", None),
    ]
    assert [(row.grade, row.amount_minor) for row in books.credits()] == [("none", 300), ("none", 50)]
    assert {notice.not_before for notice in books.notices()} == {None}, "a fee that never comes is not waited for"
    with books.runtime.reading() as session:
        assert check(session, books.runtime.clock()) == []
    totals = totals_of(books.payments())
    assert (totals["EUR"].payments, totals["EUR"].gross, totals["JPY"].gross) == (1, 300, 50)


def test_a_test_proves_that_notes_arrive_and_counts_nowhere(books: Books) -> None:
    assert services.waits_for_first(service(books))
    push(books, notes.body(kofi_transaction_id=TEST_PAYMENT))
    understand(books)
    assert books.payments() == []
    (notice,) = books.notices()
    assert (notice.state, notice.body) == ("not_ours", b"")
    assert not services.waits_for_first(service(books))


def test_a_note_with_another_code_is_kept_apart_and_counted_once_the_code_fits(books: Books) -> None:
    for _ in range(3):
        assert push(books, notes.body(1, verification_token=OTHER_TOKEN)) == 200
    understand(books)
    assert books.payments() == []
    (notice,) = books.notices()
    assert notice.state == "doubtful"
    assert service(books).state == "failing"
    assert "copy it again" in service(books).sentence
    assert services.waits_for_first(service(books)), "nothing proven came yet"

    services.connect_service(books.runtime, books.artist_id, "kofi", {"token": OTHER_TOKEN})
    understand(books)
    assert [row.amount_minor for row in books.payments()] == [300]
    push(books, notes.body(1, verification_token=OTHER_TOKEN))
    understand(books)
    assert len(books.payments()) == 1
    with books.runtime.reading() as session:
        assert apart.apart(session, books.artist_id) == []
    assert service(books).state == "ok"


def test_a_forged_note_cannot_take_the_place_of_the_good_one(books: Books) -> None:
    push(books, notes.body(1, verification_token=OTHER_TOKEN, amount="9999.00"))
    push(books, notes.body(1))
    understand(books)
    assert [row.amount_minor for row in books.payments()] == [300]
    assert service(books).state == "ok", "the code fits, so the other note was somebody's joke"


def test_somebody_who_floods_the_address_is_stopped(books: Books) -> None:
    for number in range(apart.MOST_IN_DOUBT):
        push(books, notes.body(number, verification_token=OTHER_TOKEN))
    with pytest.raises(BadSignature):
        push(books, notes.body(5000, verification_token=OTHER_TOKEN))
    push(books, notes.body(1))
    understand(books)
    assert len(books.payments()) == 1


def test_an_unreadable_note_is_kept_and_can_be_read_again_or_forgotten(books: Books) -> None:
    push(books, notes.body(1, amount="three"))
    push(books, notes.body(2, amount="four"))
    push(books, notes.body(3, verification_token=OTHER_TOKEN))
    understand(books)
    one, two, three = (notice.id or 0 for notice in books.notices())
    assert [notice.state for notice in books.notices()] == ["unreadable", "unreadable", "doubtful"]
    with books.runtime.session() as session:
        # What a later version would understand: the note itself stayed as it came.
        assert books.runtime.vault.open(session.get_one(Notice, one).body) == notes.body(1, amount="three")
        session.get_one(Notice, one).body = books.runtime.vault.seal(notes.body(1))
        apart.read_again(session, books.artist_id, one)
        services.forget_note(session, books.artist_id, two)
        with pytest.raises(Conflict):
            apart.read_again(session, books.artist_id, three)
        with pytest.raises(NotFound):
            apart.read_again(session, books.artist_id + 1, two)
        services.forget_note(session, books.artist_id, three)
    understand(books)
    assert [notice.state for notice in books.notices()] == ["read", "not_ours", "not_ours"]
    assert [notice.body == b"" for notice in books.notices()] == [False, True, True]
    assert len(books.payments()) == 1
    assert service(books).state == "ok"


def test_a_shop_order_of_one_release_is_for_that_release(books: Books) -> None:
    now = books.runtime.clock()
    with books.runtime.session() as session:
        other = added(session, Release(artist_id=books.artist_id, title="Reels", artist_name="Ada", first_seen_at=now, changed_at=now))
        for release_id, url in ((books.release_id, "https://www.ko-fi.com/s/abc123/"), (other, "https://ko-fi.com/s/def456")):
            session.add(
                ReleasePlace(
                    artist_id=books.artist_id,
                    release_id=release_id,
                    kind="hand",
                    url=url,
                    url_key=url,
                    first_seen_at=now,
                    seen_at=now,
                )
            )
    for number, codes in enumerate((["abc123"], ["abc123", "abc123"], ["abc123", "def456"], ["abc123", "sticker"], [])):
        push(books, notes.body(number, type="Shop Order", shop_items=[{"direct_link_code": code} for code in codes]))
    understand(books)
    assert [row.release_id for row in books.payments()] == [books.release_id, books.release_id, None, None, None]


def test_a_service_that_only_tells_is_never_asked_and_opens_no_page(books: Books) -> None:
    with books.runtime.reading() as session:
        assert books.service_id not in due_services(session, books.runtime.clock())
        till = services.service_of(session, books.artist_id)
        assert till is not None
        assert till.provider == "stripe", "the newer Ko-fi does not take the till's place"
    assert fetch_service(books.runtime, books.service_id, books.runtime.clock()) == 0
    with pytest.raises(NotFound):
        services.till_of("kofi")


def test_nothing_of_the_buyer_is_in_the_rows(books: Books) -> None:
    push(books, notes.body(1))
    understand(books)
    kept = repr([*books.payments(), *books.notices()])
    for secret in ("Nobody", "buyer.example", "Lovely", notes.TOKEN):
        assert secret not in kept


_KINDS = ("Donation", "Subscription", "Shop Order", "Commission")
_NOTES = {
    number: notes.body(number, type=_KINDS[number % 4], amount=f"{number}.50", currency=("EUR", "USD", "GBP")[number % 3])
    for number in range(1, 7)
} | {
    7: notes.body(7, kofi_transaction_id=TEST_PAYMENT),
    8: notes.body(8, verification_token=OTHER_TOKEN),
    9: notes.body(9, kofi_transaction_id=notes.told(1)["kofi_transaction_id"], type=_KINDS[1], amount="1.50", currency="USD"),
}


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(st.sampled_from(sorted(_NOTES)), max_size=12).flatmap(lambda extra: st.permutations([*_NOTES, *extra])), st.integers(1, 5))
def test_any_order_and_repetition_gives_the_same_ledger(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, order: list[int], at_once: int
) -> None:
    books = kofi_books(fresh_runtime(sqlite_template, tmp_path_factory.mktemp("books")))
    for place, number in enumerate(order):
        push(books, _NOTES[number])
        if place % at_once == 0:
            understand(books)
    understand(books)
    sums = {currency: (total.payments, total.gross) for currency, total in totals_of(books.payments()).items()}
    assert sums == {"EUR": (2, 1000), "GBP": (2, 800), "USD": (2, 600)}
    assert [row.kind for row in books.payments()] == ["subscription", "sale", "sale", "tip", "subscription", "sale"]
