"""The daily look at every connected account: first as everybody sees it, then by its permission. A conductor: no transaction is held
while a server is asked."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from creatorbot import networks
from creatorbot.artists import accounts
from creatorbot.artists.health.decide import BROKEN, DAY, SENTENCES, Doubt, Verdict, decide
from creatorbot.errors import CreatorbotError
from creatorbot.models import Account, AccountLook, Artist
from creatorbot.networks import base
from creatorbot.networks.returning import Public, Seen
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.storage.once import insert_once
from creatorbot.wording import say

ASKED_WITHIN = timedelta(minutes=5)  # a look that died is taken up again after this
LONGEST_S = 30.0


@dataclass(frozen=True)
class Found:
    """What a look came to. before, after: the account's state; they differ when something has to follow."""

    account_id: int
    before: str
    after: str


def plan(session: Session, now: datetime) -> int:
    """Give every account a place of its own in the day, at random, so that a server with many of ours is not asked at once."""
    fresh = unplanned(session)
    for account_id in fresh:
        insert_once(session, AccountLook(account_id=account_id, next_at=now + random.random() * DAY))
    return len(fresh)


def unplanned(session: Session) -> list[int]:
    """Accounts that have no place in the day yet."""
    known = select(AccountLook.account_id)
    found = session.exec(select(Account.id).where(Account.state != "removed", col(Account.id).not_in(known))).all()
    return [one for one in found if one is not None]


def due(session: Session, now: datetime, per_server: int, limit: int = 40) -> list[int]:
    """Accounts to look at now, the longest due first, at most so many on one server."""
    rows = session.exec(
        select(Account.id, Account.server_id)
        .join(AccountLook, col(AccountLook.account_id) == Account.id)
        .where(Account.state != "removed", col(AccountLook.next_at) <= now)
        .order_by(col(AccountLook.next_at))
        .limit(limit * 5)
    ).all()
    taken: dict[int, int] = {}
    found: list[int] = []
    for account_id, server_id in rows:
        if account_id is not None and taken.get(server_id, 0) < per_server and len(found) < limit:
            taken[server_id] = taken.get(server_id, 0) + 1
            found.append(account_id)
    return found


def look(runtime: Runtime, account_id: int, *, asked: bool = False) -> Found | None:
    """Look at one account and keep what is proven. None when somebody else is at it, or it is not due.

    asked: a person wants to know now; then one answer counts as proof, but for "gone".
    """
    now = runtime.clock()
    with runtime.session() as session:
        if not _claim(session, account_id, now, asked=asked):
            return None
    with runtime.reading() as session:
        account = session.get_one(Account, account_id)
        opened = accounts.opened(session, runtime.vault, account)
    adapter = networks.REGISTRY.get(account.network)
    if adapter is None:
        return None
    door = runtime.door_for(account.artist_id).within(LONGEST_S)
    seen, health = _ask(adapter, opened, door)
    if asked and health is not None and health.state in ("revoked", "locked", "refused"):
        seen, health = _ask(adapter, opened, door)  # one refusal is no proof
    with runtime.session() as session:
        return _keep(session, runtime, account_id, seen, health, asked=asked)


def hurry(session: Session, account_id: int, now: datetime) -> None:
    """Look at this account as soon as may be: a post was refused for its sake, and a look can say why."""
    if not insert_once(session, AccountLook(account_id=account_id, next_at=now)):
        row = session.exec(select(AccountLook).where(AccountLook.account_id == account_id)).one()
        row.next_at = min(row.next_at, now)


def _claim(session: Session, account_id: int, now: datetime, *, asked: bool) -> bool:
    insert_once(session, AccountLook(account_id=account_id, next_at=now))
    wanted = update(AccountLook).where(col(AccountLook.account_id) == account_id)
    if not asked:
        wanted = wanted.where(col(AccountLook.next_at) <= now)
    done = session.execute(wanted.values(next_at=now + ASKED_WITHIN).execution_options(synchronize_session=False))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _ask(adapter: base.Network, account: base.Account, door: Door) -> tuple[Seen | None, base.Health | None]:
    seen: Seen | None = None
    if isinstance(adapter, Public):
        try:
            seen = adapter.seen(account, door)
        except CreatorbotError:
            seen = None
        if seen is not None and seen.state in ("moved", "suspended", "gone"):
            return seen, None
    try:
        return seen, adapter.check(account, door)
    except CreatorbotError as error:
        return seen, base.Health("unreachable", error.message, error.values)


def _keep(
    session: Session, runtime: Runtime, account_id: int, seen: Seen | None, health: base.Health | None, *, asked: bool
) -> Found | None:
    now = runtime.clock()
    account = session.get(Account, account_id)
    if account is None or account.state == "removed":
        return None
    row = session.exec(select(AccountLook).where(AccountLook.account_id == account_id)).one()
    before, doubt = account.state, Doubt(row.doubt, row.doubt_since, row.doubts)
    verdict = decide(seen, health, doubt, now)
    if asked and verdict.state is None and verdict.doubt.state in ("reconnect", "disabled"):
        verdict = Verdict("disabled" if verdict.doubt.state == "disabled" else "reconnect", verdict.doubt, DAY)
    row.doubt, row.doubt_since, row.doubts = verdict.doubt.state, verdict.doubt.since, verdict.doubt.times
    # A little off the hour each day, so that those that met once do not meet for ever.
    row.next_at = now + verdict.again * random.uniform(0.95, 1.05)
    if verdict.state is not None:
        if verdict.state != "unreachable":
            row.asked_at = now
        row.moved_to, row.moved_url = verdict.there, verdict.there_url
        _set_state(session, account, verdict, health)
    if health is not None and health.token:
        account.token = runtime.vault.seal(health.token)
    account.checked_at = now
    session.add_all([account, row])
    return Found(account_id, before, account.state)


def _reaches_to_posting(account: Account) -> bool:
    """Where a network knows no parts of a permission, it is whole."""
    granted = account.scopes.split()
    return not granted or "write:statuses" in granted or "write" in granted


def _set_state(session: Session, account: Account, verdict: Verdict, health: base.Health | None) -> None:
    state = verdict.state
    if state is None or (state == "unreachable" and account.state in BROKEN):
        return  # a server that is away disconnects nobody, and mends nothing either
    if state == "ok" and account.state == "reconnect" and not _reaches_to_posting(account):
        return  # the permission works, but it never reached that far
    if state == "ok" and account.state in ("ok", "unreachable"):
        account.sentence = account.sentence if account.state == "ok" else ""
        account.state = "ok"
        return
    if state == account.state == "reconnect" and account.sentence:
        return
    host = accounts.server_facts(accounts.server_of(session, account)).domain
    language = session.get_one(Artist, account.artist_id).language
    account.state = state
    values: dict[str, object] = {"there": verdict.there, "host": host}
    if state == "disabled" and health is not None and health.state == "refused":
        reason = say(language, health.detail, health.values)
        account.sentence = say(language, SENTENCES["refused"], {"reason": f"{reason.rstrip('.')}."})
        return
    account.sentence = say(language, SENTENCES.get(state, ""), values)
