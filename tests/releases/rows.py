"""An artist with their rows, and a small place on loopback where they publish."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlmodel import col, select

from creatorbot.models import Admission, Artist, Release, Source, SourceItem
from creatorbot.runtime import Runtime
from tests.servers.scripted import Reply, Scripted, answer, scripted

XML = {"Content-Type": "application/rss+xml"}
HTML = {"Content-Type": "text/html; charset=utf-8"}


def feed(body: bytes, **headers: str) -> Reply:
    """A feed, with these headers (etag=… becomes ETag)."""
    return answer(200, body, XML | {name.replace("_", "-").title(): value for name, value in headers.items()})


def page(body: bytes, status: int = 200) -> Reply:
    """A web page."""
    return answer(status, body, HTML)


def new_artist(runtime: Runtime, name: str = "Aoife", language: str = "en") -> int:
    """An artist; returns the id."""
    with runtime.session() as session:
        artist = Artist(name=name, slug=name.lower(), language=language, created_at=runtime.clock())
        session.add(artist)
        session.flush()
        return artist.id or 0


@dataclass
class Place:
    """What a test of looking needs: the runtime, its artist, and the server where the artist publishes."""

    runtime: Runtime
    artist_id: int
    server: Scripted

    @property
    def url(self) -> str:
        """The feed's address."""
        return f"{self.server.url}/feed.xml"

    def source(self) -> Source:
        """The only source."""
        with self.runtime.reading() as session:
            return session.exec(select(Source)).one()

    def releases(self) -> list[Release]:
        """All releases in the order they were stored."""
        with self.runtime.reading() as session:
            return list(session.exec(select(Release).order_by(col(Release.id))).all())

    def items(self) -> list[SourceItem]:
        """All entries in the order they were stored."""
        with self.runtime.reading() as session:
            return list(session.exec(select(SourceItem).order_by(col(SourceItem.id))).all())

    def states(self) -> dict[str, str]:
        """Title and state of each release."""
        return {release.title: release.state for release in self.releases()}

    def local(self, body: bytes, domain: str = "https://aoife.bandcamp.com") -> bytes:
        """A page written for a public domain, moved to this server."""
        return body.replace(domain.encode(), self.server.url.encode())

    def with_door(self, **changed: object) -> "Place":
        """The same place with another runtime."""
        return replace(self, runtime=replace(self.runtime, **changed))  # type: ignore[arg-type]


@contextmanager
def place_of(runtime: Runtime) -> Iterator[Place]:
    """A place whose server the artist's door admits."""
    artist_id = new_artist(runtime)
    with scripted() as server:
        with runtime.session() as session:
            session.add(Admission(artist_id=artist_id, host="127.0.0.1", port=server.port))
        yield Place(runtime, artist_id, server)
