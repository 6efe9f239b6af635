"""Looks that found everything as it was, written down many at a time: most looks are of this kind. Never commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import select as columns
from sqlalchemy import update as updating
from sqlmodel import Session, SQLModel

from creatorbot.models import Source
from creatorbot.releases.polling.claiming import Claim
from creatorbot.releases.polling.outcome import Known, Seen, fetch_row, keep_fetches, paced, telling_themselves

_SOURCE = SQLModel.metadata.tables[str(Source.__tablename__)]
_CHUNK = 500


def keep_unchanged(session: Session, looks: Sequence[tuple[Claim, Seen]], now: datetime) -> None:
    """Write down these looks, each of which brought nothing new. One whose lease ran out, or whose address was changed, is left alone."""
    for start in range(0, len(looks), _CHUNK):
        _keep(session, {claimed.source_id: (claimed, seen) for claimed, seen in looks[start : start + _CHUNK]}, now)


def _keep(session: Session, looks: dict[int, tuple[Claim, Seen]], now: datetime) -> None:
    ids = list(looks)
    pushed, changes, fetches = telling_themselves(session, ids, now), [], []
    named = (
        "id",
        "lease_until",
        "address",
        "kind",
        "interval_s",
        "asked_s",
        "last_new_at",
        "baseline_at",
        "created_at",
        "state",
        "sentence",
    )
    for row in session.execute(columns(*(_SOURCE.c[name] for name in named)).where(_SOURCE.c.id.in_(ids))):
        claimed, seen = looks[row.id]
        if (row.lease_until, row.address) != (claimed.until, claimed.address):
            continue
        known = Known(row.id, row.kind, row.interval_s, row.asked_s, row.last_new_at or row.baseline_at or row.created_at, row.id in pushed)
        asked_s, interval_s, due = paced(known, seen, now)
        healed = row.state not in ("ok", "empty")  # what was there is there again
        changes.append(
            {
                "the_id": row.id,
                "the_lease": claimed.until,
                "asked_s": asked_s,
                "interval_s": interval_s,
                "next_poll_at": due,
                "state": "ok" if healed else row.state,
                "sentence": "" if healed else row.sentence,
            }
        )
        fetches.append(fetch_row(row.id, seen, now))
    if changes:
        _write(session, changes, fetches, now)


def _write(session: Session, changes: list[dict[str, object]], fetches: list[dict[str, object]], now: datetime) -> None:
    mine = (_SOURCE.c.id == bindparam("the_id"), _SOURCE.c.lease_until == bindparam("the_lease"))
    same = {"lease_until": None, "polled_at": now, "failures": 0}
    told: dict[str, Any] = {name: bindparam(name) for name in ("asked_s", "interval_s", "next_poll_at", "state", "sentence")}
    session.connection().execute(updating(_SOURCE).where(*mine).values(**same, **told), changes)
    keep_fetches(session, fetches)
