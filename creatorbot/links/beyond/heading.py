"""What a link that no post carries is called: a poster by its gig, the others by the name they were given or by their kind."""

from collections.abc import Mapping
from datetime import date

from babel.dates import format_date

from creatorbot.models import Link
from creatorbot.wording import N_, locale, say

KINDS: Mapping[str, str] = {
    "bio": N_("In the bio"),
    "newsletter": N_("Newsletter"),
    "poster": N_("Poster"),
    "button": N_("Button on a website"),
    "other": N_("Another link"),
    "page": N_("Your own page"),
    "post": N_("Post"),
}


def link_heading(link: Link, language: str) -> str:
    """ "Lido · Berlin, 12 June 2026" for a poster, "Summer letter" for a newsletter, else what kind it is; in this language."""
    where = ", ".join(part for part in (link.gig_place, day_text(link.gig_on, language) if link.gig_on else "") if part)
    return " · ".join(part for part in (link.label, where) if part) or say(language, KINDS.get(link.kind, KINDS["other"]))


def day_text(day: date, language: str, *, weekday: bool = False) -> str:
    """12 June 2026, with its weekday if wished; in English days stand before months, as everywhere here."""
    spoken = "en_GB" if language == "en" else locale(language)
    text: str = format_date(day, "full" if weekday else "long", locale=spoken)
    return text
