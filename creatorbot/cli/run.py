"""`creatorbot run` and `creatorbot rehearse`: everything, with one address to open. This process only watches; its children do the work."""

import argparse
import json
import logging
import os
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from creatorbot.cli.processes import forks, process
from creatorbot.cli.processes.supervisor import ASK, Child, Signals, Supervisor, command, environment, started
from creatorbot.cli.speak import complain, tell
from creatorbot.wording import N_

_START_WITHIN_S = 90.0
_FIRST = N_("creatorbot is ready. Open this address to begin; the key in it works until you have set creatorbot up:")
_AGAIN = N_("creatorbot is ready. Open this address:")
_NO_PAGES = N_("The pages could not be started. The lines above say where it stopped; `creatorbot doctor` looks for the reason.")


@dataclass(frozen=True)
class Start:
    """What `creatorbot prepare` found. address: the one to open. first: nobody has signed up. running: by another process already."""

    data: str
    host: str
    port: int
    running: bool
    address: str
    first: bool


def run(_typed: argparse.Namespace) -> int:
    """Start everything, print the address, keep it running until told to end."""
    return _go([])


def rehearse(_typed: argparse.Namespace) -> int:
    """The same with the practice servers; where a service runs already, only ask it for them."""
    return _go(["--practice"])


def _go(options: list[str]) -> int:
    signals = Signals()
    asked, ask = os.pipe()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z")
    preparing = subprocess.Popen([*command("prepare"), *options], env=environment(), stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    if forks.POSSIBLE:
        forks.load()  # while the folder is made ready
    start = _prepared(preparing)
    if start is None:
        return 1
    if start.running:
        tell(N_("creatorbot is running already. The rehearsal starts there now: %(address)s"), address=start.address)
        return 0
    os.environ["CREATORBOT_DATA"] = start.data
    ours = (process.hold(Path(start.data)), *signals.ends, asked)  # held until this process ends
    web, jobs = _child("the web server", "serve", ours), _child("the jobs", "work", ours, ask)
    group = Supervisor([web, jobs], {"practice": _child("the practice servers", "practice-servers", ours)}, asked, signals)
    try:
        return _keep(group, web, start)
    finally:
        group.end()


def _child(meaning: str, name: str, ours: Sequence[int], ask: int | None = None) -> Child:
    """One that runs this command. ours: open files it must not keep. ask: the pipe on which it may ask for others, if any."""
    more = {} if ask is None else {ASK: str(ask)}
    if forks.POSSIBLE:
        return Child(meaning, partial(forks.Fork, name, more, ours))
    return Child(meaning, partial(started, command(name), more, () if ask is None else (ask,)))


def _prepared(preparing: "subprocess.Popen[bytes]") -> Start | None:
    """None when it could not be done; the reason has been printed then."""
    said = preparing.communicate()[0]
    return Start(**json.loads(said)) if preparing.returncode == 0 else None


def _keep(group: Supervisor, web: Child, start: Start) -> int:
    begun = time.monotonic()
    while not _answers(start):
        if not group.step(longest_s=0.05):
            return 0
        if web.pause > 1 or time.monotonic() - begun > _START_WITHIN_S:
            return complain(_NO_PAGES)
    tell(_FIRST if start.first else _AGAIN)
    print(f"\n    {start.address}\n", flush=True)
    while group.step():
        pass
    tell(N_("creatorbot has ended. Everything is kept; start it again any time."))
    return 0


def _answers(start: Start) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(start.host, start.host)
    try:
        with socket.create_connection((host, start.port), timeout=1) as connection:
            connection.settimeout(2)
            connection.sendall(b"HEAD /login HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return connection.recv(8).startswith(b"HTTP/")
    except OSError:
        return False
