"""Setting the scene of the bad day without the person's help: two practice accounts, one the backup of the other, and a release."""

import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, urlsplit

from sqlmodel import Session, col, select

from creatorbot.announcements.drafts import approve, new_draft
from creatorbot.artists import connect
from creatorbot.artists.accounts import accounts_of, server_facts, server_of
from creatorbot.artists.backup import pairing
from creatorbot.errors import CreatorbotError, ServiceError
from creatorbot.models import Artist, Pairing, Rehearsal, Release
from creatorbot.releases.by_hand import TypedRelease, add_release
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.web.rehearsal import stage
from creatorbot.wording import N_, say

AWAY_S = 25
READY_S = 20.0
LOOK_S = 0.3
WHO = "you"  # on both practice servers, as the person would be by default
NETWORK = "mastodon"  # what they speak
LEFT_OUT = ("merged", "held")


@dataclass(frozen=True)
class Cast:
    """Who plays: the practice artist, the browser that asks, and the address to which a server sends a person back."""

    artist_id: int
    session_id: int
    back_to: str


def wait_for_servers(runtime: Runtime) -> tuple[str, str] | None:
    """The addresses of both practice servers, once they run; None when they do not within twenty seconds."""
    ends = time.monotonic() + READY_S
    while True:
        with runtime.reading() as session:
            row = session.get(Rehearsal, 1)
        if row is not None and row.state == "running" and row.second_port:
            return f"http://{stage.HOST}:{row.fediverse_port}", f"http://{stage.HOST}:{row.second_port}"
        if time.monotonic() > ends or (row is not None and row.state == "failed"):
            return None
        time.sleep(LOOK_S)


def play(runtime: Runtime, cast: Cast, first: str, second: str, like: pairing.Wishes) -> int:
    """Announce a practice release on the first server while that is switched off. Returns the post's id.

    like: how the backup stands in; nobody waits twenty minutes in a rehearsal. Raises ServiceError when a practice server is in no mood.
    """
    door = runtime.door_for(cast.artist_id)
    for base in (first, second):
        with suppress(CreatorbotError):  # it may have been sent away, or away from it, before
            door.post(f"{base}/practice/fate", form={"name": WHO, "what": "here"})
    ours, backup = (_account(runtime, cast, base, door) for base in (first, second))
    with runtime.session() as session:
        artist = session.get_one(Artist, cast.artist_id)
        for row in (*pairing.backs(session, ours), *_of(session, backup)):
            session.delete(row)  # they may have been paired the other way round
        session.flush()
        pairing.pair(session, cast.artist_id, ours, backup, like, runtime.clock()).patience = 0
        draft = new_draft(session, artist, _release(session, artist, runtime), None, runtime.clock())
    _switch_off(door, first)
    return approve(runtime, cast.artist_id, draft.id or 0, [ours], None, owner=True)[0]


def _of(session: Session, account_id: int) -> list[Pairing]:
    own = pairing.pairing_of(session, account_id)
    return [own] if own is not None else []


def _account(runtime: Runtime, cast: Cast, base: str, door: Door) -> int:
    """The practice account there: the one that is connected, else it is connected now, the practice server saying yes by itself."""
    with runtime.reading() as session:
        for account in accounts_of(session, cast.artist_id):
            if account.state in ("ok", "unreachable") and server_facts(server_of(session, account)).base_url == base:
                return account.id or 0
    begun = connect.begin(runtime, cast.artist_id, cast.session_id, base, cast.back_to, NETWORK)
    asked = dict(parse_qsl(urlsplit(begun.address).query))
    answer = door.post(f"{base}/oauth/authorize", form={**asked, "person": WHO, "answer": "yes"})
    back = parse_qs(urlsplit(answer.headers.get("location", "")).query)
    if "code" not in back or "state" not in back:
        raise ServiceError(N_("The practice server did not let us in. Take its troubles away, then try again."), kind="refused")
    made = connect.finish(runtime, cast.session_id, back["state"][0], back["code"][0])
    return made.id or 0


def _release(session: Session, artist: Artist, runtime: Runtime) -> Release:
    """The first there is, else one made up for it."""
    wanted = select(Release).where(Release.artist_id == artist.id, col(Release.state).not_in(LEFT_OUT), Release.availability == "out")
    found = session.exec(wanted.order_by(col(Release.id))).first()
    if found is not None:
        return found
    made = TypedRelease(say(artist.language, N_("Bad Weather (rehearsal)")), artist_name=artist.name, tags="rehearsal")
    release = add_release(session, artist, made, runtime.clock())
    session.flush()
    return release


def _switch_off(door: Door, base: str) -> None:
    """For half a minute it refuses every connection. Returns once it does."""
    door.post(f"{base}/practice/faults", json={"behaviour": "refused", "seconds": AWAY_S})
    ends = time.monotonic() + 5
    while time.monotonic() < ends:
        try:
            door.within(2).get(f"{base}/practice/faults")
        except CreatorbotError:
            return
        time.sleep(0.05)
