"""Which subscriptions there should be: one for each watched source that names a hub, none for any other. Set by set, never commits."""

from datetime import datetime

from sqlalchemy import ColumnElement, false, func
from sqlmodel import Session, and_, col, delete, exists, or_, select, update

from creatorbot.links.address import public_base
from creatorbot.models import Admission, Installation, Push, Source
from creatorbot.releases.pushing import owncast
from creatorbot.security.secrets import Vault, word

_AT_ONCE = 200
_LIVE = ("wanted", "asked", "on", "refused", "leaving")
_topic: ColumnElement[str] = func.coalesce(func.nullif(col(Source.topic), ""), col(Source.address))


def wish(session: Session, vault: Vault, now: datetime) -> int:
    """Bring the wishes in line with the sources. Returns how many rows that changed; asking the hubs is `subscribe.ask`'s part."""
    base = public_base(session.get(Installation, 1))
    _let_go(session, base)
    return _take_leave(session, now) + _want(session, vault, base, now) + _want_paths(session, now)


def due(session: Session, now: datetime) -> list[int]:
    """Subscriptions to ask for, to renew or to end now, the longest waiting first."""
    waiting = select(Push.id).where(Push.kind == "websub", col(Push.state).in_(_LIVE), Push.next_try_at <= now)
    return [one for one in session.exec(waiting.order_by(col(Push.next_try_at)).limit(_AT_ONCE)).all() if one is not None]


def _let_go(session: Session, base: str | None) -> None:
    """Cut loose what no longer fits its source: another hub, another name, gone for good, or our own address has changed."""
    moved_house = (
        and_(col(Push.callback).startswith("https://"), ~col(Push.callback).startswith(f"{base}/", autoescape=True)) if base else false()
    )
    unfit = (
        select(Push.id)
        .join(Source, col(Source.id) == col(Push.source_id))
        .where(Push.kind == "websub")
        .where(or_(col(Push.hub) != col(Source.hub), col(Push.topic) != _topic, Source.state == "gone", moved_house))
    )
    session.exec(update(Push).where(col(Push.id).in_(unfit)).values(source_id=None))


def _take_leave(session: Session, now: datetime) -> int:
    """A hub that may know us is asked to forget us; what no hub ever heard of is simply removed."""
    alone = col(Push.source_id).is_(None)
    never = and_(alone, or_(col(Push.kind) != "websub", col(Push.state).in_(("wanted", "refused"))))
    removed = session.exec(delete(Push).where(never)).rowcount
    known = and_(alone, col(Push.state).in_(("asked", "on")))
    return int(removed + session.exec(update(Push).where(known).values(state="leaving", failures=0, next_try_at=now)).rowcount)


def _want(session: Session, vault: Vault, base: str | None, now: datetime) -> int:
    """Without an address of our own only a hub on this machine could call us, and only where an artist's door reaches it."""
    has_one = exists().where(col(Push.source_id) == col(Source.id), col(Push.kind) == "websub")
    wanted = select(Source).where(Source.hub != "", Source.state != "gone", ~has_one)
    if base is None:
        wanted = wanted.where(exists().where(col(Admission.artist_id) == col(Source.artist_id)))
    sources = session.exec(wanted.order_by(col(Source.id)).limit(_AT_ONCE)).all()
    for source in sources:
        session.add(
            Push(
                artist_id=source.artist_id,
                source_id=source.id,
                kind="websub",
                public_id=word(40),
                hub=source.hub,
                topic=source.topic or source.address,
                secret=vault.seal(word(40)),
                created_at=now,
                next_try_at=now,
            )
        )
    return len(sources)


def _want_paths(session: Session, now: datetime) -> int:
    """A secret path for every Owncast server, so that its page can show what to paste there."""
    has_one = exists().where(col(Push.source_id) == col(Source.id), col(Push.kind) == owncast.KIND)
    sources = session.exec(select(Source).where(Source.kind == owncast.KIND, ~has_one).order_by(col(Source.id)).limit(_AT_ONCE)).all()
    for source in sources:
        owncast.path_of(session, source, now)
    return len(sources)
