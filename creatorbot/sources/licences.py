"""Licences: SPDX ids from Creative Commons addresses and from what copyright lines say."""

import re

ALL_RIGHTS_RESERVED = "all-rights-reserved"
_ELEMENTS = {"by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"}
_OLD_ORDER = {"by-nd-nc": "by-nc-nd", "by-sa-nc": "by-nc-sa"}
_VERSIONS = {"1.0", "2.0", "2.1", "2.5", "3.0", "4.0"}
_ADDRESS = re.compile(
    r"creativecommons\.org/(licenses|licences|publicdomain)/([a-z+-]{2,20})/(\d\.\d)(?:/([a-z]{2,3}|scotland))?(?=[/\s?#\"'<>).,;]|$)", re.I
)
_SHORT = re.compile(r"\bCC[\s-]+(BY(?:[\s-]+(?:NC|SA|ND)){0,2})[\s-]+(?:v\.?\s*)?(\d\.\d)(?:[\s-]+([A-Z]{2,3})\b)?")
_LONG = re.compile(r"Attribution((?:[\s-]+(?:Non-?Commercial|Share-?Alike|No-?Deriv(?:ative)?s?(?:\s+Works)?)){0,2})[\s-]+(\d\.\d)", re.I)
_ID = re.compile(r"CC-BY(?:-NC)?(?:-SA|-ND)?-\d\.\d(?:-[A-Z]{2,8})?")
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


def is_known(licence: str) -> bool:
    """Whether this is an id as we write them: "CC-BY-SA-4.0", "CC-BY-NC-3.0-DE", "CC0-1.0", "all-rights-reserved"."""
    return licence in (ALL_RIGHTS_RESERVED, "CC0-1.0", "CC-PDM-1.0") or bool(_ID.fullmatch(licence))
