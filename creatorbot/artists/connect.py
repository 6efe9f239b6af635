"""A person goes to their server, says yes, and comes back: no transaction is held while anybody is asked."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, delete, select

from creatorbot import networks
from creatorbot.artists import accounts
from creatorbot.errors import InvalidInput, NotFound, ServiceError
from creatorbot.models import Account, Artist, Authorisation, Server
from creatorbot.networks.base import App, Network, ServerFacts
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault, fingerprint
from creatorbot.wording import N_, say

ON_THE_WAY = timedelta(minutes=10)
FACTS_KEPT = timedelta(days=1)
WITHOUT = {  # what cannot be done without a permission we asked for
    "write:statuses": N_("You did not let us post, so nothing can go out from here. Connect again and leave every box ticked."),
    "write:media": N_("You did not let us attach pictures, so covers will be missing. Connect again to change that."),
    "read:statuses": N_("You did not let us read your posts, so we cannot look whether one arrived. Connect again to change that."),
}


@dataclass(frozen=True)
class Begun:
    """address: where the person's browser goes to say yes. facts: the server as it describes itself."""

    address: str
    facts: ServerFacts


def begin(runtime: Runtime, artist_id: int, session_id: int, typed: str, redirect_uri: str, network: str = "mastodon") -> Begun:
    """Find the server, introduce ourselves if it does not know us yet, and remember who is on the way.

    Raises InvalidInput (field "server") or ServiceError, each with a sentence; nothing is stored then.
    """
    adapter, door = networks.REGISTRY[network], runtime.door_for(artist_id)
    base_url = adapter.server_address(typed, door)
    with runtime.reading() as session:
        known = _server(session, network, base_url, redirect_uri)
        fresh = known is not None and _still_good(session, known, runtime.clock())
    facts = accounts.server_facts(known) if known is not None and fresh else adapter.discover(base_url, door)
    if not fresh:
        with runtime.reading() as session:  # the server may be known by its proper name
            known = _server(session, network, facts.base_url, redirect_uri)
            fresh = known is not None and _still_good(session, known, runtime.clock())
    app = _app(known, runtime.vault) if known is not None and fresh else adapter.register(facts, redirect_uri, door)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    address = adapter.authorize_address(facts, app, state, verifier)
    moment = runtime.clock()
    with runtime.session() as session:
        server = _keep_server(session, network, facts, app, runtime.vault, moment, told=not fresh)
        session.exec(delete(Authorisation).where(col(Authorisation.expires_at) < moment))
        session.add(
            Authorisation(
                state_hash=fingerprint(state),
                artist_id=artist_id,
                session_id=session_id,
                server_id=server,
                verifier=runtime.vault.seal(verifier),
                expires_at=moment + ON_THE_WAY,
            )
        )
    return Begun(address, facts)


def finish(runtime: Runtime, session_id: int, state: str, code: str, error: str = "") -> Account:
    """The person came back: swap the code for a permission and keep the account, updating it when it was connected before.

    Raises InvalidInput for a way back that is not theirs, too old or used; ServiceError when the server or the person said no.
    """
    way, server = _use(runtime, session_id, state)
    if error or not code:
        raise ServiceError(_refusal(error), kind="refused", server=accounts.server_facts(server).domain)
    adapter, door = networks.REGISTRY[server.network], runtime.door_for(way.artist_id)
    facts, app = accounts.server_facts(server), _app(server, runtime.vault)
    try:
        grant = adapter.exchange(facts, app, code, runtime.vault.open_text(way.verifier), door)
    except ServiceError as failed:
        if failed.status == 401:
            _introduce_again(runtime, adapter, server, door)
            raise ServiceError(
                "%(server)s had forgotten us. We have introduced ourselves again: press Connect once more.",
                kind="refused",
                server=facts.domain,
            ) from failed
        raise
    who = adapter.whoami(facts, grant.token, door)
    missing = [scope for scope in app.scopes if grant.scopes and not _covered(scope, grant.scopes)]
    with runtime.session() as session:
        row = _same_account(session, way.artist_id, facts.base_url, who.remote_id) or Account(
            artist_id=way.artist_id,
            server_id=way.server_id,
            network=server.network,
            remote_id=who.remote_id,
            handle=who.handle,
            name=who.name,
            url=who.url,
            token=b"",
            connected_at=runtime.clock(),
        )
        row.server_id, row.handle, row.name, row.visibility = way.server_id, who.handle, who.name, who.visibility
        row.url = who.url if who.url.startswith(("https://", "http://")) else facts.base_url
        row.token, row.scopes, row.checked_at = runtime.vault.seal(grant.token), " ".join(grant.scopes or app.scopes), runtime.clock()
        row.state = "reconnect" if "write:statuses" in missing else "ok"
        row.sentence = next((WITHOUT[scope] for scope in WITHOUT if scope in missing), "")
        session.add(row)
        session.flush()
    return row


def check_account(runtime: Runtime, artist_id: int, account_id: int) -> Account:
    """Ask the server how the account is doing and keep the answer."""
    with runtime.reading() as session:
        row = accounts.get_account(session, artist_id, account_id)
        opened = accounts.opened(session, runtime.vault, row)
    health = networks.REGISTRY[row.network].check(opened, runtime.door_for(artist_id))
    with runtime.session() as session:
        row = accounts.get_account(session, artist_id, account_id)
        row.state = {"ok": "ok", "unreachable": "unreachable", "moved": "moved"}.get(health.state, "reconnect")
        row.sentence = say(session.get_one(Artist, artist_id).language, health.detail, health.values)
        row.checked_at = runtime.clock()
        session.add(row)
    return row


def _use(runtime: Runtime, session_id: int, state: str) -> tuple[Authorisation, Server]:
    """The way this state belongs to, used up from now on. The browser must be the one that set out."""
    moment = runtime.clock()
    with runtime.session() as session:
        way = session.exec(select(Authorisation).where(Authorisation.state_hash == fingerprint(state))).first()
        if way is None or way.session_id != session_id:
            raise InvalidInput("This way back does not belong to this browser. Nothing was connected. Press Connect again.")
        used = session.execute(
            update(Authorisation).where(col(Authorisation.id) == way.id, col(Authorisation.used_at).is_(None)).values(used_at=moment)
        )
        server = session.get(Server, way.server_id)
    if not used.rowcount:  # type: ignore[attr-defined]
        raise InvalidInput("This way back was used already. If the account is not in the list, press Connect again.")
    if way.expires_at <= moment:
        raise InvalidInput("That took longer than ten minutes, so we let go of it. Nothing was connected. Press Connect again.")
    if server is None:
        raise NotFound("That server is not known here any more.")
    return way, server


def _server(session: Session, network: str, base_url: str, redirect_uri: str) -> Server | None:
    return session.exec(
        select(Server).where(Server.network == network, Server.base_url == base_url, Server.redirect_uri == redirect_uri)
    ).first()


def _still_good(session: Session, server: Server, now: datetime) -> bool:
    """Servers forget apps nobody used: trust a registration that is young or that a living account came by."""
    if not server.client_id:
        return False
    if now - server.checked_at < FACTS_KEPT:
        return True
    alive = select(Account.id).where(Account.server_id == server.id, Account.state == "ok").limit(1)
    return session.exec(alive).first() is not None


def _app(server: Server, vault: Vault) -> App:
    return App(
        server.client_id,
        vault.open_text(server.client_secret) if server.client_secret else "",
        server.redirect_uri,
        tuple(server.scopes.split()),
    )


def _keep_server(session: Session, network: str, facts: ServerFacts, app: App, vault: Vault, now: datetime, *, told: bool) -> int:
    row = _server(session, network, facts.base_url, app.redirect_uri)
    if row is None:
        row = Server(network=network, base_url=facts.base_url, redirect_uri=app.redirect_uri, checked_at=now)
    if told or not row.client_id:
        row.facts, row.checked_at = accounts.facts_document(facts), now
        row.client_id, row.client_secret, row.scopes = app.client_id, vault.seal(app.client_secret), " ".join(app.scopes)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def _introduce_again(runtime: Runtime, adapter: Network, server: Server, door: Door) -> None:
    facts = accounts.server_facts(server)
    app = adapter.register(facts, server.redirect_uri, door)
    with runtime.session() as session:
        _keep_server(session, server.network, facts, app, runtime.vault, runtime.clock(), told=True)


def _same_account(session: Session, artist_id: int, base_url: str, remote_id: str) -> Account | None:
    """Also when it was connected from another address of ours, and when it was taken off."""
    return session.exec(
        select(Account)
        .join(Server, col(Account.server_id) == Server.id)
        .where(Account.artist_id == artist_id, Server.base_url == base_url, Account.remote_id == remote_id)
    ).first()


def _covered(scope: str, given: tuple[str, ...]) -> bool:
    return scope in given or scope.partition(":")[0] in given or (scope == "read:accounts" and "profile" in given)


def _refusal(error: str) -> str:
    if error in ("access_denied", ""):
        return N_("You said no at %(server)s, so nothing was connected. If that was a slip, press Connect again.")
    return N_("%(server)s did not let us in. Nothing was connected. Try again in a few minutes.")
