"""Putting posts together before anybody has them in hand: read, compose, and say what is in the way. Nothing is written."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from creatorbot.announcements.card import card_of, picture_of
from creatorbot.announcements.claim import READY
from creatorbot.announcements.compose import check, compose, look_for, poll_of, target, warning_of
from creatorbot.announcements.handover.pausing import PAUSED
from creatorbot.announcements.look import where_to_look
from creatorbot.announcements.sending import memory
from creatorbot.announcements.sending.at_hand import at_hand, rows_of
from creatorbot.announcements.text import harmless, marker_of, private_addresses
from creatorbot.announcements.wordings.keeping import message_of
from creatorbot.announcements.wordings.thread import reply_to
from creatorbot.artists.accounts import opened
from creatorbot.errors import CreatorbotError, InvalidInput
from creatorbot.models import Account, Announcement, Artist, Cover, Link, Pairing, Post, Release, Sending
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Account as RemoteAccount
from creatorbot.networks.base import Draft, Profile
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.wording import N_, explain, say

log = logging.getLogger(__name__)
_LINKS = select(Link).where(col(Link.post_id).in_(bindparam("posts", expanding=True)))
_PAIRED = select(Pairing.account_id).where(col(Pairing.account_id).in_(bindparam("accounts", expanding=True)))
LATE = N_("It is very late")
BROKEN = N_("Something unexpected went wrong while putting it together. Nothing was sent. Try again; if it stays, tell whoever runs this.")


@dataclass(frozen=True)
class Prepared:
    """A post as it would go out now; or why it cannot (trouble, in the artist's language).

    since: look first whether it is out since then, by `seek`. frozen: the post's own text, "" before the first try. has_backup: its server
    is asked first, because a backup could stand in.
    """

    account_id: int
    frozen: str
    network: str
    profile: Profile
    door: Door
    expires_at: datetime
    account: RemoteAccount | None = None
    draft: Draft | None = None
    carries: str = ""
    code: str = ""
    since: datetime | None = None
    seek: str = ""
    has_backup: bool = False
    trouble: str = ""


def prepare(runtime: Runtime, post_ids: Sequence[int]) -> dict[int, Prepared]:
    """Those of these posts that wait for their turn. Never raises for one of them: what is in the way is told on the post."""
    with runtime.reading() as session:
        session.info["typed_once"] = {}
        posts = [post for post in rows_of(session, Post, post_ids) if post.state in READY]
        links = {link.post_id: link for link in session.execute(_LINKS, {"posts": [post.id for post in posts]}).scalars()}
        kept = [*at_hand(session, posts), session.get(Sending, 1)]  # held, so that each is read once
        paired = set(session.execute(_PAIRED, {"accounts": [post.account_id for post in posts]}).scalars())
        doors = {artist_id: runtime.door_for(artist_id) for artist_id in {post.artist_id for post in posts}}
        doubts = memory.may_be_out(session, runtime.settings.data, posts, links)
        ready = {
            post.id or 0: replace(
                _one(session, runtime, post, links.get(post.id), doors[post.artist_id], post.id in doubts),
                has_backup=post.account_id in paired,
            )
            for post in posts
        }
        del kept
    return ready


def _one(session: Session, runtime: Runtime, post: Post, link: Link | None, door: Door, doubtful: bool) -> Prepared:
    artist = session.get_one(Artist, post.artist_id)
    account = session.get_one(Account, post.account_id)
    blank = Prepared(post.account_id, post.text, account.network, REGISTRY[account.network].profile(""), door, post.expires_at)
    try:
        stop = must_ask(post, account, runtime.clock())
        if stop and not (doubtful and stop[0] == LATE):  # one that is late may be out: before the artist is asked, we look
            return blank
        assert link is not None
        draft, profile, carries = _draft(session, runtime, post, artist, account, link, door)
        remote = opened(session, runtime.vault, account)
        since, seek = (where_to_look(session, post)[0], draft.marker) if doubtful else _forgotten(session, post, draft.text)
    except CreatorbotError as error:
        return replace(blank, trouble=explain(artist.language, error))
    except Exception:
        # Nothing was sent and trying the same again would break again: the artist is told instead of a loop.
        log.exception("putting post %s together broke", post.id)
        return replace(blank, trouble=say(artist.language, BROKEN))
    return replace(blank, profile=profile, account=remote, draft=draft, carries=carries, code=link.code, since=since, seek=seek)


def _forgotten(session: Session, post: Post, text: str) -> tuple[datetime | None, str]:
    """Since when, and by which words, to look for a post of which the database knows nothing; only by words that name the release."""
    release = session.get_one(Release, session.get_one(Announcement, post.announcement_id).release_id)
    since, words = memory.may_be_forgotten(session, post, release), marker_of(text, "", "")
    return (since, words) if since is not None and harmless(release.title) in words and " " in words else (None, "")


def must_ask(post: Post, account: Account, now: datetime) -> tuple[str, str, dict[str, object]] | None:
    """Why it may not go out without asking: for its history, and as a sentence."""
    if now > post.expires_at:
        return LATE, N_("It is more than half a day late, so we did not post it without asking. Nothing was sent."), {}
    if account.state not in ("ok", "unreachable"):
        said = N_("%(handle)s needs to be connected again. The post waits; nothing was sent.")
        return PAUSED, said, {"handle": account.handle}
    return None


def _draft(
    session: Session, runtime: Runtime, post: Post, artist: Artist, account: Account, link: Link, door: Door
) -> tuple[Draft, Profile, str]:
    announcement = session.get_one(Announcement, post.announcement_id)
    release = session.get_one(Release, announcement.release_id)
    cover = session.get(Cover, release.cover_id) if release.cover_id else None
    to = target(session, runtime.settings.own_url, door, account)
    words = message_of(session, post)
    composed = compose(artist, release, words, to, link.code)
    if post.text and not to.is_local and private_addresses(post.text):
        raise InvalidInput("The words hold an address that cannot be opened from outside your network. Nothing was sent.")
    look = look_for(words, to)
    check(words, release, cover, to, composed)
    text, carries = (post.text, post.carries) if post.text else (composed.text, composed.carries)
    picture = None
    if look == "picture" and cover is not None:
        picture = picture_of(runtime.covers, cover, words.alt_text, to.limits, to.base)
    marker = marker_of(text, carries, link.code)
    shown = words.visibility, words.language, warning_of(words, to), picture
    card = None
    if to.profile.sends_card and picture is None:
        card = card_of(runtime.covers, artist, release, cover, words.alt_text, text, marker, to.limits)
    return Draft(text, marker, *shown, card, poll_of(words, to), reply_to(session, post)), to.profile, carries  # type: ignore[arg-type]
