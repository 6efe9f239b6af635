"""Nobody is mentioned by accident: a name with an @ stays plain words until the artist has said that its owner shall be told.

On the fediverse a name in a text sends its owner a note, and some servers hold back the whole post of a new account for it. An @ in
front of a name gets an invisible sign behind it; addresses of pages and of mail stay as they are.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from creatorbot.announcements.text import parts

BREAK = "\u2060"
# Careful on purpose: Mastodon wants a space or a sign before the @, Misskey only no letter of a to z, Friendica also tells whole groups
# by an exclamation mark. What stands behind a Latin letter or a number is a mail address to all of them.
_NAMES = {
    "@": re.compile(r"(?<![A-Za-z0-9])@[.-]*\w(?:[\w.+-]*\w)?(?:@\w(?:[\w.-]*\w)?)?"),
    "!": re.compile(r"(?<![A-Za-z0-9])!\w(?:[\w.+-]*\w)?(?:@\w(?:[\w.-]*\w)?)?"),
}
# Some readers end an address before its @, and take what follows for a name. Written as a number it leads to the same place.
_IN_ADDRESS = re.compile(r"(?<![A-Za-z0-9/])@")
EVERY_SIGN = "@!"


@dataclass(frozen=True)
class Mention:
    """A name in a text. name: as written, with its sign. wanted: the artist has said so."""

    name: str
    wanted: bool


def mentions_in(text: str, signs: str, wanted: Collection[str] = ()) -> tuple[Mention, ...]:
    """Every name that would be told, each once. signs: those that begin one on this network, "" where none does."""
    found: dict[str, Mention] = {}
    for piece in _words(text):
        for name in (match[0] for sign in signs for match in _NAMES[sign].finditer(piece)):
            found.setdefault(name.lower(), Mention(name, name.lower() in wanted))
    return tuple(found.values())


def defused(text: str, signs: str, wanted: Collection[str] = ()) -> str:
    """The text, in which only the wanted names are told."""

    def plain(match: re.Match[str]) -> str:
        return match[0] if match[0].lower() in wanted else re.sub("[@!]", rf"\g<0>{BREAK}", match[0])

    out = []
    for part in parts(text):
        piece = _IN_ADDRESS.sub("%40", part.text) if part.kind == "link" and signs else part.text
        for sign in signs if part.kind != "link" else "":
            piece = _NAMES[sign].sub(plain, piece)
        out.append(piece)
    return "".join(out)


def _words(text: str) -> Iterator[str]:
    yield from (part.text for part in parts(text) if part.kind != "link")
