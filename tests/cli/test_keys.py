"""Secrets are made once, belong to their owner alone, and can come from outside."""

import stat
from pathlib import Path

import pytest

from creatorbot.cli import keys
from creatorbot.config import Settings
from creatorbot.errors import CreatorbotError
from creatorbot.security.secrets import Vault, new_vault_key


def test_the_first_start_makes_them_and_the_second_finds_them(tmp_path: Path) -> None:
    first = keys.read_or_make(Settings(data=tmp_path))
    second = keys.read_or_make(Settings(data=tmp_path))
    assert (first.cookie, first.vault) == (second.cookie, second.vault)
    assert (first.made, second.made) == (True, False)
    assert len(first.cookie) > 40


def test_only_their_owner_can_read_them(tmp_path: Path) -> None:
    keys.read_or_make(Settings(data=tmp_path))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "secrets").iterdir()}
    assert modes == {"cookie.key": 0o600, "vault.keys": 0o600}
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700


def test_keys_from_outside_are_used_and_not_written_down(tmp_path: Path) -> None:
    old, new = new_vault_key(), new_vault_key()
    found = keys.read_or_make(Settings(data=tmp_path, secret_key="c" * 40, vault_keys=f"{new},{old}"))
    assert (found.cookie, found.vault) == ("c" * 40, [new, old])
    assert not (tmp_path / "secrets").exists()
    assert Vault(found.vault).open(Vault([old]).seal("kept")) == b"kept"


def test_replacing_leaves_the_whole_old_or_the_whole_new(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "vault.keys"
    keys.write(path, "old")
    keys.write(path, "new")
    assert path.read_text() == "new\n"
    assert [one.name for one in path.parent.iterdir()] == ["vault.keys"]


def test_a_secret_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "secrets" / "vault.keys").mkdir(parents=True)
    with pytest.raises(CreatorbotError, match=r"vault\.keys cannot be read"):
        keys.read_or_make(Settings(data=tmp_path))


def test_printing_them_shows_nothing(tmp_path: Path) -> None:
    found = keys.read_or_make(Settings(data=tmp_path))
    assert found.cookie not in repr(found)
    assert found.vault[0] not in repr(found)
