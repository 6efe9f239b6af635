"""What became of an announcement: its posts, thread by thread, and what each wording brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.announcements.queries import posts_of_announcement
from creatorbot.announcements.rewriting import is_possible
from creatorbot.announcements.wordings.keeping import typed_of
from creatorbot.announcements.wordings.thread import has_more
from creatorbot.announcements.wordings.typed import OWN, TypedDraft, wording_with
from creatorbot.attribution.report import PostResult, by_post
from creatorbot.models import Account, Announcement, Post
from creatorbot.releases.queries import get_release
from creatorbot.web.here import artist_id
from creatorbot.web.money import moneys
from creatorbot.web.posts import ended_after_being_out, tag_of
from creatorbot.wording import N_

OUT = ("published", "confirmed", "vanished")


@dataclass(frozen=True)
class Brought:
    """One wording: on which accounts it is out, and what came of it there. people: None where nobody could be counted."""

    mark: str
    wording: str
    handles: tuple[str, ...]
    people: int | None
    payments: int
    money: Mapping[str, int]


def done_page(session: Session, announcement: Announcement) -> ResponseReturnValue:
    """The page of an announcement that is no draft any more."""
    posts = [(post, session.get_one(Account, post.account_id)) for post in posts_of_announcement(session, announcement.id or 0)]
    typed = typed_of(session, announcement)
    return render_template(
        "compose/done.html",
        announcement=announcement,
        release=get_release(session, artist_id(), announcement.release_id),
        posts=sorted(posts, key=lambda one: (one[0].account_id, one[0].part)),
        callable_off=any(post.state in ("waiting", "due") or has_more(session, post) for post, _ in posts),
        tag_of=tag_of,
        rewritable=is_possible([post for post, _ in posts]),
        said=_said(announcement, [post for post, _ in posts]),
        several=bool(typed.others),
        brought=_brought(posts, typed, by_post(session, artist_id())) if typed.others else [],
        moneys=moneys,
    )


def _said(announcement: Announcement, posts: Sequence[Post]) -> str:
    """What became of it as a whole: a gettext id."""
    left = [post for post in posts if post.state not in ("cancelled", "handed_over")]
    if announcement.state == "approved" and left and all(post.state == "waiting" for post in left):
        return N_("It waits for its time: each account has its own post.")
    if announcement.state == "approved":
        return N_("It is on its way: each account has its own post.")
    if announcement.state == "cancelled":
        return N_("It was called off. Nothing goes out.") if posts else N_("It was thrown away. Nothing goes out.")
    return N_("It was out, and is not there any more.") if not left and any(map(ended_after_being_out, posts)) else N_("It is out.")


def _brought(posts: Sequence[tuple[Post, Account]], typed: TypedDraft, results: Sequence[PostResult]) -> list[Brought]:
    by_id = {result.post_id: result for result in results}
    found = []
    for mark in (OWN, *(other.mark for other in typed.others)):
        carried = [(post, account) for post, account in posts if post.wording == mark and post.state in OUT]
        its = [by_id[post.id] for post, _ in carried if post.id in by_id]
        counted = [result.people for result in its if result.people is not None]
        money: dict[str, int] = {}
        for result in its:
            for currency, minor in result.money.items():
                money[currency] = money.get(currency, 0) + minor
        handles = tuple(dict.fromkeys(account.handle for post, account in carried if post.part == 0))
        people = sum(counted) if counted else None
        found.append(Brought(mark, wording_with(typed, mark)[0], handles, people, sum(result.payments for result in its), money))
    return found
