"""A data folder is made ready, or a sentence says why not and nothing was changed."""

import sqlite3
import stat
from pathlib import Path

import pytest

from creatorbot.artists.signup import check_key
from creatorbot.cli import build, prepare
from creatorbot.config import Settings
from creatorbot.errors import CreatorbotError, InvalidInput, NotAllowed
from creatorbot.models import Person, Rehearsal
from creatorbot.runtime import Runtime
from creatorbot.storage.engine import open_engine
from creatorbot.storage.migrate import is_at_head


def test_a_new_folder_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    prepare.make_folder(tmp_path / "deep" / "data")
    assert stat.S_IMODE((tmp_path / "deep" / "data").stat().st_mode) == 0o700


def test_a_folder_with_something_in_it_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "something").touch()
    tmp_path.chmod(0o755)
    prepare.make_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InvalidInput, match="Choose another: make run DATA="):
        prepare.make_folder(tmp_path / "file" / "data")


def test_the_database_is_made_and_making_it_again_is_fine(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    prepare.bring_up_to_date(settings)
    prepare.bring_up_to_date(settings)
    engine = open_engine(settings.sqlalchemy_url)
    assert is_at_head(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_a_database_from_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    prepare.bring_up_to_date(settings)
    with sqlite3.connect(tmp_path / "creatorbot.sqlite3") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(CreatorbotError, match="made by a newer creatorbot"):
        prepare.bring_up_to_date(settings)


def test_a_broken_database_file_is_told_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "creatorbot.sqlite3"
    path.write_bytes(b"this is no database" * 500)
    with pytest.raises(CreatorbotError, match="cannot be opened"):
        prepare.bring_up_to_date(Settings(data=tmp_path))
    assert path.read_bytes() == b"this is no database" * 500


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url="postgresql+psycopg://nobody:secret@127.0.0.1:9/none")
    with pytest.raises(CreatorbotError, match="PostgreSQL, check that it runs") as caught:
        prepare.bring_up_to_date(settings)
    assert "secret" not in str(caught.value)


def test_each_start_prints_a_new_key_until_somebody_has_signed_up(both_runtime: Runtime) -> None:
    first, second = prepare.first_key(both_runtime), prepare.first_key(both_runtime)
    assert first != second
    with both_runtime.reading() as session:
        check_key(session, second)
        with pytest.raises(NotAllowed):
            check_key(session, first)
    with both_runtime.session() as session:
        session.add(Person(login="ada", name="Ada", password_hash="x", created_at=both_runtime.clock()))
    assert prepare.first_key(both_runtime) == ""


def test_the_wish_for_a_rehearsal_is_a_row(both_runtime: Runtime) -> None:
    prepare.wish_for_practice(both_runtime)
    with both_runtime.session() as session:
        row = session.get(Rehearsal, 1)
        assert row
        assert row.state == "wanted"
        row.state = "running"
    prepare.wish_for_practice(both_runtime)
    with both_runtime.reading() as session:
        row = session.get(Rehearsal, 1)
        assert row
        assert row.state == "running"


def test_missing_keys_beside_a_database_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(data=tmp_path)
    prepare.make_keys(settings)
    assert capsys.readouterr().err == ""
    prepare.bring_up_to_date(settings)
    (tmp_path / "secrets" / "vault.keys").unlink()
    prepare.make_keys(settings)
    assert "Put the old one back" in capsys.readouterr().err


def test_a_runtime_is_built_from_settings_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    prepare.bring_up_to_date(settings)
    one, two = build.build(settings), build.build(settings)
    assert one.cookie_key == two.cookie_key
    assert two.vault.open(one.vault.seal("kept")) == b"kept"
    assert one.clock().tzinfo is not None
