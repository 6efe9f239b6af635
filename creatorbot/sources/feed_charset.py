"""The encoding of a feed that names none, or names UTF-8 and is none: told by the letters themselves."""

import re

from charset_normalizer import from_bytes

_TOLD = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']", re.I)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.-]+)", re.I)
_MARKUP = re.compile(rb"<[^<>]{0,20000}>|&#?\w{1,20};|https?://[!-~]{1,2000}")
_UTF_8 = ("utf-8", "utf8")
_ENCODINGS = (
    *("koi8_r", "koi8_u", "cp1251", "iso8859_5", "cp1253", "cp1255", "cp1256"),
    *("big5", "gb18030", "shift_jis", "euc_jp", "euc_kr"),
)
_LOOKED_AT, _SAMPLE = 300_000, 10_000
_IN_A_ROW = re.compile(rb"[\x80-\xff]{3,}")
_FEWEST = 6  # bytes beyond ASCII: fewer tell nothing
_SHARE = 0.3  # of them three or more in a row: in the languages that Latin-1 was made for they stand alone or in twos
_BROKEN = 0.25  # of them: UTF-8 that was damaged here and there is still UTF-8


def as_utf8(body: bytes, content_type: str = "") -> bytes:
    """The feed in UTF-8, when it is in another alphabet's encoding and does not say in which; else as it is."""
    told, charset = _TOLD.search(body[:300]), _CHARSET.search(content_type)
    names = ([told.group(1).decode("ascii")] if told else []) + ([charset.group(1)] if charset else [])
    if b"\0" in body[:200] or any(name.lower() not in _UTF_8 for name in names):
        return body
    text = _MARKUP.sub(b" ", body[:_LOOKED_AT])
    high, rows = sum(byte > 127 for byte in text), sum(map(len, _IN_A_ROW.findall(text)))
    if high < _FEWEST or rows < _SHARE * high or text.decode("utf-8", "replace").count("\ufffd") < _BROKEN * high:
        return body
    name = _guessed(text)
    return body.decode(name, "replace").encode() if name else body


def _guessed(text: bytes) -> str:
    """The likeliest of the encodings we know; "" when none fits. Only words with letters beyond ASCII are looked at."""
    words = b" ".join(word for word in text.split() if not word.isascii())
    sample = words if len(words) <= _SAMPLE else words[:_SAMPLE].rpartition(b" ")[0]
    best = from_bytes(sample, cp_isolation=list(_ENCODINGS)).best()
    return best.encoding if best and best.encoding in _ENCODINGS else ""
