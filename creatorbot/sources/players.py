"""What plays a release: an address made to be shown inside another page, or a file of sound. Strangers write them, so they are checked.

Both end in a browser's content security policy, and in a frame on our own page.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from creatorbot.sources.feed_entry import Attachment
from creatorbot.sources.plain import web_address

LONGEST = 1_000
# A name on the internet: letters, digits, hyphens and dots, its last part no number. In a policy any other sign may have a meaning.
_NAME = r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
_REST = r"(?:[/?#][A-Za-z0-9/?#:@!$&()*+,;=._~%\[\]-]*)?"
_CLEAN = re.compile(rf"https://(?P<host>{_NAME})(?::(?P<port>[1-9][0-9]{{0,4}}))?{_REST}")
_PRACTICE = re.compile(r"https?://(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])(?:[:/]|$)")
_AT_HOME = (".local", ".localhost", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".arpa", ".invalid")
_SAFE = "/?#:@!$&()*+,;=._~%[]-"
_SOUNDS = frozenset(
    f"audio/{kind}"
    for kind in (
        *("mpeg", "mp3", "mpeg3", "x-mpeg", "x-mpeg-3", "x-mp3", "mpg", "mp4", "m4a", "x-m4a", "aac", "aacp", "x-aac"),
        *("ogg", "opus", "vorbis", "x-vorbis+ogg", "webm", "flac", "x-flac", "wav", "x-wav", "wave", "vnd.wave"),
    )
) | {"application/ogg"}
_SAYS_NOTHING = ("", "application/octet-stream", "binary/octet-stream", "audio/*")
_ENDING = re.compile(r"\.(?:mp3|m4a|aac|ogg|oga|opus|flac|wav)(?:[?#]|$)", re.I)


def embeddable(address: object, base: str = "") -> str:
    """This address if a page of ours may show or play it, else "": https, a public name, nobody's user name, at most 1,000 letters.

    base: the page that tells it.
    """
    if not isinstance(address, str) or len(address) > LONGEST:
        return ""
    found = _CLEAN.fullmatch(address)  # most are written as they should be
    if found is None:
        whole = web_address(address, base) or ""
        found = _CLEAN.fullmatch(_written_cleanly(whole)) if whole.startswith("https://") else None
    if found is None or len(found[0]) > LONGEST:
        return ""
    host, port = found["host"], found["port"]
    return found[0] if len(host) <= 253 and not host.endswith(_AT_HOME) and int(port or 443) < 65_536 else ""


def is_practice(address: str) -> bool:
    """Whether this is an address on loopback, as a rehearsal's servers have."""
    return _PRACTICE.match(address) is not None


def sound_among(files: Iterable[Attachment], base: str) -> str:
    """The first of these files that is a sound browsers play; "" when none is. base: the page that tells them."""
    return next((found for file in files if _is_sound(file) and (found := embeddable(file.url, base))), "")


def _is_sound(file: Attachment) -> bool:
    if file.medium not in ("audio", ""):
        return False
    mime = file.mime.partition(";")[0].strip().lower()
    return mime in _SOUNDS or (mime in _SAYS_NOTHING and _ENDING.search(file.url[:LONGEST]) is not None)


def _written_cleanly(address: str) -> str:
    """With the host's letters as browsers send them, and every other letter that has a meaning elsewhere in percent signs."""
    try:
        parts = urlsplit(address)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc[:300].encode("idna").decode("ascii")
    except (UnicodeError, ValueError):
        return ""
    return f"{parts.scheme}://{host}" + quote(address.partition("://")[2][len(parts.netloc) :], safe=_SAFE, errors="replace")
