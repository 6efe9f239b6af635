"""Who opened a link: labelled user agents and request shapes through the journal's line and the rules, as in service.

`python -m bench visitors [--file LABELLED.tsv] [--json]`. A file has the columns user_agent, instance and class (fedi_preview,
fedi_server, human, and anything else for programs); without one a list of our own is read.
"""

import argparse
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.visits.labelled import BOTS, BROWSERS, SERVERS
from bench.visits.shapes import BROWSED, FIREFOX, FOLLOWED, SHAPES, Shape
from creatorbot.links.classify import Classified, classify
from creatorbot.links.drain import understand
from creatorbot.links.visitors import visit_line

_MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
_FEDIVERSE, _PEOPLE = ("fedi_preview", "fedi_server"), ("human",)
Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class Labelled:
    """servers: user agent and host. browsers, bots: user agents."""

    servers: Rows
    browsers: list[str]
    bots: list[str]


def own() -> Labelled:
    """Our own list."""
    return Labelled(list(SERVERS), list(BROWSERS), list(BOTS))


def read(path: Path) -> Labelled:
    """A labelled file. Raises SystemExit with a sentence for one that is none."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    if not rows or not {"user_agent", "instance", "class"} <= rows[0].keys():
        raise SystemExit(f"{path.name} lacks the columns user_agent, instance and class, separated by tabs.")
    told = [{name: value or "" for name, value in row.items() if name} for row in rows]
    return Labelled(
        [(row["user_agent"], row["instance"]) for row in told if row["class"] in _FEDIVERSE],
        [row["user_agent"] for row in told if row["class"] in _PEOPLE],
        [row["user_agent"] for row in told if row["class"] not in (*_FEDIVERSE, *_PEOPLE)],
    )


def verdict(user_agent: str, headers: Mapping[str, str], method: str = "GET") -> Classified:
    """What becomes of this request: written into the journal, read from it, classified."""
    environ = {"REQUEST_METHOD": method, "REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "music.example", **headers}
    line = understand(visit_line({**environ, "HTTP_USER_AGENT": user_agent}, "aBcD1234", _MOMENT, b"x" * 32).rstrip(b"\n"))
    assert line is not None
    return classify(line.facts)


def measure(given: Labelled, shapes: Sequence[Shape] = SHAPES) -> dict[str, object]:
    """The figures, and everything that was not right: user agent (or shape), expected, got. Programs claim all that a browser says."""
    wrong = [*_servers(given.servers), *_people(given.browsers), *_programs(given.bots)]
    missed = [
        [one.name, "|".join(one.expected), found.kind]
        for one in shapes
        if (found := verdict(FIREFOX, one.headers, one.method)).kind not in one.expected
    ]

    def right(rows: "list[str] | Rows", kinds: tuple[str, ...]) -> int:
        return len(rows) - sum(expected.startswith(kinds) for _, expected, _ in wrong)

    return {
        "fediverse": {"n": len(given.servers), "host_right": right(given.servers, ("server",))},
        "browsers": {"n": len(given.browsers), "person": right(given.browsers, ("person",))},
        "bots": {"n": len(given.bots), "not_person": right(given.bots, ("not",))},
        "shapes": {"n": len(shapes), "right": len(shapes) - len(missed)},
        "wrong": [*wrong, *missed],
    }


def _servers(rows: Rows) -> Iterator[list[str]]:
    for user_agent, host in rows:
        found = verdict(user_agent, {"HTTP_ACCEPT": "text/html"})
        if found.kind != "preview" or found.host != host:
            yield [user_agent, f"server {host}".strip(), f"{found.kind} {found.host}".strip()]


def _people(rows: list[str]) -> Iterator[list[str]]:
    for user_agent in rows:
        kinds = {verdict(user_agent, headers).kind for headers in (BROWSED, FOLLOWED)}
        if kinds != {"person"}:
            yield [user_agent, "person", "|".join(sorted(kinds))]


def _programs(rows: list[str]) -> Iterator[list[str]]:
    for user_agent in rows:
        if verdict(user_agent, FOLLOWED).kind == "person":
            yield [user_agent, "not a person", "person"]


def show(found: dict[str, object]) -> None:
    """The same as a table."""
    print(f"{'':24}{'all':>6}{'right':>7}")
    for name, label in (("fediverse", "servers, with host"), ("browsers", "people"), ("bots", "programs"), ("shapes", "ways of asking")):
        part = found[name]
        assert isinstance(part, dict)
        whole, right = part.values()
        print(f"{label:24}{whole:6}{right:7}")
    wrong = found["wrong"]
    assert isinstance(wrong, list)
    for what, expected, got in wrong:
        print(f"- {what}\n    expected {expected}, got {got}")


def main() -> None:
    """Print one table, or the same as JSON."""
    options = argparse.ArgumentParser(prog="bench visitors", description=__doc__)
    options.add_argument("--file", type=Path, help="a labelled list, separated by tabs")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    found = measure(read(given.file) if given.file else own())
    print(json.dumps(found)) if given.json else show(found)


if __name__ == "__main__":
    main()
