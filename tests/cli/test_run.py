"""`creatorbot run` from outside: one address, one service, clean ends, no orphans, little memory."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers.service import ROOT, Service, environment, family, free_port, memory_kb, started

needs_proc = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="looks into /proc, which only Linux has")

WIZARD = 'name="time_zone"'


def until(done: object, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


def child(service: Service, name: str) -> int:
    """The process id of this child."""
    found: list[int] = []
    until(
        lambda: (
            found.extend(pid for pid, command in family(service.process.pid).items() if command.endswith(f"-m creatorbot {name}")) or found
        )
    )
    return found[0]


@needs_proc
def test_from_an_empty_folder_to_the_first_page_and_back(tmp_path: Path) -> None:
    with started(tmp_path / "data") as service:
        service.wait_until_ready()
        assert re.fullmatch(rf"http://127\.0\.0\.1:{service.port}/setup\?key=\w{{20,}}", service.address)
        status, page = service.get(service.address)
        assert (status, WIZARD in page) == (200, True)
        assert WIZARD not in service.get("/setup")[1]
        assert WIZARD not in service.get("/setup?key=wrong")[1]
        everyone = family(service.process.pid)
        assert len(everyone) >= 4
        assert service.end() == 0
        assert not [pid for pid in everyone if Path(f"/proc/{pid}").exists() and pid != service.process.pid]
    modes = {path.name: path.stat().st_mode & 0o777 for path in [tmp_path / "data", *(tmp_path / "data" / "secrets").iterdir()]}
    assert modes == {"data": 0o700, "cookie.key": 0o600, "vault.keys": 0o600}


@needs_proc
def test_what_dies_is_started_again_and_nothing_outlives_a_kill(tmp_path: Path) -> None:
    with started(tmp_path) as service:
        service.wait_until_ready()
        for name in ("serve", "work"):
            before = child(service, name)
            os.kill(before, signal.SIGKILL)
            until(lambda name=name, before=before: child(service, name) != before)
        until(lambda: answers(service))
        master = child(service, "serve")
        worker = next(pid for pid in family(master) if pid != master)
        os.kill(worker, signal.SIGKILL)
        until(lambda: answers(service))
        everyone = [pid for pid in family(service.process.pid) if pid != service.process.pid]
        service.process.kill()
        service.process.wait()
        until(lambda: not [pid for pid in everyone if runs(pid)])


def answers(service: Service) -> bool:
    try:
        return service.get("/login")[0] in (200, 302, 303)
    except OSError:
        return False


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@needs_proc
def test_the_whole_group_idles_under_250_mb(tmp_path: Path) -> None:
    with started(tmp_path) as service:
        service.wait_until_ready()
        service.get(service.address)
        service.get("/login")
        until(lambda: heartbeats(tmp_path) > 5)
        used = memory_kb(list(family(service.process.pid)))
        assert sum(used.values()) < 250_000, used


def heartbeats(data: Path) -> int:
    with sqlite3.connect(data / "creatorbot.sqlite3") as connection:
        count = connection.execute("SELECT count(*) FROM heartbeat").fetchone()[0]
    connection.close()
    return int(count)


def test_a_second_one_in_the_same_folder_is_told(tmp_path: Path) -> None:
    with started(tmp_path) as service:
        service.wait_until_ready()
        with started(tmp_path) as second:
            assert second.process.wait(30) == 1
        assert "running already" in "".join(second.lines)
        assert service.end(signal.SIGINT) == 0


def test_a_used_port_is_told(tmp_path: Path) -> None:
    with started(tmp_path / "one") as service:
        service.wait_until_ready()
        with started(tmp_path / "two", port=service.port) as second:
            assert second.process.wait(30) == 1
        assert "used by another program" in "".join(second.lines)
        assert "Traceback" not in "".join(second.lines)


def test_the_rehearsal_starts_in_a_running_service_and_ends_when_wiped(tmp_path: Path) -> None:
    with started(tmp_path) as service:
        service.wait_until_ready()
        asked = subprocess.run(
            [sys.executable, "-m", "creatorbot", "rehearse"],
            cwd=ROOT,
            env=environment(tmp_path, service.port),
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert asked.returncode == 0, asked.stderr
        assert f"http://127.0.0.1:{service.port}/rehearsal" in asked.stdout
        until(lambda: rehearsal(tmp_path)[0] == "running")
        _state, fediverse, shop = rehearsal(tmp_path)
        assert service.get(f"http://127.0.0.1:{fediverse}/api/v1/instance")[0] == 200
        assert service.get(f"http://127.0.0.1:{shop}/")[0] == 200
        with sqlite3.connect(tmp_path / "creatorbot.sqlite3", timeout=30) as connection:
            connection.execute("UPDATE rehearsal SET state = 'stopped'")
        connection.close()
        until(lambda: not any(command.endswith("practice-servers") for command in family(service.process.pid).values()))
        assert service.end() == 0


def rehearsal(data: Path) -> tuple[str, int, int]:
    with sqlite3.connect(data / "creatorbot.sqlite3", timeout=30) as connection:
        state, fediverse, shop = connection.execute("SELECT state, fediverse_port, shop_port FROM rehearsal").fetchone()
    connection.close()
    return state, fediverse, shop


def test_options_on_the_command_line_win(tmp_path: Path) -> None:
    port = free_port()
    argv = (sys.executable, "-m", "creatorbot", "run", "--data", str(tmp_path / "chosen"), "--port", str(port))
    with started(tmp_path / "other", argv) as service:
        service.wait_until_ready()
        assert f":{port}/" in service.address
        assert (tmp_path / "chosen" / "creatorbot.sqlite3").exists()
        assert not (tmp_path / "other").exists()
