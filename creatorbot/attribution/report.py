"""What each post brought: servers reached, people, payments, money; and the rows and evidence behind every figure.

Money is computed from the credits and nothing else, so that posts, other links and the rest together are the ledger.
Played money (ledger.totals.left_out) is in no figure here, nor among the rows behind one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_
from sqlalchemy import select as together
from sqlmodel import Session, col, select

from creatorbot.ledger.totals import CurrencyTotal, LinkTotal, by_link, counted, left_out, totals_of
from creatorbot.links.totals import LinkTotals
from creatorbot.links.totals import totals_of as visits_of_links
from creatorbot.models import PAID, Account, Announcement, Candidate, Credit, Link, Payment, PaymentService, Post, Release
from creatorbot.networks import REGISTRY as NETWORKS
from creatorbot.networks.software import Profile
from creatorbot.providers import REGISTRY
from creatorbot.wording import N_

EVIDENCE: Mapping[str, str] = {
    "reference": N_("Paid through this post’s link: %(service)s sent our reference back."),
    "other_link": N_("Paid through this link: %(service)s sent our reference back."),
    "taken_back": N_("Taken back from where the payment was credited."),
    "none": N_("Nothing shows where this payment came from."),
    "waiting": N_("We have not looked at this payment yet."),
}
_PICTURE = N_("Reach is not measured: servers fetch no preview for a post with a picture.")
_ONE_PLACE = N_("Reach is not measured: all who read it do so in one place.")
_SENT = N_("Reach is not measured: the card under the post was sent along, so no server fetches it.")
_SHOP = N_("Not measured: this post carried the shop’s own address instead of a link of ours.")


@dataclass(frozen=True)
class PostResult:
    """One post. servers, people: None where they cannot be measured; why_not is the sentence about it (a gettext id).

    payments: how many fans paid. money: minor units by currency, refunds taken off. grades: those payments by grade of evidence.
    wording: the mark of the one it carried, "" where its announcement has only one.
    """

    post_id: int
    link_id: int
    release_title: str
    account_handle: str
    published_at: datetime | None
    look: str
    state: str
    servers: int | None
    people: int | None
    payments: int
    money: Mapping[str, int]
    grades: Mapping[str, int]
    why_not: str = ""
    wording: str = ""


@dataclass(frozen=True)
class LinkResult:
    """One link that belongs to no post (a poster, a bio …). release_title: "" where it opens the artist's page."""

    link_id: int
    label: str
    release_title: str
    people: int
    payments: int
    money: Mapping[str, int]
    link: Link


@dataclass(frozen=True)
class CreditRow:
    """A share of one payment and its evidence: `sentence` is a gettext id, `values` beside it. link_id None: credited to nothing."""

    payment: Payment
    link_id: int | None
    post_id: int | None
    amount_minor: int
    currency: str
    grade: str
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Summary:
    """The artist's results in one go. total = credited to posts + credited to other links + uncredited, in each currency.

    servers adds up what each post reached (one server may be in several). gave_more, of_those_asked: payments above the suggested
    amount, and payments for which one was suggested.
    """

    posts: int
    servers: int
    people: int
    payments: int
    total: Mapping[str, CurrencyTotal]
    to_posts: Mapping[str, int]
    to_other_links: Mapping[str, int]
    uncredited: Mapping[str, int]
    gave_more: int
    of_those_asked: int


def by_post(session: Session, artist_id: int) -> list[PostResult]:
    """Every post that has a link, the latest first."""
    rows = session.execute(
        together(Post, Link, Announcement, Release, Account)
        .join(Link, col(Link.post_id) == col(Post.id))
        .join(Announcement, col(Announcement.id) == col(Post.announcement_id))
        .join(Release, col(Release.id) == col(Announcement.release_id))
        .join(Account, col(Account.id) == col(Post.account_id))
        # A thread's later messages carry a link of their own only where their words say so.
        .where(col(Post.artist_id) == artist_id, or_(col(Post.part) == 0, col(Post.carries) == "link"))
        .order_by(col(Post.due_at).desc(), col(Post.id).desc())
    ).all()
    visits = visits_of_links(session, [link.id or 0 for _, link, _, _, _ in rows])
    money = by_link(session, artist_id)
    return [_post_result(*row, visits=visits, money=money) for row in rows]


def by_other_link(session: Session, artist_id: int) -> list[LinkResult]:
    """Links that belong to no post, those with money first."""
    rows = session.execute(
        select(Link, Release)
        .outerjoin(Release, col(Release.id) == col(Link.release_id))
        .where(Link.artist_id == artist_id, col(Link.post_id).is_(None))
        .order_by(col(Link.id).desc())
    ).all()
    visits = visits_of_links(session, [link.id or 0 for link, _ in rows])
    money = by_link(session, artist_id)
    found = []
    for link, release in rows:
        total = money.get(link.id, _NO_MONEY)
        title = release.title if release is not None else ""
        found.append(LinkResult(link.id or 0, link.label, title, visits[link.id or 0].people, total.payments, total.money, link))
    return sorted(found, key=lambda result: -result.payments)


def credits_of_post(session: Session, post_id: int) -> list[CreditRow]:
    """What this post's money is made of, the latest first."""
    link = session.exec(select(Link).where(Link.post_id == post_id)).first()
    if link is None:
        return []
    return credits_of_link(session, link)


def credits_of_link(session: Session, link: Link) -> list[CreditRow]:
    """What one link's money is made of, the latest first."""
    return _counted(session, link.artist_id, _rows(session, session.exec(select(Credit).where(Credit.link_id == link.id)).all()))


def credits_of_payment(session: Session, payment_id: int) -> list[CreditRow]:
    """Where one payment was credited, and why; one row that says so when it has not been looked at yet."""
    rows = _rows(session, session.exec(select(Credit).where(Credit.payment_id == payment_id)).all())
    payment = session.get(Payment, payment_id)
    return rows or ([_waiting(payment)] if payment is not None else [])


def uncredited(session: Session, artist_id: int) -> list[CreditRow]:
    """What is credited to no link, the latest first: payments nothing is known of, and those not looked at yet."""
    known = _rows(session, session.exec(select(Credit).where(Credit.artist_id == artist_id, col(Credit.link_id).is_(None))).all())
    seen = select(Credit.payment_id).where(Credit.artist_id == artist_id)
    waiting = session.exec(select(Payment).where(Payment.artist_id == artist_id, col(Payment.id).not_in(seen))).all()
    return _counted(session, artist_id, sorted([*known, *(_waiting(payment) for payment in waiting)], key=_latest_first))


def summary(session: Session, artist_id: int) -> Summary:
    """Everything in one go, for the first sentence of Results and of Home."""
    posts, others = by_post(session, artist_id), by_other_link(session, artist_id)
    payments = counted(session, artist_id)
    asked = [row for row in payments if row.suggested_minor and row.kind in PAID]
    total = totals_of(payments)
    to_posts, to_others = _sum(post.money for post in posts), _sum(link.money for link in others)
    return Summary(
        posts=sum(post.published_at is not None for post in posts),
        servers=sum(post.servers or 0 for post in posts),
        people=sum(post.people or 0 for post in posts) + sum(link.people for link in others),
        payments=sum(row.kind in PAID for row in payments),
        total=total,
        to_posts=to_posts,
        to_other_links=to_others,
        uncredited=dict(by_link(session, artist_id).get(None, _NO_MONEY).money),
        gave_more=sum(row.amount_minor > (row.suggested_minor or 0) for row in asked),
        of_those_asked=len(asked),
    )


_NO_MONEY = LinkTotal(0, {}, {})


def _post_result(
    post: Post,
    link: Link,
    announcement: Announcement,
    release: Release,
    account: Account,
    *,
    visits: Mapping[int, LinkTotals],
    money: Mapping[int | None, LinkTotal],
) -> PostResult:
    total, seen = money.get(link.id, _NO_MONEY), visits[link.id or 0]
    shop = post.carries == "shop"
    network = NETWORKS.get(account.network)
    profile = network.profile("") if network else Profile("")  # what holds on the whole network, whatever the server runs
    unseen = _SENT if profile.sends_card else _ONE_PLACE if profile.one_place else _PICTURE if announcement.look == "picture" else ""
    return PostResult(
        post_id=post.id or 0,
        link_id=link.id or 0,
        release_title=release.title,
        account_handle=account.handle,
        published_at=post.published_at,
        look=announcement.look,
        state=post.state,
        servers=None if shop or unseen else seen.servers,
        people=None if shop else seen.people,
        payments=total.payments,
        money=total.money,
        grades=total.grades,
        why_not=_SHOP if shop else unseen,
        wording=post.wording,
    )


def _rows(session: Session, credits: Sequence[Credit]) -> list[CreditRow]:
    if not credits:
        return []
    ids = sorted({credit.payment_id for credit in credits})
    payments = {row.id: row for row in session.exec(select(Payment).where(col(Payment.id).in_(ids)))}
    why = {(row.payment_id, row.link_id): row for row in session.exec(select(Candidate).where(col(Candidate.payment_id).in_(ids)))}
    posts = {
        row.id: row.post_id
        for row in session.exec(select(Link).where(col(Link.id).in_({credit.link_id for credit in credits if credit.link_id is not None})))
    }
    services = {
        row.id: row.provider
        for row in session.exec(
            select(PaymentService).where(col(PaymentService.id).in_({payment.service_id for payment in payments.values()}))
        )
    }
    found = []
    for credit in credits:
        payment = payments[credit.payment_id]
        provider = services.get(payment.service_id, "")
        candidate = why.get((credit.payment_id, credit.link_id or 0))
        found.append(
            CreditRow(
                payment,
                credit.link_id,
                posts.get(credit.link_id),
                credit.amount_minor,
                credit.currency,
                credit.grade,
                EVIDENCE[_how(payment, candidate, posts.get(credit.link_id))],
                {"service": REGISTRY[provider].label if provider in REGISTRY else provider},
            )
        )
    return sorted(found, key=_latest_first)


def _counted(session: Session, artist_id: int, rows: Iterable[CreditRow]) -> list[CreditRow]:
    played = left_out(session, artist_id)
    return [row for row in rows if row.payment.service_id not in played]


def _how(payment: Payment, candidate: Candidate | None, post_id: int | None) -> str:
    if payment.parent_id is not None:
        return "taken_back"
    how = candidate.evidence.get("how") if candidate is not None else None
    if how == "reference" and post_id is None:
        return "other_link"
    return str(how) if how in EVIDENCE else "none"


def _waiting(payment: Payment) -> CreditRow:
    return CreditRow(payment, None, None, payment.amount_minor, payment.currency, "none", EVIDENCE["waiting"])


def _latest_first(row: CreditRow) -> tuple[float, int]:
    return -row.payment.paid_at.timestamp(), -(row.payment.id or 0)


def _sum(moneys: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for money in moneys:
        for currency, minor in money.items():
            found[currency] = found.get(currency, 0) + minor
    return found
