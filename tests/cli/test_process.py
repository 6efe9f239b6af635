"""One service per folder, clear words about ports, and no orphans."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from creatorbot.cli.processes import process
from creatorbot.errors import Conflict, InvalidInput


def test_a_folder_is_held_once(tmp_path: Path) -> None:
    assert not process.is_held(tmp_path)
    lock = process.hold(tmp_path)
    assert process.is_held(tmp_path)
    with pytest.raises(Conflict, match="running already"):
        process.hold(tmp_path)
    os.close(lock)
    assert not process.is_held(tmp_path)


def test_a_used_port_is_told_with_another_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(InvalidInput, match="used by another program") as caught:
        process.check_port("127.0.0.1", taken.getsockname()[1])
    assert "make run PORT=" in str(caught.value)


def test_a_free_port_is_fine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process.check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_told() -> None:
    with pytest.raises(InvalidInput, match="no address of this machine"):
        process.check_port("192.0.2.1", 8080)


MIDDLE = """
import os, subprocess, sys, time
from creatorbot.cli.processes.process import STARTED_BY
code = "import time; from creatorbot.cli.processes import process; process.end_with_parent(); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", code],
                         env={**os.environ, STARTED_BY: str(os.getpid())})
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_ends_when_the_one_that_started_it_was_killed() -> None:
    root = str(Path(__file__).resolve().parents[2])
    middle = subprocess.Popen([sys.executable, "-c", MIDDLE], stdout=subprocess.PIPE, text=True, cwd=root)
    assert middle.stdout is not None
    with middle.stdout:
        child = int(middle.stdout.readline())
    time.sleep(1)
    assert alive(child)
    middle.send_signal(signal.SIGKILL)
    middle.wait()
    until = time.monotonic() + 20
    while alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(child)


def alive(pid: int) -> bool:
    """Whether this process runs; one that ended and waits to be collected does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" if Path("/proc/self").exists() else True
    except (ProcessLookupError, FileNotFoundError):
        return False
