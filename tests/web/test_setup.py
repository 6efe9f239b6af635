"""The first evening: only the printed key opens the wizard, and it works once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from creatorbot.artists import signup
from creatorbot.models import Artist, Installation, Member, Person
from creatorbot.runtime import Runtime
from tests.web.conftest import PASSWORD

ARTIST = {"name": "Aoife  Marsh ", "time_zone": "Europe/Dublin", "currency": "EUR", "language": "en"}


@pytest.fixture
def key(runtime: Runtime) -> str:
    """What is printed at the first start."""
    with runtime.session() as session:
        return signup.new_setup_key(session, runtime.clock())


def test_without_the_key_there_is_only_a_question(visitor: FlaskClient, key: str) -> None:
    assert visitor.get("/").location == "/setup"
    assert visitor.get("/login").location == "/setup"
    assert "paste the key here" in visitor.get("/setup").text
    assert visitor.get("/setup?key=guessed").status_code == 403
    assert visitor.post("/setup/artist", data=ARTIST).status_code == 403
    assert visitor.post("/setup/you", data={"login": "mallory", "password": PASSWORD}).status_code == 403


def test_the_whole_evening(visitor: FlaskClient, runtime: Runtime, key: str) -> None:
    assert visitor.get(f"/setup?key={key}").location == "/setup"
    assert "Who are you?" in visitor.get("/setup").text
    assert visitor.post("/setup/artist", data=ARTIST).location == "/setup/you"
    assert "Aoife Marsh" in visitor.get("/setup/you").text
    done = visitor.post("/setup/you", data={"login": "Aoife@Example.org", "password": PASSWORD})
    assert done.location == "/welcome"
    assert "That was it, Aoife Marsh" in visitor.get("/welcome").text
    with runtime.reading() as session:
        artist, person, member = session.exec(select(Artist)).one(), session.exec(select(Person)).one(), session.exec(select(Member)).one()
        assert (artist.name, artist.slug, artist.time_zone, artist.suggested_minor) == ("Aoife Marsh", "aoife-marsh", "Europe/Dublin", 700)
        assert (person.login, member.role) == ("aoife@example.org", "owner")
        assert PASSWORD not in person.password_hash
        assert session.get_one(Installation, 1).setup_key_hash == ""
    with runtime.session() as session:
        assert signup.new_setup_key(session, runtime.clock()) == ""


def test_a_second_browser_is_told(app: Flask, visitor: FlaskClient, key: str) -> None:
    second = app.test_client()
    for one in (visitor, second):
        one.get(f"/setup?key={key}")
        one.post("/setup/artist", data=ARTIST)
    visitor.post("/setup/you", data={"login": "aoife", "password": PASSWORD})
    late = second.post("/setup/you", data={"login": "mallory", "password": PASSWORD})
    assert late.status_code == 409
    assert "set up already" in late.text
    assert "set up already" in app.test_client().get(f"/setup?key={key}").text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "  ", "What is the artist called?"),
        ("name", "x" * 101, "longer than 100"),
        ("time_zone", "Mars/Base", "Choose a time zone"),
        ("currency", "euros", "Choose a currency"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field(visitor: FlaskClient, key: str, field: str, value: str, sentence: str) -> None:
    visitor.get(f"/setup?key={key}")
    answer = visitor.post("/setup/artist", data=ARTIST | {field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'id="w-{field}"' in answer.text


@pytest.mark.parametrize(
    ("login", "password", "field"),
    [
        ("a b", PASSWORD, "login"),
        ("aoife", "short", "password"),
        ("aoife-marsh-music", "aoife-marsh-music", "password"),
        ("aoife", "aaaaaaaaaaaaa", "password"),
    ],
)
def test_weak_passwords_and_odd_logins(visitor: FlaskClient, key: str, login: str, password: str, field: str) -> None:
    visitor.get(f"/setup?key={key}")
    visitor.post("/setup/artist", data=ARTIST)
    answer = visitor.post("/setup/you", data={"login": login, "password": password})
    assert answer.status_code == 422
    assert f'id="w-{field}"' in answer.text


def test_a_newer_key_replaces_the_older(visitor: FlaskClient, runtime: Runtime, key: str) -> None:
    with runtime.session() as session:
        newer = signup.new_setup_key(session, runtime.clock())
    assert visitor.get(f"/setup?key={key}").status_code == 403
    assert visitor.get(f"/setup?key={newer}").status_code == 303
