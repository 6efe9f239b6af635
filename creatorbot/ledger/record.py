"""From a notice to payments. Any notices, in any order and number, give the same ledger: rows are named by the service."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, and_, col, or_, select

from creatorbot.errors import CreatorbotError, InvalidInput
from creatorbot.models import PAID, Artist, Checkout, Notice, Payment, PaymentService, Release, ReleasePlace
from creatorbot.providers import REGISTRY
from creatorbot.providers.base import Manner, PaymentFacts
from creatorbot.storage.once import insert_once
from creatorbot.wording import N_, explain

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
# Fee and net can come a while after the money; then the notice is read again, this often at most.
_FEE_TRIES = 12
# A notice that could not be stored for a reason nobody foresaw is given up after this many rounds in a row, about nine hours.
_TRIES = 10
_BROKE = N_("Something went wrong on our side while this note was read.")
# A checkout page of the services we know closes after a day; slow methods may still pay days later, which then wins.
_OPEN_FOR = timedelta(hours=25)


def due_notices(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Notices to read now, oldest first: new ones, and read ones whose fee was not known yet."""
    rows = session.exec(
        select(Notice.id)
        .where(
            or_(
                and_(Notice.state == "new", or_(col(Notice.not_before).is_(None), col(Notice.not_before) <= now)),
                and_(Notice.state == "read", col(Notice.not_before) <= now),
            )
        )
        .order_by(col(Notice.id))
        .limit(limit)
    ).all()
    return [row for row in rows if row is not None]


def record(session: Session, notice: Notice, facts: Sequence[PaymentFacts], now: datetime) -> int:
    """Write what a notice said; gives how many payments are new. Only what carries a reference of ours enters the ledger,
    but of a service whose whole account is the artist's, everything does.

    A refund whose payment has not been read yet waits: the notice stays new until later. Raises InvalidInput for facts that cannot be
    (a refund that gives, a payment that takes); then nothing is written.
    """
    for fact in facts:
        _check_fact(fact)
    manner = _manner(session, notice.service_id)
    told: list[str] = []
    fresh, waits, incomplete = 0, False, False
    for fact in facts:
        row = _payment(session, notice, fact, manner, now)
        if row is None:
            ours = manner.whole_account or _checkout(session, notice.service_id, fact.reference) is not None
            waits = waits or (fact.refund_of is not None and ours)
            continue
        fresh += insert_once(session, row)
        _fill_once(session, notice.service_id, fact)
        told.append(fact.external_id)
        incomplete = incomplete or (fact.net is None and manner.tells_fees)
    notice.told = told
    notice.sentence = ""
    if waits:
        _again_later(notice, now, N_("This takes back a payment we have not heard of yet."))
    else:
        notice.state = "read" if told else "not_ours"
        notice.tries += incomplete
        notice.not_before = now + _wait(notice.tries) if incomplete and notice.tries <= _FEE_TRIES else None
        if not told:  # somebody else's customer: what it says of them is none of our business
            notice.body = b""
    session.add(notice)
    return fresh


def postpone(session: Session, notice: Notice, sentence: str, retry_after: float | None, now: datetime) -> None:
    """The service had to be asked back and did not answer: the notice stays as it is until later. sentence: why."""
    if notice.state == "read":  # only fee and net are missing
        sentence = ""
    _again_later(notice, now, sentence)
    if retry_after is not None:
        notice.not_before = now + timedelta(seconds=min(retry_after, _LONGEST_WAIT.total_seconds()))
    session.add(notice)


def set_aside(session: Session, notice: Notice, error: CreatorbotError) -> None:
    """The notice makes no sense: it is kept, and shown in the artist's language, but not read again before somebody asks for it."""
    artist = session.get(Artist, notice.artist_id)
    _give_up(notice, explain(artist.language if artist else "en", error))
    session.add(notice)


def stumble(session: Session, notice: Notice, now: datetime) -> None:
    """Reading the notice broke in a way nobody foresaw: it waits longer each time, and after a few times in a row is set aside."""
    notice.tries = notice.tries + 1 if notice.sentence == _BROKE else 1
    notice.sentence, notice.not_before = _BROKE, now + _wait(notice.tries)
    if notice.tries >= _TRIES:
        _give_up(notice, N_("This note could not be read; something goes wrong on our side each time."))
    session.add(notice)


def close_old_checkouts(session: Session, now: datetime) -> int:
    """Checkouts nobody came back from are closed; a payment that comes after all still finds them."""
    done = session.execute(
        update(Checkout).where(col(Checkout.state) == "open", col(Checkout.created_at) < now - _OPEN_FOR).values(state="expired")
    )
    return int(done.rowcount)  # type: ignore[attr-defined]


def _check_fact(fact: PaymentFacts) -> None:
    takes = fact.kind in ("refund", "dispute")
    if takes != (fact.amount.minor < 0) and fact.amount.minor != 0:
        raise InvalidInput("A note cannot be used: its amount of %(amount)s has the wrong sign.", amount=fact.amount.plain)
    if not fact.external_id or (fact.refund_of is None) != (fact.kind in PAID):
        raise InvalidInput("A note cannot be used: it does not say which payment it is about.")


def _payment(session: Session, notice: Notice, fact: PaymentFacts, manner: Manner, now: datetime) -> Payment | None:
    """The row this fact makes, or None when it is not ours (or not yet: a refund before its payment)."""
    assert notice.id is not None
    row = Payment(
        artist_id=notice.artist_id,
        service_id=notice.service_id,
        notice_id=notice.id,
        external_id=fact.external_id,
        kind=fact.kind,
        amount_minor=fact.amount.minor,
        currency=fact.amount.currency,
        country=fact.country or "",
        paid_at=fact.paid_at,
        recorded_at=now,
    )
    if fact.refund_of is not None:
        parent = _known(session, notice.service_id, fact.refund_of)
        if parent is None:
            return None
        row.parent_id, row.checkout_id, row.release_id = parent.id, parent.checkout_id, parent.release_id
        return row
    checkout = _checkout(session, notice.service_id, fact.reference)
    if checkout is None:
        row.release_id = _release_sold_at(session, notice.artist_id, fact.bought)
        return row if manner.whole_account else None
    row.kind, row.checkout_id, row.release_id = checkout.kind, checkout.id, checkout.release_id
    if checkout.currency == row.currency:
        row.suggested_minor, row.minimum_minor = checkout.suggested_minor, checkout.minimum_minor
    checkout.state = "paid"
    return row


def _manner(session: Session, service_id: int) -> Manner:
    adapter = REGISTRY.get(session.get_one(PaymentService, service_id).provider)
    return adapter.manner if adapter is not None else Manner()


def _release_sold_at(session: Session, artist_id: int, bought: Sequence[str]) -> int | None:
    """The artist's release that can be had at every one of these addresses; None unless it is exactly one."""
    found: set[frozenset[int]] = set()
    for address in bought:
        rest = address.partition("://")[2].rstrip("/")
        written = [f"{scheme}{www}{rest}{slash}" for scheme in ("https://", "http://") for www in ("", "www.") for slash in ("", "/")]
        rows = session.exec(
            select(ReleasePlace.release_id)
            .join(Release, col(Release.id) == col(ReleasePlace.release_id))
            .where(ReleasePlace.artist_id == artist_id, col(ReleasePlace.url).in_(written), Release.state != "merged")
        )
        found.add(frozenset(rows))
    only = found.pop() if len(found) == 1 else frozenset()
    return next(iter(only)) if len(only) == 1 else None


def _fill_once(session: Session, service_id: int, fact: PaymentFacts) -> None:
    """Fee and net where they were missing: what is there is never changed."""
    if fact.fee is None or fact.net is None:
        return
    session.execute(
        update(Payment)
        .where(col(Payment.service_id) == service_id, col(Payment.external_id) == fact.external_id, col(Payment.net_minor).is_(None))
        .values(fee_minor=fact.fee.minor, net_minor=fact.net.minor, settled_currency=fact.net.currency)
    )


def _known(session: Session, service_id: int, external_id: str) -> Payment | None:
    return session.exec(select(Payment).where(Payment.service_id == service_id, Payment.external_id == external_id)).first()


def _checkout(session: Session, service_id: int, reference: str | None) -> Checkout | None:
    if reference is None:
        return None
    return session.exec(select(Checkout).where(Checkout.service_id == service_id, Checkout.reference == reference)).first()


def _give_up(notice: Notice, sentence: str) -> None:
    """Not read again. One that was read before, and only lacked the fee, stays read."""
    notice.not_before = None
    if notice.state == "read":
        notice.sentence = ""
    else:
        notice.state, notice.sentence = "unreadable", sentence


def _again_later(notice: Notice, now: datetime, sentence: str) -> None:
    notice.tries += 1
    notice.sentence = sentence
    notice.not_before = now + _wait(notice.tries)


def _wait(tries: int) -> timedelta:
    return min(_FIRST_WAIT * (1 << min(max(tries - 1, 0), 20)), _LONGEST_WAIT)
