"""Two places that an artist watches: one behaves, the other does as a test says. Names are resolved as a test wants them."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import select

from creatorbot.models import Source
from creatorbot.releases.poll import add_source, poll_round
from creatorbot.runtime import Runtime
from tests.releases.rows import Place, feed, new_artist
from tests.servers.scripted import Reply, answer, scripted
from tests.servers.world import PUBLIC, World
from tests.sources.pages import item, rss

BAD, GOOD = "http://bad.example/feed.xml", "http://good.example/good.xml"
XML = {"Content-Type": "application/rss+xml"}


@dataclass
class Strangers:
    """place: the artist and the server behind both names. bad, good: the sources' ids."""

    place: Place
    world: World
    bad: int = 0
    good: int = 0

    def begin(self) -> "Strangers":
        """Both are watched and have told their first release."""
        self.place.server.on("GET", "/feed.xml", feed(rss(item(1))))
        self.place.server.on("GET", "/good.xml", feed(rss(item(1, title="Good 1", link="https://good.example/1"))))
        self.bad, self.good = (add_source(self.place.runtime, self.place.artist_id, address) for address in (BAD, GOOD))
        return self

    def source(self, number: int) -> Source:
        """A source as it stands."""
        with self.place.runtime.reading() as session:
            return session.exec(select(Source).where(Source.id == number)).one()

    def titles(self, number: int) -> list[str]:
        """The releases found there, oldest first."""
        return [release.title for release in self.place.releases() if release.source_id == number]

    def look(self, *, days: float = 2) -> None:
        """Some time later all that is due is looked at."""
        runtime = self.place.runtime
        now = runtime.clock() + timedelta(days=days)
        runtime.clock.at = now  # type: ignore[attr-defined]
        poll_round(runtime, now)

    def suffer(self, *troubles: Reply) -> Source:
        """The bad one answers so, the good one has news; then all are looked at. Returns the bad one, after the good one was found well."""
        self.place.server.on("GET", "/feed.xml", *troubles)
        known = len(self.titles(self.good))
        entries = [item(number, title=f"Good {number}", link=f"https://good.example/{number}") for number in range(known + 1, 0, -1)]
        self.place.server.on("GET", "/good.xml", feed(rss(*entries)))
        self.look()
        assert len(self.titles(self.good)) == known + 1
        assert self.source(self.good).state == "ok"
        return self.source(self.bad)

    def heal(self) -> None:
        """It answers as it should again, with one more release: that one is found, once."""
        before = self.titles(self.bad)
        assert before[:1] == ["Song 1"]
        self.place.server.on("GET", "/feed.xml", feed(rss(item(99), item(1))))
        self.look(days=8)
        assert self.titles(self.bad) == [*before, "Song 99"]
        assert (self.source(self.bad).state, self.source(self.bad).failures) == ("ok", 0)


@contextmanager
def strangers(runtime: Runtime, *, names: dict[str, list[list[str]]] | None = None, seconds: float = 30) -> Iterator[Strangers]:
    """Not begun yet. names: what further names lead to. seconds: how long a whole fetch may take."""
    with scripted() as server:
        world = World(server, {"bad.example": [[PUBLIC]], "good.example": [["93.184.216.35"]], **(names or {})})
        known = replace(runtime, door=world.door(total_timeout=seconds, read_timeout=seconds, max_bytes=5_000_000))
        yield Strangers(Place(known, new_artist(known), server), world)


def packed(body: bytes, times: int = 1, encoding: str = "gzip") -> Reply:
    """The body packed, once or again and again, and said so."""
    for _ in range(times):
        body = gzip.compress(body) if encoding == "gzip" else zlib.compress(body)
    return answer(200, body, {**XML, "Content-Encoding": ", ".join([encoding] * times)})


def bomb(megabytes: int, encoding: str = "gzip") -> Reply:
    """A small answer that unpacks to very many spaces inside a feed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31 if encoding == "gzip" else 15)
    parts = [packer.compress(b"<rss><channel><title>")]
    parts += [packer.compress(b" " * 1_000_000) for _ in range(megabytes)]
    return answer(200, b"".join([*parts, packer.flush()]), {**XML, "Content-Encoding": encoding})
