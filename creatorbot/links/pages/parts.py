"""What every page behind a link is made of: the artist's facts, the marks that stand for the code, styles, and the finished page."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from orjson import dumps

from creatorbot import paths
from creatorbot.links.pages import colour
from creatorbot.models import Cover
from creatorbot.wording import locale, say

ENVIRONMENT = Environment(
    loader=FileSystemLoader(paths.templates()), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
# Random, so that nothing an artist or a source writes can be taken for one of them. The same for all pages of one process.
CODE = f"c0de{secrets.token_hex(12)}"
ROOT = f"r00t{secrets.token_hex(12)}"
OWN = f"0wn{secrets.token_hex(12)}"
MORE = f"m0re{secrets.token_hex(12)}"
_MARKS = tuple(mark.encode() for mark in (CODE, ROOT, OWN, MORE))


@dataclass(frozen=True)
class ArtistFacts:
    """What every page of one artist depends on. byline: @name@server of a connected account, "" without one. takes_tips: a
    payment service is connected. places: addresses on loopback and the path browsers see them under. slug: of the page at /@slug.
    follows: the connected accounts, @name@server and the profile's address."""

    id: int
    name: str
    language: str
    currency: str
    accent: str
    suggested_minor: int
    minimum_minor: int
    byline: str = ""
    takes_tips: bool = False
    places: tuple[tuple[str, int, str], ...] = ()
    slug: str = ""
    follows: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Shown:
    """What others may show of a page: for cards and embedding. picture: the cover's path, width and height; None without one."""

    title: str
    by: str
    by_address: str = ""
    picture: tuple[str, int, int] | None = None


@dataclass(frozen=True)
class Page:
    """What one address shows: its bytes, with marks: where the code stands, where the link's own code stands without the number of
    another release, where its own path stands, and where the artist's other releases come.

    tag: changes with the content. exits: where its buttons for shops lead, by the word that names them in the address. below: what
    lies under it, by its word: "play", "embed". policy: its content security policy, "" for the usual one.
    """

    html: bytes
    tag: str
    artist: int
    release: int = 0
    exits: Mapping[str, str] = field(default_factory=dict)
    below: Mapping[str, "Page"] = field(default_factory=dict)
    policy: str = ""
    shown: Shown = Shown("", "")

    def body(self, code: str, own: str = "", more: bytes = b"") -> bytes:
        """The page for this code. own: its own path, when that is not /l/<code>. more: the artist's other releases."""
        code_mark, root_mark, own_mark, more_mark = _MARKS
        whole = self.html.replace(more_mark, more).replace(own_mark, (own or f"/l/{code}").encode("ascii"))
        return whole.replace(code_mark, code.encode("ascii")).replace(root_mark, code.partition(".")[0].encode("ascii"))


def render(template: str, language: str, about: Mapping[str, object]) -> bytes:
    """A template of the public pages, in this language, as bytes."""
    words = {"_": lambda message, **given: say(language, message, given), "language": language}
    return ENVIRONMENT.get_template(template).render({**about, **words}).encode("utf-8", "replace")


def of_artist(artist: ArtistFacts, base: str) -> dict[str, object]:
    """What the templates of all public pages ask about the artist. base: what absolute addresses begin with."""
    return {
        "base": base,
        "code": CODE,
        "locale": str(locale(artist.language)),
        "by": artist.name,
        "byline": artist.byline,
        "by_address": f"{base}/@{artist.slug}" if artist.slug else "",
        "style": style_path(artist.accent),
    }


def tag_of(html: bytes) -> str:
    """A short name for this content, the same in every process."""
    for number, mark in enumerate(_MARKS):
        html = html.replace(mark, b"\0%d" % number)
    return hashlib.blake2b(html, digest_size=9).hexdigest()


def as_data(facts: Mapping[str, object]) -> Markup:
    """JSON that can stand inside a script element."""
    return Markup(dumps(facts).decode().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def style_path(accent: str) -> str:
    """Where the style sheet for this accent is served; the name changes with what is in it."""
    return f"/assets/release.{hashlib.blake2b(style(accent), digest_size=8).hexdigest()}.css"


def style(accent: str) -> bytes:
    """The public pages' style sheet in this artist's colour."""
    tones = {"light": colour.readable(accent, colour.LIGHT_PAPER), "dark": colour.readable(accent, colour.DARK_PAPER)}
    return ENVIRONMENT.get_template("public/release.css").render(tones).encode()


def cover_path(cover: Cover) -> str:
    """Where everybody can fetch this cover from us, in the size for cards."""
    return f"/cover/{cover.content_hash}.jpg"
