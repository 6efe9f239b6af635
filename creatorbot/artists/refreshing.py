"""What a server tells about itself, asked anew once a day: its limits, rules, version and software. A conductor like `connect`."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select

from creatorbot import networks
from creatorbot.artists import accounts
from creatorbot.errors import CreatorbotError
from creatorbot.models import Account, Server
from creatorbot.runtime import Runtime

AGED = timedelta(hours=23)
LONGEST_S = 30.0


def refresh(runtime: Runtime, server_id: int) -> bool:
    """Ask one server anew and keep what it says; True when it said something.

    One that does not answer sensibly keeps what it said before, and is asked again the next day. Its address stays what it is:
    permissions were given for that one. Nothing happens where it was asked within the day, or has no account of ours.
    """
    now = runtime.clock()
    with runtime.session() as session:
        taken = session.execute(
            update(Server).where(col(Server.id) == server_id, col(Server.checked_at) <= now - AGED).values(checked_at=now)
        )
        account = session.exec(select(Account).where(Account.server_id == server_id, Account.state != "removed")).first()
    if not taken.rowcount or account is None:  # type: ignore[attr-defined]
        return False
    adapter = networks.REGISTRY.get(account.network)
    if adapter is None:
        return False
    with runtime.reading() as session:
        before = accounts.server_facts(session.get_one(Server, server_id))
    try:
        told = adapter.discover(before.base_url, runtime.door_for(account.artist_id).within(LONGEST_S))
    except CreatorbotError:
        return False
    document = accounts.facts_document(told) | {"base_url": before.base_url, "domain": before.domain}
    if told.base_url != before.base_url:  # its doors, as it tells them, belong to its other address
        document |= {"authorize_url": before.authorize_url, "token_url": before.token_url}
    with runtime.session() as session:
        server = session.get_one(Server, server_id)
        server.facts = document
        session.add(server)
    return True
