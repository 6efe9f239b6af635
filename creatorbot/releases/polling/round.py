"""A round of looks at all sources whose time has come: fetched many at once, read as they arrive, written down in groups."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sqlmodel import Session, col, select

from creatorbot.errors import CreatorbotError
from creatorbot.models import Admission, Source
from creatorbot.releases.polling.claiming import Claim, claim_due, let_go
from creatorbot.releases.polling.looking import PAGE_BYTES, Trail, asked_with, no_sense
from creatorbot.releases.polling.more import learn_more, says_more
from creatorbot.releases.polling.outcome import Seen, examine, keep_all
from creatorbot.releases.polling.quiet import keep_unchanged
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.many import Ask, Came, Many

log = logging.getLogger(__name__)
ROUND_S = 30.0
_BATCH = 500
_MOST_WAITING = 2_000
_QUIET_GROUP, _CHANGED_GROUP = 250, 20
_NOT_LONGER_S = 1.0  # than this anything that was learned waits to be written down
_ASK_AGAIN_S = 5.0
_AT_ONCE_ELSEWHERE = 3
_BANDCAMP = "bandcamp.com"  # one shop, whatever the host: its pages take turns
_BANDCAMP_GAP_S = 2.0


@dataclass(frozen=True)
class RoundReport:
    """looked: sources looked at; of them unchanged and in trouble. fresh: releases that are new or held. left: still due."""

    looked: int = 0
    unchanged: int = 0
    troubled: int = 0
    fresh: int = 0
    left: int = 0


@dataclass
class Visit:
    """A source on its way through the round. seconds: spent so far, over all redirects."""

    claimed: Claim
    trail: Trail
    seconds: float = 0.0


@dataclass
class Round:
    """One round. limit_s: after so many seconds nothing new is begun; what waits stays due for the next round."""

    runtime: Runtime
    limit_s: float = ROUND_S
    gap_s: float | None = None
    _many: Many[Visit] = field(init=False)
    _doors: dict[int, Door] = field(default_factory=dict)
    _quiet: list[tuple[Claim, Seen]] = field(default_factory=list)
    _changed: list[tuple[Claim, Seen]] = field(default_factory=list)
    _elsewhere: dict[Future[Seen], tuple[Claim, Seen]] = field(default_factory=dict)
    _helpers: ThreadPoolExecutor | None = None
    _written_at: float = 0.0
    _asked_at: float = float("-inf")
    _counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("looked", "unchanged", "troubled", "fresh", "left"), 0))

    def run(self, now: datetime) -> RoundReport:
        """Look at what is due at this time, and at what becomes due while we are at it."""
        ends, self._written_at = time.monotonic() + self.limit_s, time.monotonic()
        self._many = Many() if self.gap_s is None else Many(gap_s=self.gap_s)
        try:
            self._claim(now)
            while len(self._many) or self._elsewhere:
                self._work()
                if time.monotonic() >= ends:
                    self._leave_the_rest()
                elif self._has_room():
                    self._claim(self.runtime.clock())
            self._write()
        finally:
            self._many.close()
            if self._helpers is not None:
                self._helpers.shutdown(wait=False, cancel_futures=True)
        return RoundReport(**self._counts)

    def _has_room(self) -> bool:
        rested = time.monotonic() - self._asked_at >= _ASK_AGAIN_S
        return rested and len(self._many) < _MOST_WAITING and self._many.has_room

    def _claim(self, now: datetime) -> None:
        with self.runtime.session() as session:
            claims = claim_due(session, now, _BATCH)
            self._know_doors(session, {one.artist_id for one in claims} - self._doors.keys())
        self._asked_at = time.monotonic() if len(claims) < _BATCH else float("-inf")
        for one in claims:
            self._ask(Visit(one, Trail(self._doors[one.artist_id], one.address)))

    def _know_doors(self, session: Session, artists: set[int]) -> None:
        places: dict[int, set[tuple[str, int]]] = {artist_id: set() for artist_id in artists}
        admitted = select(Admission.artist_id, Admission.host, Admission.port).where(col(Admission.artist_id).in_(artists))
        for artist_id, host, port in session.exec(admitted) if artists else ():
            places[artist_id].add((host, port))
        door = self.runtime.door
        self._doors |= {artist_id: door.admitting(frozenset(mine)) if mine else door for artist_id, mine in places.items()}

    def _ask(self, visit: Visit) -> None:
        trail, claimed = visit.trail, visit.claimed
        shop = claimed.kind == "bandcamp" or (_BANDCAMP in trail.here and _host(trail.here).endswith("." + _BANDCAMP))
        self._many.add(
            Ask(
                trail.here,
                trail.door,
                visit,
                headers=asked_with(claimed.headers),
                first=trail.here == trail.address,
                group=_BANDCAMP if shop else "",
                gap_s=_BANDCAMP_GAP_S if shop else None,
                seconds=max(0.0, trail.door.rules.total_timeout - visit.seconds),
                max_bytes=PAGE_BYTES,
            )
        )

    def _work(self) -> None:
        """Take what arrives until there is room for more, or nothing has arrived for a moment."""
        if not len(self._many):
            wait(self._elsewhere, timeout=0.5)
        for came in self._many.came(patience=0.2):
            self._take(came)
            self._collect()
            if len(self._quiet) >= _QUIET_GROUP or len(self._changed) >= _CHANGED_GROUP or self._is_stale():
                self._write()
            if self._has_room():
                break
        self._collect()
        if self._is_stale():
            self._write()

    def _is_stale(self) -> bool:
        return time.monotonic() - self._written_at > _NOT_LONGER_S

    def _take(self, came: Came[Visit]) -> None:
        visit = came.ask.about
        visit.seconds += came.seconds
        try:
            if came.answer is None:
                seen = Seen(error=came.error)
            elif visit.trail.follow(came.answer):
                self._ask(visit)
                return
            else:
                seen = examine(visit.trail.look(came.answer), visit.claimed)
        except CreatorbotError as error:
            seen = Seen(error=error)
        except Exception:  # whatever a stranger's page holds, the others go on
            log.exception("source %d could not be looked at", visit.claimed.source_id)
            seen = Seen(error=no_sense())
        seen.milliseconds = round(visit.seconds * 1000)
        if says_more(seen, visit.claimed):
            self._helpers = self._helpers or ThreadPoolExecutor(_AT_ONCE_ELSEWHERE, thread_name_prefix="follow")
            future = self._helpers.submit(learn_more, self.runtime, visit.trail.door, seen, visit.claimed)
            self._elsewhere[future] = (visit.claimed, seen)
        else:
            self._learned(visit.claimed, seen)

    def _learned(self, claimed: Claim, seen: Seen) -> None:
        quiet = seen.unchanged and seen.moved_to is None
        (self._quiet if quiet else self._changed).append((claimed, seen))

    def _collect(self) -> None:
        """What was learned from other pages."""
        for future in [one for one in self._elsewhere if one.done()]:
            claimed, seen = self._elsewhere.pop(future)
            error = future.exception()
            if error is not None:
                log.error("the other pages of source %d could not be read", claimed.source_id, exc_info=error)
            self._learned(claimed, seen if error is not None else future.result())

    def _leave_the_rest(self) -> None:
        rest = [ask.about.claimed for ask in self._many.drop()]
        if rest:
            self._counts["left"] += len(rest)
            with self.runtime.session() as session:
                let_go(session, rest)

    def _write(self) -> None:
        now = self.runtime.clock()
        quiet, self._quiet, changed, self._changed = self._quiet, [], self._changed, []
        self._written_at = time.monotonic()
        self._counts["looked"] += len(quiet) + len(changed)
        self._counts["unchanged"] += len(quiet)
        self._counts["troubled"] += sum(seen.error is not None or seen.robot_check for _, seen in changed)
        if quiet:
            self._together(quiet, lambda session: keep_unchanged(session, quiet, now))
        if changed:
            self._together(changed, lambda session: self._keep(session, changed, now))

    def _together(self, looks: list[tuple[Claim, Seen]], writing: Callable[[Session], None]) -> None:
        """One transaction for all; if one of them breaks it, one for each, so that it spoils none of the others."""
        before = dict(self._counts)
        try:
            with self.runtime.session() as session:
                writing(session)
        except Exception:
            log.exception("a group of %d looks could not be written down, so each is tried alone", len(looks))
            self._counts = before
            for one in looks:
                self._alone(*one)

    def _alone(self, claimed: Claim, seen: Seen) -> None:
        now = self.runtime.clock()
        try:
            with self.runtime.session() as session:
                self._keep(session, [(claimed, seen)], now)
        except Exception:
            log.exception("source %d could not be written down", claimed.source_id)
            with self.runtime.session() as session:
                self._keep(session, [(claimed, Seen(seen.status, seen.headers, seen.bytes, error=no_sense(), how=seen.how))], now)

    def _keep(self, session: Session, looks: Sequence[tuple[Claim, Seen]], now: datetime) -> None:
        self._counts["fresh"] += keep_claimed(session, looks, now)


def keep_claimed(session: Session, looks: Sequence[tuple[Claim, Seen]], now: datetime) -> int:
    """Write down looks under a lease. One whose lease ran out is left alone: another look is under way. Returns what is new or held."""
    ids = [claimed.source_id for claimed, _ in looks]
    rows = session.exec(select(Source).where(col(Source.id).in_(ids)).order_by(col(Source.id)).with_for_update())
    sources, mine = {row.id: row for row in rows}, list[tuple[Source, Seen]]()
    for claimed, seen in looks:
        source = sources.get(claimed.source_id)
        if source is None or source.lease_until != claimed.until:
            continue
        if source.address == claimed.address:
            mine.append((source, seen))
        else:  # it lives elsewhere now, as the artist says
            source.lease_until = None
            session.add(source)
    return keep_all(session, mine, now) if mine else 0


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
