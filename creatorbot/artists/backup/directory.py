"""The public directory of Mastodon servers (api.joinmastodon.org): its music category, kept for a day. We work without it as well."""

import json
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from creatorbot.artists.backup.servers import OURS, Suggestion
from creatorbot.errors import CreatorbotError
from creatorbot.security.http import Door

log = logging.getLogger(__name__)
MUSIC = "music"
ADDRESS = "https://api.joinmastodon.org/servers?category=music"
KEPT = timedelta(days=1)
KEPT_FAILURE = timedelta(minutes=10)
PATIENCE_S = 4.0
MOST_BYTES = 2_000_000
MOST = 30
_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


@dataclass(frozen=True)
class Listed:
    """What the directory said. servers: None when it cannot be had just now."""

    servers: list[Suggestion] | None


def look(door: Door, kept: Path, now: datetime, address: str = ADDRESS) -> Listed:
    """The directory's servers, the largest first. Asked at most once a day, after a failure once in ten minutes; never raises."""
    if (known := remembered(kept, now)) is not None:
        return known
    try:
        answer = door.within(PATIENCE_S).get(address, headers={"Accept": "application/json"}, max_bytes=MOST_BYTES)
        body = answer.body if answer.status == 200 else b""
    except CreatorbotError:
        body = b""
    found = read(body)
    try:
        kept.write_text(json.dumps({"at": now.timestamp(), "body": body.decode(errors="replace") if found else ""}), encoding="utf-8")
    except OSError:
        log.warning("the directory's list could not be kept")
    return Listed(found or None)


def remembered(kept: Path, now: datetime) -> Listed | None:
    """What an earlier look came to, while that still counts; None when it is time to ask."""
    try:
        told = json.loads(kept.read_text(encoding="utf-8"))
        age, found = now.timestamp() - float(told["at"]), read(str(told["body"]).encode())
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return Listed(found or None) if 0 <= age < (KEPT if found else KEPT_FAILURE).total_seconds() else None


def read(body: bytes) -> list[Suggestion]:
    """The directory's answer. What is odd in it is left out; never raises."""
    try:
        listed = json.loads(body)
    except (ValueError, RecursionError):
        return []
    found = [one for row in listed if isinstance(row, dict) and (one := _suggestion(row))] if isinstance(listed, list) else []
    return sorted(found, key=lambda one: -one.people)[:MOST]


def elsewhere(suggestions: Iterable[Suggestion], domains: Iterable[str]) -> list[Suggestion]:
    """Those run by other people: on none of these servers, nor on parts of them."""
    known = list(domains)
    return [one for one in suggestions if not any(_same_operator(one.domain, domain) for domain in known)]


def best_first(suggestions: Iterable[Suggestion], software: str, language: str) -> list[Suggestion]:
    """In the order of a good choice: other software (a fault of one kind then never hits both), then one's own language, then larger."""
    return sorted(suggestions, key=lambda one: (one.software == software, bool(one.languages) and language not in one.languages))


def _suggestion(row: Mapping[str, object]) -> Suggestion | None:
    domain = str(row.get("domain") or "").strip().lower()
    kinds = row.get("categories") or [row.get("category") or MUSIC]
    if not _NAME.fullmatch(domain) or not isinstance(kinds, list) or MUSIC not in kinds:
        return None
    people = row.get("total_users")
    known = next((one for one in OURS if one.domain == domain), None)
    return Suggestion(
        domain,
        "mastodon",
        " ".join(str(row.get("description") or "").split())[:240],
        known.sign_up if known else f"https://{domain}/auth/sign_up",
        "asks" if row.get("approval_required") is True else "open",
        _languages(row),
        people if isinstance(people, int) and not isinstance(people, bool) and 0 < people < 10**9 else 0,
    )


def _languages(row: Mapping[str, object]) -> tuple[str, ...]:
    listed = row.get("languages")
    codes = listed if isinstance(listed, list) else [row.get("language")]
    return tuple(code[:12] for code in codes[:8] if isinstance(code, str) and code)


def _same_operator(one: str, other: str) -> bool:
    """The same name, or one under the other: whoever runs one runs both."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
