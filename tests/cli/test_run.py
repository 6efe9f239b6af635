"""`creatorbot run` from outside: one address, one service, clean ends, no orphans, little memory."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.service import ROOT, Service, environment, family, free_port, memory_kb, started

needs_proc = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="looks into /proc, which only Linux has")
WIZARD = 'name="time_zone"'


def until(done: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)


def child(service: Service, name: str) -> int:
    """The process id of this child; 0 when it is not there."""
    everyone = family(service.process.pid)
    return next((pid for pid, known_as in sorted(everyone.items()) if known_as == f"cb-{name}"[:15]), 0)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def answers(service: Service) -> bool:
    try:
        return service.get("/login")[0] == 200
    except OSError:
        return False


def ask(data: Path, question: str) -> list[tuple[object, ...]]:
    """Look into the database from outside."""
    connection = sqlite3.connect(data / "creatorbot.sqlite3", timeout=30, isolation_level=None)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One that runs, for those tests that leave it as it was."""
    with started(tmp_path_factory.mktemp("service") / "data") as running:
        running.wait_until_ready()
        yield running


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Service]:
    """One that the test may harm."""
    with started(tmp_path) as running:
        running.wait_until_ready()
        yield running


def test_the_printed_address_opens_the_first_page_and_no_other_does(service: Service) -> None:
    assert re.fullmatch(rf"http://127\.0\.0\.1:{service.port}/setup\?key=\w{{20,}}", service.address)
    status, page = service.get(service.address)
    assert (status, WIZARD in page) == (200, True)
    assert WIZARD not in service.get("/setup")[1]
    assert WIZARD not in service.get("/setup?key=wrong")[1]
    assert WIZARD not in service.get("/")[1]


def test_the_folder_and_the_secrets_belong_to_their_owner_alone(service: Service) -> None:
    places = [service.data, service.data / "creatorbot.sqlite3", *(service.data / "secrets").iterdir()]
    modes = {path.name: path.stat().st_mode & 0o777 for path in places}
    assert modes == {"data": 0o700, "creatorbot.sqlite3": 0o600, "cookie.key": 0o600, "vault.keys": 0o600}


@needs_proc
def test_the_whole_group_idles_under_250_mb(service: Service) -> None:
    service.get(service.address)
    service.get("/login")
    until(lambda: ask(service.data, "SELECT count(*) FROM heartbeat")[0] >= (10,))
    used = memory_kb(list(family(service.process.pid)))
    assert len(used) >= 4
    assert sum(used.values()) < 250_000, used


def test_a_second_one_in_the_same_folder_is_told(service: Service) -> None:
    with started(service.data) as second:
        assert second.process.wait(60) == 1
    assert "running already" in "".join(second.lines)
    assert service.get(service.address)[0] == 200


def test_a_used_port_is_told(service: Service, tmp_path: Path) -> None:
    with started(tmp_path, port=service.port) as second:
        assert second.process.wait(60) == 1
    assert "used by another program" in "".join(second.lines)
    assert "Traceback" not in "".join(second.lines)


@needs_proc
def test_the_rehearsal_starts_in_a_running_service_and_ends_when_wiped(service: Service) -> None:
    asked = subprocess.run(
        [sys.executable, "-m", "creatorbot", "rehearse"],
        cwd=ROOT,
        env=environment(service.data, service.port),
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert asked.returncode == 0, asked.stderr
    assert f"http://127.0.0.1:{service.port}/rehearsal" in asked.stdout
    until(lambda: ask(service.data, "SELECT state FROM rehearsal") == [("running",)])
    fediverse, shop = ask(service.data, "SELECT fediverse_port, shop_port FROM rehearsal")[0]
    assert service.get(f"http://127.0.0.1:{fediverse}/api/v1/instance")[0] == 200
    assert service.get(f"http://127.0.0.1:{shop}/")[0] == 200
    os.kill(child(service, "practice-servers"), signal.SIGKILL)
    until(lambda: child(service, "practice-servers"))
    ask(service.data, "UPDATE rehearsal SET state = 'stopped'")
    until(lambda: not child(service, "practice-servers"))


@needs_proc
def test_what_dies_is_started_again_and_nothing_outlives_a_kill(own: Service) -> None:
    before = {name: child(own, name) for name in ("serve", "work")}
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    until(lambda: all(child(own, name) not in (0, pid) for name, pid in before.items()))
    until(lambda: answers(own))
    master = child(own, "serve")
    os.kill(next(pid for pid in family(master) if pid != master), signal.SIGKILL)
    until(lambda: answers(own))
    everyone = [pid for pid in family(own.process.pid) if pid != own.process.pid]
    assert len(everyone) >= 3
    own.process.kill()
    own.process.wait()
    until(lambda: not any(runs(pid) for pid in everyone))


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_with_all_it_started(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    argv = (sys.executable, "-m", "creatorbot", "run", "--data", str(tmp_path / "chosen"), "--port", str(port))
    with started(tmp_path / "other", argv) as own:
        own.wait_until_ready()
        assert f":{port}/" in own.address
        assert (tmp_path / "chosen" / "creatorbot.sqlite3").exists()
        assert not (tmp_path / "other").exists()
        everyone = [pid for pid in family(own.process.pid) if pid != own.process.pid]
        assert own.end(number) == 0
        assert not any(runs(pid) for pid in everyone)
    assert "Traceback" not in "".join(own.lines)
