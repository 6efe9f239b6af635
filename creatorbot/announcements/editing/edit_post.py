"""Giving a post that is out its new text: claim, call, record. A conductor: no transaction spans the call.

A change may be repeated without harm, so whatever dies half way is simply taken up again; the adapter looks before it sends.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from creatorbot.announcements.editing.claim import claim_edit
from creatorbot.announcements.editing.outcome import record_changed, record_failed, record_trouble
from creatorbot.announcements.editing.proposing import about_post
from creatorbot.announcements.edits import why_not
from creatorbot.announcements.text import marker_of
from creatorbot.announcements.waits import Waits
from creatorbot.artists.accounts import opened
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Post, PostEdit
from creatorbot.networks import REGISTRY
from creatorbot.networks.base import Account, Draft, Health
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.wording import N_

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """All that the call needs, read before it."""

    network: str
    account: Account
    draft: Draft
    remote_id: str
    door: Door


def edit_post(runtime: Runtime, edit_id: int) -> bool:
    """Make this change if its turn has come and nobody else has it in hand. True when we took it."""
    waits = Waits(runtime.settings.wait_scale)
    with runtime.session() as session:
        lease = claim_edit(session, edit_id, runtime.clock(), waits)
    if lease is None:
        return False
    parcel = _pack(runtime, edit_id, lease)
    if parcel is None:
        return True
    try:
        published = REGISTRY[parcel.network].edit(parcel.draft, parcel.account, parcel.remote_id, door=parcel.door)
    except ServiceError as error:
        health = _health(parcel) if error.kind == "revoked" else None
        with runtime.session() as session:
            record_trouble(session, edit_id, lease, error, health, runtime.clock(), waits)
        return True
    except Exception as error:
        log.exception("change %s of a post broke", edit_id)
        broken = ServiceError(N_("Something unexpected went wrong while changing it (%(name)s)."), name=type(error).__name__)
        with runtime.session() as session:
            record_trouble(session, edit_id, lease, broken, None, runtime.clock(), waits)
        return True
    with runtime.session() as session:
        record_changed(session, edit_id, published, runtime.clock())
    return True


def _pack(runtime: Runtime, edit_id: int, lease: datetime) -> Parcel | None:
    """What to send; None when it cannot be changed any more, with the reason on it."""
    with runtime.reading() as session:
        edit = session.get_one(PostEdit, edit_id)
        artist_id = edit.artist_id
    door = runtime.door_for(artist_id)
    try:
        with runtime.reading() as session:
            return _parcel(session, runtime, edit, door)
    except CreatorbotError as error:
        with runtime.session() as session:
            record_failed(session, edit_id, lease, error.message, error.values, runtime.clock())
    return None


def _parcel(session: Session, runtime: Runtime, edit: PostEdit, door: Door) -> Parcel:
    """Raises CreatorbotError with the reason."""
    post = session.exec(select(Post).where(Post.id == edit.post_id)).one()
    about = about_post(session, post)
    if reason := why_not(post, about):
        raise CreatorbotError(reason[0], **reason[1])
    draft = Draft(
        edit.text,
        marker_of(edit.text, post.carries, about.code),
        about.words.visibility,  # type: ignore[arg-type]
        about.words.language,
        about.warning,
    )
    return Parcel(about.account.network, opened(session, runtime.vault, about.account), draft, post.remote_id, door)


def _health(parcel: Parcel) -> Health:
    """A single refusal is not proof that the permission is gone: one more question decides."""
    try:
        return REGISTRY[parcel.network].check(parcel.account, parcel.door)
    except CreatorbotError:
        return Health("unreachable")
