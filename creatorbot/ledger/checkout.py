"""A fan on the way to pay: what is suggested, and the payment page opened with our reference."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlmodel import Session, col, func, select

from creatorbot.amounts import Money, exponent
from creatorbot.errors import Conflict, InvalidInput, NotFound, ServiceError
from creatorbot.ledger.apart import opened
from creatorbot.ledger.services import service_of, tell_trouble, till_of
from creatorbot.models import Artist, Checkout, Link, PaymentService, Release
from creatorbot.providers.base import Order
from creatorbot.runtime import Runtime
from creatorbot.security.secrets import word
from creatorbot.wording import N_

_LARGEST_MAJOR = 10_000
# More fans of one artist than this are not on their way to pay within one minute; a script is.
A_MINUTE = 30
TOO_MANY = N_("Many people want to pay at this moment. Nothing was charged; try again in a moment.")


class TillBusy(Conflict):
    """More payment pages are asked for at once than we open. Nothing was stored, and nobody was called."""


@dataclass(frozen=True)
class Amounts:
    """What the tip page offers, all in the artist's currency. suggested: 0 when the artist suggests nothing. choices: ascending."""

    suggested: Money
    minimum: Money
    choices: tuple[Money, ...]


def amounts_for(artist: Artist, release: Release | None) -> Amounts:
    """The release's own suggestion and minimum, else the artist's; and three amounts to choose from around them."""
    suggested = artist.suggested_minor if release is None or release.suggested_minor is None else release.suggested_minor
    minimum = artist.minimum_minor if release is None or release.minimum_minor is None else release.minimum_minor
    if suggested:
        suggested = max(suggested, minimum)
    whole = 10 ** exponent(artist.currency)
    # Where units are small (yen, won) a round small amount is hundreds of them.
    middle = suggested or max(minimum, 5 * whole * (100 if whole == 1 else 1))
    step = whole if middle >= 4 * whole else 1
    offered = {max(minimum, round(middle / 2 / step) * step), middle, middle * 2}
    return Amounts(
        Money(suggested, artist.currency),
        Money(minimum, artist.currency),
        tuple(Money(minor, artist.currency) for minor in sorted(offered) if minor > 0),
    )


def start_checkout(
    runtime: Runtime,
    *,
    link: Link | None,
    artist_id: int,
    release_id: int | None,
    amount: Money,
    kind: Literal["tip", "sale"],
    urls: Callable[[str], tuple[str, str]],
    title: str,
    language: str | None,
    adjustable: bool = False,
) -> str:
    """Open a payment page; gives the address to send the fan to. urls: our reference -> where to return on success, on going back.

    adjustable: the fan may still change the amount on the service's own page. The checkout is committed before the service is
    called, so that whatever comes back is known as ours. Raises InvalidInput (field "amount"), NotFound (nobody to pay), ServiceError,
    TillBusy (too many were opened for this artist within the last minute).
    """
    with runtime.session() as session:
        row, service, amounts = _new_checkout(runtime, session, link, artist_id, release_id, amount, kind)
    success, cancel = urls(row.reference)
    order = Order(
        reference=row.reference,
        title=title,
        description="",
        amount=amount,
        kind=kind,
        success_url=success,
        cancel_url=cancel,
        minimum=amounts.minimum,
        suggested=amounts.suggested if amounts.suggested.minor else amount,
        adjustable=adjustable,
        language=language,
    )
    try:
        opened_page = till_of(service.provider).start(order, opened(runtime.vault, service), runtime.door_for(artist_id))
    except ServiceError as error:
        if error.permanent:
            with runtime.session() as session:
                tell_trouble(session, row.service_id, error)
        raise
    with runtime.session() as session:
        session.get_one(Checkout, row.id).external_id = opened_page.external_id
    return opened_page.url


def checkout_by_reference(session: Session, reference: str) -> Checkout | None:
    """The checkout this reference of ours names."""
    return session.exec(select(Checkout).where(Checkout.reference == reference)).first()


def _new_checkout(
    runtime: Runtime, session: Session, link: Link | None, artist_id: int, release_id: int | None, amount: Money, kind: str
) -> tuple[Checkout, PaymentService, Amounts]:
    artist, service = session.get(Artist, artist_id), service_of(session, artist_id)
    if artist is None or service is None or service.id is None:
        raise NotFound("This artist cannot be paid here yet.")
    release = session.get(Release, release_id) if release_id is not None else None
    amounts = amounts_for(artist, release)
    _check(amount, amounts)
    _check_crowd(runtime, session, artist_id)
    row = Checkout(
        artist_id=artist_id,
        service_id=service.id,
        release_id=release_id,
        link_id=link.id if link else None,
        reference=word(32),
        kind=kind,
        asked_minor=amount.minor,
        currency=amount.currency,
        suggested_minor=amounts.suggested.minor or None,
        minimum_minor=amounts.minimum.minor,
        created_at=runtime.clock(),
    )
    session.add(row)
    session.flush()
    return row, service, amounts


def _check_crowd(runtime: Runtime, session: Session, artist_id: int) -> None:
    just_now = select(func.count()).where(
        Checkout.artist_id == artist_id, Checkout.state == "open", col(Checkout.created_at) > runtime.clock() - timedelta(minutes=1)
    )
    if session.exec(just_now).one() >= A_MINUTE:
        raise TillBusy(TOO_MANY)


def _check(amount: Money, amounts: Amounts) -> None:
    if amount.currency != amounts.minimum.currency:
        raise InvalidInput("Payments to this artist are in %(currency)s.", field="amount", currency=amounts.minimum.currency)
    if amount.minor <= 0:
        raise InvalidInput("Choose an amount above zero.", field="amount")
    if amount < amounts.minimum:
        raise InvalidInput(
            "The least here is %(minimum)s %(currency)s.", field="amount", minimum=amounts.minimum.plain, currency=amount.currency
        )
    if amount.major > _LARGEST_MAJOR * (100 if exponent(amount.currency) == 0 else 1):
        raise InvalidInput("That is more than can be paid here at once.", field="amount")
