"""A poster as a file. The one module that knows both painters; the web loads it when the first poster is asked for."""

from dataclasses import dataclass
from datetime import datetime

from creatorbot.errors import InvalidInput
from creatorbot.links.pages import colour
from creatorbot.links.posters import code, pdf, picture, png
from creatorbot.links.posters.layout import Words, lay_out
from creatorbot.links.posters.lettering import Lettering
from creatorbot.links.posters.papers import Format

_WHITE = "#ffffff"
_COVER_DPI = 300
_INCH = 25.4


@dataclass(frozen=True)
class Poster:
    """address: what the code holds, https:// and all. accent: "#rrggbb". cover: a JPEG or PNG file, None for none."""

    words: Words
    address: str
    accent: str
    language: str
    cover: bytes | None = None

    @property
    def title(self) -> str:
        """What readers of PDFs show above the page."""
        return " – ".join(part for part in (self.words.artist, self.words.title or self.words.gig) if part)


def make(poster: Poster, form: Format, letters: Lettering, made_at: datetime) -> bytes:
    """The file. A cover that cannot be read is left out, as if there were none. Raises InvalidInput for signs nothing here draws."""
    lacking = letters.missing("".join(vars(poster.words).values()))
    if lacking:
        raise InvalidInput("The poster cannot draw %(signs)s. Its page says what to do.", signs=" ".join(lacking[:20]))
    dpi = form.dpi or _COVER_DPI
    cover = picture.opened(poster.cover, round(form.paper.width * 0.4 / _INCH * dpi))
    sheet = lay_out(form.paper, poster.words, letters.width, cover=cover.width / cover.height if cover else None)
    rows, accent = code.rows(poster.address), colour.readable(poster.accent, _WHITE)
    if form.dpi:
        return png.paint(sheet, rows, cover, accent, letters, dpi=form.dpi, title=poster.title)
    return pdf.paint(
        sheet,
        rows,
        cover,
        accent,
        letters,
        form=form,
        title=poster.title,
        author=poster.words.artist,
        language=poster.language,
        made_at=made_at,
    )
