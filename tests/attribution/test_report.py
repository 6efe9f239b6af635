"""What Results shows is the ledger, cut another way."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from creatorbot.amounts import Money
from creatorbot.attribution.credit import credit_payments
from creatorbot.attribution.report import by_other_link, by_post, credits_of_payment, credits_of_post, summary, uncredited
from creatorbot.ledger.queries import get_payment, payments_of, taken_back, totals
from creatorbot.ledger.record import record
from creatorbot.models import Checkout, Credit, Link, Notice, PaymentService, Reach, VisitTotal
from creatorbot.providers.base import PaymentFacts
from creatorbot.runtime import Runtime
from creatorbot.storage.once import insert_once
from creatorbot.wording import say
from tests.ledger.books import Books, added, another_link, fresh_runtime, open_books


def pay(session: Session, books: Books, name: str, link_id: int | None, minor: int, currency: str = "EUR", back: int = 0) -> None:
    """A tip that came by this link, and what was taken back of it."""
    now = books.runtime.clock()
    session.add(
        Checkout(
            artist_id=books.artist_id,
            service_id=books.service_id,
            reference=f"ref{name}",
            link_id=link_id,
            asked_minor=minor,
            currency=currency,
            suggested_minor=500,
            created_at=now - timedelta(minutes=3),
        )
    )
    notice = Notice(artist_id=books.artist_id, service_id=books.service_id, external_id=f"evt{name}", body=b"", received_at=now)
    session.add(notice)
    session.flush()
    facts = [PaymentFacts(f"pi{name}", "tip", Money(minor, currency), now, f"ref{name}")]
    if back:
        facts.append(PaymentFacts(f"re{name}", "refund", Money(-back, currency), now, f"ref{name}", f"pi{name}"))
    record(session, notice, facts, now)


def credit_all(session: Session) -> None:
    while credit_payments(session):
        pass


@pytest.fixture
def books(both_runtime: Runtime) -> Books:
    return open_books(both_runtime)


def test_a_tip_through_a_posts_link_is_credited_to_the_post_with_its_evidence(books: Books) -> None:
    with books.runtime.session() as session:
        pay(session, books, "1", books.link_id, 700, back=200)
        credit_all(session)
        credit_all(session)
    with books.runtime.reading() as session:
        (post,) = by_post(session, books.artist_id)
        rows = credits_of_post(session, books.post_id)
        assert uncredited(session, books.artist_id) == []
    assert (post.post_id, post.release_title, post.account_handle) == (books.post_id, "Low Tide", "@Ada@a.example")
    assert (post.payments, post.money, post.grades) == (1, {"EUR": 500}, {"exact": 1})
    assert [(row.amount_minor, row.grade, row.post_id) for row in rows] == [(-200, "exact", books.post_id), (700, "exact", books.post_id)]
    assert say("en", rows[1].sentence, rows[1].values) == "Paid through this post’s link: Stripe sent our reference back."
    assert "Taken back" in rows[0].sentence


def test_crediting_twice_or_by_two_changes_nothing(books: Books) -> None:
    with books.runtime.session() as session:
        pay(session, books, "1", None, 700)
        assert credit_payments(session) == 1
        assert credit_payments(session) == 0
        (payment,) = payments_of(session, books.artist_id)
        again = Credit(artist_id=books.artist_id, payment_id=payment.id or 0, link_id=None, amount_minor=700, currency="EUR", grade="none")
        assert not insert_once(session, again)


def test_what_nobody_can_explain_is_shown(books: Books) -> None:
    with books.runtime.session() as session:
        pay(session, books, "1", None, 700)
        credit_all(session)
        pay(session, books, "2", books.link_id, 300)
    with books.runtime.reading() as session:
        rows = uncredited(session, books.artist_id)
        found = summary(session, books.artist_id)
        (waiting,) = credits_of_payment(session, rows[0].payment.id or 0)
    assert [(row.amount_minor, row.sentence.split(" ")[0]) for row in rows] == [(300, "We"), (700, "Nothing")]
    assert (found.uncredited, found.to_posts, found.payments) == ({"EUR": 1000}, {}, 2)
    assert (found.gave_more, found.of_those_asked) == (1, 2)
    assert waiting.sentence == rows[0].sentence


def test_an_artist_never_sees_the_money_of_another(books: Books) -> None:
    other = open_books(books.runtime, name="Bea")
    with books.runtime.session() as session:
        pay(session, other, "1", other.link_id, 700)
        credit_all(session)
    with books.runtime.reading() as session:
        assert totals(session, books.artist_id) == {}
        assert summary(session, books.artist_id).payments == 0
        theirs = payments_of(session, other.artist_id)[0]
        assert get_payment(session, other.artist_id, theirs.id or 0).id == theirs.id
        with pytest.raises(Exception, match="no such payment"):
            get_payment(session, books.artist_id, theirs.id or 0)


@pytest.mark.parametrize(
    ("look", "carries", "servers", "people", "why"),
    [
        ("card", "link", 2, 9, ""),
        ("picture", "link", None, 9, "picture"),
        ("card", "shop", None, None, "shop"),
        ("picture", "shop", None, None, "shop"),
    ],
)
def test_what_cannot_be_measured_is_not_shown_as_nought(
    runtime: Runtime, look: str, carries: str, servers: int | None, people: int | None, why: str
) -> None:
    books = open_books(runtime, look=look, carries=carries)
    with runtime.session() as session:
        for host in ("a.example", "b.example"):
            session.add(Reach(link_id=books.link_id, host=host, software="mastodon", first_seen_at=runtime.clock()))
        session.add(VisitTotal(link_id=books.link_id, quarter=runtime.clock(), people=9, person=11, preview=2))
    with runtime.reading() as session:
        (post,) = by_post(session, books.artist_id)
    assert (post.servers, post.people) == (servers, people)
    assert why in post.why_not


tips = st.lists(
    st.tuples(st.sampled_from(["post", "poster", "none"]), st.integers(0, 10_000), st.sampled_from(["EUR", "JPY"]), st.integers(0, 10_000)),
    max_size=8,
)


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tips, st.integers(0, 8))
def test_posts_other_links_and_the_rest_together_are_the_ledger(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, paid: list[tuple[str, int, str, int]], credited: int
) -> None:
    books = open_books(fresh_runtime(sqlite_template, tmp_path_factory.mktemp("books")))
    links: dict[str, Any] = {"post": books.link_id, "poster": another_link(books, "poster"), "none": None}
    with books.runtime.session() as session:
        for number, (link, minor, currency, back) in enumerate(paid):
            pay(session, books, str(number), links[link], minor, currency, min(back, minor))
            if number == credited:
                credit_all(session)  # the later ones have not been looked at yet
        found = summary(session, books.artist_id)
        together: dict[str, int] = {}
        for part in (found.to_posts, found.to_other_links, found.uncredited):
            for currency, minor in part.items():
                together[currency] = together.get(currency, 0) + minor
        assert together == {currency: total.kept for currency, total in totals(session, books.artist_id).items()}
        assert found.payments == len(paid)
        posts, others = by_post(session, books.artist_id), by_other_link(session, books.artist_id)
        rest = {row.payment.id for row in uncredited(session, books.artist_id) if row.payment.kind == "tip"}
        assert sum(post.payments for post in posts) + sum(link.payments for link in others) + len(rest) == len(paid)
        assert sum(row.amount_minor for row in credits_of_post(session, books.post_id)) == sum(found.to_posts.values())


def test_totals_never_mix_currencies_and_count_what_is_not_settled(runtime: Runtime) -> None:
    books = open_books(runtime)
    with runtime.session() as session:
        pay(session, books, "1", books.link_id, 700, back=200)
        pay(session, books, "2", books.link_id, 1980, "JPY")
        paid = next(row for row in payments_of(session, books.artist_id) if row.external_id == "pi1")
        paid.fee_minor, paid.net_minor, paid.settled_currency = 53, 759, "USD"
        session.flush()
        found = totals(session, books.artist_id)
        assert [row.kind for row in taken_back(session, paid.id or 0)] == ["refund"]
    eur, jpy, usd = found["EUR"], found["JPY"], found["USD"]
    assert (eur.payments, eur.gross, eur.refunded, eur.kept, eur.unsettled, eur.net) == (1, 700, 200, 500, 1, 0)
    assert (jpy.gross, jpy.money.plain) == (1980, "1980")
    assert (usd.payments, usd.gross, usd.fees, usd.net) == (0, 0, 53, 759)


def test_a_link_without_a_post_has_its_own_line(runtime: Runtime) -> None:
    books = open_books(runtime)
    poster = another_link(books, "poster")
    with runtime.session() as session:
        pay(session, books, "1", poster, 700)
        credit_all(session)
        assert session.get_one(Link, poster).post_id is None
        (found,) = by_other_link(session, books.artist_id)
    assert (found.link_id, found.label, found.payments, found.money) == (poster, "Poster", 1, {"EUR": 700})


def test_played_money_counts_until_there_is_real_money_and_then_in_no_figure(books: Books) -> None:
    with books.runtime.session() as session:
        pay(session, books, "1", books.link_id, 700)
        pay(session, books, "2", None, 300)
        credit_all(session)
    with books.runtime.session() as session:
        assert totals(session, books.artist_id)["EUR"].gross == 1000
        assert by_post(session, books.artist_id)[0].money == {"EUR": 700}
        live = PaymentService(
            artist_id=books.artist_id, provider="stripe", public_id="live", live=True, secrets=b"", connected_at=books.runtime.clock()
        )
        live_id = added(session, live)
    with books.runtime.session() as session:
        pay(session, replace(books, service_id=live_id), "3", books.link_id, 500, back=200)
        pay(session, replace(books, service_id=live_id), "4", None, 100)
        pay(session, books, "5", books.link_id, 900)
        credit_all(session)
    with books.runtime.session() as session:
        session.get_one(PaymentService, live_id).state = "disconnected"  # for good, not only while it is connected
    with books.runtime.reading() as session:
        found = summary(session, books.artist_id)
        assert totals(session, books.artist_id) == found.total
        assert (found.total["EUR"].gross, found.total["EUR"].kept, found.payments) == (600, 400, 2)
        assert (found.to_posts, found.uncredited) == ({"EUR": 300}, {"EUR": 100})
        assert [row.amount_minor for row in credits_of_post(session, books.post_id)] == [-200, 500]
        assert [row.amount_minor for row in uncredited(session, books.artist_id)] == [100]
        assert len(payments_of(session, books.artist_id)) == 6
