"""Ways to spoil a page or a picture: bytes, pieces, words of the formats, numbers, letters, sizes, and values inside JSON. Chance only."""

import html
import json
import random
import re
import struct
import zlib
from collections.abc import Callable

MOST_BYTES = 400_000
_WORDS = [
    *b"< > </ /> <!-- --> <![CDATA[ ]]> <!DOCTYPE <?xml &amp; &lt; &#0; &#x110000; &quot; &x; { } [ ] : ,".split(),
    *b"\" ' null true false -1 1e999".split(),
    *b"<item> </item> <entry> </entry> <rss> </rss> <feed <channel> </channel> <title> <link> <guid> <pubDate> <rdf:RDF".split(),
    *b"<itunes:season> <podcast:medium>music</podcast:medium> <media:content <atom:link xmlns: xml:base= data-tralbum= data-band=".split(),
    *b'</script> <script <head> <body> <meta <base> href="//" javascript: data: file:///etc/passwd http://[ https://a@b@c/ \\u0000'.split(),
    *b"99999-99-99 31 -0 0x10 NaN Infinity 1e400 -1e-400 9999999999999999999999 +99:99 T25:61:61Z Feb".split(),
    *b"https://creativecommons.org/licenses/by/4.0/ CC BY-SA 4.0 all rights reserved not".split(b"  "),
    "\u202e\u2066\u200b\ufeff\u3164\ud7ff\U0001f468\u200d".encode(),
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r\n\r\n",
    b"\x1b[2J",
]
_NUMBERS = [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**63, 10**30]
_VALUES: list[object] = [
    None,
    True,
    False,
    "",
    "x" * 5_000,
    "\u202e",
    "1e999",
    [],
    {},
    [[]],
    [None],
    {"a": None},
    *_NUMBERS,
    -0.5,
    1e308,
    "<b>",
    "http://[",
]
_CODES = ("utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-7", "big5", "koi8-r", "idna", "punycode")
_JSON = re.compile(rb'(data-[a-z-]+=")([^"]{2,200000})(")|(<script[^>]{0,200}json"?>)(.{2,200000}?)(</script>)', re.S)
Change = Callable[[random.Random, bytes, bytes], bytes]


def spoiled(chance: random.Random, body: bytes, other: bytes) -> bytes:
    """The body after one to eight changes. other: another seed, to take pieces from."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 8))):
        body = chance.choice(_CHANGES)(chance, body, other)[:MOST_BYTES]
    return body


def _place(chance: random.Random, body: bytes) -> tuple[int, int]:
    """A piece of the body, mostly a short one."""
    start = chance.randrange(len(body) + 1)
    return start, min(len(body), start + int(chance.paretovariate(0.6)))


def _flip(chance: random.Random, body: bytes, other: bytes) -> bytes:
    made = bytearray(body or b"\0")
    for _ in range(chance.choice((1, 1, 4, 16))):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _cut(chance: random.Random, body: bytes, other: bytes) -> bytes:
    start, end = _place(chance, body)
    return body[:start] + body[end:]


def _end(chance: random.Random, body: bytes, other: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _repeat(chance: random.Random, body: bytes, other: bytes) -> bytes:
    start, end = _place(chance, body)
    return (
        body[:end] + body[start:end] * chance.choice((1, 1, 2, 2, 10, 10, 100, 1_000, 20_000)) + body[end:]
        if end - start < 10_000
        else body
    )


def _word(chance: random.Random, body: bytes, other: bytes) -> bytes:
    start, end = _place(chance, body)
    return body[:start] + chance.choice(_WORDS) * chance.choice((1, 1, 1, 1, 1, 3, 3, 20, 5_000)) + body[chance.choice((start, end)) :]


def _piece(chance: random.Random, body: bytes, other: bytes) -> bytes:
    (start, end), (first, last) = _place(chance, body), _place(chance, other)
    return body[:start] + other[first:last] + body[chance.choice((start, end)) :]


def _joined(chance: random.Random, body: bytes, other: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)] + other[chance.randrange(len(other) + 1) :]


def _number(chance: random.Random, body: bytes, other: bytes) -> bytes:
    found = list(re.finditer(rb"-?\d+(?:\.\d+)?", body[:100_000]))
    if not found:
        return body
    one = chance.choice(found)
    return body[: one.start()] + str(chance.choice(_NUMBERS)).encode() + body[one.end() :]


def _binary_number(chance: random.Random, body: bytes, other: bytes) -> bytes:
    start = chance.randrange(len(body) + 1)
    form = chance.choice((">I", "<I", ">H", "<H"))
    made = struct.pack(form, chance.choice(_NUMBERS) & (0xFFFF if form[1] == "H" else 0xFFFFFFFF))
    return body[:start] + made + body[start + len(made) :]


def _sums(chance: random.Random, body: bytes, other: bytes) -> bytes:
    """A PNG whose sums are right again, so that what was spoilt is looked at."""
    if not body.startswith(b"\x89PNG\r\n\x1a\n"):
        return body
    at, made = 8, body[:8]
    while at + 8 <= len(body):
        size = min(struct.unpack(">I", body[at : at + 4])[0], len(body))
        inside = body[at + 4 : at + 8 + size]
        made += struct.pack(">I", max(0, len(inside) - 4)) + inside + struct.pack(">I", zlib.crc32(inside))
        at += 12 + size
    return made


def _letters(chance: random.Random, body: bytes, other: bytes) -> bytes:
    try:
        return body[:100_000].decode("utf-8", "replace").encode(chance.choice(_CODES), "replace")
    except UnicodeError:
        return body


def _deep(chance: random.Random, body: bytes, other: bytes) -> bytes:
    start, _ = _place(chance, body)
    opening = chance.choice((b"<b>", b"[", b'{"a":', b"<item>", b"<!--", b"&lt;", b"(", b"<div><p>"))
    return body[:start] + opening * chance.choice((2, 10, 50, 50, 200, 3_000, 60_000)) + body[start:]


def _value(chance: random.Random, body: bytes, other: bytes) -> bytes:
    """Another value somewhere in the page's JSON, wherever the page carries it."""
    if body[:1] in b"{[" and (made := _changed(chance, body)) is not None:
        return made
    found = list(_JSON.finditer(body[:MOST_BYTES]))
    if not found:
        return body
    one = chance.choice(found)
    is_attribute = one[2] is not None
    inside = html.unescape(one[2].decode("utf-8", "replace")).encode() if is_attribute else one[5]
    made = _changed(chance, inside)
    if made is None:
        return body
    start, end = one.span(2 if is_attribute else 5)
    return body[:start] + (html.escape(made.decode()).encode() if is_attribute else made) + body[end:]


def _changed(chance: random.Random, text: bytes) -> bytes | None:
    try:
        whole = json.loads(text)
        places: list[tuple[dict[str, object] | list[object], object]] = []
        _walk(whole, places)
        if places:
            inside, at = chance.choice(places)
            inside[at] = chance.choice(_VALUES)  # type: ignore[index, call-overload]
        return json.dumps(whole).encode()
    except (ValueError, RecursionError):
        return None


def _walk(value: object, places: list[tuple[dict[str, object] | list[object], object]]) -> None:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for at, inside in list(pairs)[:400]:
        places.append((value, at))  # type: ignore[arg-type]
        _walk(inside, places)


_CHANGES: tuple[Change, ...] = (
    *(_flip, _cut, _end, _repeat, _word, _word, _piece, _piece),
    *(_joined, _number, _binary_number, _sums, _letters, _deep, _value, _value, _value),
)
