"""A stage with a backup account on the second practice server."""

import socket
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlmodel import select

from creatorbot.artists.backup.pairing import Wishes, pair
from creatorbot.models import Link, LoginSession, Post, StandIn
from creatorbot.rehearsal.serve import Practice
from jobs import confirm_posts, remove_posts, see_returns, send_posts
from tests.stage import Stage, connect_account, set_stage


@dataclass
class Pair:
    """A stage and its backup. clock: moved on by `work`."""

    stage: Stage
    practice: Practice
    backup_id: int
    clock: Any

    def away(self, *, second: bool = False) -> None:
        """The first server, or the backup's, refuses every connection from now on."""
        self.practice._listeners[2 if second else 0].go_away(3600)
        until(lambda: not answers(self._url(second)))

    def back(self, *, second: bool = False) -> None:
        """It answers again."""
        self.practice._listeners[2 if second else 0].come_back()
        until(lambda: answers(self._url(second)))

    def trouble(self, behaviour: str, *, second: bool = False, **more: Any) -> None:
        """Something goes wrong at one of the servers, which is there."""
        wanted = {"behaviour": behaviour, "times": 1} | more
        requests.post(f"{self._url(second)}/practice/faults", json=wanted, timeout=5).raise_for_status()

    def _url(self, second: bool) -> str:
        return self.practice.second_url if second else self.practice.fediverse_url

    def wish(self, **wishes: Any) -> None:
        """How the backup stands in."""
        with self.stage.runtime.session() as session:
            pair(session, self.stage.artist_id, self.stage.account_id, self.backup_id, Wishes(**wishes), self.clock.at)

    def work(self, rounds: int = 1, minutes: float = 1.0) -> None:
        """All jobs of sending and of the backup, moving the clock on after each round."""
        for _ in range(rounds):
            for job in (send_posts, confirm_posts, see_returns, remove_posts):
                job.run(self.stage.runtime, self.clock.at)
            self.clock.at += timedelta(minutes=minutes)

    def posts(self) -> list[Post]:
        """All posts, the first account's first."""
        with self.stage.runtime.reading() as session:
            return list(session.exec(select(Post).order_by(Post.id)).all())  # type: ignore[arg-type]

    def stand_in(self) -> StandIn | None:
        """The latest hand-over, if there was one."""
        with self.stage.runtime.reading() as session:
            return session.exec(select(StandIn).order_by(StandIn.id.desc())).first()  # type: ignore[union-attr]

    def links(self) -> list[str]:
        """The codes of all posts' links."""
        with self.stage.runtime.reading() as session:
            return list(session.exec(select(Link.code)).all())

    def on(self, url: str) -> list[dict[str, Any]]:
        """What really stands on a server; boosts have empty words."""
        found = requests.get(f"{url}/practice/statuses", timeout=5).json()["statuses"]
        return [one for one in found if not one["deleted"]]

    def written(self) -> int:
        """How many posts of our own stand on both servers together; boosts are not counted."""
        return sum(bool(one["text"]) for url in (self.practice.fediverse_url, self.practice.second_url) for one in self.on(url))

    def boosts(self) -> int:
        """How many boosts stand on the first server."""
        return sum(not one["text"] for one in self.on(self.practice.fediverse_url))


def set_pair(runtime: Any, practice: Practice, clock: Any, **wishes: Any) -> Pair:
    """The whole of it."""
    stage = set_stage(runtime, practice)
    with runtime.reading() as session:
        session_id = session.exec(select(LoginSession.id)).one()
    backup_id = connect_account(runtime, stage.artist_id, session_id, practice.second_url)
    made = Pair(stage, practice, backup_id, clock)
    made.wish(**wishes)
    return made


def answers(url: str) -> bool:
    """Whether anybody accepts a connection there."""
    place = urlsplit(url)
    try:
        socket.create_connection((place.hostname or "", place.port or 0), 1).close()
    except OSError:
        return False
    return True


def until(true: Any) -> None:
    """Wait for it, ten seconds at most."""
    ends = time.monotonic() + 10
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)
