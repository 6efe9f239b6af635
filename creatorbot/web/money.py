"""Money: every payment, one payment with its evidence, and totals in which two currencies never meet."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from creatorbot.amounts import Money
from creatorbot.attribution.report import credits_of_payment
from creatorbot.ledger.apart import apart, read_again
from creatorbot.ledger.queries import get_payment, payments_of, taken_back, totals
from creatorbot.ledger.services import forget_note, services_of
from creatorbot.ledger.totals import left_out
from creatorbot.links.beyond.heading import link_heading
from creatorbot.models import PAID, Account, Checkout, Credit, Link, Payment, PaymentService, Post, Release
from creatorbot.providers import REGISTRY
from creatorbot.web.here import artist_id, language, needs, runtime
from creatorbot.web.house import forms
from creatorbot.wording import N_

pages = Blueprint("money", __name__)

A_PAGE = 100
KINDS: dict[str, str] = {
    "tip": N_("tip"),
    "sale": N_("sale"),
    "subscription": N_("subscription"),
    "refund": N_("given back"),
    "dispute": N_("disputed"),
    "reinstated": N_("came back to you"),
}


def moneys(by_currency: Mapping[str, int]) -> list[Money]:
    """Minor units by currency as amounts, side by side, never added up; those of zero are left out."""
    return [Money(minor, currency) for currency, minor in sorted(by_currency.items()) if minor]


@pages.get("/money")
@needs("viewer")
def ledger() -> ResponseReturnValue:
    """Every payment, newest first."""
    with runtime().reading() as session:
        payments = payments_of(session, artist_id())
        page, shown = _page_of(payments)
        about = {
            "totals": totals(session, artist_id()),
            "connected": bool(services_of(session, artist_id())),
            "uncounted": apart(session, artist_id()),
            "shown": shown,
            "played": left_out(session, artist_id()),
            "releases": _releases(session, shown),
            "services": _services(session),
            "grades": _grades(session, shown),
        }
    return render_template(
        "money/ledger.html",
        kinds=KINDS,
        money_of=money_of,
        of_minor=Money,
        many=len(payments),
        page=page,
        last=(len(payments) - 1) // A_PAGE,
        **about,
    )


@pages.get("/money/<int:payment_id>")
@needs("viewer")
def one(payment_id: int) -> ResponseReturnValue:
    """One payment: what came, what was kept back, where it is credited, and why."""
    with runtime().reading() as session:
        payment = get_payment(session, artist_id(), payment_id)
        checkout = session.get(Checkout, payment.checkout_id) if payment.checkout_id else None
        service = session.get(PaymentService, payment.service_id)
        credits = credits_of_payment(session, payment_id)
        posts = {row.post_id: session.get(Post, row.post_id) for row in credits if row.post_id}
        accounts = {post_id: session.get(Account, post.account_id) for post_id, post in posts.items() if post}
        other_links = [session.get_one(Link, row.link_id) for row in credits if row.link_id and not row.post_id]
        about = {
            "payment": payment,
            "link_names": {link.id: link_heading(link, language()) for link in other_links},
            "played": payment.service_id in left_out(session, artist_id()),
            "checkout": checkout,
            "credits": credits,
            "posts": posts,
            "accounts": accounts,
            "release": session.get(Release, payment.release_id) if payment.release_id else None,
            "parent": get_payment(session, artist_id(), payment.parent_id) if payment.parent_id else None,
            "taken": taken_back(session, payment_id),
        }
    return render_template(
        "money/payment.html",
        kinds=KINDS,
        money_of=money_of,
        Money=Money,
        paid_kinds=PAID,
        adapter=REGISTRY.get(service.provider) if service else None,
        **about,
    )


@pages.post("/money/notes/<int:notice_id>/again")
@needs("manager")
def again(notice_id: int) -> ResponseReturnValue:
    """A note that could not be read gets its turn again."""
    with runtime().session() as session:
        read_again(session, artist_id(), notice_id)
    forms.tell(N_("The note is read again in a moment."))
    return redirect("/money", 303)


@pages.post("/money/notes/<int:notice_id>/forget")
@needs("owner")
def forget(notice_id: int) -> ResponseReturnValue:
    """What the note says is deleted."""
    with runtime().session() as session:
        forget_note(session, artist_id(), notice_id)
    forms.tell(N_("The note is forgotten. It counts nowhere."))
    return redirect("/money", 303)


def money_of(payment: Payment, what: str = "amount") -> Money | None:
    """The payment's amount, fee, net, suggested or minimum as Money; None while it is not known."""
    minor: int | None = getattr(payment, f"{what}_minor")
    return None if minor is None else Money(minor, payment.settled_currency if what in ("fee", "net") else payment.currency)


def _page_of(payments: Sequence[Payment]) -> tuple[int, Sequence[Payment]]:
    asked = request.args.get("page", "0")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    return page, payments[page * A_PAGE : (page + 1) * A_PAGE]


def _releases(session: Session, payments: Sequence[Payment]) -> dict[int | None, Release]:
    wanted = {payment.release_id for payment in payments if payment.release_id}
    return {row.id: row for row in session.exec(select(Release).where(col(Release.id).in_(wanted)))}


def _services(session: Session) -> dict[int, tuple[str, str, bool]]:
    """Name in addresses, label, and whether it ever tells its fees, of every service this artist ever had, by id."""
    rows = session.exec(select(PaymentService).where(PaymentService.artist_id == artist_id())).all()
    found: dict[int, tuple[str, str, bool]] = {}
    for row in rows:
        adapter = REGISTRY.get(row.provider)
        found[row.id or 0] = (row.provider, adapter.label, adapter.manner.tells_fees) if adapter else (row.provider, row.provider, True)
    return found


def _grades(session: Session, payments: Sequence[Payment]) -> dict[int, str]:
    """How sure the credit of each payment is; "none" while there is none."""
    wanted = {payment.id for payment in payments}
    found = session.exec(select(Credit).where(col(Credit.payment_id).in_(wanted)).order_by(col(Credit.id)))
    return {credit.payment_id: credit.grade for credit in found}
