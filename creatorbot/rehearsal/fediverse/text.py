"""A post's text as Mastodon sees it: how long it is, and the HTML it becomes."""

import re
import unicodedata
from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

ADDRESS = re.compile(r"https?://[^\s<>\"'(){}\[\]]*[^\s<>\"'(){}\[\].,;:!?]", re.I)
MENTION = re.compile(r"(?<![\w/@.])(@\w+)@[\w-]+(?:\.[\w-]+)+")
TAG = re.compile(r"(?:(?<=\s)|^)#([\w·・]*[^\W\d_][\w·・]*)", re.M)
WEIGHT = 23
SHOWN = 30


def graphemes(text: str) -> int:
    """How many characters a person would count."""
    return sum(1 for _start in _starts(text))


def _starts(text: str) -> Iterator[int]:
    """Where each visible character begins."""
    joined, flags = False, 0
    for place, sign in enumerate(text):
        code = ord(sign)
        flag = 0x1F1E6 <= code <= 0x1F1FF
        belongs = joined or _clings(sign, code) or (sign == "\n" and place > 0 and text[place - 1] == "\r") or (flag and flags % 2 == 1)
        flags = flags + 1 if flag else 0
        joined = code == 0x200D
        if not (belongs and place):
            yield place


def _clings(sign: str, code: int) -> bool:
    return (
        unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or code in (0x200C, 0x200D)
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
        or 0x1160 <= code <= 0x11FF
    )


def has_public_host(address: str) -> bool:
    """Whether Mastodon takes it for a link when counting: a named host with a letter ending, no password in it."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.username is None and re.fullmatch(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}", host) is not None


def length(text: str, spoiler: str = "") -> int:
    """Characters as Mastodon counts them: 23 for a link with a public host, the name alone for a mention."""
    shorter = ADDRESS.sub(lambda found: "x" * WEIGHT if has_public_host(found[0]) else found[0], text)
    return graphemes(spoiler) + graphemes(MENTION.sub(r"\1", shorter))


def links(text: str) -> list[str]:
    """The addresses in a text, in order."""
    return ADDRESS.findall(text)


def tags(text: str) -> list[str]:
    """The hashtags in a text, without #, each once, in order."""
    return list(dict.fromkeys(TAG.findall(ADDRESS.sub(" ", text))))


def as_html(text: str, base: str, *, plain: bool = False) -> str:
    """Paragraphs, line breaks, links and hashtags as Mastodon writes them; plain: addresses whole, as most others do."""
    pieces, end = [], 0
    for found in ADDRESS.finditer(text):
        pieces += [_words(text[end : found.start()], base), _plain_link(found[0]) if plain else _link(found[0])]
        end = found.end()
    pieces.append(_words(text[end:], base))
    paragraphs = re.split(r"\n{2,}", "".join(pieces).replace("\r\n", "\n").strip("\n"))
    return "".join(f"<p>{one}</p>" for one in paragraphs if one).replace("\n", "<br />")


def _words(text: str, base: str) -> str:
    return TAG.sub(
        lambda tag: f'<a href="{base}/tags/{tag[1]}" class="mention hashtag" rel="tag">#<span>{tag[1]}</span></a>',
        escape(text, quote=False),
    )


def _plain_link(address: str) -> str:
    return f'<a href="{escape(address)}" rel="nofollow noopener">{escape(address.partition("//")[2])}</a>'


def _link(address: str) -> str:
    start = address.index("//") + 2
    shown, rest = address[start : start + SHOWN], address[start + SHOWN :]
    more = ' class="ellipsis"' if rest else ""
    return (
        f'<a href="{escape(address)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{address[:start]}</span><span{more}>{escape(shown)}</span>'
        f'<span class="invisible">{escape(rest)}</span></a>'
    )
