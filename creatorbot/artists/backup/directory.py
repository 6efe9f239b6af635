"""The public directory of Mastodon servers (api.joinmastodon.org): its music category, asked only when somebody wishes, kept for a day."""

import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from creatorbot.artists.backup.servers import OURS, Suggestion
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.security.http import Door

log = logging.getLogger(__name__)
ADDRESS = "https://api.joinmastodon.org/servers?category=music"
KEPT = timedelta(days=1)
PATIENCE_S = 4.0
MOST_BYTES = 2_000_000
MOST = 30
_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


def ask(door: Door, kept: Path, now: datetime, address: str = ADDRESS) -> list[Suggestion]:
    """The directory's servers, the largest first; from the file `kept` when that is younger than a day.

    Raises ServiceError when it does not answer in time or with something else.
    """
    if (known := remembered(kept, now)) is not None:
        return known
    answer = door.within(PATIENCE_S).get(address, headers={"Accept": "application/json"}, max_bytes=MOST_BYTES)
    found = read(answer.body) if answer.status == 200 else []
    if not found:
        raise ServiceError("The public directory gave no list. Ours is below.", status=answer.status)
    try:
        kept.write_text(json.dumps({"at": now.timestamp(), "body": answer.body.decode()}), encoding="utf-8")
    except OSError:
        log.warning("the directory's list could not be kept")
    return found


def remembered(kept: Path, now: datetime) -> list[Suggestion] | None:
    """What was asked for within the last day; None when there is nothing."""
    try:
        told = json.loads(kept.read_text(encoding="utf-8"))
        age = now.timestamp() - float(told["at"])
        return read(str(told["body"]).encode()) if 0 <= age < KEPT.total_seconds() else None
    except (OSError, ValueError, KeyError, TypeError, CreatorbotError):
        return None


def read(body: bytes) -> list[Suggestion]:
    """The directory's answer. What is odd in it is left out; never raises."""
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        return []
    found = [one for row in listed if isinstance(row, dict) and (one := _suggestion(row))] if isinstance(listed, list) else []
    return sorted(found, key=lambda one: -one.people)[:MOST]


def elsewhere(suggestions: list[Suggestion] | tuple[Suggestion, ...], domains: set[str], software: str) -> list[Suggestion]:
    """Those on none of these servers (or parts of them), of other software first: a fault of one kind then never hits both."""
    fitting = [one for one in suggestions if not any(_same_operator(one.domain, domain) for domain in domains)]
    return sorted(fitting, key=lambda one: one.software == software) if software else fitting


def _suggestion(row: Mapping[str, object]) -> Suggestion | None:
    domain = str(row.get("domain") or "").strip().lower()
    if not _NAME.fullmatch(domain):
        return None
    people = row.get("total_users")
    known = next((one for one in OURS if one.domain == domain), None)
    return Suggestion(
        domain,
        "mastodon",
        " ".join(str(row.get("description") or "").split())[:240],
        known.sign_up if known else f"https://{domain}/auth/sign_up",
        "asks" if row.get("approval_required") is True else "open",
        str(row.get("language") or "")[:12],
        people if isinstance(people, int) and not isinstance(people, bool) and 0 < people < 10**9 else 0,
    )


def _same_operator(one: str, other: str) -> bool:
    """The same name, or one under the other: whoever runs one runs both."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
