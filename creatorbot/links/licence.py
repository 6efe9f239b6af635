"""What a licence lets a listener do, in a sentence; where it can be read; and the line that names the artist, ready to copy."""

from dataclasses import dataclass
from html import escape

from creatorbot.sources.licences import ALL_RIGHTS_RESERVED, Deed, deed_of
from creatorbot.wording import N_, licence_name, say

_MEANING = {
    "by": N_("You may share and change it, also to earn money."),
    "by-sa": N_("You may share and change it, as long as others may do the same with yours."),
    "by-nd": N_("You may share it as it is."),
    "by-nc": N_("You may share and change it, but not earn money with it."),
    "by-nc-sa": N_("You may share and change it, not to earn money, as long as others may do the same with yours."),
    "by-nc-nd": N_("You may share it as it is, but not earn money with it."),
    "sa": N_("You may share and change it, as long as others may do the same with yours."),
    "nd": N_("You may share it as it is."),
    "nc": N_("You may share and change it, but not earn money with it."),
    "nc-sa": N_("You may share and change it, not to earn money, as long as others may do the same with yours."),
    "nc-nd": N_("You may share it as it is, but not earn money with it."),
    "sampling": N_("You may use pieces of it in a work of your own, also to earn money, but not share the whole."),
    "sampling+": N_(
        "You may use pieces of it in a work of your own, also to earn money, and share the whole without earning money with it."
    ),
    "nc-sampling+": N_("You may use pieces of it in a work of your own and share the whole, but not earn money with it."),
    "devnations": N_("In developing countries you may share and change it, also to earn money."),
    "zero": N_("You may do with it what you like."),
    "mark": N_("Nobody is known to have rights in it: you may do with it what you like."),
    "certification": N_("Nobody has rights in it any more: you may do with it what you like."),
}
_OF_NOBODY = ("zero", "mark", "certification")
_WITHOUT_NAME = (*_OF_NOBODY, "sa", "nd", "nc", "nc-sa", "nc-nd")
# The languages that Creative Commons has its plain summaries in, of those that are likely here.
_DEEDS = (
    "ca",
    "cs",
    "da",
    "de",
    "el",
    "es",
    "eu",
    "fi",
    "fr",
    "gl",
    "hu",
    "it",
    "ja",
    "nl",
    "no",
    "pl",
    "pt",
    "pt-br",
    "ro",
    "ru",
    "sv",
    "tr",
    "uk",
)


@dataclass(frozen=True)
class Licence:
    """name: as people write it, "" for all rights reserved. meaning: a gettext id. named: the artist must be named."""

    name: str
    url: str
    meaning: str
    named: bool


def read_licence(licence: str) -> Licence | None:
    """What this id ("CC-BY-NC-3.0-DE", "all-rights-reserved") means; None when we do not know it."""
    if licence == ALL_RIGHTS_RESERVED:
        return Licence("", "", N_("All rights reserved."), named=False)
    deed = deed_of(licence)
    if deed is None:
        return None
    return Licence(licence_name(licence), deed.address, _MEANING[deed.terms], named=deed.terms not in _WITHOUT_NAME)


def licence_meaning(language: str, licence: str) -> str:
    """What this licence lets people do, in plain sentences; "" when we do not know it."""
    found = read_licence(licence)
    if found is None:
        return ""
    meaning = say(language, found.meaning)
    return f"{meaning} {say(language, N_('The artist must be named.'))}" if found.named else meaning


def deed_address(language: str, licence: str) -> str:
    """Where Creative Commons explains this licence in this language; "" for all rights reserved and for what we do not know."""
    deed = deed_of(licence)
    if deed is None or deed.terms == "certification":
        return deed.address if deed else ""
    tag = language.lower().replace("_", "-")
    spoken = next((known for known in (tag, tag[:2]) if known in _DEEDS), "")
    return f"{deed.address}deed.{spoken}" if spoken else deed.address


def attribution_line(language: str, licence: str, *, title: str, artist: str, address: str = "") -> str:
    """The line by which somebody who shares the work names title, artist, source and licence, as Creative Commons asks for it.

    address: where the work can be had, or "". "" where there is nothing to attribute: all rights reserved, or not known.
    """
    deed = deed_of(licence)
    if deed is None:
        return ""
    work = _work(language, title, artist)
    values = {"work": f"{work} ({address})" if _opens(address) else work, "licence": _full_name(licence, deed), "deed": deed.address}
    if deed.terms in _OF_NOBODY:
        return say(language, N_("%(work)s is marked with %(licence)s (%(deed)s)."), values)
    return say(language, N_("%(work)s is licensed under %(licence)s (%(deed)s)."), values)


def attribution_html(language: str, licence: str, *, title: str, artist: str, address: str = "") -> str:
    """The same line for a web page, with links: HTML, everything in it escaped. "" where there is nothing to attribute."""
    deed = deed_of(licence)
    if deed is None:
        return ""
    work = escape(_work(language, title, artist))
    values = {
        "work": f'<a href="{escape(address)}">{work}</a>' if _opens(address) else work,
        "licence": f'<a rel="license" href="{escape(deed.address)}">{escape(_full_name(licence, deed))}</a>',
    }
    if deed.terms in _OF_NOBODY:
        return say(language, N_("%(work)s is marked with %(licence)s."), values)
    return say(language, N_("%(work)s is licensed under %(licence)s."), values)


def _work(language: str, title: str, artist: str) -> str:
    if not artist.strip():
        return say(language, N_("“%(title)s”"), {"title": title})
    return say(language, N_("“%(title)s” by %(artist)s"), {"title": title, "artist": artist})


def _full_name(licence: str, deed: Deed) -> str:
    return "CC0 1.0" if deed.terms == "zero" else licence_name(licence)


def _opens(address: str) -> bool:
    return address.startswith(("https://", "http://")) and address.isprintable()
