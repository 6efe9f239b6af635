"""What every kind of source must do with its own pages, with others' and with rubbish. Drawn from the registry and from the examples."""

import re
import unicodedata
from collections.abc import Callable
from typing import get_args

from creatorbot.errors import InvalidInput
from creatorbot.sources import REGISTRY, read_page
from creatorbot.sources.base import Availability, Fetched, FoundRelease, Kind, PriceModel, Reading
from creatorbot.sources.licences import is_known

# Kinds that know prices; feeds never tell any.
_KNOW_PRICES = {"bandcamp"}
_MARKUP = re.compile(r"</?(?:a|b|i|p|br|div|span|img|script|style|strong|em)\b[^<>]*>", re.I)
_PLAYS = re.compile(r"https://(?=[^/?#]*[.])[a-z0-9._-]{1,253}(?::([1-9][0-9]{0,4}))?(?:[/?#]|\Z)")
_TURNING = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")


def scores(page: Fetched) -> dict[str, float]:
    """How sure each source is; all of them between no and certain."""
    found = {name: source.recognise(page) for name, source in REGISTRY.items()}
    assert all(0 <= score <= 1 for score in found.values()), found
    return found


def best(page: Fetched) -> str:
    """The only source that is surest, which is the one that reads the page."""
    found = scores(page)
    names = [name for name, score in found.items() if score == max(found.values())]
    assert len(names) == 1, f"{names} are equally sure"
    return names[0]


def outcome(name: str, page: Fetched) -> Reading | None:
    """What this source reads; None when it refuses with a sentence. Anything else that it raises is a defect."""
    return _read_or_refused(REGISTRY[name].read, page)


def survives(page: Fetched) -> None:
    """All recognise it, all read it or refuse, and what they read is in good order."""
    scores(page)
    for name in REGISTRY:
        reading = outcome(name, page)
        if reading is not None:
            in_order(reading)
    _read_or_refused(read_page, page)


def _read_or_refused(read: Callable[[Fetched], Reading], page: Fetched) -> Reading | None:
    sentence = "."
    try:
        return read(page)
    except InvalidInput as refused:
        sentence = str(refused)
    assert sentence.endswith(".")
    return None


def in_order(reading: Reading) -> None:
    """What may be relied on, whatever came in."""
    assert reading.source in REGISTRY
    assert reading.software == reading.software.lower()
    assert bool(reading.hub) == bool(reading.topic)
    assert reading.pace_s == 0 or 300 <= reading.pace_s <= 86_400
    for address in (reading.hub, reading.topic, reading.followed_by, *reading.follow):
        assert not address or is_web(address)
    plain(reading.title)
    assert all(str(note) for note in reading.notes)
    if reading.state == "ok":
        assert reading.releases
    for release in reading.releases:
        release_in_order(release, prices=reading.source in _KNOW_PRICES)


def release_in_order(release: FoundRelease, *, prices: bool) -> None:
    """What may be relied on in each release."""
    assert release.title
    assert release.guid
    assert release.kind in get_args(Kind)
    assert release.availability in get_args(Availability)
    assert release.price.model in get_args(PriceModel)
    assert prices or release.price.model == "unknown"
    assert release.licence is None or is_known(release.licence)
    assert release.artist != ""
    assert release.tracks is None or release.tracks > 0
    assert not release.parts or release.kind == "album"
    for address in (release.url, release.cover_url, release.part_of):
        assert address is None or is_web(address)
    plays_cleanly(release.player_url)
    plays_cleanly(release.audio_url)
    for text in (release.title, release.artist or "", release.description, *release.tags):
        plain(text)
    for line in (release.title, release.artist or "", *release.tags):
        assert "\n" not in line


def plays_cleanly(address: str) -> None:
    """Nothing, or an https address whose place says one thing only in a content security policy: a public name, maybe a port."""
    found = _PLAYS.match(address)
    assert address == "" or (found and len(address) <= 1_000 and int(found[1] or 443) < 65_536), address
    assert not re.search(r"[^!-~]|[\"'<>\\\\^`{|}]", address), address


def is_web(address: str) -> bool:
    """An absolute address of the web without blanks."""
    return address.startswith(("http://", "https://")) and not re.search(r"\s", address)


def plain(text: str) -> None:
    """No markup that a browser would obey, no control characters, nothing that turns the reading direction, no half letters."""
    text.encode()
    assert not set(text) & _TURNING
    assert not [sign for sign in text if unicodedata.category(sign) == "Cc" and sign != "\n"], repr(text)


def without_markup(text: str) -> None:
    """None of the tags that the examples carry is left."""
    assert not _MARKUP.search(text), text
