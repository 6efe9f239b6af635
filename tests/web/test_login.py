"""Logging in and out: the secret is hashed, changes now and then, and guessing is slow."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import Client

from creatorbot.artists import known, members, signup
from creatorbot.config import Settings
from creatorbot.models import LoginSession, Person
from creatorbot.runtime import Runtime
from creatorbot.security.secrets import fingerprint
from creatorbot.web import create_app
from creatorbot.web.entry.login import safe_next
from creatorbot.web.frontdoor import FrontDoor
from creatorbot.web.here import COOKIE
from creatorbot.web.house.cookies import KNOWN
from tests.conftest import TestClock
from tests.web.conftest import PASSWORD, House


@pytest.fixture
def aoife(runtime: Runtime) -> Person:
    """Somebody with a real password."""
    typed = signup.TypedPerson("Aoife", "aoife", PASSWORD, "en")
    hashed = signup.hashed(typed)
    with runtime.session() as session:
        person = signup.new_person(session, typed, hashed, runtime.clock())
        signup.new_artist(session, signup.TypedArtist("Aoife Marsh", "UTC", "EUR", "en"), person.id or 0, runtime.clock())
    return person


def log_in(client: FlaskClient, password: str = PASSWORD, **more: str) -> int:
    """Try; the status."""
    return client.post("/login", data={"login": " Aoife ", "password": password, **more}).status_code


def secret_of(client: FlaskClient) -> str:
    """What the cookie holds."""
    cookie = client.get_cookie(COOKIE)
    return cookie.value if cookie else ""


def test_in_and_out(visitor: FlaskClient, runtime: Runtime, aoife: Person) -> None:
    typed = {"login": "aoife", "password": PASSWORD, "next": "/settings"}
    answer = visitor.post("/login", data=typed, headers={"User-Agent": "Firefox/140 Linux"})
    assert answer.location == "/settings"
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("creatorbot="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie
    with runtime.reading() as session:
        row = session.exec(select(LoginSession)).one()
        assert row.token_hash == fingerprint(secret_of(visitor))
        assert row.label == "Firefox on Linux"
    stolen = secret_of(visitor)
    assert visitor.post("/logout").location == "/login"
    assert secret_of(visitor) == ""
    visitor.set_cookie(COOKIE, stolen)
    assert visitor.get("/settings").status_code == 303
    with runtime.reading() as session:
        assert session.exec(select(LoginSession)).all() == []


def test_each_login_gets_its_own_secret_and_forms_from_before_die(app: Flask, visitor: FlaskClient, aoife: Person) -> None:
    visitor.get("/login")
    before = visitor.get_cookie("creatorbot_form")
    log_in(visitor)
    first = secret_of(visitor)
    assert visitor.get_cookie("creatorbot_form") is None
    assert before is not None
    log_in(visitor)
    assert secret_of(visitor) not in ("", first)


def test_guessing_is_slow_and_the_right_password_works_after_waiting(visitor: FlaskClient, aoife: Person, clock: TestClock) -> None:
    assert [log_in(visitor, "wrong password") for _ in range(6)] == [422] * 5 + [429]
    answer = visitor.post("/login", data={"login": "aoife", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Wait 30 seconds" in answer.text
    clock.forward(seconds=31)
    assert log_in(visitor, "wrong again") == 422
    assert "Wait 60 seconds" in visitor.post("/login", data={"login": "aoife", "password": "x"}).text
    clock.forward(seconds=61)
    assert log_in(visitor) == 303
    assert log_in(visitor, "wrong password") == 422


def test_guessing_one_login_from_elsewhere_does_not_lock_its_owner_out(app: Flask, visitor: FlaskClient, aoife: Person) -> None:
    guesser = app.test_client()
    for _ in range(8):
        guesser.post("/login", data={"login": "aoife", "password": "guess"}, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert log_in(visitor) == 303


def test_a_stranger_behind_our_proxy_does_not_lock_its_owner_out(runtime: Runtime, aoife: Person) -> None:
    settings = runtime.settings.model_copy(update={"behind_https": True})
    app = create_app(replace(runtime, settings=settings))
    app.config.update(WTF_CSRF_ENABLED=False)
    door = FrontDoor(app, replace(runtime, settings=settings))
    stranger, owner = Client(door), Client(door)

    def try_to(client: Client, password: str, told: str) -> int:
        typed, headers = {"login": "aoife", "password": password}, {"X-Forwarded-For": told}
        return client.post("/login", data=typed, headers=headers, environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).status_code

    for _ in range(8):
        try_to(stranger, "guess", "203.0.113.9")
    assert try_to(stranger, PASSWORD, "198.51.100.4, 203.0.113.9") == 429
    assert try_to(owner, PASSWORD, "203.0.113.9, 198.51.100.4") == 303


def test_guessing_from_everywhere_keeps_strangers_out_and_not_the_browser_we_know(app: Flask, visitor: FlaskClient, aoife: Person) -> None:
    answer = visitor.post("/login", data={"login": "aoife", "password": PASSWORD})
    kept = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith(f"{KNOWN}="))
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert "aoife" not in kept
    visitor.post("/logout")
    for n in range(40):
        guess = {"login": "aoife", "password": "guess"}
        app.test_client().post("/login", data=guess, environ_overrides={"REMOTE_ADDR": f"203.0.113.{n}"})
    other = app.test_client()
    assert log_in(other) == 429
    other.set_cookie(KNOWN, visitor.get_cookie(KNOWN).value[:22] + "." + "0" * 32)  # type: ignore[union-attr]
    assert log_in(other) == 429
    assert log_in(visitor) == 303
    visitor.post("/logout")
    assert [log_in(visitor, "wrong password") for _ in range(6)] == [422] * 5 + [429]


def test_a_browser_is_known_for_each_login_alone() -> None:
    cookie = known.now_known("", "Aoife ", "key")
    name = known.browser_of(cookie, "aoife", "key")
    assert len(name) == 22
    assert known.browser_of(cookie, "bob", "key") == ""
    assert known.browser_of(cookie, "aoife", "another key") == ""
    both = known.now_known(cookie, "bob", "key")
    assert known.browser_of(both, "aoife", "key") == known.browser_of(both, "bob", "key") == name
    for n in range(20):
        both = known.now_known(both, f"login{n}", "key")
    assert known.browser_of(both, "login19", "key") == name
    assert known.browser_of(both, "aoife", "key") == ""
    assert len(both) < 400
    for odd in ("", ".", "a.b", "x" * 5000, both[:40], ".." + both):
        assert known.browser_of(odd, "aoife", "key") == ""
        assert known.browser_of(known.now_known(odd, "aoife", "key"), "aoife", "key")


def test_no_login_and_no_address_is_kept_readable(visitor: FlaskClient, runtime: Runtime, aoife: Person) -> None:
    log_in(visitor, "wrong password")
    with runtime.reading() as session:
        stored = session.connection().exec_driver_sql("SELECT who FROM logintry").all()
    assert len(stored) == 3
    assert not any("aoife" in who or "127.0.0.1" in who for (who,) in stored)


def test_unknown_logins_are_answered_alike(visitor: FlaskClient, aoife: Person) -> None:
    known = visitor.post("/login", data={"login": "aoife", "password": "wrong password"})
    unknown = visitor.post("/login", data={"login": "nobody", "password": "wrong password"})
    assert known.status_code == unknown.status_code == 422
    assert "do not belong together" in unknown.text


def test_the_secret_changes_every_few_hours_and_the_one_before_lives_a_moment(house: House, runtime: Runtime, clock: TestClock) -> None:
    alice = house.client("alice")
    before = secret_of(alice)
    clock.forward(hours=5)
    assert alice.get("/settings").status_code == 200
    after = secret_of(alice)
    assert after != before
    parallel = house.app.test_client()
    parallel.set_cookie(COOKIE, before)
    assert parallel.get("/settings").status_code == 200
    assert secret_of(parallel) == before
    clock.forward(seconds=90)
    assert alice.get("/settings").status_code == 200
    assert parallel.get("/settings").status_code == 303
    assert secret_of(alice) == after


def test_a_lost_answer_with_the_new_secret_logs_nobody_out(house: House, clock: TestClock) -> None:
    lost = house.app.test_client()
    lost.set_cookie(COOKIE, secret_of(house.client("alice")))
    clock.forward(hours=5)
    house.client("alice").get("/settings")
    clock.forward(minutes=10)
    assert lost.get("/settings").status_code == 200


def test_thirty_idle_days_end_it(house: House, clock: TestClock) -> None:
    clock.forward(days=20)
    assert house.client("alice").get("/settings").status_code == 200
    clock.forward(days=29)
    assert house.client("alice").get("/settings").status_code == 200
    clock.forward(days=31)
    assert house.client("alice").get("/settings").status_code == 303


def test_secure_cookies_and_hsts_behind_https(runtime: Runtime, house: House) -> None:
    settings = Settings(data=runtime.settings.data, database_url=runtime.settings.database_url, behind_https=True)
    secure = create_app(replace(runtime, settings=settings)).test_client()
    answer = secure.get("/login")
    assert all("Secure" in one for one in answer.headers.getlist("Set-Cookie"))
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_new_password_ends_every_other_browser(app: Flask, visitor: FlaskClient, aoife: Person) -> None:
    other = app.test_client()
    for one in (visitor, other):
        assert log_in(one) == 303
    wrong = visitor.post("/settings/you/password", data={"old": "not it at all", "password": "four new words here"})
    assert wrong.status_code == 422
    assert 'id="w-old"' in wrong.text
    before = secret_of(visitor)
    assert visitor.post("/settings/you/password", data={"old": PASSWORD, "password": "four new words here"}).status_code == 303
    assert secret_of(visitor) != before
    assert visitor.get("/settings/you").status_code == 200
    assert other.get("/settings/you").status_code == 303
    assert log_in(other, "four new words here") == 303


def test_one_browser_can_end_another_but_not_a_strangers(house: House, runtime: Runtime) -> None:
    with runtime.reading() as session:
        rows = {row.person_id: row.id for row in session.exec(select(LoginSession))}
    assert house.client("alice").post(f"/settings/you/sessions/{rows[house.people['bob']]}/end").status_code == 404
    assert house.client("bob").get("/settings").status_code == 200
    assert house.client("alice").post(f"/settings/you/sessions/{rows[house.people['alice']]}/end").status_code == 303
    assert house.client("alice").get("/settings").status_code == 303


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/releases/3?x=1", "/releases/3?x=1"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
        ("/login?next=/", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_the_login_only_our_own_pages(wanted: str, given: str) -> None:
    assert safe_next(wanted) == given


def test_switching_shows_only_ones_own_artists(house: House, runtime: Runtime) -> None:
    with runtime.session() as session:
        members.add_member(session, house.other_artist_id, house.people["bob"], "viewer", runtime.clock())
    bob = house.client("bob")
    before = secret_of(bob)
    assert bob.post("/artists/switch", data={"artist": str(house.other_artist_id)}).status_code == 303
    assert secret_of(bob) != before
    assert "Somebody Else" in bob.get("/settings").text
    assert bob.post("/settings", data={}).status_code == 403
    assert house.client("charlie").post("/artists/switch", data={"artist": str(house.other_artist_id)}).status_code == 404
