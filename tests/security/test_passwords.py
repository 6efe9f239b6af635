"""Passwords are kept as hashes, and weak ones are turned away with a reason."""

import pytest
from argon2 import PasswordHasher

from creatorbot.errors import InvalidInput
from creatorbot.security.passwords import check_password, hash_password, needs_rehash, refuse_weak


def test_only_the_right_password_opens() -> None:
    stored = hash_password("grüne Wiese im Mai")
    assert stored.startswith("$argon2id$")
    assert "Wiese" not in stored
    assert check_password(stored, "grüne Wiese im Mai")
    assert not check_password(stored, "grüne Wiese im mai")
    assert not check_password(stored, "")


def test_the_same_password_is_stored_differently_each_time() -> None:
    assert hash_password("grüne Wiese im Mai") != hash_password("grüne Wiese im Mai")


def test_an_unknown_login_never_opens() -> None:
    assert not check_password(None, "nobody has this login")
    assert not check_password("", "nobody has this login")
    assert not check_password("not a hash", "anything")


def test_older_settings_are_noticed() -> None:
    assert not needs_rehash(hash_password("grüne Wiese im Mai"))
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=64).hash("grüne Wiese im Mai"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "too short"),
        ("kurz", "too short"),
        ("   kurz   kurz"[:9], "too short"),
        ("          ", "too short"),
        ("x" * 1001, "too long"),
        ("The Tall Ships", "Your name"),
        ("the tall ships ", "Your name"),
        ("alice@label.example", "Your name"),
        ("Password123", "Many people"),
        ("aaaaaaaaaaaa", "Many people"),
        ("1212121212", "Many people"),
    ],
)
def test_weak_passwords_are_turned_away(typed: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as caught:
        refuse_weak(typed, "The Tall Ships", "alice@label.example")
    assert caught.value.field == "password"


def test_a_long_sentence_is_fine() -> None:
    refuse_weak("vier Tauben auf dem Dach", "The Tall Ships", "")
