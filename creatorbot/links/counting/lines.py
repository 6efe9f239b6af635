"""One line of the journal, understood."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

import orjson

from creatorbot.links import journal
from creatorbot.links.classify import VisitFacts

DAY_MS = 24 * 3600 * 1000
QUARTER_MS = 15 * 60 * 1000
_LATEST_MS = 4_102_444_800_000  # the year 2100
_MOST_TEXT = 600


class Line(NamedTuple):
    """One answered request. at_ms: since 1970. visitor: None when the visitor asked not to be followed. button: which was pressed, or
    "". shown: the other release that was shown, 0 for the artist's page, None for what the link itself opens."""

    code: str
    at_ms: int
    visitor: bytes | None
    referrer_host: str
    facts: VisitFacts
    button: str = ""
    shown: int | None = None

    @property
    def at(self) -> datetime:
        """When it was answered."""
        return datetime.fromtimestamp(self.at_ms / 1000, UTC)


@lru_cache(maxsize=32_768)
def _facts(agent: str, method: str, mode: str, dest: str, ahead: bool, html: bool, language: bool, own: bool) -> VisitFacts:
    """The same facts again and again are one object."""
    if not all(type(text) is str and len(text) < _MOST_TEXT for text in (agent, method, mode, dest)):
        raise ValueError("no line of ours")
    return VisitFacts(agent, method, mode, dest, bool(ahead), bool(html), bool(language), bool(own))


def understand(raw: bytes) -> Line | None:
    """Read one line; the good part of a line behind a torn piece; None for what is no line of ours."""
    start = raw.rfind(journal.BEGINNING)
    if start < 0:
        return None
    try:
        found: Mapping[str, object] = orjson.loads(raw[start:] if start else raw)
        return _line(found)
    except (ValueError, KeyError, TypeError):
        return None


def _line(found: Mapping[str, object]) -> Line | None:
    code, at, came_from, shown = found["c"], found["t"], found["r"], found.get("i")
    if type(code) is not str or type(at) is not int or type(came_from) is not str or not 0 <= at < _LATEST_MS:
        return None
    if shown is not None and (type(shown) is not int or not 0 <= shown < 2**31):
        return None
    own = found.get("s", 0)
    facts = _facts(found["u"], found["m"], found["f"], found["d"], found["p"], found["a"], found["l"], own)
    visitor = bytes.fromhex(str(found["h"])) or None
    return Line(code, at, visitor, came_from, facts, str(found.get("b", "")), shown)
