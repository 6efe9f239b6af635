"""Our side: a database of one artist with many accounts on the lossy server, and what it takes to announce on them."""

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import update
from sqlmodel import Session, col, select

from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.artists.accounts import facts_document
from creatorbot.clock import now
from creatorbot.config import Settings
from creatorbot.models import Account, Admission, Artist, Installation, Post, Release, Server
from creatorbot.networks.base import Limits, ServerFacts
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault
from creatorbot.storage.engine import open_engine, reading_factory, session_factory
from creatorbot.storage.migrate import migrate

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
NOT_OVER = ("waiting", "due", "claimed", "unknown", "published")


def runtime_on(folder: Path, url: str, key: str, scale: float) -> Runtime:
    """A runtime on this database. url: "" for SQLite in the folder. scale: of the waits."""
    settings = Settings(data=folder, database_url=url, wait_scale=scale)
    engine = open_engine(settings.sqlalchemy_url)
    return Runtime(settings, session_factory(engine), reading_factory(engine), Door(), Vault([key]), now, "x" * 40)


def migrated(runtime: Runtime) -> None:
    """Make the tables."""
    with closing(open_engine(runtime.settings.sqlalchemy_url).connect()) as connection:
        migrate(connection.engine)


def prepare(runtime: Runtime, port: int, accounts: int, software: str = "mastodon") -> int:
    """An artist with so many connected accounts. software: what the server claims to be, which decides how far keys are trusted."""
    base, began = f"http://127.0.0.1:{port}", now()
    facts = ServerFacts(base, f"127.0.0.1:{port}", "Lossy", software, "4.4.0", Limits())
    with runtime.session() as session:
        artist = Artist(name="Aoife Marsh", slug="aoife", created_at=began)
        session.add_all([artist, Installation(id=1, created_at=began)])
        session.flush()
        artist_id = artist.id or 0
        server = Server(network="mastodon", base_url=base, redirect_uri="http://127.0.0.1/", facts=facts_document(facts), checked_at=began)
        session.add_all([server, Admission(artist_id=artist_id, host="127.0.0.1", port=port)])
        session.flush()
        for number in range(1, accounts + 1):
            session.add(_account(runtime, artist_id, server.id or 0, number, base))
    return artist_id


def _account(runtime: Runtime, artist_id: int, server_id: int, number: int, base: str) -> Account:
    return Account(
        artist_id=artist_id,
        server_id=server_id,
        network="mastodon",
        remote_id=str(number),
        handle=f"@artist{number}@lossy.example",
        name=f"Artist {number}",
        url=f"{base}/@artist{number}",
        token=runtime.vault.seal(f"permission-{number}"),
        scopes="read write",
        connected_at=now(),
    )


def make_releases(session: Session, artist_id: int, titles: Iterable[str]) -> list[int]:
    """Typed-in releases with these titles; their ids."""
    rows = [
        Release(
            artist_id=artist_id,
            title=title,
            artist_name="Aoife Marsh",
            kind="album",
            url=f"https://aoife.bandcamp.example/album/{number}",
            price_model="pay_what_you_want",
            price_currency="EUR",
            first_seen_at=BEGAN,
            changed_at=BEGAN,
        )
        for number, title in enumerate(titles)
    ]
    session.add_all(rows)
    session.flush()
    return [row.id or 0 for row in rows]


def announce(runtime: Runtime, artist_id: int, release_id: int, when: datetime | None = None) -> list[int]:
    """Approve an announcement of this release on every account; the ids of its posts."""
    with runtime.session() as session:
        artist, release = session.get_one(Artist, artist_id), session.get_one(Release, release_id)
        draft = new_draft(session, artist, release, None, runtime.clock())
        accounts = list(session.exec(select(Account.id).where(Account.artist_id == artist_id)).all())
        draft_id = draft.id or 0
    return approve(runtime, artist_id, draft_id, [one or 0 for one in accounts], when)


def spread(runtime: Runtime, begins: datetime, over_s: float) -> int:
    """Move all waiting posts so that they are due evenly over so many seconds; returns how many there are."""
    with runtime.session() as session:
        ids = list(session.exec(select(Post.id).where(col(Post.state).in_(("waiting", "due"))).order_by(col(Post.id))).all())
        for number, post_id in enumerate(ids):
            due = begins + timedelta(seconds=over_s * number / len(ids))
            session.execute(
                update(Post).where(col(Post.id) == post_id).values(due_at=due, not_before=due, expires_at=due + timedelta(hours=12))
            )
    return len(ids)


def unsettled(runtime: Runtime) -> dict[str, int]:
    """How many posts are not at their end yet, and those that ended otherwise than confirmed, by state."""
    found: dict[str, int] = {}
    with runtime.reading() as session:
        for state in session.exec(select(Post.state).where(Post.state != "confirmed")).all():
            found[state] = found.get(state, 0) + 1
    return found
