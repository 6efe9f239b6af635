"""What stands before a feed's first element, made harmless: feedparser looks at it with patterns whose time grows with the square."""

import re

from creatorbot.errors import InvalidInput

_MARKS = ((b"\xff\xfe\0\0", "utf-32-le"), (b"\0\0\xfe\xff", "utf-32-be"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BEGINNINGS = ((b"\0\0\0<", "utf-32-be"), (b"<\0\0\0", "utf-32-le"), (b"\0<", "utf-16-be"), (b"<\0", "utf-16-le"))
_DECLARATION = re.compile(rb"<\?xml[^<>]{0,500}\?>")
_FIRST_ELEMENT = re.compile(rb"<[A-Za-z]")
_LONGEST = 10_000  # bytes, blanks left out of account
_BLANKS = re.compile(rb"\s{2,}")
_ENTITY = re.compile(rb"<!ENTITY[^>]{0,20000}>?", re.I)
_HARMLESS = re.compile(rb"<!ENTITY\s+\w{1,40}\s+(?:\"(?:&#\w{1,8};|[^&%\"<]){0,50}\"|'(?:&#\w{1,8};|[^&%'<]){0,50}')\s*>", re.I)


def tidied(body: bytes) -> tuple[bytes, bool]:
    """The feed, and whether what is said elsewhere about its encoding still holds: letters of two or four bytes come back as UTF-8.

    Blanks before the first element are few, the declaration has a line of its own, and abbreviations that stand for others, for files or
    for much are gone: a few hundred bytes of them become megabytes. Raises InvalidInput for a beginning built to be heavy.
    """
    body, narrow = _narrow(body)
    first = _FIRST_ELEMENT.search(body)
    end = first.start() if first else len(body)
    prolog = _BLANKS.sub(b"\n", body[:end])
    if len(prolog) > _LONGEST:
        raise InvalidInput("This feed is too large to be read.", field="address")
    declared = _DECLARATION.match(prolog.removeprefix(b"\xef\xbb\xbf"))
    if declared:
        at = declared.end() + (3 if prolog.startswith(b"\xef\xbb\xbf") else 0)
        prolog = prolog[:at] + b"\n" + prolog[at:]
    elif prolog.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?"):
        prolog = b"\n" + prolog  # no declaration, but something that would be searched like one
    prolog = _ENTITY.sub(lambda found: found.group() if _HARMLESS.fullmatch(found.group()) else b"", prolog)
    return prolog + body[end:], narrow


def _narrow(body: bytes) -> tuple[bytes, bool]:
    known = next(((mark, name) for mark, name in _MARKS if body.startswith(mark)), None)
    known = known or next(((b"", name) for beginning, name in _BEGINNINGS if body.startswith(beginning)), None)
    if known is None:
        return body, True
    text = body[len(known[0]) :].decode(known[1], "replace").encode("utf-8", "replace")
    return _DECLARATION.sub(b"", text, count=1), False
