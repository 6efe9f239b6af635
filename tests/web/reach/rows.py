"""Servers that came at given ages of a post, as draining leaves them; many at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, insert, select

from creatorbot.models import Boost, Engagement, Link, Post, Reach, ServerMet
from tests.web.desk import House


def spread(session: Session, link_id: int, ages: Sequence[float], *, name: str = "server", software: str = "mastodon") -> list[str]:
    """Servers name0, name1 … that fetched the link at these ages in seconds; those this artist had not met become met. Their names."""
    link = session.get_one(Link, link_id)
    post = session.get_one(Post, link.post_id)
    assert post.published_at is not None
    seen = {f"{name}{number}.example": post.published_at + timedelta(seconds=age) for number, age in enumerate(ages)}
    session.execute(insert(Reach), [_row(host, at, software) | {"link_id": link_id, "hits": 1} for host, at in seen.items()])
    known = set(session.exec(select(ServerMet.host).where(col(ServerMet.artist_id) == link.artist_id)).all())
    fresh = {host: at for host, at in seen.items() if host not in known}
    if fresh:
        rows = [_row(host, at, software) | {"artist_id": link.artist_id, "first_link_id": link_id} for host, at in fresh.items()]
        session.execute(insert(ServerMet), rows)
    return list(seen)


def _row(host: str, at: datetime, software: str) -> dict[str, object]:
    return {"host": host, "software": software, "first_seen_at": at}


def reached_by(house: House, link_id: int, ages: Sequence[float], **more: str) -> list[str]:
    """The same in a transaction of its own."""
    with house.runtime.session() as session:
        return spread(session, link_id, ages, **more)


def boosted(house: House, post_id: int, account_id: int, at: datetime, state: str = "done") -> None:
    """A boost of ours; one that was not done keeps no moment."""
    house.add(
        Boost(
            artist_id=house.artist_id,
            post_id=post_id,
            account_id=account_id,
            state=state,
            due_at=at,
            not_before=at,
            done_at=at if state == "done" else None,
            created_at=at,
            changed_at=at,
        )
    )


def looked(house: House, post_id: int, looks: Sequence[tuple[datetime, int | None]]) -> None:
    """Looks at a post and the boosts its server told."""
    for step, (at, boosts) in enumerate(looks):
        house.add(Engagement(artist_id=house.artist_id, post_id=post_id, step=step, at=at, boosts=boosts))
