"""The practice servers: `run` keeps this process while the [rehearsal] row wishes for it; it notes its ports there."""

import argparse

from creatorbot.cli import build, logs
from creatorbot.cli.prepare import the_rehearsal
from creatorbot.cli.processes import process
from creatorbot.models import Rehearsal
from creatorbot.rehearsal.serve import serve
from creatorbot.runtime import Runtime
from creatorbot.wording import N_


def play(_typed: argparse.Namespace) -> int:
    """`creatorbot practice-servers`: all of them, in this process, until told to end."""
    settings = build.settings_now()
    logs.begin(settings.log_level)
    runtime = build.build(settings)
    with runtime.reading() as session:
        row = session.get(Rehearsal, 1)
        ports = (row.fediverse_port, row.shop_port, row.second_port) if row else (0, 0, 0)
    process.end_with_parent()
    try:
        serve(
            runtime.settings.data / "rehearsal",
            fediverse_port=ports[0],
            shop_port=ports[1],
            second_port=ports[2],
            ready=lambda fediverse, shop, second: _note(runtime, "running", "", (fediverse, shop, second)),
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


def _note(runtime: Runtime, state: str, sentence: str, ports: tuple[int, int, int]) -> None:
    """Write down what became of the wish, unless it was withdrawn meanwhile."""
    with runtime.session() as session:
        row = the_rehearsal(session, runtime)
        if row.state != "stopped":
            row.state, row.sentence, row.changed_at = state, sentence, runtime.clock()
            row.fediverse_port, row.shop_port, row.second_port = ports
