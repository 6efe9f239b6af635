"""Looking at sources: claim, fetch and read outside any transaction, decide, store. A kill at any point loses nothing."""

import time
from datetime import datetime

from sqlmodel import select

from creatorbot.errors import CreatorbotError, InvalidInput, NotFound
from creatorbot.models import Artist, Source
from creatorbot.releases.decide import Decider
from creatorbot.releases.polling import own_page
from creatorbot.releases.polling.claiming import claim, due_sources
from creatorbot.releases.polling.finding import find, follow, typed_address
from creatorbot.releases.polling.given import new_source, read_page_given, read_pushed, seen_of, take_page
from creatorbot.releases.polling.looking import blocked, fetch
from creatorbot.releases.polling.more import learn_more, says_more
from creatorbot.releases.polling.outcome import Seen, examine, keep
from creatorbot.releases.polling.round import Round, RoundReport, keep_claimed
from creatorbot.runtime import Runtime
from creatorbot.sources.base import Fetched
from creatorbot.wording import N_, say

__all__ = ["add_source", "due_sources", "poll_round", "poll_source", "read_pushed", "refresh_release", "take_page"]

refresh_release = own_page.refresh_release
_MOST_FOLLOWED_AT_FIRST = 12
_FOLLOW_SECONDS_AT_FIRST = 8.0  # somebody is waiting for the page
_GIVEN = N_("You gave us the page itself. From now on we look at this address.")


def poll_round(runtime: Runtime, now: datetime) -> RoundReport:
    """Look at every source whose time has come, many at once, and keep what was found.

    Takes half a minute at most, and as long as the slowest answer; what was not begun by then is still due. One source's trouble never
    touches the others. Never raises for what outside does.
    """
    return Round(runtime).run(now)


def poll_source(runtime: Runtime, source_id: int, now: datetime, how: str = "asked") -> None:
    """Look at one source now, due or not, and keep what was found. Does nothing when somebody else is looking at it.

    how: asked (by a person) | polled. Never raises for what outside does.
    """
    with runtime.session() as session:
        claimed = claim(session, source_id, now)
    if claimed is None:
        return
    door, began = runtime.door_for(claimed.artist_id), time.monotonic()
    try:
        seen = examine(fetch(door, claimed.address, claimed.headers), claimed)
        if says_more(seen, claimed):
            seen = learn_more(runtime, door, seen, claimed)
    except CreatorbotError as error:
        seen = Seen(error=error)
    seen.milliseconds, seen.how = round((time.monotonic() - began) * 1000), how
    with runtime.session() as session:
        keep_claimed(session, [(claimed, seen)], now)


def add_source(runtime: Runtime, artist_id: int, typed: str, page: Fetched | None = None) -> int:
    """Watch this address from now on: look at once and list what is already there, none of it new. Returns the source's id.

    page: what is there, given by a person, instead of a look. Raises InvalidInput or ServiceError with a sentence when it cannot be read;
    then nothing was stored.
    """
    address = typed_address(typed)
    _refuse_twice(runtime, artist_id, address)
    if page is not None:
        return _add(runtime, artist_id, typed, address, _GIVEN, {}, seen_of(page, read_page_given(page), "asked"))
    door, began = runtime.door_for(artist_id), time.monotonic()
    found = find(door, address)
    if found.reading.state == "robot_check":
        raise blocked(found.reading)
    seen = seen_of(found.look.page, found.reading, "asked")
    seen.details = follow(
        door,
        found.reading,
        Decider((), first=True).unseen(found.reading.releases),
        most=_MOST_FOLLOWED_AT_FIRST,
        seconds=_FOLLOW_SECONDS_AT_FIRST,
    )
    seen.milliseconds = round((time.monotonic() - began) * 1000)
    return _add(runtime, artist_id, typed, found.address, found.how.message, dict(found.how.values), seen)


def _add(runtime: Runtime, artist_id: int, typed: str, address: str, how: str, values: dict[str, object], seen: Seen) -> int:
    now = runtime.clock()
    with runtime.session() as session:
        artist = session.get(Artist, artist_id)
        if artist is None:
            raise NotFound("There is no such artist.")
        source = new_source(session, artist_id, address, typed, say(artist.language, how, values), seen, now)
        keep(session, source, seen, now)
        return source.id or 0


def _refuse_twice(runtime: Runtime, artist_id: int, address: str) -> None:
    with runtime.reading() as session:
        if session.exec(select(Source.id).where(Source.artist_id == artist_id, Source.address == address)).first():
            raise InvalidInput("You already watch this address.", field="address")
