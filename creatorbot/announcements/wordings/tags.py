"""Hashtags that can be read aloud: #paywhatyouwant is one long word to a screen reader, #PayWhatYouWant is four. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from creatorbot.announcements.text import parts
from creatorbot.announcements.wordings.brackets import VARIABLES
from creatorbot.announcements.wordings.filters import camel_case, hashtag
from creatorbot.models import Release

# Hashtags musicians use that are several words; what else is several words is found in the text, the title and the tags.
KNOWN = (
    "Pay What You Want",
    "Pay What You Can",
    "Name Your Price",
    "Creative Commons",
    "Bandcamp Friday",
    "New Music",
    "New Music Friday",
    "New Release",
    "New Album",
    "New Single",
    "New Track",
    "New Video",
    "New Episode",
    "Out Now",
    "Now Playing",
    "Pre Order",
    "Independent Music",
    "Independent Artist",
    "Indie Music",
    "Indie Rock",
    "Indie Pop",
    "Indie Folk",
    "Post Rock",
    "Post Punk",
    "New Wave",
    "Dark Wave",
    "Synth Wave",
    "Drum And Bass",
    "Field Recording",
    "Field Recordings",
    "Electronic Music",
    "Experimental Music",
    "Ambient Music",
    "Classical Music",
    "Folk Music",
    "Live Music",
    "Live Stream",
    "Singer Songwriter",
    "Hip Hop",
    "Heavy Metal",
    "Black Metal",
    "Death Metal",
    "Free Culture",
    "Free Music",
    "Open Source",
    "Netlabel Day",
    "Record Label",
    "Music Video",
    "Musicians Of Mastodon",
    "Fedi Music",
    "Fediverse Music",
    "Women In Music",
    "Modular Synth",
)
_KINDS = {"album": "New Album", "track": "New Track", "video": "New Video", "episode": "New Episode", "stream": "Live Stream"}
_FEWEST, _MOST_WORDS, MOST_SUGGESTED = 8, 6, 6


@dataclass(frozen=True)
class Better:
    """A hashtag and how it would be better written."""

    said: str
    better: str


def badly_written(wording: str, known: Iterable[str] = ()) -> tuple[Better, ...]:
    """Hashtags of several words written without large letters, and how to write them. known: sentences its words may be found in."""
    phrases = _phrases([*KNOWN, *known, wording])
    found: dict[str, Better] = {}
    for part in parts(wording):
        name = part.text.removeprefix("#")
        if part.kind != "tag" or any(letter.isupper() for letter in name[1:]) or len(name) < _FEWEST - 2:
            continue
        better = phrases.get(name.lower(), "")
        if better and better != name:
            found.setdefault(part.text, Better(part.text, f"#{better}"))
    return tuple(found.values())


def suggested(release: Release, wording: str) -> tuple[str, ...]:
    """Hashtags that say what this release is, that the wording does not have yet."""
    wanted = [_KINDS.get(release.kind, "")]
    if release.price_model in ("pay_what_you_want", "minimum"):
        wanted.append("Pay What You Want")
    if release.licence.startswith("CC"):
        wanted.append("Creative Commons")
    wanted.append("New Music")
    if "{tags}" not in wording:
        wanted += release.tags
    has = {part.text.lower() for part in parts(wording) if part.kind == "tag"}
    return tuple(dict.fromkeys(tag for words in wanted if (tag := hashtag(words)) and tag.lower() not in has))[:MOST_SUGGESTED]


def with_better(wording: str, better: Better) -> str:
    """The wording with this hashtag as it should be written."""
    return "".join(better.better if part.kind == "tag" and part.text == better.said else part.text for part in parts(wording))


def with_tag(wording: str, tag: str) -> str:
    """The wording with one more hashtag: in the last line when that is one of hashtags, else in a line of its own."""
    last = wording.rstrip().rpartition("\n")[2].split()
    beside = bool(last) and all(word.startswith("#") or word in ("{tags}", *(f"{{{name}|hashtag}}" for name in VARIABLES)) for word in last)
    return f"{wording.rstrip()}{' ' if beside else chr(10) * 2}{tag}".lstrip()


def _phrases(sentences: Iterable[str]) -> dict[str, str]:
    """Every run of two to six words, by how it looks run together."""
    found: dict[str, str] = {}
    for sentence in sentences:
        words = re.findall(r"[^\W_]+", sentence[:2000])[:300]
        for start in range(len(words)):
            for end in range(start + 2, min(start + _MOST_WORDS, len(words)) + 1):
                name = camel_case(" ".join(words[start:end]))
                if name:
                    found.setdefault(name.lower(), name)
    return found
