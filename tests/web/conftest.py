"""The application on a real database, and people with fixed roles: alice owns, bob manages, charlie may look, dora is a stranger."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from creatorbot.artists import members, sessions, signup
from creatorbot.models import Artist
from creatorbot.runtime import Runtime
from creatorbot.web.here import COOKIE
from tests.application import application

PASSWORD = "correct horse battery"
PLAINLY = {"TESTING": True, "PROPAGATE_EXCEPTIONS": False, "WTF_CSRF_ENABLED": False}
PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$not-a-real-hash"


@dataclass(frozen=True)
class House:
    """Two artists: Aoife Marsh with alice, bob and charlie; Somebody Else with dora. Clients are logged in."""

    app: Flask
    artist_id: int
    other_artist_id: int
    people: dict[str, int]
    clients: dict[str, FlaskClient]

    def client(self, name: str) -> FlaskClient:
        """The browser of this person."""
        return self.clients[name]


@pytest.fixture
def app(runtime: Runtime) -> Flask:
    """The application; forms are taken without their secret, but where a test asks for it."""
    return application(runtime, **PLAINLY)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """Nobody in particular."""
    return app.test_client()


@pytest.fixture
def house(app: Flask, runtime: Runtime) -> House:
    """The two artists and their people."""
    now, clients, people = runtime.clock(), {}, {}
    with runtime.session() as session:
        for name in ("alice", "bob", "charlie", "dora"):
            typed = signup.TypedPerson(name.title(), name, PASSWORD, "en")
            people[name] = signup.new_person(session, typed, PASSWORD_HASH, now).id or 0
        mine = _artist(session, "Aoife Marsh", people["alice"], now)
        other = _artist(session, "Somebody Else", people["dora"], now)
        members.add_member(session, mine.id or 0, people["bob"], "manager", now)
        members.add_member(session, mine.id or 0, people["charlie"], "viewer", now)
        for name, person in people.items():
            _, secret = sessions.open_session(session, person, None, "Firefox on Linux", now)
            clients[name] = app.test_client()
            clients[name].set_cookie(COOKIE, secret)
    return House(app, mine.id or 0, other.id or 0, people, clients)


def _artist(session: Session, name: str, owner: int, now: datetime) -> Artist:
    return signup.new_artist(session, signup.TypedArtist(name, "Europe/Dublin", "EUR", "en"), owner, now)
