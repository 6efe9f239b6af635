"""Connecting an account: by going to its server and back, or by what was typed. No transaction is held while anybody is asked."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, delete, select

from creatorbot import networks
from creatorbot.artists import accounts
from creatorbot.errors import InvalidInput, NotFound, ServiceError
from creatorbot.models import Account, Authorisation, Server
from creatorbot.networks.base import App, ByBrowser, ByFields, Grant, Network, RemoteAccount, ServerFacts
from creatorbot.networks.connecting import NOTHING_TYPED
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.security.secrets import Vault, fingerprint
from creatorbot.wording import N_

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


def begin(
    runtime: Runtime,
    artist_id: int,
    session_id: int,
    where: str,
    redirect_uri: str,
    network: str = "mastodon",
    typed: Mapping[str, str] = NOTHING_TYPED,
) -> Begun:
    """Find the server, introduce ourselves if it does not know us yet, and remember who is on the way.

    where: what was typed as the server; typed: what else. Raises NotFound for a network that is not connected so; InvalidInput (its
    field named as the network's `where`) or ServiceError, each with a sentence. Nothing is stored then.
    """
    adapter, door = _by_browser(network), runtime.door_for(artist_id)
    base_url = adapter.server_address(where, door)
    with runtime.reading() as session:
        known = _server(session, network, base_url, redirect_uri)
        fresh = known is not None and _still_good(session, known, runtime.clock())
    facts = accounts.server_facts(known) if known is not None and fresh else _meet(adapter, base_url, door)
    if not fresh:
        with runtime.reading() as session:  # the server may be known by its proper name
            known = _server(session, network, facts.base_url, redirect_uri)
            fresh = known is not None and _still_good(session, known, runtime.clock())
    known_app = _app(known, runtime.vault) if known is not None and fresh and not any(typed.values()) else None
    app = known_app or adapter.register(facts, redirect_uri, door, typed)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    address = adapter.authorize_address(facts, app, state, verifier)
    moment = runtime.clock()
    with runtime.session() as session:
        server = _keep_server(session, network, facts, app, runtime.vault, moment, told=known_app is None)
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
    adapter, door = _by_browser(server.network), runtime.door_for(way.artist_id)
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
    with runtime.session() as session:
        return _keep_account(session, runtime, way.artist_id, session.get_one(Server, way.server_id), grant, who)


def log_in(runtime: Runtime, artist_id: int, network: str, typed: Mapping[str, str]) -> Account:
    """Connect with what was typed, and keep the account, updating it when it was connected before.

    Raises NotFound for a network that is not connected so; InvalidInput or ServiceError, each with a sentence. Nothing is stored then.
    """
    adapter, door = networks.network_of(network), runtime.door_for(artist_id)
    if not isinstance(adapter, ByFields):
        raise NotFound("Accounts of that network are connected on their own server.")
    for ask in adapter.connecting.all_asks:
        if ask.required and not typed.get(ask.name, "").strip():
            raise InvalidInput("This is needed to connect.", field=ask.name)
    where = adapter.connecting.where
    facts = _meet(adapter, adapter.server_address(typed.get(where.name, "") if where else "", door), door)
    grant = adapter.log_in(facts, typed, door)
    who = adapter.whoami(facts, grant.token, door)
    with runtime.session() as session:
        server = _keep_server(session, network, facts, App("", "", "", ()), runtime.vault, runtime.clock(), told=True)
        return _keep_account(session, runtime, artist_id, session.get_one(Server, server), grant, who)


def _by_browser(network: str) -> ByBrowser:
    adapter = networks.network_of(network)
    if not isinstance(adapter, ByBrowser):
        raise NotFound("Accounts of that network are connected by typing, not on another page.")
    return adapter


def _meet(adapter: Network, base_url: str, door: Door) -> ServerFacts:
    """What the server says about itself. One that names itself as of another network is sent there: it would half work here.

    Raises InvalidInput, with the value `software`, for such a one; else what `discover` does.
    """
    try:
        facts = adapter.discover(base_url, door)
    except ServiceError as error:
        _belongs(adapter, str(error.values.get("software", "")), str(error.values.get("host", base_url)))
        raise
    _belongs(adapter, facts.software, facts.domain)
    return facts


def _belongs(adapter: Network, software: str, server: str) -> None:
    other = networks.meant_for(software) if software else None
    if other is not None and other.name != adapter.name:
        raise InvalidInput(
            "%(server)s runs %(software)s. Connect it as %(network)s.",
            field=adapter.connecting.where.name if adapter.connecting.where else "",
            server=server,
            software=software.capitalize(),
            network=other.label,
        )


def _keep_account(session: Session, runtime: Runtime, artist_id: int, server: Server, grant: Grant, who: RemoteAccount) -> Account:
    """The account's row: the one it had before, else a new one."""
    assert server.id is not None
    asked = tuple(server.scopes.split())
    missing = [scope for scope in asked if grant.scopes and not _covered(scope, grant.scopes)]
    row = _same_account(session, artist_id, server.base_url, who.remote_id) or Account(
        artist_id=artist_id,
        server_id=server.id,
        network=server.network,
        remote_id=who.remote_id,
        handle=who.handle,
        name=who.name,
        url=who.url,
        token=b"",
        connected_at=runtime.clock(),
    )
    row.server_id, row.network = server.id, server.network
    row.handle, row.name, row.visibility = who.handle, who.name, who.visibility
    row.url = who.url if who.url.startswith(("https://", "http://")) else server.base_url
    row.token, row.scopes, row.checked_at = runtime.vault.seal(grant.token), " ".join(grant.scopes or asked), runtime.clock()
    row.state = "reconnect" if "write:statuses" in missing else "ok"
    row.sentence = next((WITHOUT[scope] for scope in WITHOUT if scope in missing), "")
    session.add(row)
    session.flush()
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


def _introduce_again(runtime: Runtime, adapter: ByBrowser, server: Server, door: Door) -> None:
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
