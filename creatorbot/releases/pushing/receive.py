"""A note arrives: checked, and on disk before it is answered. Understanding it comes later, in a job."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Literal

from sqlmodel import Session, col, func, select, update

from creatorbot.errors import InvalidInput, NotFound
from creatorbot.models import Push, Pushed, Source
from creatorbot.releases.pushing.notes import KINDS_HEARD, digest_of, read_note
from creatorbot.releases.pushing.signature import is_signed
from creatorbot.runtime import Runtime
from creatorbot.storage.once import insert_once

LARGEST = 5_000_000
Outcome = Literal["kept", "ignored", "gone"]
_MOST_WAITING = {"websub": 20, "owncast": 500}
_OVER = ("leaving", "ended", "refused")


def receive(runtime: Runtime, public_id: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Outcome:
    """Keep one note, once. headers: lower-case names. When this returns "kept" the note is committed and synced to disk.

    "ignored": nobody we know signed it, or it tells of nothing we listen to; "gone": we asked to hear no more of this.
    Raises NotFound for an address that is none of ours, InvalidInput for an Owncast note that cannot be read.
    """
    with runtime.reading() as session:
        push = None if "\0" in public_id else session.exec(select(Push).where(Push.public_id == public_id)).first()
    if push is None or push.id is None:
        raise NotFound("There is nothing at this address.")
    if push.source_id is None or push.state in _OVER:
        return "gone"
    if push.kind == "owncast":
        return _owncast(runtime, push, headers, body, now)
    secret = runtime.vault.open(push.secret) if push.secret else b""
    with runtime.session() as session:
        if not is_signed(headers.get("x-hub-signature", ""), secret, body):
            session.exec(update(Push).where(col(Push.id) == push.id).values(ignored=col(Push.ignored) + 1))
            return "ignored"
        if not body.strip():  # a hub that only rings: what is new we have to fetch
            look_now(session, push.source_id, now)
        else:
            _keep(session, push, headers, body, sha256(body).hexdigest(), now)
    return "kept"


def look_now(session: Session, source_id: int, now: datetime) -> None:
    """Have this source looked at as soon as possible, whatever its pace."""
    later = (col(Source.id) == source_id, col(Source.next_poll_at) > now)
    session.exec(update(Source).where(*later).values(next_poll_at=now))


def _owncast(runtime: Runtime, push: Push, headers: Mapping[str, str], body: bytes, now: datetime) -> Outcome:
    note = read_note(body)
    if note is None:
        raise InvalidInput("This is not a note from an Owncast server.")
    with runtime.session() as session:
        if note.kind in KINDS_HEARD:
            _keep(session, push, headers, body, digest_of(note), now)
        if push.state != "on":
            session.exec(update(Push).where(col(Push.id) == push.id).values(state="on", sentence="", confirmed_at=now))
    return "kept" if note.kind in KINDS_HEARD else "ignored"


def _keep(session: Session, push: Push, headers: Mapping[str, str], body: bytes, digest: str, now: datetime) -> None:
    assert push.id is not None
    assert push.source_id is not None
    session.exec(update(Push).where(col(Push.id) == push.id).values(last_push_at=now))
    waiting = session.exec(select(func.count()).select_from(Pushed).where(Pushed.push_id == push.id, Pushed.state == "waiting")).one()
    if waiting >= _MOST_WAITING[push.kind]:  # more than we can read: one look at the place itself says the same
        look_now(session, push.source_id, now)
        return
    kind = headers.get("content-type", "")[:200]
    row = Pushed(
        push_id=push.id,
        source_id=push.source_id,
        received_at=now,
        content_type=kind if kind.isprintable() else "",
        digest=digest,
        body=body,
    )
    insert_once(session, row)
