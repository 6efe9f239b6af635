"""The words of a post as Bluesky keeps them: plain text, and beside it where in its bytes an address or a hashtag stands. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import grapheme  # type: ignore[import-untyped]

MOST_LETTERS, MOST_BYTES = 300, 3000
_SHOWN = 40  # letters of an address that are shown; what it leads to is kept whole beside the text
_ADDRESS = r"https?://[^\s<>\"']+"
_HASHTAG = r"(?<![\w/&])#(?=[\w·]*[^\W\d_])[\w·]+"
_MARKED = re.compile(f"{_ADDRESS}|{_HASHTAG}", re.IGNORECASE)
_ENDS_A_SENTENCE = ".,;:!?)"
_MOST_TAG = 64

Facet = Mapping[str, object]


@dataclass(frozen=True)
class Words:
    """What followers read, and the marks on it (app.bsky.richtext.facet)."""

    text: str
    facets: tuple[Facet, ...]


def written(text: str, warning: str = "") -> Words:
    """The text with its addresses shortened to what tells where they lead. warning: goes first, on a line of its own.

    Names with an @ stay words: nobody is mentioned by accident.
    """
    whole = f"⚠ {' '.join(warning.split())}\n\n{text}" if warning.strip() else text
    out, facets, at = "", list[Facet](), 0
    for match in _MARKED.finditer(whole):
        piece = match.group()
        is_address = piece.lower().startswith("http")
        if is_address:
            piece = piece.rstrip(_ENDS_A_SENTENCE)
        out += whole[at : match.start()]
        begins = len(out.encode())
        out += shown(piece) if is_address else piece
        at = match.start() + len(piece)
        feature = _feature(piece, is_address)
        if feature:
            facets.append({"index": {"byteStart": begins, "byteEnd": len(out.encode())}, "features": [feature]})
    return Words(out + whole[at:], tuple(facets))


def _feature(piece: str, is_address: bool) -> dict[str, str] | None:
    if is_address:
        return {"$type": "app.bsky.richtext.facet#link", "uri": piece}
    tag = piece.removeprefix("#")
    return {"$type": "app.bsky.richtext.facet#tag", "tag": tag} if grapheme.length(tag) <= _MOST_TAG else None


def shown(address: str) -> str:
    """An address as followers read it: without https://, its host always whole, the rest cut where it is long."""
    try:
        host = urlsplit(address).netloc
    except ValueError:  # "https://[" and the like
        return address
    bare = address.partition("://")[2]
    if not host or grapheme.length(bare) <= _SHOWN:
        return bare.removesuffix("/") or address
    kept = max(_SHOWN - 1, grapheme.length(host) + 1)
    return bare if grapheme.length(bare) <= kept + 1 else f"{grapheme.slice(bare, 0, kept)}…"


def length(text: str, warning: str = "") -> int:
    """In graphemes, as Bluesky counts; a text that is short in letters but long in bytes counts by these."""
    made = written(text, warning).text
    return max(int(grapheme.length(made)), -(-len(made.encode()) * MOST_LETTERS // MOST_BYTES))
