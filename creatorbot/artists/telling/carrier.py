"""The mail server that carries our mails: what the keeper typed, checked and kept."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlmodel import Session

from creatorbot.artists.telling.wishes import address_typed
from creatorbot.errors import InvalidInput
from creatorbot.links.address import is_public_name
from creatorbot.models import MailServer
from creatorbot.security.mail import PORTS, Relay, Security, is_here
from creatorbot.security.secrets import Vault
from creatorbot.wording import N_

SECURITY: dict[str, str] = {
    "tls": N_("Encrypted from the start (usually port 465)"),
    "starttls": N_("Encrypted after a greeting (usually port 587)"),
    "none": N_("Not encrypted – only for a mail server on this very machine"),
}
USUAL_PORTS = {"tls": 465, "starttls": 587, "none": 25}


def carrier(session: Session) -> MailServer | None:
    """The server that is set; None when there is none."""
    return session.get(MailServer, 1)


def relay_of(row: MailServer, vault: Vault) -> Relay:
    """The server as it is called. Keep it no longer than the call."""
    password = vault.open_text(row.password) if row.password else ""
    return Relay(row.host, row.port, cast(Security, row.security), row.login, password)


def save(session: Session, vault: Vault, typed: Mapping[str, str], now: datetime) -> MailServer:
    """Keep what was typed: host, port, security, login, password, sender. Raises InvalidInput with the field's name.

    An empty password keeps the one we have, as long as it goes to the same server and name.
    """
    given = {name: str(typed.get(name, "")).strip() for name in ("host", "port", "security", "login", "sender")}
    security = given["security"]
    if security not in SECURITY:
        raise InvalidInput("Choose how the mail server is spoken to.", field="security")
    host = given["host"].lower().rstrip(".")
    _check_host(host, security)
    port = _port(given["port"], security, here=is_here(host))
    if not given["login"].isprintable() or len(given["login"]) > 254:
        raise InvalidInput("This name holds something that cannot be sent to a mail server.", field="login")
    sender = address_typed(given["sender"], "sender")
    row, password = session.get(MailServer, 1), str(typed.get("password", ""))
    same = row is not None and (row.host, row.port, row.security, row.login) == (host, port, security, given["login"])
    if given["login"] and not password and not (same and row is not None and row.password):
        raise InvalidInput("Type the password that belongs to this name.", field="password")
    row = row or MailServer(id=1, host=host, port=port, security=security, sender=sender, changed_at=now)
    row.host, row.port, row.security, row.login, row.sender = host, port, security, given["login"], sender
    if password or not given["login"]:
        row.password = vault.seal(password) if given["login"] else None
    row.changed_at, row.sentence, row.values, row.worked_at = now, "", {}, row.worked_at if same else None
    session.add(row)
    session.flush()
    return row


def forget(session: Session) -> None:
    """No mail any more."""
    row = session.get(MailServer, 1)
    if row is not None:
        session.delete(row)


def _check_host(host: str, security: str) -> None:
    if not is_here(host) and not is_public_name(host):
        raise InvalidInput("Type the name of your mail server, like mail.example.org.", field="host")
    if security == "none" and not is_here(host):
        raise InvalidInput("Without encryption only a mail server on this very machine is called: localhost.", field="security")


def _port(typed: str, security: str, *, here: bool) -> int:
    if not typed:
        return USUAL_PORTS[security]
    port = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    if not 1 <= port <= 65535:
        raise InvalidInput("A port is a number, usually 465 or 587.", field="port")
    if port not in PORTS and not here:
        raise InvalidInput("Mail servers listen on port 465, 587, 2525 or 25.", field="port")
    return port
