"""A batch of visits: verdicts by what each says and by what the visitor does next, then rows and figures."""

from collections import defaultdict
from typing import NamedTuple

import orjson
from sqlalchemy import bindparam, update
from sqlmodel import Session

from creatorbot.links.classify import Classified, Rules
from creatorbot.links.counting.behaviour import Deed, Settled, like_a_browser, settle
from creatorbot.links.counting.earlier import Stored, counted_of, presses_of, uncertain_of
from creatorbot.links.counting.lines import DAY_MS, Line
from creatorbot.links.counting.servers import add_servers
from creatorbot.links.counting.tables import add_referrers, add_totals, count_people, table_of
from creatorbot.links.counting.tally import Group, Tally
from creatorbot.models import Visit
from creatorbot.storage.bulk import moment_text, pour

_COLUMNS = (
    "artist_id",
    "link_id",
    "at",
    "kind",
    "reason",
    "rules",
    "visitor",
    "server_host",
    "button",
    "release_id",
    "referrer_host",
    "facts",
)
_OWN_PRESS = Classified("person", "navigation")  # a press found before to be a person's


class Seen(NamedTuple):
    """A line, and the link it is about."""

    line: Line
    link_id: int
    artist_id: int


class _Watched:
    """Visitors of whom a group tells more than each request: where their lines are in the batch, and whether anything is unsure."""

    def __init__(self) -> None:
        self.places: defaultdict[Group, list[int]] = defaultdict(list)
        self.unsure: set[Group] = set()


def store(session: Session, seen: list[Seen], rules: Rules, most_servers: int) -> None:
    """Store these visits and count them."""
    verdicts, watched = _read(seen, rules)
    settled: dict[int, Settled] = {}
    moved: list[tuple[Stored, Settled]] = []
    _look_at_behaviour(session, seen, verdicts, watched, rules, settled, moved)
    tally, written = Tally(), moment_text(session)
    texts = {id(line.facts): line.facts for line, _, _ in seen}
    kept = {number: orjson.dumps(facts).decode() for number, facts in texts.items()}
    rows = []
    for place, (line, link_id, artist_id) in enumerate(seen):
        found = settled.get(place)
        verdict, known_ms = (verdicts[place], line.at_ms) if found is None else (found.verdict, found.known_ms)
        if line.button:
            tally.pressed(link_id, line.at_ms, line.button, verdict)
        else:
            tally.opened(link_id, line.at_ms, line.visitor, line.referrer_host, verdict, known_ms)
            if verdict.host:
                tally.fetched(link_id, artist_id, line.at_ms, verdict)
        rows.append(
            (
                artist_id,
                link_id,
                written(line.at_ms),
                verdict.kind,
                verdict.reason,
                rules.number,
                line.visitor,
                verdict.host,
                line.button,
                line.shown,
                line.referrer_host,
                kept[id(line.facts)],
            )
        )
    pour(session, table_of(Visit), _COLUMNS, rows)
    _move(session, moved, tally)
    count_people(session, tally)
    add_totals(session, tally)
    add_referrers(session, tally.referrers)
    add_servers(session, tally.servers, most_servers)


def _read(seen: list[Seen], rules: Rules) -> tuple[list[Classified], _Watched]:
    known: dict[int, Classified] = {}  # by the facts' own number: equal facts are mostly one object, and comparing them costs more
    verdicts, watched = [], _Watched()
    for place, (line, link_id, _) in enumerate(seen):
        verdict = known.get(id(line.facts))
        if verdict is None:
            verdict = known[id(line.facts)] = rules.read(line.facts)
        verdicts.append(verdict)
        if not like_a_browser(verdict):
            continue
        if line.visitor is not None:
            group = (link_id, line.at_ms // DAY_MS, line.visitor)
            watched.places[group].append(place)
            if line.button or verdict.kind == "uncertain":
                watched.unsure.add(group)
        elif line.button:
            (found,) = settle([Deed(line.at_ms, verdict, pressed=True, own=line.facts.own)])
            verdicts[place] = found.verdict
    return verdicts, watched


def _look_at_behaviour(
    session: Session,
    seen: list[Seen],
    verdicts: list[Classified],
    watched: _Watched,
    rules: Rules,
    settled: dict[int, Settled],
    moved: list[tuple[Stored, Settled]],
) -> None:
    """Fill in what this batch's lines are (by their place), and which stored visits are something else than they were."""
    stored = uncertain_of(session, watched.places.keys())
    unsure = watched.unsure | stored.keys()
    deeds = {
        group: [
            *(Deed(one.at_ms, rules.read(one.facts), bool(one.button), one.facts.own) for one in stored.get(group, ())),
            *(
                Deed(seen[place].line.at_ms, verdicts[place], bool(seen[place].line.button), seen[place].line.facts.own)
                for place in watched.places[group]
            ),
        ]
        for group in unsure
    }
    opened = counted_of(session, [group for group, all_ in deeds.items() if all(deed.pressed for deed in all_)])
    waiting = [group for group, all_ in deeds.items() if any(not deed.pressed and deed.verdict.kind == "uncertain" for deed in all_)]
    since = min((deed.at_ms for group in waiting for deed in deeds[group] if not deed.pressed), default=0)
    pressed = presses_of(session, waiting, since)
    for group, known in deeds.items():
        before = stored.get(group, [])
        presses = [Deed(at, _OWN_PRESS, pressed=True, own=True) for at in pressed.get(group, ())]
        found = settle([*known, *presses], opened=group in opened)
        moved.extend((one, now) for one, now in zip(before, found, strict=False) if now.verdict.kind == "person")
        settled.update(zip(watched.places[group], found[len(before) :], strict=False))


def _move(session: Session, moved: list[tuple[Stored, Settled]], tally: Tally) -> None:
    """Stored visits that turned out to be a person's."""
    for one, now in moved:
        if one.button:
            tally.pressed(one.link_id, one.at_ms, one.button, now.verdict)
        else:
            tally.opened(one.link_id, one.at_ms, one.visitor, one.referrer_host, now.verdict, now.known_ms)
            tally.take_back(one.link_id, one.at_ms, "uncertain")
    if moved:
        table = table_of(Visit)
        changed = update(table).where(table.c.id == bindparam("visit")).values(kind=bindparam("kind_"), reason=bindparam("reason_"))
        values = [{"visit": one.visit_id, "kind_": now.verdict.kind, "reason_": now.verdict.reason} for one, now in moved]
        session.connection().execute(changed, values)
