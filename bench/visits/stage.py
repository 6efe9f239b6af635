"""What is there before anybody comes: an artist with a full release page, its links, and what a catalogue of many artists looks like."""

import io
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image
from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from bench.crowds.answers import ask, length_of, request
from creatorbot.links.codes import new_code, new_link
from creatorbot.models import Artist, Cover, Link, Release, ReleasePlace
from creatorbot.releases.covers import card_file, store_cover
from creatorbot.runtime import Runtime
from creatorbot.storage.engine import open_engine
from creatorbot.storage.migrate import migrate
from tests.links import rows
from tests.servers.door import runtime_in

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
LEAST_PAGE = 12_000
OTHER_RELEASES = 14
_SHOPS = (
    "bandcamp.com/album",
    "mirlo.space/releases",
    "jamcoop.org/albums",
    "ampwall.com/a",
    "ko-fi.com/s",
    "itch.io",
    "archive.org/details",
)
_WORDS = (
    "tape loop field organ cello rain harbour night winter silver slow light river stone paper northern hollow quiet long kitchen recorded "
    "between november and march by the sea with one microphone and a borrowed piano played late when the house was asleep"
)


@dataclass(frozen=True)
class Stage:
    """A data folder with an artist, her release and a link to it. codes: more links to the same release."""

    folder: Path
    runtime: Runtime
    artist_id: int
    release_id: int
    link_id: int
    code: str
    codes: tuple[str, ...]

    @property
    def path(self) -> str:
        """Of the link."""
        return f"/l/{self.code}"


@dataclass(frozen=True)
class Seen:
    """The page as it was answered. size: of its body, not packed. buttons, pictures, styles: paths that stand in it."""

    size: int
    packed: int
    buttons: tuple[str, ...]
    pictures: tuple[str, ...]
    styles: tuple[str, ...]


def set_up(folder: Path, links: int = 0, runtime: Runtime | None = None) -> Stage:
    """Make it. links: how many more there are. runtime: on an empty database; by default on SQLite in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    runtime, chance = runtime or runtime_in(folder), random.Random(5)
    migrate(open_engine(runtime.settings.sqlalchemy_url))
    artist_id = rows.make_artist(runtime)
    with runtime.session() as session:
        covers = [store_cover(session, runtime.covers, picture(number), runtime.clock()).id for number in range(3)]
    for number in range(OTHER_RELEASES):
        rows.make_release(runtime, artist_id, **_other(chance, number), cover_id=covers[number % 3], state="announced")
    release_id = rows.make_release(
        runtime,
        artist_id,
        description=text(chance, 900)[:5000],
        released_on=date(2026, 11, 6),
        tags=["folk", "new music", "field recording", "cello"],
        cover_id=covers[0],
        state="announced",
    )
    link = rows.make_link(runtime, artist_id, release_id)
    for shop in _SHOPS:
        rows.make_place(runtime, link, f"https://aoife.{shop}/tall-ships")
    with runtime.session() as session:
        now = runtime.clock()
        more = tuple(new_link(session, artist_id=artist_id, release_id=release_id, kind="other", now=now).code for _ in range(links))
    return Stage(folder, runtime, artist_id, release_id, link.id or 0, link.code, more)


def _other(chance: random.Random, number: int) -> dict[str, object]:
    title = text(chance, 9).rstrip(".")
    return {
        "title": title,
        "url": f"https://aoife.bandcamp.com/album/{number}",
        "released_on": date(2012 + number % 14, 1 + number % 12, 3),
    }


def text(chance: random.Random, words: int) -> str:
    """Sentences in paragraphs, as on a release's page."""
    known, said, sentence = _WORDS.split(), list[str](), list[str]()
    for number in range(words):
        sentence.append(chance.choice(known))
        if len(sentence) > 8 + chance.randrange(8) or number == words - 1:
            said.append(" ".join(sentence).capitalize() + ("." if chance.random() < 0.8 else ".\n\n"))
            sentence = []
    return " ".join(said).replace("\n ", "\n").strip()


def picture(number: int) -> bytes:
    """A cover with as much detail as a photo."""
    made = Image.effect_noise((1400, 1400), 40 + number).convert("RGB")
    held = io.BytesIO()
    Image.blend(made, Image.new("RGB", made.size, (40 * number % 255, 90, 160)), 0.6).save(held, "JPEG", quality=85)
    return held.getvalue()


def look(port: int, path: str) -> Seen:
    """Fetch the page once, plain and packed, as a program that is none of those counted. Raises RuntimeError when it is not answered."""
    plain = ask(port, request(path, "bench/1.0"))
    if not plain.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"the page was not answered: {plain[:200]!r}")
    body = plain.partition(b"\r\n\r\n")[2]
    packed = ask(port, request(path, "bench/1.0", "Accept-Encoding: gzip")).partition(b"\r\n\r\n")[2]
    html = body.decode()
    assert length_of(plain) == len(plain)
    code = re.escape(path)
    return Seen(
        len(body),
        len(packed),
        tuple(dict.fromkeys(re.findall(rf'href="({code}/[A-Za-z0-9]+)"', html))),
        tuple(dict.fromkeys(re.findall(r'"(/cover/[^"]+)"', html))),
        tuple(dict.fromkeys(re.findall(r'"(/assets/[^"]+\.css)"', html))),
    )


def fill(runtime: Runtime, artists: int, releases: int, links: int, covers: int) -> list[str]:
    """A large installation: releases spread over artists, links spread over releases. Returns the codes that open a release."""
    chance, now = random.Random(7), runtime.clock()
    with runtime.session() as session:
        first = store_cover(session, runtime.covers, picture(1), now)
        pictures = [first.id or 0, *_copies(session, runtime, first, covers - 1)]
        numbers = []
        for number in range(artists):
            artist = Artist(name=f"Artist {number}", slug=f"artist-{number}", accent=f"#{chance.randrange(1 << 24):06x}", created_at=now)
            session.add(artist)
            session.flush()
            numbers.append(artist.id or 0)
        made = []
        for number in range(releases):
            artist_id = numbers[number % artists]
            release = _release(chance, artist_id, number, pictures[number % len(pictures)], runtime)
            session.add(release)
            session.flush()
            made.append((release.id or 0, artist_id))
            session.add_all(_places(release, chance.randrange(1, 5), runtime))
        session.flush()
        given = list(_links(made, numbers, links, runtime))
        session.execute(insert(Link), given)
    return [str(one["code"]) for one in given if one["release_id"]]


def _copies(session: Session, runtime: Runtime, first: Cover, number: int) -> Iterator[int]:
    card, facts = card_file(runtime.covers, first), first.model_dump(exclude={"id", "content_hash"})
    for one in range(number):
        cover = Cover(content_hash=f"{one:032x}", **facts)
        shutil.copy(card, card_file(runtime.covers, cover))
        session.add(cover)
        session.flush()
        yield cover.id or 0


def _release(chance: random.Random, artist_id: int, number: int, cover_id: int, runtime: Runtime) -> Release:
    return Release(
        artist_id=artist_id,
        title=text(chance, 4).rstrip("."),
        artist_name="",
        kind=chance.choice(("album", "track", "album", "video")),
        url=f"https://artist{artist_id}.bandcamp.com/album/{number}",
        description=text(chance, chance.randrange(40, 300)),
        released_on=date(2010 + number % 16, 1 + number % 12, 3),
        price_model="pay_what_you_want",
        price_currency="EUR",
        suggested_minor=700,
        licence="CC-BY-SA-4.0",
        tags=["folk", "cello"],
        cover_id=cover_id,
        state="announced",
        first_seen_at=runtime.clock(),
        changed_at=runtime.clock(),
    )


def _places(release: Release, number: int, runtime: Runtime) -> Iterator[ReleasePlace]:
    now = runtime.clock()
    for shop in _SHOPS[:number]:
        url = f"https://artist{release.artist_id}.{shop}/{release.id}"
        keys = {"artist_id": release.artist_id, "release_id": release.id or 0}
        yield ReleasePlace(**keys, kind="feed", url=url, url_key=url, first_seen_at=now, seen_at=now)


def _links(releases: list[tuple[int, int]], artists: list[int], number: int, runtime: Runtime) -> Iterator[dict[str, object]]:
    now = runtime.clock()
    rest = {"label": "", "gig_place": "", "created_at": now}
    for artist_id in artists:
        yield {"artist_id": artist_id, "release_id": None, "code": new_code(), "kind": "page", **rest}
    for one in range(number - len(artists)):
        release_id, artist_id = releases[one % len(releases)]
        yield {"artist_id": artist_id, "release_id": release_id, "code": new_code(), "kind": "other", **rest}


def touch(runtime: Runtime, number: int) -> None:
    """One edit that a fan would see, and one new link, as in every hour of a busy day."""
    with runtime.session() as session:
        now = runtime.clock()
        ids = session.exec(select(Release.id).order_by(col(Release.id)).offset(number * 7).limit(5)).all()
        session.execute(update(Release).where(col(Release.id).in_(ids)).values(title=f"Changed {number}", changed_at=now))
        release = session.get_one(Release, ids[0])
        new_link(session, artist_id=release.artist_id, release_id=release.id, kind="other", now=now)
