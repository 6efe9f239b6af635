"""The practice servers, wished for by the [rehearsal] row: `work` passes the wish on, `run` keeps the child, the child notes its ports."""

import argparse
import os

from creatorbot.cli import build, logs, process
from creatorbot.cli.prepare import the_rehearsal
from creatorbot.models import Rehearsal
from creatorbot.rehearsal.serve import serve
from creatorbot.runtime import Runtime
from creatorbot.wording import N_

ASK = "CREATORBOT_ASK"  # number of the open pipe to the supervisor


class Wish:
    """Passes the wish on to the supervisor whenever it changes. Without a supervisor it does nothing."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._pipe = int(os.environ.get(ASK, "-1"))
        self._asked: bool | None = None

    def pass_on(self) -> None:
        """Read the row; tell the supervisor when it should start or end the servers."""
        if self._pipe < 0:
            return
        with self._runtime.reading() as session:
            row = session.get(Rehearsal, 1)
            wanted = row is not None and row.state != "stopped"
        if wanted != self._asked:
            os.write(self._pipe, b"practice start\n" if wanted else b"practice end\n")
            self._asked = wanted


def play(_typed: argparse.Namespace) -> int:
    """`creatorbot practice-servers`: both of them, in this process, until told to end."""
    settings = build.settings_now()
    logs.begin(settings.log_level)
    runtime = build.build(settings)
    with runtime.reading() as session:
        row = session.get(Rehearsal, 1)
        ports = (row.fediverse_port, row.shop_port) if row else (0, 0)
    process.end_with_parent()
    try:
        serve(
            runtime.settings.data / "rehearsal",
            fediverse_port=ports[0],
            shop_port=ports[1],
            ready=lambda fediverse, shop: _note(runtime, "running", "", (fediverse, shop)),
        )
    except OSError:
        _note(
            runtime,
            "failed",
            N_("Another program uses the rehearsal's place on this machine. End it, or wipe the rehearsal and start again."),
            ports,
        )
        return 1
    return 0


def _note(runtime: Runtime, state: str, sentence: str, ports: tuple[int, int]) -> None:
    """Write down what became of the wish, unless it was withdrawn meanwhile."""
    with runtime.session() as session:
        row = the_rehearsal(session, runtime)
        if row.state != "stopped":
            row.state, row.sentence, row.changed_at = state, sentence, runtime.clock()
            row.fediverse_port, row.shop_port = ports
