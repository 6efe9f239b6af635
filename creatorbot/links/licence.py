"""What a licence lets a listener do, in a sentence, and where it can be read."""

import re
from dataclasses import dataclass

from creatorbot.wording import N_, licence_name

_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)(?:-([A-Z]{2,8}))?")
_MEANING = {
    "BY": N_("You may share and change it, also to earn money."),
    "BY-SA": N_("You may share and change it, as long as others may do the same with yours."),
    "BY-ND": N_("You may share it as it is."),
    "BY-NC": N_("You may share and change it, but not earn money with it."),
    "BY-NC-SA": N_("You may share and change it, not to earn money, as long as others may do the same with yours."),
    "BY-NC-ND": N_("You may share it as it is, but not earn money with it."),
}


@dataclass(frozen=True)
class Licence:
    """name: as people write it, "" for all rights reserved. meaning: a gettext id. named: the artist must be named."""

    name: str
    url: str
    meaning: str
    named: bool


def read_licence(spdx: str) -> Licence | None:
    """What this SPDX id (or "all-rights-reserved") means; None when we do not know it."""
    if spdx == "all-rights-reserved":
        return Licence("", "", N_("All rights reserved."), named=False)
    if spdx == "CC0-1.0":
        return Licence("CC0", "https://creativecommons.org/publicdomain/zero/1.0/", N_("You may do with it what you like."), named=False)
    found = _COMMONS.fullmatch(spdx)
    if found is None:
        return None
    terms, version, port = found.groups()
    place = f"{terms.lower()}/{version}/" + (f"{port.lower()}/" if port else "")
    return Licence(licence_name(spdx), f"https://creativecommons.org/licenses/{place}", _MEANING[terms], named=True)
