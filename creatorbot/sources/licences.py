"""Licences: SPDX ids from Creative Commons addresses and texts, and what each means in plain words."""

import re

from creatorbot.wording import N_

ALL_RIGHTS_RESERVED = "all-rights-reserved"
_ELEMENTS = {"by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"}
_OLD_ORDER = {"by-nd-nc": "by-nc-nd", "by-sa-nc": "by-nc-sa"}
_VERSIONS = {"1.0", "2.0", "2.1", "2.5", "3.0", "4.0"}
_ADDRESS = re.compile(
    r"creativecommons\.org/(licenses|licences|publicdomain)/([a-z+-]{2,20})/(\d\.\d)(?:/([a-z]{2,3}|scotland))?(?=[/\s?#\"'<>).,;]|$)", re.I
)
_SHORT = re.compile(r"\bCC[\s-]+(BY(?:[\s-]+(?:NC|SA|ND)){0,2})[\s-]+(?:v\.?\s*)?(\d\.\d)(?:[\s-]+([A-Z]{2,3})\b)?")
_LONG = re.compile(
    r"Attribution((?:[\s-]+(?:Non-?Commercial|Share-?Alike|No-?Deriv(?:ative)?s?(?:\s+Works)?)){0,2})[\s-]+(\d\.\d)", re.I
)
_NOT_SIMPLY = re.compile(r"\b(unless|except|otherwise|some|no) ", re.I)


def from_address(text: object) -> str | None:
    """The SPDX id a Creative Commons address stands for, with its port: ".../by-nc-sa/3.0/de/" is CC-BY-NC-SA-3.0-DE."""
    found = _ADDRESS.search(text) if isinstance(text, str) else None
    if not found:
        return None
    family, name, version, port = found.group(1).lower(), found.group(2).lower(), found.group(3), found.group(4) or ""
    if family == "publicdomain":
        return {"zero": "CC0-1.0", "mark": "CC-PDM-1.0"}.get(name)
    return _spdx(name, version, port)


def _spdx(name: str, version: str, port: str) -> str | None:
    name = _OLD_ORDER.get(name, name)
    if name not in _ELEMENTS or version not in _VERSIONS:
        return None
    return "-".join(part for part in ("CC", name.upper(), version, port.upper()) if part)


def from_text(text: object) -> str | None:
    """The licence a copyright line states: an address in it, "CC BY-SA 4.0" in words or letters, or all rights reserved.

    None where it is not plain: no version, exceptions, several addresses.
    """
    if not isinstance(text, str):
        return None
    found = {from_address(match.group()) for match in _ADDRESS.finditer(text)} - {None}
    if found:
        return found.pop() if len(found) == 1 else None
    if short := _SHORT.search(text):
        port = short.group(3) or ""
        return _spdx("-".join(re.split(r"[\s-]+", short.group(1))).lower(), short.group(2), "" if port == "INT" else port)
    if re.search(r"\bCC[\s-]?0\b", text):
        return "CC0-1.0"
    if "creative commons" in text.lower() and (spelt := _LONG.search(text)):
        return _spdx(_letters(spelt.group(1)), spelt.group(2), "")
    if "all rights reserved" in text.lower() and not _NOT_SIMPLY.search(text):
        return ALL_RIGHTS_RESERVED
    return None


def _letters(words: str) -> str:
    parts = ["by"]
    for pattern, letters in ((r"non-?commercial", "nc"), (r"share-?alike", "sa"), (r"no-?deriv", "nd")):
        if re.search(pattern, words, re.I):
            parts.append(letters)
    return "-".join(parts)


def licence_name(licence: str) -> str:
    """How people write it: "CC BY-SA 4.0", "CC0", "All rights reserved" (a gettext id); the id itself when we do not know it."""
    if licence == ALL_RIGHTS_RESERVED:
        return N_("All rights reserved")
    if licence == "CC0-1.0":
        return "CC0"
    found = re.fullmatch(r"CC-(BY(?:-[A-Z]{2}){0,2})-(\d\.\d)(?:-([A-Z]+))?", licence)
    return f"CC {found.group(1)} {found.group(2)}{' ' + found.group(3) if found.group(3) else ''}" if found else licence


def licence_address(licence: str) -> str | None:
    """Where the licence can be read; None for all rights reserved and what we do not know."""
    if licence == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if licence == "CC-PDM-1.0":
        return "https://creativecommons.org/publicdomain/mark/1.0/"
    found = re.fullmatch(r"CC-(BY(?:-[A-Z]{2}){0,2})-(\d\.\d)(?:-([A-Z]+))?", licence)
    if not found:
        return None
    port = f"{found.group(3).lower()}/" if found.group(3) else ""
    return f"https://creativecommons.org/licenses/{found.group(1).lower()}/{found.group(2)}/{port}"


_MEANINGS = {
    "BY": N_("You may share it and build on it, also commercially, if you name the artist."),
    "BY-SA": N_("You may share it and build on it if you name the artist and pass it on under the same terms."),
    "BY-ND": N_("You may share it unchanged, also commercially, if you name the artist."),
    "BY-NC": N_("You may share it and build on it if you name the artist and make no business of it."),
    "BY-NC-SA": N_("You may share it and build on it if you name the artist, make no business of it and pass it on under the same terms."),
    "BY-NC-ND": N_("You may share it unchanged if you name the artist and make no business of it."),
    "CC0": N_("You may do anything with it; the artist asks for nothing."),
    "PDM": N_("It belongs to everybody: no rights are known to be held."),
    "ARR": N_("You may listen; for anything else ask the artist."),
}


def licence_meaning(licence: str) -> str:
    """What a fan may do, as a gettext id; "" when the licence is not known."""
    if licence == ALL_RIGHTS_RESERVED:
        return _MEANINGS["ARR"]
    if licence.startswith("CC0"):
        return _MEANINGS["CC0"]
    if licence.startswith("CC-PDM"):
        return _MEANINGS["PDM"]
    found = re.match(r"CC-(BY(?:-(?:NC|SA|ND))*)-\d", licence)
    return _MEANINGS.get(found.group(1), "") if found else ""
