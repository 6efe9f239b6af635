"""Licences: SPDX-style ids from Creative Commons addresses, from what copyright lines say, and from the fields of feeds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from creatorbot.sources.licence_words import LICENCE_TEXT_LIMIT, PORTS, Statement, fold, statements

ALL_RIGHTS_RESERVED = "all-rights-reserved"
_ELEMENTS = ("by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd")
# Without "by" there was the first version only, and the second in Japan.
_WITHOUT_NAME = ("sa", "nd", "nc", "nc-sa", "nc-nd")
_OLD_ORDER = {"by-nd-nc": "by-nc-nd", "nd-nc": "nc-nd", "by-sa-nc": "by-nc-sa"}
_SAMPLING = {"sampling": "1.0", "sampling+": "1.0", "nc-sampling+": "1.0", "devnations": "2.0"}
_VERSIONS = ("1.0", "2.0", "2.1", "2.5", "3.0", "4.0")
_ADDRESS = re.compile(
    r"(?<![\w-])(?:(?:https?:)?//(?:www\.)?)?(?:creativecommons\.org/(?P<family>licen[cs]es|publicdomain)|(?:licensebuttons\.net|i\.creativecommons\.org)/(?P<badge>[lp]))"
    r"/(?P<name>[a-z+-]{2,20}|nc-sampling%2b|sampling%2b)(?:/(?P<version>\d\.\d))?(?:/(?P<port>[a-z]{2,3}|scotland))?"
    r"(?=[/\s?#\"'<>)\]},;:!*|]|\.(?:\W|$)|$)",
    re.I,
)
_SPDX_ADDRESS = re.compile(r"(?<![\w-])spdx\.org/licenses/(CC[\w.-]{1,40}?)(?:\.html|\.json|\.txt)?(?=[/\s?#\"'<>)\],;]|\.?$)", re.I)
_SITES = ("creativecommons.org/", "licensebuttons.net/", "spdx.org/")
# Most text says nothing about rights: one quick look for a piece of a word that a statement cannot do without.
_CUES = (
    "cc",
    "commons",
    "serv",
    "behalten",
    "behouden",
    "tribu",
    "namens",
    "naams",
    "paternit",
    "recono",
    "domain",
    "spdx",
    "licensebuttons",
)
_ID = re.compile(r"CC-((?:BY|NC|ND|SA|SAMPLING|PLUS|DEVNATIONS)(?:-(?:NC|ND|SA|SAMPLING|PLUS)){0,2})-(\d\.\d)(?:-([A-Z]{2,3}|SCOTLAND))?")
_PUBLIC_DOMAIN = {"zero": "CC0-1.0", "mark": "CC-PDM-1.0", "certification": "CC-PDDC"}
_PLACES = {"CC0-1.0": "publicdomain/zero/1.0/", "CC-PDM-1.0": "publicdomain/mark/1.0/", "CC-PDDC": "licenses/publicdomain/"}


@dataclass(frozen=True)
class Deed:
    """A Creative Commons licence taken apart. terms: "by-nc-sa", "zero", "mark" … version: "3.0". port: "DE", "" for none."""

    terms: str
    version: str
    port: str = ""

    @property
    def address(self) -> str:
        """Where its deed lies, in its canonical form."""
        if self.terms in _PUBLIC_DOMAIN:
            return f"https://creativecommons.org/{_PLACES[_PUBLIC_DOMAIN[self.terms]]}"
        terms = self.terms
        if self.version == "1.0":  # there, and only there, the terms stand in another order
            terms = {"by-nc-nd": "by-nd-nc", "nc-nd": "nd-nc"}.get(terms, terms)
        return f"https://creativecommons.org/licenses/{terms}/{self.version}/" + (f"{self.port.lower()}/" if self.port else "")


def deed_of(licence: str) -> Deed | None:
    """The parts of an id as we write them ("CC-BY-NC-3.0-DE"); None for all rights reserved and for what is none."""
    for terms, known in _PUBLIC_DOMAIN.items():
        if licence == known:
            return Deed(terms, "" if terms == "certification" else "1.0")
    found = _ID.fullmatch(licence)
    if found is None:
        return None
    terms, version, port = found.group(1).lower().replace("-plus", "+"), found.group(2), found.group(3) or ""
    return Deed(terms, version, port) if _spdx(terms, version, port) == licence else None


def is_known(licence: str) -> bool:
    """Whether this is an id as we write them: "CC-BY-SA-4.0", "CC-BY-NC-3.0-DE", "CC0-1.0", "all-rights-reserved"."""
    return licence == ALL_RIGHTS_RESERVED or deed_of(licence) is not None


def from_address(text: object) -> str | None:
    """The id a Creative Commons address stands for, with its port: ".../by-nc-sa/3.0/de/deed.fr" is CC-BY-NC-SA-3.0-DE."""
    if not isinstance(text, str):
        return None
    return next((known for known, _, _ in _addresses(text[:LICENCE_TEXT_LIMIT]) if known), None)


def from_text(text: object) -> str | None:
    """The licence a copyright line states: an address in it, "CC BY-SA 4.0" in words or letters, or all rights reserved.

    None where it is not plain: no version, exceptions, denied, said of the picture only, or statements that contradict each other.
    """
    return stated([text])


def stated(told: Iterable[object]) -> str | None:
    """The licence that several fields state together ("cc-by-4.0", an address, a line about rights). They must agree.

    One that says less than another (no port, no version) does not contradict it.
    """
    return _agreed(_all_in(told))


def nearest(*levels: Iterable[object]) -> str | None:
    """The licence by the first of these levels (the entry's fields, its text, the whole feed's) that states any, plainly or not."""
    return next((_agreed(found) for level in levels if (found := _all_in(level))), None)


def _all_in(told: Iterable[object]) -> list[Statement]:
    found: list[Statement] = []
    for text in told:
        if isinstance(text, str):
            lower = text[:LICENCE_TEXT_LIMIT].lower()
            if any(cue in lower for cue in _CUES):
                found += _stated_in(fold(text[:LICENCE_TEXT_LIMIT]))
    return found


def _agreed(found: list[Statement]) -> str | None:
    if len({one.terms for one in found}) != 1:
        return None
    versions, ports = ({getattr(one, name) for one in found} - {""} for name in ("version", "port"))
    if len(versions) > 1 or len(ports) > 1:
        return None
    return _id(Statement(found[0].terms, next(iter(versions), ""), next(iter(ports), "")))


def _stated_in(text: str) -> list[Statement]:
    addresses = [(_statement(known), start, end) for known, start, end in _addresses(text) if known]
    for _, start, end in addresses:  # so that the letters inside an address are not read a second time
        text = text[:start] + "\x1a" * (end - start) + text[end:]
    return statements(text, addresses)


def _statement(licence: str) -> Statement:
    deed = deed_of(licence)
    assert deed is not None  # only ids that we made ourselves come here
    return Statement(deed.terms, deed.version, deed.port)


def _id(one: Statement) -> str | None:
    if one.terms == "reserved":
        return ALL_RIGHTS_RESERVED
    if one.terms in _PUBLIC_DOMAIN:
        return _PUBLIC_DOMAIN[one.terms]
    return _spdx(one.terms, one.version, one.port)


def _addresses(text: str) -> Iterable[tuple[str | None, int, int]]:
    """Each Creative Commons address: its id, and where it stands."""
    lower = text.lower()
    if not any(site in lower for site in _SITES):
        return
    for found in _ADDRESS.finditer(text):
        name, version, port = found["name"].lower().replace("%2b", "+"), found["version"] or "", found["port"] or ""
        public = (found["family"] or "").lower() == "publicdomain" or (found["badge"] or "").lower() == "p"
        if public:
            known = _PUBLIC_DOMAIN.get(name) if name != "certification" else None
        elif name == "publicdomain":
            known = "CC-PDDC"
        else:
            known = _spdx(name, version, port)
        yield known, found.start(), found.end()
    for found in _SPDX_ADDRESS.finditer(text):
        known = found.group(1).upper()
        yield (known if is_known(known) else None), found.start(), found.end()


def _spdx(name: str, version: str, port: str) -> str | None:
    """The id of these terms; None when there is no such licence. What is no port ("rdf") is left out, as is any port of 4.0."""
    name = _OLD_ORDER.get(name, name)
    port = PORTS.get(port.lower(), "") if version != "4.0" else ""
    known = (
        (name in _ELEMENTS and version in _VERSIONS)
        or (name in _WITHOUT_NAME and (version == "1.0" or (version, port) == ("2.0", "JP")))
        or _SAMPLING.get(name) == version
    )
    if not known:
        return None
    return "-".join(part for part in ("CC", name.upper().replace("+", "-PLUS"), version, port) if part)
