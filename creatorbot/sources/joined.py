"""Several entries that are one release: the tracks that came out together."""

from dataclasses import replace
from datetime import UTC, datetime

from creatorbot.sources.base import FoundRelease
from creatorbot.sources.feed_entry import Entry
from creatorbot.sources.plain import TITLE_LIMIT, line, unique

_NEVER = datetime.max.replace(tzinfo=UTC)
_NAMED = 3


def joined(tracks: list[tuple[Entry, FoundRelease]]) -> FoundRelease:
    """One release of these, at least one. Its id is that of the earliest, so that it stays the same while more are added."""
    earliest = min(tracks, key=lambda one: (one[0].published or _NEVER, one[0].place, one[1].guid))[1]
    if len(tracks) == 1:
        return replace(earliest, tracks=1)
    in_order = [release for _, release in sorted(tracks, key=lambda one: (one[0].place, one[0].published or _NEVER, one[1].guid))]
    said = {release.licence for release in in_order}
    return replace(
        earliest,
        title=_title([release.title for release in in_order]),
        kind="album",
        licence=earliest.licence if len(said) == 1 else None,
        audio_url=next((release.audio_url for release in in_order if release.audio_url), ""),
        cover_url=next((release.cover_url for release in in_order if release.cover_url), None),
        tags=unique([tag for release in in_order for tag in release.tags]),
        description="\n".join(f"{number}. {release.title}" for number, release in enumerate(in_order, 1)),
        tracks=len(in_order),
        isrc=None,
        explicit=any(release.explicit for release in in_order),
        parts=tuple(release.guid for release in in_order),
    )


def _title(titles: list[str]) -> str:
    """The first three names; how many more there are."""
    rest = len(titles) - _NAMED
    return line(", ".join(titles[:_NAMED]), TITLE_LIMIT - 10) + (f" + {rest}" if rest > 0 else "")
