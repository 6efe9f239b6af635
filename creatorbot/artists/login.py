"""A name and a password for a logged-in browser. The slow part runs outside every transaction."""

import math
from datetime import timedelta

from sqlmodel import select

from creatorbot.artists import sessions, signup, throttle
from creatorbot.errors import InvalidInput, NotFound
from creatorbot.models import LoginSession, Person
from creatorbot.runtime import Runtime
from creatorbot.security.passwords import check_password, hash_password, needs_rehash


def log_in(runtime: Runtime, login: str, password: str, address: str, known: str = "") -> Person:
    """The person who logs in like this. known: see artists/known.

    Raises InvalidInput with field "login" (how long to wait) or "password" (wrong).
    """
    login = login.strip().lower()
    moment, counted = runtime.clock(), throttle.guesses(login, address, runtime.cookie_key, known)
    with runtime.session() as session:
        pause = throttle.wait(session, counted, moment)
        if not pause:
            throttle.note_failure(session, counted, moment)  # taken back below: guesses in parallel count too
        someone = session.exec(select(Person).where(Person.login == login)).first()
    if pause:
        raise _wait_first(pause)
    if not check_password(someone.password_hash if someone else None, password) or someone is None:
        raise InvalidInput("That login and password do not belong together. Check both and try again.", field="password")
    with runtime.session() as session:
        throttle.forgive(session, counted, moment)
        if needs_rehash(someone.password_hash):
            someone.password_hash = hash_password(password)
            session.add(someone)
    return someone


def change_password(runtime: Runtime, person_id: int, session_id: int, old: str, new: str, address: str, known: str = "") -> str:
    """Set a new password, log every other browser out, and rotate this one: returns its new secret.

    Raises InvalidInput with field "old" or "password".
    """
    with runtime.reading() as session:
        someone = session.get(Person, person_id)
    if someone is None:
        raise NotFound("There is no such person.")
    try:
        log_in(runtime, someone.login, old, address, known)
    except InvalidInput as error:
        if error.field == "login":
            raise
        raise InvalidInput("That is not your present password.", field="old") from error
    signup.check_password(new, someone.login)
    fresh = hash_password(new)
    with runtime.session() as session:
        person, row = session.get(Person, person_id), session.get(LoginSession, session_id)
        if person is None or row is None:
            raise NotFound("This browser was logged out meanwhile.")
        person.password_hash = fresh
        session.add(person)
        sessions.end_others(session, session_id, person_id)
        return sessions.replace(session, row, runtime.clock())


def _wait_first(pause: timedelta) -> InvalidInput:
    seconds = math.ceil(pause.total_seconds())
    if seconds < 120:
        return InvalidInput(
            "That was tried too often. Wait %(seconds)s seconds, then try again; the right password will work then.",
            field="login",
            seconds=seconds,
        )
    return InvalidInput(
        "That was tried too often. Wait %(minutes)s minutes, then try again; the right password will work then.",
        field="login",
        minutes=math.ceil(seconds / 60),
    )
