"""Misskey reads its own markup (MFM) in every text. Ours is meant as it stands: what would become markup gets an invisible break.

The break is a word joiner (U+2060): nothing is seen or read aloud, no word is torn. Only ` cannot be broken so, and becomes the letter
that looks like it. Links, hashtags and names stay as they are. Tried against the family's own reader, mfm-js.
"""

import re

BREAK = "\u2060"

_TICK, _LIKE_IT = "`", "\u02cb"

# A quotation begins with > at a line's start; a line that ends in the word Search becomes a search field.
_QUOTE = re.compile(r"^(?=>)", re.MULTILINE)
_SEARCH = re.compile(r"(?<=[ \t\u3000])(\[?[s検])(?=earch\]?$|索\]?$)", re.IGNORECASE | re.MULTILINE)
# Links stay: what that reader takes for one. Everything else opens markup, each with what makes it do so: **bold**, *bent*,
# ~~struck~~, `code`, __bold__ and _bent_ (not snake_case), $[fn], <small>, \(formula\), [label](link), :emoji:.
_OPENS = re.compile(
    r"(?P<link>https?://[.,a-z0-9_/:%#@$&?!~=+-]+)"
    r"|[*~`]|(?<![a-z0-9])_|_(?![a-z0-9])|\$(?=\[)|<(?=[a-z/])|\\(?=[(\[])|\](?=\()|:(?=[a-z0-9_+-]+:)",
    re.IGNORECASE | re.ASCII,
)


def plain(text: str) -> str:
    """The text, which then shows as it was written."""
    return _OPENS.sub(_break, _SEARCH.sub(rf"\1{BREAK}", _QUOTE.sub(BREAK, text)))


def _break(found: re.Match[str]) -> str:
    if found["link"]:
        return found[0]
    return _LIKE_IT if found[0] == _TICK else found[0] + BREAK


def seen(text: str) -> str:
    """What a reader sees of a text, without spaces and line breaks: two texts that read alike are the same by it."""
    return re.sub(rf"[\s{BREAK}]+", "", text.replace(_TICK, _LIKE_IT))
