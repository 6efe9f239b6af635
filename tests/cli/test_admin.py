"""Commands of whoever looks after an installation."""

import argparse
import io
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlmodel import select

from creatorbot.cli import admin, build, doctor, keys, prepare
from creatorbot.cli.processes import process
from creatorbot.config import Settings
from creatorbot.errors import Conflict, InvalidInput, NotFound
from creatorbot.models import LoginSession, Person, Server
from creatorbot.runtime import Runtime
from creatorbot.security.passwords import hash_password

NOTHING = argparse.Namespace()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """An installation with one person, found through the environment as the commands find it."""
    monkeypatch.setenv("CREATORBOT_DATA", str(tmp_path))
    settings = Settings(data=tmp_path)
    prepare.make_folder(tmp_path)
    prepare.bring_up_to_date(settings)
    runtime = build.build(settings)
    with runtime.session() as session:
        now = runtime.clock()
        person = Person(login="ada", name="Ada", password_hash=hash_password("the first password"), created_at=now)
        session.add(person)
        session.flush()
        assert person.id
        session.add(LoginSession(token_hash="h", person_id=person.id, created_at=now, seen_at=now, rotated_at=now, expires_at=now))
    return runtime


def test_keys_are_rotated_and_everything_still_opens(installed: Runtime, tmp_path: Path) -> None:
    old = keys.read_or_make(installed.settings).vault
    with installed.session() as session:
        session.add(
            Server(
                network="mastodon",
                base_url="https://a.example",
                redirect_uri="",
                facts={},
                client_secret=installed.vault.seal("the secret"),
                checked_at=installed.clock(),
            )
        )
    assert admin.rotate_keys(NOTHING) == 0
    new = keys.read_or_make(installed.settings).vault
    assert len(new) == 1
    assert new != old
    fresh = build.build(installed.settings)
    with fresh.reading() as session:
        sealed = session.exec(select(Server.client_secret)).one()
    assert sealed
    assert fresh.vault.open_text(sealed) == "the secret"
    with pytest.raises(InvalidToken):
        Fernet(old[0]).decrypt(sealed)


def test_keys_are_not_rotated_under_a_running_service(installed: Runtime, tmp_path: Path) -> None:
    before = keys.read_or_make(installed.settings).vault
    lock = process.hold(tmp_path)
    assert admin.rotate_keys(NOTHING) == 1
    assert keys.read_or_make(installed.settings).vault == before
    open(lock).close()


def test_every_sealed_column_is_known(installed: Runtime) -> None:
    found = {(table.__name__, name) for table, names in admin.sealed_columns().items() for name in names}
    assert {("Account", "token"), ("Server", "client_secret"), ("PaymentService", "secrets"), ("Notice", "body")} <= found
    assert not any(name == "visitor" for _, name in found)


def type_in(monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Let the command read this line: the keyboard is not ours to patch, standard input is."""
    monkeypatch.setattr("sys.stdin", io.StringIO(line + "\n"))


def test_a_forgotten_password_is_replaced_and_browsers_are_logged_out(installed: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, "four words in a row")
    assert admin.password(argparse.Namespace(login=" Ada ")) == 0
    with installed.reading() as session:
        assert session.exec(select(LoginSession)).all() == []
        assert session.exec(select(Person.password_hash)).one().startswith("$argon2id$")


def test_a_bad_password_changes_nothing(installed: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    type_in(monkeypatch, "short")
    with pytest.raises(InvalidInput):
        admin.password(argparse.Namespace(login="ada"))
    with installed.reading() as session:
        assert len(session.exec(select(LoginSession)).all()) == 1


def test_an_unknown_login_is_told(installed: Runtime) -> None:
    with pytest.raises(NotFound, match="Nobody here logs in as"):
        admin.password(argparse.Namespace(login="grace"))


def test_no_new_first_address_once_somebody_has_signed_up(installed: Runtime) -> None:
    with pytest.raises(Conflict, match="set this creatorbot up already"):
        admin.set_up_key(NOTHING)


def test_a_folder_without_an_installation_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREATORBOT_DATA", str(tmp_path / "elsewhere"))
    with pytest.raises(NotFound, match="no creatorbot in the folder"):
        admin.set_up_key(NOTHING)
    assert not (tmp_path / "elsewhere").exists()


def sentences(runtime: Runtime) -> list[str]:
    """What the doctor would have somebody look at."""
    return [finding.sentence for finding in doctor.examine(runtime.settings) if not finding.well]


def test_the_doctor_finds_nothing_in_a_healthy_installation(installed: Runtime) -> None:
    assert sentences(installed) == []


def test_the_doctor_finds_secrets_that_others_can_read(installed: Runtime, tmp_path: Path) -> None:
    (tmp_path / "secrets" / "vault.keys").chmod(0o644)
    assert any("Others on this machine can read" in one for one in sentences(installed))


def test_the_doctor_finds_permissions_that_no_key_opens(installed: Runtime, tmp_path: Path) -> None:
    with installed.session() as session:
        session.add(
            Server(
                network="mastodon",
                base_url="https://a.example",
                redirect_uri="",
                facts={},
                client_secret=installed.vault.seal("x"),
                checked_at=installed.clock(),
            )
        )
    (tmp_path / "secrets" / "vault.keys").unlink()
    assert any("cannot be opened" in one for one in sentences(installed))


def test_the_doctor_finds_silent_jobs(installed: Runtime, tmp_path: Path) -> None:
    lock = process.hold(tmp_path)
    assert any("have not been heard of" in one for one in sentences(installed))
    open(lock).close()


def test_the_doctor_finds_a_missing_folder(tmp_path: Path) -> None:
    assert [finding.well for finding in doctor.examine(Settings(data=tmp_path / "none"))] == [False]


def test_the_doctor_finds_a_database_of_another_version(tmp_path: Path) -> None:
    prepare.make_folder(tmp_path)
    (tmp_path / "creatorbot.sqlite3").touch()
    findings = [finding.sentence for finding in doctor.examine(Settings(data=tmp_path)) if not finding.well]
    assert any("of another version" in one for one in findings)
