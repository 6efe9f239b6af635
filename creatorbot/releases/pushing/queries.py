"""What the pages show of a source that tells us by itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from creatorbot.links.address import public_base
from creatorbot.models import Installation, Push


@dataclass(frozen=True)
class Told:
    """How a source tells us by itself. path: to paste at an Owncast server, "" for a hub. public: whether that leads here from outside.

    ignored: notes whose signature was wrong or missing.
    """

    kind: str
    works: bool
    state: str
    sentence: str
    path: str = ""
    public: bool = False
    ignored: int = 0
    last_push_at: datetime | None = None
    expires_at: datetime | None = None


def told_of(session: Session, source_id: int, own_url: str, now: datetime) -> Told | None:
    """How this source tells us by itself; None when it does not. own_url: where a browser on this machine reaches us."""
    push = session.exec(select(Push).where(Push.source_id == source_id).order_by(Push.kind)).first()  # owncast before websub
    if push is None:
        return None
    base = public_base(session.get(Installation, 1))
    path = f"{base or own_url}/push/{push.public_id}" if push.kind == "owncast" else ""
    return Told(
        kind=push.kind,
        works=is_on(push, now),
        state=push.state,
        sentence=push.sentence,
        path=path,
        public=base is not None,
        ignored=push.ignored,
        last_push_at=push.last_push_at,
        expires_at=push.expires_at,
    )


def is_on(push: Push, now: datetime) -> bool:
    """Whether the place really tells us at the moment."""
    return push.state == "on" and (push.expires_at is None or push.expires_at > now)


def kind_at(session: Session, public_id: str) -> str:
    """What tells us at this address: "websub", "owncast", or "" when there is nothing there."""
    return "" if "\0" in public_id else session.exec(select(Push.kind).where(Push.public_id == public_id)).first() or ""
