"""Sending one post exactly once: claim, write the attempt down, call, record. A conductor: no transaction spans the call."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from creatorbot.announcements import claim
from creatorbot.announcements.card import card_of, picture_of
from creatorbot.announcements.compose import check, compose, look_for, target
from creatorbot.announcements.handover.pausing import PAUSED
from creatorbot.announcements.record import record_failure, record_published
from creatorbot.announcements.states import move, settle
from creatorbot.announcements.text import marker_of, private_addresses
from creatorbot.announcements.waits import Waits
from creatorbot.artists.accounts import opened
from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.models import Account, Announcement, Artist, Attempt, Cover, Link, Post, Release
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Account as RemoteAccount
from creatorbot.networks.base import Draft, Profile
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import word
from creatorbot.wording import N_, explain, say

log = logging.getLogger(__name__)
LATE = N_("It is very late")


@dataclass(frozen=True)
class Parcel:
    """All that the call needs, read and written down before it. attempt_id: the row that was committed."""

    post_id: int
    attempt_id: int
    network: str
    account: RemoteAccount
    draft: Draft
    key: str
    language: str
    door: Door


def send_post(runtime: Runtime, post_id: int) -> bool:
    """Send this post if it is due and nobody else has it in hand. True when we took it."""
    waits = Waits(runtime.settings.wait_scale)
    with runtime.session() as session:
        now = runtime.clock()
        lease = claim.claim_to_send(session, post_id, now, waits)
    if lease is None:
        return False
    try:
        parcel = _pack(runtime, post_id)
    except Exception:
        log.exception("putting post %s together broke", post_id)
        with runtime.session() as session:
            _broken(session, post_id, runtime.clock())
        return True
    if parcel is None:
        return True
    try:
        published = REGISTRY[parcel.network].publish(parcel.draft, parcel.account, key=parcel.key, door=parcel.door)
    except ServiceError as error:
        health = None
        if error.kind == "revoked":
            # A single refusal is not proof that the permission is gone: one more question decides.
            health = REGISTRY[parcel.network].check(parcel.account, parcel.door)
        with runtime.session() as session:
            record_failure(session, parcel.post_id, parcel.attempt_id, error, health, runtime.clock(), waits)
        return True
    except Exception as error:
        # An adapter that breaks its promise must not leave the post in the dark: what happened is unknown, and is looked for.
        log.exception("publishing post %s broke", post_id)
        broken = ServiceError(N_("Something unexpected went wrong while sending (%(name)s)."), name=type(error).__name__)
        with runtime.session() as session:
            record_failure(session, parcel.post_id, parcel.attempt_id, broken, None, runtime.clock(), waits)
        return True
    with runtime.session() as session:
        record_published(session, parcel.post_id, parcel.attempt_id, published, runtime.clock(), waits)
    return True


def _pack(runtime: Runtime, post_id: int) -> Parcel | None:
    """Compose and commit the attempt; None when the post is held or failed instead, with the reason on it."""
    with runtime.reading() as session:
        artist_id = session.get_one(Post, post_id).artist_id
    door = runtime.door_for(artist_id)
    with runtime.session() as session:
        now = runtime.clock()
        post = session.get_one(Post, post_id)
        artist = session.get_one(Artist, artist_id)
        account = session.get_one(Account, post.account_id)
        if stop := _must_ask(post, account, now):
            why, sentence, values = stop
            move(session, post, "held", now, why, sentence=say(artist.language, sentence, values))
            return None
        try:
            draft, profile = _draft(session, runtime, post, artist, account, door)
            network_account = opened(session, runtime.vault, account)
        except CreatorbotError as error:
            move(session, post, "failed", now, N_("It could not be put together"), sentence=explain(artist.language, error))
            settle(session, post.announcement_id, now)
            return None
        attempt = Attempt(post_id=post_id, key=_key(session, post, profile, draft.text, now), text_hash=_hash(draft.text), started_at=now)
        session.add(attempt)
        session.flush()
        assert attempt.id is not None
        return Parcel(post_id, attempt.id, account.network, network_account, draft, attempt.key, artist.language, door)


def _broken(session: Session, post_id: int, now: datetime) -> None:
    """Nothing was sent and trying the same again would break again: the artist is told instead of a loop."""
    post = session.get_one(Post, post_id)
    if post.state != "claimed":
        return
    artist = session.get_one(Artist, post.artist_id)
    said = say(
        artist.language,
        N_("Something unexpected went wrong while putting it together. Nothing was sent. Try again; if it stays, tell whoever runs this."),
    )
    move(session, post, "failed", now, N_("It could not be put together"), sentence=said)
    settle(session, post.announcement_id, now)


def _must_ask(post: Post, account: Account, now: datetime) -> tuple[str, str, dict[str, object]] | None:
    """Why it may not go out without asking: for its history, and as a sentence."""
    if now > post.expires_at:
        return LATE, N_("It is more than half a day late, so we did not post it without asking. Nothing was sent."), {}
    if account.state not in ("ok", "unreachable"):
        said = N_("%(handle)s needs to be connected again. The post waits; nothing was sent.")
        return PAUSED, said, {"handle": account.handle}
    return None


def _draft(session: Session, runtime: Runtime, post: Post, artist: Artist, account: Account, door: Door) -> tuple[Draft, Profile]:
    announcement = session.get_one(Announcement, post.announcement_id)
    release = session.get_one(Release, announcement.release_id)
    link = session.exec(select(Link).where(Link.post_id == post.id)).one()
    cover = session.get(Cover, release.cover_id) if release.cover_id else None
    to = target(session, runtime.settings.own_url, door, account)
    composed = compose(artist, release, announcement, to, link.code)
    if post.text and not to.is_local and private_addresses(post.text):
        raise InvalidInput("The words hold an address that cannot be opened from outside your network. Nothing was sent.")
    look = look_for(announcement, to)
    check(announcement, release, cover, to, composed)
    # The text is frozen by the first try: later tries of the same post must say the same.
    if not post.text:
        post.text, post.carries = composed.text, composed.carries
    picture = None
    if look == "picture" and cover is not None:
        picture = picture_of(runtime.covers, cover, announcement.alt_text, to.limits)
    marker = marker_of(post.text, post.carries, link.code)
    shown = announcement.visibility, announcement.language, announcement.content_warning, picture
    card = None
    if to.profile.sends_card and picture is None:
        card = card_of(runtime.covers, artist, release, cover, announcement.alt_text, post.text, marker, to.limits)
    return Draft(post.text, marker, *shown, card), to.profile  # type: ignore[arg-type]


def _key(session: Session, post: Post, profile: Profile, text: str, now: datetime) -> str:
    """The last try's key where repeating it protects us; otherwise a new one.

    Only while the server is sure to remember it, only for the same words, and only where a repeat gives the same status back.
    """
    tries = session.exec(select(Attempt).where(Attempt.post_id == post.id).order_by(col(Attempt.id))).all()
    if not tries or profile.repeated_key != "same":
        return _new_key(now)
    last = tries[-1]
    # The server remembers a key from its first use, however often it is repeated.
    first_use = next(attempt.started_at for attempt in tries if attempt.key == last.key)
    fresh = now - first_use < timedelta(seconds=profile.key_window_s)
    return last.key if fresh and last.outcome in ("unknown", "absent") and last.text_hash == _hash(text) else _new_key(now)


def _new_key(now: datetime) -> str:
    """Begins with its moment (microseconds, in hex): where a status is named by us, its name says when it was made."""
    return f"{int(now.timestamp() * 1_000_000):x}-{word(20)}"


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
