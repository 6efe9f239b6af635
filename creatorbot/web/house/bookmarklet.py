"""The bookmark button as a link that can be dragged, or copied, into a browser's bookmarks."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import orjson

_SOURCE = Path(__file__).resolve().parents[1] / "static" / "bookmarklet.js"


def bookmarklet(target: str, secret: str, elsewhere: str) -> str:
    """A "javascript:" address that sends the Bandcamp page it is pressed on to `target`, as the form fields secret and payload.

    elsewhere: the sentence it shows on a page that is not Bandcamp's, in the artist's language.
    """
    call = f"{_script()}({','.join(orjson.dumps(text).decode() for text in (target, secret, elsewhere))})"
    return "javascript:" + quote(call, safe="()[]{}=,;:.!&|?+-*/'_~$@")


@cache
def _script() -> str:
    """The readable source on one line: lines joined, comments and indentation gone. None of its text holds a double space or "//"."""
    lines = (re.sub(r"^\s*//.*$", "", line).strip() for line in _SOURCE.read_text(encoding="utf-8").splitlines())
    return " ".join(line for line in lines if line)
