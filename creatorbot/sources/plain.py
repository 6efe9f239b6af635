"""Plain text and web addresses out of what strangers wrote: no markup, no control characters, bounded."""

import html
import re
import unicodedata
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

TITLE_LIMIT = 300
PROSE_LIMIT = 5_000
_INPUT_LIMIT = 200_000
_MARKUP_LIMIT = 8_000
_PROSE_INPUT_LIMIT = 30_000
# Marks that turn the reading direction around: a title could pretend to be something else with them.
_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
# Signs without width. The joiners U+200C and U+200D stay: Persian words and many emoji are made with them.
_WITHOUT_WIDTH = "\u00ad\u180e\u200b\u2060-\u2064"
_UNSEEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_BIDI}{_WITHOUT_WIDTH}]")
# What stays of a text in which nothing can be seen: joiners, selectors, fillers.
_NOTHING = re.compile(r"[\s\u034f\u115f\u1160\u17b4\u17b5\u200c\u200d\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]*")
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|</?(?:a|abbr|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|iframe|img|li|mark|ol|p|pre|s|small|span|strike|"
    r"strong|sub|sup|table|tbody|td|th|tr|tt|u|ul|script|style|svg|object|embed|video|audio|form|input|button|link|meta)(?:\s[^<>]*|/)?>",
    re.I | re.S,
)
_SILENT = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template|noscript)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_ANY_TAG = re.compile(r"</?[a-z!?][^<>]*(?:>|\Z)", re.I)
_BLOCK = re.compile(r"<(?:br|hr|/p|/div|/li|/h[1-6]|/tr|/blockquote|/ul|/ol)\b[^<>]*>", re.I)
_GAPS = re.compile(r"\n{3,}")
_NOT_A_PLACE = re.compile(r"[\s<>\"\\^`{|}@]")
_PLAIN_ADDRESS = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[\w.~!$&'()*+,;=:@%/-]*)?(?:\?[\w.~!$&'()*+,;=:@%/?-]*)?(?:#[\w.~/-]*)?", re.ASCII
)


_BLANK = re.compile(r"\s")


def line(text: object, limit: int = TITLE_LIMIT) -> str:
    """One line of plain text from plain text: no control characters, single spaces, at most `limit` characters."""
    if not isinstance(text, str):
        return ""
    clean = text[:_INPUT_LIMIT]
    if not clean.isprintable():
        clean = _UNSEEN.sub("", clean)
    if not clean.isascii():
        clean = unicodedata.normalize("NFC", clean)
        if _NOTHING.fullmatch(clean):
            return ""
    return _cut(" ".join(clean.split()), limit)


def line_of_markup(text: object, limit: int = TITLE_LIMIT) -> str:
    """One line from text that may carry HTML, or entities escaped once too often (`&amp;amp;`). "<3" stays."""
    if not isinstance(text, str):
        return ""
    rest = text[:_MARKUP_LIMIT]
    if "<" not in rest and "&" not in rest:
        return line(rest, limit)
    for _ in range(3):
        before = rest
        rest = html.unescape(_TAG.sub(" ", _SILENT.sub(" ", rest)))
        if rest == before:
            break
    return line(_TAG.sub(" ", _SILENT.sub(" ", rest)), limit)


def prose(markup: object, limit: int = PROSE_LIMIT) -> str:
    """Readable text of an HTML fragment, one line a block, at most `limit` characters.

    By patterns, not by a parser: a parser takes hours over elements nested a hundred thousand deep.
    """
    if not isinstance(markup, str):
        return ""
    text = markup[:_PROSE_INPUT_LIMIT].replace("\n", " ")
    if "<" in text:
        text = _ANY_TAG.sub("", _BLOCK.sub("\n", _SILENT.sub(" ", text)))
    if "&" in text:
        text = html.unescape(text)
        text = html.unescape(text) if "&amp;" in markup else text
    return paragraphs(text, limit)


def paragraphs(text: object, limit: int = PROSE_LIMIT) -> str:
    """Plain text that keeps its lines: each trimmed, at most one empty line in a row."""
    if not isinstance(text, str):
        return ""
    whole = "\n".join([line(part, limit) for part in text[:_INPUT_LIMIT].splitlines()])
    return _cut((_GAPS.sub("\n\n", whole) if "\n\n\n" in whole else whole).strip(), limit)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def web_address(text: object, base: str = "") -> str | None:
    """An absolute http(s) address, resolved against `base`; None when it is none, names a user, or is too long."""
    if not isinstance(text, str) or not text.strip():
        return None
    if len(text) <= 2_000 and "/." not in text and _PLAIN_ADDRESS.fullmatch(text):
        return text  # most are written as they should be
    try:
        parts = urlsplit(urljoin(base, _UNSEEN.sub("", text).strip()))
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or _NOT_A_PLACE.search(parts.netloc):
        return None
    whole = urlunsplit(parts._replace(netloc=parts.netloc.lower()))
    whole = _BLANK.sub(lambda blank: quote(blank.group()), whole) if _BLANK.search(whole) else whole
    return whole if len(whole) <= 2_000 else None


def unique(words: "list[str] | tuple[str, ...]", most: int = 30) -> tuple[str, ...]:
    """The words in their order without empty ones and without those that differ only in case."""
    seen: dict[str, str] = {}
    for word in words:
        if word and word.casefold() not in seen:
            seen[word.casefold()] = word
    return tuple(seen.values())[:most]
