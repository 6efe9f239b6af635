"""Signed notes of what happened, sent to an address on this machine: once, repeated, out of order, forged or stale, as ordered."""

import hashlib
import hmac
import http.client
import json
from ipaddress import ip_address
from urllib.parse import urlsplit

from creatorbot.rehearsal import faults
from creatorbot.rehearsal.shop import objects
from creatorbot.rehearsal.state import Doc, Row
from creatorbot.rehearsal.world import World

TRIES = (0.5, 2.0, 10.0, 60.0)  # seconds until the next try, as often as a sandbox tries
STALE = 3600

# manner -> what a person reads
MANNERS = {
    "repeat": "The next note comes twice",
    "reorder": "The next notes come in the wrong order",
    "forged": "Somebody else sends a false note beside the true one",
    "stale": "An old note is sent again beside the true one",
    "lost": "The next note never comes",
    "late": "The next note comes ten seconds late",
}


def is_on_this_machine(address: str) -> bool:
    """Whether notes may be sent there."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
        return parts.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def signature(payload: bytes, secret: str, at: int) -> str:
    """The header that proves a note: its time and HMAC-SHA256 of "time.payload"."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def endpoint(world: World) -> Doc | None:
    """{"url", "secret"}: where notes go at present."""
    found = world.state.setting("endpoint")
    return found if isinstance(found, dict) and found.get("url") else None


def announce(world: World, events: list[Doc]) -> None:
    """Send the notes of these events, oldest first, unless something was ordered to go wrong with them."""
    if endpoint(world) is None:
        return
    taken = faults.take(world.state, "shop", lambda name: name in MANNERS)
    manner = taken["behaviour"] if taken else ""
    now = world.state.now()
    for place, one in enumerate(reversed(events) if manner == "reorder" else events):
        due = now + place * 0.01 + (10 if manner == "late" else 0)
        for how in {"repeat": ("", "repeat"), "lost": (), "forged": ("forged", ""), "stale": ("stale", "")}.get(manner, ("",)):
            _queue(world, one["id"], how, due)
    world.more_work.set()


def again(world: World, event_id: str) -> None:
    """Send one note once more, freshly signed."""
    if endpoint(world) is not None:
        _queue(world, event_id, "repeat", world.state.now())
        world.more_work.set()


def _queue(world: World, event_id: str, manner: str, due: float) -> None:
    address = (endpoint(world) or {})["url"]
    world.state.do("INSERT INTO delivery (url, event_id, manner, due) VALUES (?, ?, ?, ?)", address, event_id, manner, due)


def deliver(world: World) -> None:
    """Until the end: send what is due. What was queued before a kill is sent after it."""
    while not world.ended.is_set():
        world.more_work.clear()
        now = world.state.now()
        waiting = world.state.rows("SELECT * FROM delivery WHERE code IS NULL ORDER BY due, id")
        for row in (one for one in waiting if one["due"] <= now):
            _send(world, row)
        rest = world.state.row("SELECT min(due) AS due FROM delivery WHERE code IS NULL")
        pause = None if rest is None or rest["due"] is None else max(0.02, rest["due"] - world.state.now())
        world.more_work.wait(pause)


def _send(world: World, row: Row) -> None:
    found, place = objects.get(world.state, row["event_id"], "event"), endpoint(world)
    if found is None or place is None:
        world.state.do("UPDATE delivery SET code = 0 WHERE id = ?", row["id"])
        return
    payload, header = _letter(found, place["secret"], row["manner"], int(world.state.now()))
    code = _post(row["url"], payload, header)
    tries = row["tries"]
    if 200 <= code < 300 or row["manner"] or tries >= len(TRIES):
        world.state.do("UPDATE delivery SET code = ?, tries = tries + 1 WHERE id = ?", code, row["id"])
    else:
        world.state.do("UPDATE delivery SET due = ?, tries = tries + 1 WHERE id = ?", world.state.now() + TRIES[tries], row["id"])


def _letter(found: Doc, secret: str, manner: str, now: int) -> tuple[bytes, str]:
    """The bytes of a note and its signature header. Forged: ten times the money, signed with a made-up secret."""
    if manner == "forged":
        about = found["data"]["object"]
        more = {name: about[name] * 10 for name in ("amount", "amount_total", "amount_received") if isinstance(about.get(name), int)}
        found = {**found, "id": found["id"] + "0", "data": {"object": {**about, **more}}}
        payload = json.dumps(found, indent=2).encode()
        return payload, signature(payload, "whsec_guessed", now)
    payload = json.dumps(found, indent=2).encode()
    return payload, signature(payload, secret, now - STALE if manner == "stale" else now)


def _post(address: str, payload: bytes, header: str) -> int:
    """Send one note; the answer's status, 0 when nobody answered."""
    parts = urlsplit(address)
    if not is_on_this_machine(address):
        return 0
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=10)
    try:
        connection.request(
            "POST",
            parts.path or "/",
            payload,
            {
                "Content-Type": "application/json; charset=utf-8",
                "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                "Stripe-Signature": header,
            },
        )
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
