"""The log: one line a thing, on stderr, with nothing secret and nobody's address in it."""

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from types import TracebackType

from creatorbot.errors import CreatorbotError

# Never written down, whoever wrote the line: keys of payment services, bearer words, words in addresses, e-mails, visitors' addresses.
_SECRET = re.compile(
    r"""(?ix)
      \b(?:sk|rk|pk|whsec)_[a-z0-9_]{6,}
    | (?<=bearer[ ])\S+
    | (?<=basic[ ])[a-z0-9+/=]{8,}
    | (?<=[?&])(?:key|code|state|session|token|secret|password|signature|client_secret|access_token)=[^&\s"']*
    | (?<=/stop/)\w+
    | \bgAAAA[a-z0-9_=-]{20,}
    | \b[\w.+-]+@[\w-]+(?:\.[\w-]+)+
    | (?<=://)[^/\s:@]+:[^/\s@]+(?=@)
    | \b(?!127\.|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}\b
    """
)


def without_secrets(text: str) -> str:
    """The text with all that looks like a secret or a person's address taken out."""
    return _SECRET.sub("…", text)


class Plain(logging.Formatter):
    """Time, level, who, what. Of an exception it keeps the kind and the places, never its words: they quote what was sent."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))

    def formatException(  # noqa: N802  (logging's own name)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, error, trace = ei
        if kind is None or error is None:
            return ""
        lines = [f"  {place.filename}:{place.lineno} in {place.name}" for place in traceback.extract_tb(trace)]
        said = f": {error.message}" if isinstance(error, CreatorbotError) else ""
        return "\n".join([f"{kind.__name__}{said}", *lines])


# Vendors that log whole addresses, headers or every run.
_QUIET: Mapping[str, int] = {
    "stripe": logging.WARNING,
    "urllib3": logging.WARNING,
    "apscheduler": logging.ERROR,
    "alembic": logging.WARNING,
}


def begin(level: str) -> None:
    """Send the log to stderr from this level on. May be called twice."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Plain())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper() if level.upper() in logging.getLevelNamesMapping() else logging.INFO)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)
