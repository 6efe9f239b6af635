"""A hub comes back to ask whether it was really us who asked, or to say that it will not do it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, select

from creatorbot.errors import NotFound
from creatorbot.models import Artist, Push
from creatorbot.sources.plain import line
from creatorbot.wording import N_, say

_LEASE_UNSAID_S = 86_400
_SHORTEST_LEASE_S, _LONGEST_LEASE_S = 60, 30 * 86_400
_AFTER_NO = timedelta(days=7)
_REPEATED_FOR = timedelta(minutes=10)  # our answer may have been lost on its way
_LONGEST_CHALLENGE = 4_000
_LONGEST_REASON = 200
_NO = N_("The server that should tell us said no. We look by ourselves instead.")
_NO_BECAUSE = N_("The server that should tell us said no: “%(reason)s”. We look by ourselves instead.")


def kind_at(session: Session, public_id: str) -> str:
    """What tells us at this address: "websub", "owncast", or "" when there is nothing there."""
    return "" if "\0" in public_id else session.exec(select(Push.kind).where(Push.public_id == public_id)).first() or ""


def verify(session: Session, public_id: str, asked: Mapping[str, str], now: datetime) -> str:
    """What to answer: the challenge, or "" to a refusal we took note of. asked: the query, as the hub sent it.

    Raises NotFound for everything we did not ask for ourselves.
    """
    push = None if "\0" in public_id else session.exec(select(Push).where(Push.public_id == public_id, Push.kind == "websub")).first()
    if push is None or asked.get("hub.topic") != push.topic:
        raise NotFound("There is nothing at this address.")
    mode, challenge = asked.get("hub.mode", ""), asked.get("hub.challenge", "")
    if mode == "denied" and push.state in ("asked", "on", "refused"):
        _refused(session, push, asked.get("hub.reason", ""), now)
        return ""
    if not 0 < len(challenge) <= _LONGEST_CHALLENGE:
        raise NotFound("There is nothing at this address.")
    if mode == "subscribe" and _expected(push, now):
        _confirmed(push, asked.get("hub.lease_seconds", ""), now)
    elif mode == "unsubscribe" and _goodbye_expected(push, now):
        push.state, push.sentence, push.confirmed_at = "ended", "", now
    else:
        raise NotFound("There is nothing at this address.")
    return challenge


def _expected(push: Push, now: datetime) -> bool:
    if push.state == "asked":
        return True
    if push.state != "on" or push.confirmed_at is None or push.asked_at is None:
        return False
    return push.asked_at > push.confirmed_at or now - push.confirmed_at <= _REPEATED_FOR


def _goodbye_expected(push: Push, now: datetime) -> bool:
    if push.state == "leaving":
        return push.asked_at is not None
    return push.state == "ended" and push.confirmed_at is not None and now - push.confirmed_at <= _REPEATED_FOR


def _confirmed(push: Push, told: str, now: datetime) -> None:
    seconds = int(told) if told.isascii() and told.isdigit() and len(told) < 10 else _LEASE_UNSAID_S
    lease = timedelta(seconds=min(max(seconds, _SHORTEST_LEASE_S), _LONGEST_LEASE_S))
    push.state, push.sentence, push.failures = "on", "", 0
    push.confirmed_at, push.expires_at, push.next_try_at = now, now + lease, now + lease * 2 / 3


def _refused(session: Session, push: Push, reason: str, now: datetime) -> None:
    artist = session.get(Artist, push.artist_id)
    language = artist.language if artist else "en"
    said = line(reason, _LONGEST_REASON)
    push.sentence = say(language, _NO_BECAUSE, {"reason": said}) if said else say(language, _NO)
    push.state, push.expires_at, push.next_try_at = "refused", None, now + _AFTER_NO
