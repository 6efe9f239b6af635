"""A button and a badge for other people’s sites: plain HTML, Markdown, an SVG. Nothing in them runs; only the badge is fetched from us."""

import unicodedata
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from creatorbot.links.pages.colour import readable
from creatorbot.links.posters.lettering import lettering, plain

_LIGHT, _DARK, _INK, _PAPER = "#ffffff", "#1f1b18", "#211d1a", "#f2ece4"
_TYPE = 13  # pixels
_HEIGHT, _EDGE, _MARK, _GAP = 32, 12, 16, 8
_MOST_LETTERS = 48
_FONT = "Verdana, 'DejaVu Sans', Geneva, sans-serif"


@dataclass(frozen=True)
class Snippets:
    """What can be copied: html, a button drawn by the site itself; badge, an address with our picture; markdown; address."""

    html: str
    badge: str
    markdown: str
    address: str


def snippets(address: str, badge: str, words: str, accent: str) -> Snippets:
    """address: where it leads. badge: where our picture is. words: what the button says, as its reader reads it."""
    ground = readable(accent, _LIGHT)
    look = (
        f"display:inline-block;padding:10px 18px;border-radius:999px;background:{ground};color:#ffffff;"
        "font:600 16px/1.25 system-ui,sans-serif;text-decoration:none"
    )
    link, said = quoteattr(address), escape(words)
    return Snippets(
        html=f'<a href={link} style="{look}">{said}</a>',
        badge=f'<a href={link}><img src={quoteattr(badge)} alt={quoteattr(words)} height="{_HEIGHT}"></a>',
        markdown=f"[![{_marked(words)}]({badge})]({address})",
        address=address,
    )


def badge_svg(words: str, accent: str, language: str) -> str:
    """The badge: a sign for music and these words, light or dark as the page's reader likes it. Text is text."""
    said = _shortened(plain(words))
    wide = round(_width(said) * _TYPE, 1)
    total = round(_EDGE + _MARK + _GAP + wide + _EDGE)
    light, dark = readable(accent, _LIGHT), readable(accent, _DARK)
    middle, x = _HEIGHT / 2, _EDGE + _MARK + _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{_HEIGHT}" viewBox="0 0 {total} {_HEIGHT}" role="img"'
        f' aria-labelledby="t" lang={quoteattr(language)}><title id="t">{escape(plain(words))}</title>'
        f"<style>.g{{fill:{_LIGHT};stroke:{light}}}.m{{fill:{light}}}text{{fill:{_INK};font:{_TYPE}px {_FONT}}}"
        f"@media(prefers-color-scheme:dark){{.g{{fill:{_DARK};stroke:{dark}}}.m{{fill:{dark}}}text{{fill:{_PAPER}}}}}</style>"
        f'<rect class="g" x="0.75" y="0.75" width="{total - 1.5}" height="{_HEIGHT - 1.5}" rx="{middle - 0.75}" stroke-width="1.5"/>'
        f'<path class="m" d="M{_EDGE + 3} {middle - 7}v14l12 -7z"/>'
        # Readers' own fonts differ by a hair: the text is fitted to the width it was measured with.
        f'<text x="{x}" y="{middle + 4.5}" textLength="{wide}" lengthAdjust="spacingAndGlyphs">{escape(said)}</text></svg>'
    )


def _width(text: str) -> float:
    """In parts of the type's size, by our own typeface: badges are asked for by strangers, so no folder is searched for another one."""
    face = lettering().ours[0]
    return sum(face.width(sign) if face.has(sign) else _guessed(sign) for sign in text)


def _guessed(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.6


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1].rstrip() + "…"


def _marked(text: str) -> str:
    """Words as Markdown takes them literally."""
    return "".join(f"\\{sign}" if sign in r"\[]*_`<>&!#|" else sign for sign in text)
