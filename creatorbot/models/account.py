"""Servers, connected accounts, and the log-ins at a server that are still under way."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from creatorbot.models.base import Row, document, key, moment, refers, sealed


class Server(Row, table=True):
    """A server we know: what it told about itself and our registration there (one per server and address of ours).

    facts: networks.base.ServerFacts as a document. client_secret: sealed.
    """

    __table_args__ = (UniqueConstraint("network", "base_url", "redirect_uri"),)
    id: int | None = key()
    network: str
    base_url: str
    redirect_uri: str
    facts: dict[str, Any] = document()
    client_id: str = ""
    client_secret: bytes | None = sealed(optional=True)
    scopes: str = ""
    checked_at: datetime = moment()


class Authorisation(Row, table=True):
    """A person on their way to the server and back. Single use, bound to the browser session, gone after ten minutes."""

    id: int | None = key()
    state_hash: str = Field(unique=True)
    artist_id: int = refers("artist.id")
    session_id: int = refers("loginsession.id")
    server_id: int = refers("server.id")
    verifier: bytes = sealed()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(optional=True)


class Account(Row, table=True):
    """A connected profile. token: sealed. state: ok | reconnect | unreachable | moved | removed."""

    __table_args__ = (UniqueConstraint("artist_id", "server_id", "remote_id"),)
    id: int | None = key()
    artist_id: int = refers("artist.id")
    server_id: int = refers("server.id")
    network: str
    remote_id: str
    handle: str
    name: str
    url: str
    token: bytes = sealed()
    scopes: str = ""
    state: str = "ok"
    sentence: str = ""
    visibility: str = "public"
    connected_at: datetime = moment()
    checked_at: datetime | None = moment(optional=True)
