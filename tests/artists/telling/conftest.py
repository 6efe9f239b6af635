"""An artist on a practice server, one member who wants mails, and a real mail server."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from creatorbot.artists.telling import carrier, wishes
from creatorbot.artists.telling.said import in_words
from creatorbot.models import Mail, Member, Person, Told
from creatorbot.rehearsal.serve import start
from creatorbot.runtime import Runtime
from jobs import send_mails, tell_members
from tests.servers.mail import Mailbox, mail_server
from tests.stage import Stage, set_stage

ALICE = "alice@home.example"


@dataclass
class Round:
    """The stage, what is told there, and the mailbox."""

    stage: Stage
    box: Mailbox
    clock: Any

    @property
    def runtime(self) -> Runtime:
        """The stage's."""
        return self.stage.runtime

    def member(self) -> int:
        """The owner's membership."""
        with self.runtime.reading() as session:
            found = session.exec(select(Member.id).where(Member.artist_id == self.stage.artist_id)).one()
        assert found is not None
        return found

    def set_server(self, **typed: str) -> None:
        """The mail server of this test."""
        given = {"host": "localhost", "port": str(self.box.port), "security": "none", "sender": "news@label.example", **typed}
        with self.runtime.session() as session:
            carrier.save(session, self.runtime.vault, given, self.clock.at)

    def wish(self, address: str = ALICE, kinds: tuple[str, ...] = ("trouble", "posted", "account"), pace: str = "at_once") -> None:
        """What the owner wants to hear of."""
        with self.runtime.session() as session:
            wishes.save(session, self.runtime.vault, self.member(), address, kinds, pace, "Europe/Berlin", self.clock.at)

    def speak(self, language: str) -> None:
        """The owner reads another language."""
        with self.runtime.session() as session:
            session.exec(select(Person)).one().language = language

    def tell(self) -> list[tuple[str, str]]:
        """One round of the job; all that was told so far: kind and sentence."""
        tell_members.run(self.runtime, self.clock.at)
        with self.runtime.reading() as session:
            rows = session.exec(select(Told).order_by(col(Told.id))).all()
        return [(row.kind, in_words(row, "en", "Europe/Berlin", self.clock.at)) for row in rows]

    def mail(self, **later: float) -> None:
        """Some time passes and the outbox is worked off."""
        self.clock.at += timedelta(**(later or {"seconds": 30}))
        send_mails.run(self.runtime, self.clock.at)

    def outbox(self) -> list[Mail]:
        """All mails, oldest first."""
        with self.runtime.reading() as session:
            return list(session.exec(select(Mail).order_by(col(Mail.id))).all())

    def subjects(self) -> list[str]:
        """What arrived, the greeting left out."""
        return [str(one["Subject"]) for one in self.box.mails if "from now on" not in str(one["Subject"])]


@pytest.fixture
def round_(runtime: Runtime, clock: Any, tmp_path: Path) -> Iterator[Round]:
    """On SQLite."""
    with start(tmp_path / "practice", clock=lambda: clock.at.timestamp()) as practice, mail_server(tmp_path) as box:
        yield Round(set_stage(runtime, practice), box, clock)


@pytest.fixture
def both(both_runtime: Runtime, clock: Any, tmp_path: Path) -> Iterator[Round]:
    """On each database."""
    with start(tmp_path / "practice", clock=lambda: clock.at.timestamp()) as practice, mail_server(tmp_path) as box:
        yield Round(set_stage(both_runtime, practice), box, clock)
