"""The commands. Outermost room: the only one that sees both jobs and web. Wiring only."""

import argparse
import importlib
import os
from collections.abc import Sequence

from creatorbot import __version__
from creatorbot.cli.speak import complain, sentence
from creatorbot.errors import CreatorbotError
from creatorbot.wording import N_

# Where each command lives. Imported by name when it is asked for: `run` stays a small process beside its children
# (10 MB, not 90) because it never loads what they need.
COMMANDS = {
    "run": ("creatorbot.cli.run:run", N_("Start everything: pages, jobs, and one address to open")),
    "rehearse": ("creatorbot.cli.run:rehearse", N_("The same, with a practice fediverse and a practice shop")),
    "serve": ("creatorbot.cli.serve:serve", N_("Only the pages, without jobs")),
    "work": ("creatorbot.cli.work:work", N_("Only the jobs, without pages")),
    "migrate": ("creatorbot.cli.admin:bring_up_to_date", N_("Bring the database up to date")),
    "doctor": ("creatorbot.cli.doctor:doctor", N_("Look whether all is well, and say what to do")),
    "inspect": ("creatorbot.cli:look_at", N_("Print what would be found in a page or feed; nothing is stored")),
    "password": ("creatorbot.cli.admin:password", N_("Give somebody who forgot their password a new one")),
    "set-up-key": ("creatorbot.cli.admin:set_up_key", N_("Print a new address for the first set-up")),
    "rotate-keys": ("creatorbot.cli.admin:rotate_keys", N_("Seal all stored permissions with a new key")),
    "version": ("creatorbot.cli.admin:version", N_("Print the version")),
    "prepare": ("creatorbot.cli.prepare:prepare", ""),
    "practice-servers": ("creatorbot.cli.practice:play", ""),
}


ABOUT = N_("Announces releases once, everywhere, and shows what each post brought.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: it could not be done, a sentence on stderr says why; 2: it was asked wrongly."""
    typed = parser().parse_args(argv)
    for name in ("data", "host", "port"):
        if getattr(typed, name, None) is not None:
            os.environ[f"CREATORBOT_{name.upper()}"] = str(getattr(typed, name))
    os.umask(0o077)
    module, function = COMMANDS[typed.command][0].split(":")
    try:
        return int(getattr(importlib.import_module(module), function)(typed))
    except CreatorbotError as error:
        return complain(error.message, **error.values)
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    whole = argparse.ArgumentParser(prog="creatorbot", description=sentence(ABOUT))
    whole.add_argument("--version", action="version", version=__version__)
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_where, meaning) in COMMANDS.items():
        command = commands.add_parser(name, help=sentence(meaning)) if meaning else commands.add_parser(name)
        command.add_argument("--data", help=sentence(N_("Folder for the database, secrets, covers and journals")))
        if name in ("run", "rehearse", "serve", "prepare"):
            command.add_argument("--host", help=sentence(N_("Address to listen on; 0.0.0.0 for all")))
            command.add_argument("--port", type=int, help=sentence(N_("Port to listen on")))
    _own_options(commands.choices)
    return whole


def _own_options(commands: dict[str, argparse.ArgumentParser]) -> None:
    look = commands["inspect"]
    look.add_argument("target", help=sentence(N_("A file, or an address")))
    look.add_argument("--url", default=None, dest="address", help=sentence(N_("The address the file came from")))
    look.add_argument("--json", action="store_true", dest="as_json", help=sentence(N_("Print it as JSON")))
    commands["password"].add_argument("login", help=sentence(N_("The name they log in with")))
    commands["prepare"].add_argument("--practice", action="store_true")


def look_at(typed: argparse.Namespace) -> int:
    """`creatorbot inspect`: wired to the sources, with a door of its own and no database."""
    inspect = importlib.import_module("creatorbot.cli.inspect").inspect
    door = importlib.import_module("creatorbot.security.http").Door()
    return int(inspect(typed.target, typed.address, typed.as_json, door))
