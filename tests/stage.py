"""A set stage: an artist with a release and a connected account on a practice server, as the pages would have made them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import requests

from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.artists import connect
from creatorbot.models import Admission, Announcement, Artist, LoginSession, Member, Person, Post, Release
from creatorbot.runtime import Runtime
from jobs import confirm_posts, send_posts

BACK = "http://127.0.0.1:8080/connections/mastodon/return"


@dataclass
class Stage:
    """Names as on a playbill; every method goes through the same functions the pages call."""

    runtime: Runtime
    practice: "Servers"
    artist_id: int
    account_id: int
    release_id: int

    def approve(self, *, when: datetime | None = None, look: str = "card", wording: str | None = None) -> int:
        """An approved announcement of the release on the one account; the id of its post."""
        with self.runtime.session() as session:
            artist, release = session.get_one(Artist, self.artist_id), session.get_one(Release, self.release_id)
            draft = new_draft(session, artist, release, None, self.runtime.clock())
            draft.look, draft.wording = look, wording or draft.wording
            session.add(draft)
        assert draft.id is not None
        return approve(self.runtime, self.artist_id, draft.id, [self.account_id], when)[0]

    def work(self, rounds: int = 1, *, clock: "MovableClock | None" = None, step: timedelta = timedelta(seconds=30)) -> None:
        """Let both sending jobs run, moving the clock on between rounds where one is given."""
        for number in range(rounds):
            if number and clock is not None:
                clock.at += step
            send_posts.run(self.runtime, self.runtime.clock())
            confirm_posts.run(self.runtime, self.runtime.clock())

    def post(self, post_id: int) -> Post:
        """The post as it stands."""
        with self.runtime.reading() as session:
            return session.get_one(Post, post_id)

    def announcement(self, post_id: int) -> Announcement:
        """The post's announcement as it stands."""
        with self.runtime.reading() as session:
            return session.get_one(Announcement, session.get_one(Post, post_id).announcement_id)

    def posted(self) -> list[dict[str, object]]:
        """What really stands on the practice server."""
        found: list[dict[str, object]] = requests.get(f"{self.practice.fediverse_url}/practice/statuses", timeout=5).json()["statuses"]
        return [status for status in found if not status["deleted"]]

    def trouble(self, behaviour: str, times: int = 1, seconds: float | None = None) -> None:
        """Order something to go wrong at the practice server."""
        wanted = {"behaviour": behaviour, "times": times} | ({"seconds": seconds} if seconds is not None else {})
        requests.post(f"{self.practice.fediverse_url}/practice/faults", json=wanted, timeout=5).raise_for_status()

    def keys(self, mode: str, **claims: str) -> None:
        """How the practice server meets a repeated key, and what software it claims to be."""
        requests.post(f"{self.practice.fediverse_url}/practice/keys", json={"mode": mode, **claims}, timeout=5).raise_for_status()


class Servers(Protocol):
    """Where the practice servers are."""

    @property
    def fediverse_url(self) -> str: ...

    @property
    def shop_url(self) -> str: ...


@dataclass(frozen=True)
class Addresses:
    """Practice servers that run in another process."""

    fediverse_url: str
    shop_url: str


class MovableClock:
    """What tests/conftest.py's clock looks like from here."""

    at: datetime


def admit(runtime: Runtime, artist_id: int, practice: "Servers") -> None:
    """Let this artist reach both practice servers, as the rehearsal's page does."""
    with runtime.session() as session:
        places = [(practice.fediverse_url, "/rehearsal/fediverse"), (practice.shop_url, "/rehearsal/shop")]
        second = getattr(practice, "second_url", "")
        for url, path in [*places, *([(second, "/rehearsal/second")] if second else [])]:
            parts = urlsplit(url)
            session.add(Admission(artist_id=artist_id, host=parts.hostname or "", port=parts.port or 0, browser_path=path))


def make_artist(runtime: Runtime, name: str = "Aoife Marsh", slug: str = "aoife", login: str = "alice") -> tuple[int, int]:
    """An artist with one owner who is logged in. Returns the artist's and the session's id."""
    now = runtime.clock()
    with runtime.session() as session:
        artist = Artist(
            name=name, slug=slug, time_zone="Europe/Berlin", currency="EUR", suggested_minor=700, minimum_minor=100, created_at=now
        )
        person = Person(login=login, name=login.title(), password_hash="x", created_at=now)
        session.add_all([artist, person])
        session.flush()
        assert artist.id is not None
        assert person.id is not None
        session.add(Member(artist_id=artist.id, person_id=person.id, role="owner", created_at=now))
        login_row = LoginSession(
            token_hash=f"hash of {login}",
            person_id=person.id,
            artist_id=artist.id,
            created_at=now,
            seen_at=now,
            rotated_at=now,
            expires_at=now + timedelta(days=1),
        )
        session.add(login_row)
        session.flush()
        assert login_row.id is not None
        return artist.id, login_row.id


def connect_account(runtime: Runtime, artist_id: int, session_id: int, base_url: str) -> int:
    """Go to the practice server, say yes, come back. Returns the account's id."""
    begun = connect.begin(runtime, artist_id, session_id, base_url.removeprefix("http://"), BACK)
    asked = requests.get(begun.address, timeout=5)
    assert asked.status_code == 200, asked.text[:300]
    fields = {name: values[0] for name, values in parse_qs(urlsplit(begun.address).query).items()}
    answered = requests.post(
        f"{base_url}/oauth/authorize", data={**fields, "person": "aoife", "answer": "yes"}, timeout=5, allow_redirects=False
    )
    back = parse_qs(urlsplit(answered.headers["Location"]).query)
    account = connect.finish(runtime, session_id, back["state"][0], back["code"][0])
    assert account.id is not None
    return account.id


def make_release(runtime: Runtime, artist_id: int, title: str = "Tall Ships", **more: object) -> int:
    """A pay-what-you-want release, typed in."""
    now = runtime.clock()
    facts: dict[str, object] = {
        "artist_name": "Aoife Marsh",
        "kind": "album",
        "url": "https://aoife.bandcamp.example/album/tall-ships",
        "price_model": "pay_what_you_want",
        "price_currency": "EUR",
        "licence": "CC-BY-SA-4.0",
        "tags": ["folk", "new music"],
        "first_seen_at": now,
        "changed_at": now,
        **more,
    }
    with runtime.session() as session:
        release = Release(artist_id=artist_id, title=title, **facts)
        session.add(release)
        session.flush()
        assert release.id is not None
        return release.id


def set_stage(runtime: Runtime, practice: "Servers") -> Stage:
    """The whole of it."""
    artist_id, session_id = make_artist(runtime)
    admit(runtime, artist_id, practice)
    account_id = connect_account(runtime, artist_id, session_id, practice.fediverse_url)
    return Stage(runtime, practice, artist_id, account_id, make_release(runtime, artist_id))


def codes_in(statuses: list[dict[str, object]]) -> list[str]:
    """The link codes that the statuses carry, one for each status, in order."""
    return [found for status in statuses for found in re.findall(r"/l/(\w+)", str(status["text"]))[:1]]
