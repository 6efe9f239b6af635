"""What a page says elsewhere: the lists of a label's artists, the own pages of entries never seen before, the feed's new address."""

from dataclasses import replace

from creatorbot.errors import CreatorbotError
from creatorbot.models import Source
from creatorbot.releases.decide import Decider
from creatorbot.releases.polling.claiming import Claim
from creatorbot.releases.polling.finding import follow, gather
from creatorbot.releases.polling.looking import fetch
from creatorbot.releases.polling.outcome import Seen, examine
from creatorbot.releases.storing import known_of
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door

_MOST_FOLLOWED = 50
_SECONDS = 60.0


def says_more(seen: Seen, claimed: Claim) -> bool:
    """Whether other pages should be read before this look is complete."""
    reading = seen.reading
    if reading is None or reading.state == "robot_check":
        return False
    return bool(reading.follow) or _elsewhere(seen, claimed) != ""


def learn_more(runtime: Runtime, door: Door, seen: Seen, claimed: Claim) -> Seen:
    """The look with what those pages say; without what could not be learned this time. Never raises for what outside does."""
    there = _elsewhere(seen, claimed)
    if there:
        seen = _instead(door, seen, claimed, there)
    if seen.reading is None or not seen.reading.follow:
        return seen
    seen.reading = gather(door, seen.reading)
    with runtime.reading() as session:
        source = session.get(Source, claimed.source_id)
        first = source is None or source.baseline_at is None
        decider = Decider(known_of(session, claimed.source_id), first=first)
    seen.details = follow(door, seen.reading, decider.unseen(seen.reading.releases), most=_MOST_FOLLOWED, seconds=_SECONDS)
    return seen


def _elsewhere(seen: Seen, claimed: Claim) -> str:
    """Where the page says it lives from now on, unless that is here."""
    there = seen.reading.followed_by if seen.reading else ""
    return "" if there in (claimed.address, seen.moved_to) else there


def _instead(door: Door, seen: Seen, claimed: Claim, there: str) -> Seen:
    """Taken only when a page of the same making really is there."""
    try:
        address = door.sent_on(seen.moved_to or claimed.address, there)
        look = fetch(door, address)
    except CreatorbotError:
        return seen
    other = examine(replace(look, moved_to=look.moved_to or address))
    if other.reading is None or other.reading.state == "robot_check":
        return seen
    other.milliseconds, other.how = seen.milliseconds, seen.how
    return other
