"""Asking a hub to tell us, to go on telling us, or to forget us (W3C WebSub). The answer comes later, by its own call: `verify`."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from sqlmodel import Session, col, update

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.links.address import post_base
from creatorbot.models import Artist, Installation, Push
from creatorbot.runtime import Runtime
from creatorbot.security.http import Answer, Door
from creatorbot.wording import N_, say

LEASE_S = 10 * 86_400  # what we ask for; the hub decides
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=24)
_AFTER_NO = timedelta(days=7)
_MOST_GOODBYES = 4  # then the lease runs out by itself
_MOST_HOPS = 3
_NO_ADDRESS = N_("This place could tell us by itself when something is new, but this creatorbot has no public address yet.")
_NO_ENCRYPTION = N_("This place offers to tell us by itself, but without encryption. We look by ourselves instead.")
_ASKED = N_("We asked this place to tell us by itself. Until it answers, we look by ourselves.")
_SILENT = N_("The server that should tell us does not answer at the moment. We look by ourselves and ask it again.")
_NO = N_("The server that should tell us does not want to. We look by ourselves instead.")


@dataclass(frozen=True)
class Call:
    """One call to a hub, as it was committed before it is made."""

    push_id: int
    artist_id: int
    hub: str
    form: dict[str, str]
    asked_at: datetime


def ask(runtime: Runtime, push_id: int, now: datetime) -> bool:
    """Make the call that is due for this row. False when another process makes it, or there is nothing to call. Never raises
    for what outside does. The row says "asked" before the call: a hub may come back for its answer while we still wait for its own.
    """
    with runtime.reading() as session:
        push = session.get(Push, push_id)
        door = runtime.door_for(push.artist_id) if push else runtime.door
    with runtime.session() as session:
        call = _prepare(session, runtime, door, push_id, now)
    if call is None:
        return False
    trouble = _make(door, call)
    if trouble is not None:
        with runtime.session() as session:
            _keep_trouble(session, call, trouble, now)
    return True


def _prepare(session: Session, runtime: Runtime, door: Door, push_id: int, now: datetime) -> Call | None:
    push = session.get(Push, push_id)
    if push is None or push.next_try_at > now:
        return None
    mine = (col(Push.id) == push_id, col(Push.next_try_at) == push.next_try_at)
    taken = session.exec(update(Push).where(*mine).values(next_try_at=now + _wait(push.failures), failures=push.failures + 1))
    if not taken.rowcount:
        return None
    session.refresh(push)
    if push.state == "leaving":
        return _goodbye(push, now)
    return _hello(session, runtime, door, push, now)


def _goodbye(push: Push, now: datetime) -> Call | None:
    if push.failures > _MOST_GOODBYES or not push.callback:
        push.state = "ended"
        return None
    push.asked_at = now
    form = {"hub.mode": "unsubscribe", "hub.topic": push.topic, "hub.callback": push.callback, "hub.verify": "async"}
    return Call(push.id or 0, push.artist_id, push.hub, form, now)


def _hello(session: Session, runtime: Runtime, door: Door, push: Push, now: datetime) -> Call | None:
    language = _language(session, push.artist_id)
    if not (push.hub.startswith("https://") or door.admits(push.hub)):  # our secret would travel for all to read
        push.state, push.sentence, push.next_try_at = "refused", say(language, _NO_ENCRYPTION), now + _AFTER_NO
        return None
    base = post_base(session.get(Installation, 1), runtime.settings.own_url, push.hub, door)
    if base is None:
        push.state, push.sentence, push.failures, push.next_try_at = "wanted", say(language, _NO_ADDRESS), 0, now + _FIRST_WAIT
        return None
    renewing = push.state == "on" and push.expires_at is not None and push.expires_at > now
    push.callback = f"{base}/push/{push.public_id}"
    push.asked_at = now
    if not renewing:
        push.state, push.sentence = "asked", say(language, _ASKED)
    form = {
        "hub.mode": "subscribe",
        "hub.topic": push.topic,
        "hub.callback": push.callback,
        "hub.lease_seconds": str(LEASE_S),
        "hub.secret": runtime.vault.open_text(push.secret) if push.secret else "",
        "hub.verify": "async",  # hubs of the time before WebSub insist on it, others ignore it
    }
    return Call(push.id or 0, push.artist_id, push.hub, form, now)


def _make(door: Door, call: Call) -> CreatorbotError | None:
    """What went wrong; None when the hub took it. A hub may send us on to another one."""
    hub = call.hub
    try:
        for _ in range(_MOST_HOPS + 1):
            answer = door.post(hub, form=call.form)
            if answer.status not in (307, 308):
                return _trouble_in(answer)
            there = urljoin(hub, answer.headers.get("location", ""))
            if (hub.startswith("https:") and not there.startswith("https:")) or (door.admits(there) and not door.admits(hub)):
                break
            hub = there
    except CreatorbotError as error:
        return error
    return ServiceError("The server that should tell us sends us from one address to the next.", kind="refused")


def _trouble_in(answer: Answer) -> ServiceError | None:
    if 200 <= answer.status < 300:
        return None
    asked = answer.headers.get("retry-after", "")
    wait = float(asked[:6]) if asked.isascii() and asked.isdigit() else None
    final = 300 <= answer.status < 500 and answer.status not in (408, 425, 429)
    return ServiceError(_NO if final else _SILENT, kind="refused" if final else "busy", status=answer.status, retry_after=wait)


def _keep_trouble(session: Session, call: Call, trouble: CreatorbotError, now: datetime) -> None:
    push = session.get(Push, call.push_id)
    if push is None or push.asked_at != call.asked_at or (push.confirmed_at and push.confirmed_at >= call.asked_at):
        return  # the hub has come back meanwhile: it did take it
    said_no = isinstance(trouble, InvalidInput) or (isinstance(trouble, ServiceError) and trouble.permanent)
    language = _language(session, push.artist_id)
    if push.state == "leaving":
        push.state = "ended" if said_no else "leaving"
    elif push.state == "asked" and said_no:
        push.state, push.sentence, push.next_try_at = "refused", say(language, _NO), now + _AFTER_NO
    elif push.state == "asked":
        push.sentence = say(language, _SILENT)
    if isinstance(trouble, ServiceError) and trouble.retry_after:
        push.next_try_at = max(push.next_try_at, now + min(timedelta(seconds=trouble.retry_after), _LONGEST_WAIT))


def _wait(failures: int) -> timedelta:
    wait: timedelta = min(_FIRST_WAIT * 2 ** min(failures, 10), _LONGEST_WAIT)
    return wait * random.uniform(1.0, 1.1)


def _language(session: Session, artist_id: int) -> str:
    artist = session.get(Artist, artist_id)
    return artist.language if artist else "en"
