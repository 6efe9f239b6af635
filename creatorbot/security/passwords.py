"""Passwords: argon2id hashes, and a word about weak ones."""

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from creatorbot.errors import InvalidInput

SHORTEST = 10
_LONGEST = 1000  # hashing more would only serve those who want to keep us busy
_COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "12345678910",
        "0987654321",
        "1111111111",
        "1q2w3e4r5t",
        "abcdefghij",
        "iloveyou12",
        "letmein123",
        "password12",
        "password123",
        "password1234",
        "passwordpassword",
        "passw0rd123",
        "qwertyuiop",
        "qwerty12345",
        "qwertz12345",
        "welcome123",
    }
)
_hasher = PasswordHasher()


def hash_password(typed: str) -> str:
    """What may be stored of a password: an argon2id hash with its own salt and settings."""
    return _hasher.hash(typed)


def check_password(stored: str | None, typed: str) -> bool:
    """Whether this is the password. stored None or empty: nobody has this login; checking takes as long, so that nobody learns it."""
    try:
        return _hasher.verify(stored or _nobody(), typed[:_LONGEST]) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with older settings: hash again at the next login."""
    return _hasher.check_needs_rehash(stored)


def refuse_weak(typed: str, *names: str) -> None:
    """Raises InvalidInput (field "password") for a password too easy to guess. names: what it must not be (artist, login)."""
    folded = typed.strip().casefold()
    if len(typed) > _LONGEST:
        raise InvalidInput("This password is too long. Please take at most %(most)s characters.", field="password", most=_LONGEST)
    if len(folded) < SHORTEST:
        raise InvalidInput("This password is too short. Please take at least %(least)s characters.", field="password", least=SHORTEST)
    if folded in {name.strip().casefold() for name in names}:
        raise InvalidInput("Your name is too easy to guess. Please choose another password.", field="password")
    if folded in _COMMON or len(set(folded)) < 4:
        raise InvalidInput("Many people use this password, so it is easy to guess. Please choose another.", field="password")


@functools.cache
def _nobody() -> str:
    return _hasher.hash("nobody has this login")
