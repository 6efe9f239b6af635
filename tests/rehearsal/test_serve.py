"""Both servers as a child process: ports told, state kept through a kill, ended by a signal."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Client


def child(folder: Path) -> tuple["subprocess.Popen[str]", dict[str, int]]:
    process = subprocess.Popen([sys.executable, "-m", "creatorbot.rehearsal", str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, json.loads(process.stdout.readline())


def test_it_is_back_after_a_kill_with_everything_and_ends_when_asked(tmp_path: Path) -> None:
    process, ports = child(tmp_path)
    client = Client(f"http://127.0.0.1:{ports['fediverse_port']}").connect()
    client.trouble("executed_answer_lost")
    with pytest.raises(OSError):
        client.post("kept", key="k")
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process, again = child(tmp_path)
    assert again == ports
    assert client.count() == 1
    assert client.post("kept", key="k").status_code == 200
    assert client.count() == 1
    process.terminate()
    assert process.wait(10) == 0


def test_it_leaves_with_the_process_that_started_it(tmp_path: Path) -> None:
    starter = (
        "import subprocess, sys; command = [sys.executable, '-m', 'creatorbot.rehearsal', sys.argv[1]]; "
        "p = subprocess.Popen(command, stdout=subprocess.PIPE); p.stdout.readline(); print(p.pid, flush=True)"
    )
    started = subprocess.run([sys.executable, "-c", starter, str(tmp_path)], stdout=subprocess.PIPE, text=True, check=True)
    number = int(started.stdout)
    for _ in range(100):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return
        try:
            if Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return
        except OSError:
            pass
        subprocess.run(["sleep", "0.1"], check=True)
    os.kill(number, signal.SIGKILL)
    raise AssertionError("the practice servers stayed behind")
