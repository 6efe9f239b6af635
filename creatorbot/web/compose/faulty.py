"""The line of a wording that cannot be filled in, shown where it stands."""

from dataclasses import dataclass

from creatorbot.errors import InvalidInput


@dataclass(frozen=True)
class Faulty:
    """A line cut in three: before, what is wrong, after. number: from 1."""

    number: int
    before: str
    wrong: str
    after: str


def faulty_line(wording: str, error: InvalidInput) -> Faulty | None:
    """Where it is; None for an error that is about no line. The whole line is marked where nothing narrower is known."""
    number, lines = error.values.get("line"), wording.split("\n")
    if not isinstance(number, int) or not 1 <= number <= len(lines):
        return None
    line = lines[number - 1][:500]
    wanted = str(error.values.get("said") or error.values.get("name") or "")
    at = line.find(wanted) if wanted else -1
    if at < 0:
        return Faulty(number, "", line, "")
    if "said" not in error.values:  # a name: its brackets belong to it
        at, end = line.rfind("{", 0, at + 1), line.find("}", at) + 1
        return Faulty(number, line[: max(at, 0)], line[max(at, 0) : end or len(line)], line[end or len(line) :])
    return Faulty(number, line[:at], wanted, line[at + len(wanted) :])
