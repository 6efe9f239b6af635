"""Links and posters: all links with what came by them, and one link with what that is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from creatorbot.amounts import Money
from creatorbot.attribution.report import credits_of_link
from creatorbot.ledger.totals import LinkTotal, by_link
from creatorbot.links.beyond.button import snippets
from creatorbot.links.beyond.heading import KINDS, link_heading
from creatorbot.links.beyond.typed import MADE_BY_HAND, count_links, get_link, links_of
from creatorbot.links.totals import LinkTotals, totals_of, visits_of
from creatorbot.models import Account, Artist, Link, Post, Release
from creatorbot.web.here import artist, artist_id, language, needs, runtime
from creatorbot.web.links.badge import words_on
from creatorbot.web.links.posters import files_of
from creatorbot.web.links.shown import address_of, place, releases_by_id
from creatorbot.web.money import KINDS as PAYMENT_KINDS
from creatorbot.web.money import moneys
from creatorbot.web.results import REASONS, VISITS

pages = Blueprint("links", __name__)

A_PAGE = 50
SHOWN_VISITS = 100


@dataclass(frozen=True)
class Row:
    """One link in the list. release: what it opens, None for the artist's page. handle: of the account whose post carries it."""

    link: Link
    heading: str
    release: Release | None
    address: str
    seen: LinkTotals
    paid: LinkTotal
    handle: str = ""

    @property
    def opened(self) -> int:
        """How often it was opened, by whomever."""
        return self.seen.person + self.seen.preview + self.seen.bot + self.seen.uncertain


@pages.get("/links")
@needs("viewer")
def listing() -> ResponseReturnValue:
    """Links no post carries, or those of posts; the newest first."""
    of_posts = request.args.get("of") == "posts"
    with runtime().reading() as session:
        where = place(session, artist())
        many, in_posts = (count_links(session, artist_id(), of_posts=choice) for choice in (of_posts, True))
        last = max(0, (many - 1) // A_PAGE)
        page = min(_page(), last)
        links = links_of(session, artist_id(), of_posts=of_posts, start=page * A_PAGE, most=A_PAGE)
        rows = _rows(session, artist(), links, where.base)
    return render_template(
        "links/listing.html", rows=rows, of_posts=of_posts, in_posts=in_posts, place=where, page=page, last=last, kinds=KINDS, moneys=moneys
    )


@pages.get("/links/<int:link_id>")
@needs("viewer")
def one(link_id: int) -> ResponseReturnValue:
    """One link: its address to copy, its poster, its button, and what its figures are made of."""
    with runtime().reading() as session:
        link = get_link(session, artist_id(), link_id)
        where = place(session, artist())
        (row,) = _rows(session, artist(), [link], where.base)
        about = {
            "visits": visits_of(session, link_id, SHOWN_VISITS),
            "credits": credits_of_link(session, link),
            "poster": files_of(artist(), row.release, link, where) if link.kind == "poster" else None,
        }
    badge = f"{where.base}/badge/{link.code}.svg"
    return render_template(
        "links/one.html",
        row=row,
        place=where,
        snippets=snippets(row.address, badge, words_on(artist(), row.release), artist().accent),
        mine=link.kind in MADE_BY_HAND,
        kinds=KINDS,
        visit_kinds=VISITS,
        reasons=REASONS,
        payment_kinds=PAYMENT_KINDS,
        most=SHOWN_VISITS,
        moneys=moneys,
        Money=Money,
        **about,
    )


def _rows(session: Session, of: Artist, links: list[Link], base: str) -> list[Row]:
    seen = totals_of(session, [link.id or 0 for link in links])
    paid, releases, handles = by_link(session, of.id or 0), releases_by_id(session, links), _handles(session, links)
    return [
        Row(
            link,
            _heading(link, releases),
            releases.get(link.release_id),
            address_of(link, of, base),
            seen[link.id or 0],
            paid.get(link.id, LinkTotal(0, {}, {})),
            handles.get(link.post_id, ""),
        )
        for link in links
    ]


def _heading(link: Link, releases: Mapping[int | None, Release]) -> str:
    release = releases.get(link.release_id)
    return release.title if link.post_id is not None and release is not None else link_heading(link, language())


def _handles(session: Session, links: list[Link]) -> dict[int | None, str]:
    wanted = [link.post_id for link in links if link.post_id is not None]
    found = session.exec(select(Post.id, Account.handle).join(Account).where(col(Post.id).in_(wanted), col(Account.id) == Post.account_id))
    return dict(found.all()) if wanted else {}


def _page() -> int:
    asked = request.args.get("page", "0")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
