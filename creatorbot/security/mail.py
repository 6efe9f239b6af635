"""Handing one mail to a mail server: public addresses only (or this machine's own), encrypted, each failure with one meaning.

Nothing of a mail, no address and no password is ever in an error: what a server said may quote them, so only its number is kept.
"""

import contextlib
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as ON_THE_WIRE
from typing import Literal

from creatorbot.errors import ServiceError, ServiceKind
from creatorbot.security.addresses import is_loopback, is_public
from creatorbot.security.http import Door
from creatorbot.wording import N_

Security = Literal["tls", "starttls", "none"]
PORTS = (25, 465, 587, 2525)  # where mail servers listen; on this machine any will do
PATIENCE_S = 30.0
TAKING_S = 180.0  # for the last answer: it looks through the mail first, and giving up too early brings the mail twice
_ADDRESSES = 3


@dataclass(frozen=True)
class Relay:
    """The server that carries our mail. security: tls from the first byte, starttls, or none (only on this machine)."""

    host: str
    port: int
    security: Security
    login: str = ""
    password: str = field(default="", repr=False)


def is_here(host: str) -> bool:
    """Whether this names the machine itself."""
    return host == "localhost" or is_loopback(host)


def deliver(door: Door, relay: Relay, sender: str, to: str, message: EmailMessage) -> None:
    """Hand this mail over. Returns when the server has taken it.

    ServiceError kind "refused": it will not take this mail to this address; "revoked": our name and password are not accepted, or not
    needed as given; "busy": later; "unreached": nothing was handed over; "unknown": it may have been taken.
    """
    client = _connected(door, relay, sender)
    try:
        _secured(client, door, relay)
        _logged_in(client, relay)
        _handed_over(client, relay, sender, to, message.as_bytes(policy=ON_THE_WIRE))
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.putcmd("quit")
    finally:
        client.close()


class _Client(smtplib.SMTP):
    """smtplib's, over a socket to an address that was checked."""

    def __init__(self, opened: socket.socket, host: str, our_name: str) -> None:
        self._opened = opened
        super().__init__(host, 1, local_hostname=our_name, timeout=PATIENCE_S)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._opened


def _connected(door: Door, relay: Relay, sender: str) -> _Client:
    if relay.security == "none" and not is_here(relay.host):
        raise ServiceError("Mail goes unencrypted only to this machine itself. Choose an encrypted way.", kind="revoked", host=relay.host)
    opened = _dialled(door, relay)
    try:
        opened.settimeout(PATIENCE_S)
        if relay.security == "tls":
            opened = door.rules.tls.wrap_socket(opened, server_hostname=relay.host)
        return _Client(opened, relay.host, sender.rpartition("@")[2] or "localhost")
    except ssl.SSLError:
        opened.close()
        raise _untrusted(relay) from None
    except smtplib.SMTPResponseException as error:
        opened.close()
        raise _busy(relay, error.smtp_code) from None
    except (OSError, smtplib.SMTPException):
        opened.close()
        raise _unreached(relay) from None


def _dialled(door: Door, relay: Relay) -> socket.socket:
    here = is_here(relay.host)
    if not here and relay.port not in PORTS:
        raise ServiceError("Mail servers listen on port 465, 587, 2525 or 25.", kind="revoked", host=relay.host)
    try:
        found = door.rules.resolve(relay.host, relay.port)
    except (OSError, UnicodeError):
        raise ServiceError("There is no server named %(host)s, or the internet is away.", kind="unreached", host=relay.host) from None
    allowed = [ip for ip in found if (is_loopback(ip) if here else is_public(ip))]
    if found and not allowed:
        raise ServiceError("%(host)s is inside a private network; only public mail servers are called.", kind="revoked", host=relay.host)
    for ip in allowed[:_ADDRESSES]:
        try:
            return door.rules.connect(ip, relay.port, door.rules.connect_timeout)
        except OSError:
            continue
    raise _unreached(relay)


def _secured(client: _Client, door: Door, relay: Relay) -> None:
    try:
        client.ehlo_or_helo_if_needed()
        if relay.security == "starttls":
            client.starttls(context=door.rules.tls)
            client.ehlo()
    except smtplib.SMTPNotSupportedError:
        raise ServiceError(
            "%(host)s does not offer encryption on this port. Try the other encrypted way, on port 465.", kind="revoked", host=relay.host
        ) from None
    except ssl.SSLError:
        raise _untrusted(relay) from None
    except smtplib.SMTPResponseException as error:
        raise _busy(relay, error.smtp_code) from None
    except (OSError, smtplib.SMTPException, ValueError):
        raise _unreached(relay) from None


def _logged_in(client: _Client, relay: Relay) -> None:
    if not relay.login:
        return
    try:
        client.login(relay.login, relay.password)
    except smtplib.SMTPNotSupportedError:
        raise ServiceError("%(host)s takes no name and password. Leave both empty.", kind="revoked", host=relay.host) from None
    except smtplib.SMTPResponseException as error:
        if 400 <= error.smtp_code < 500:
            raise _busy(relay, error.smtp_code) from None
        raise ServiceError(
            "%(host)s does not accept this name and password.", kind="revoked", status=error.smtp_code, host=relay.host
        ) from None
    except (OSError, smtplib.SMTPException, UnicodeError):
        raise _unreached(relay) from None


def _handed_over(client: _Client, relay: Relay, sender: str, to: str, body: bytes) -> None:
    try:
        _answered(relay, client.mail(sender)[0], N_("%(host)s does not let us send from this address."), "revoked")
        _answered(relay, client.rcpt(to)[0], N_("%(host)s does not take mail for this address."), "refused")
    except (OSError, smtplib.SMTPException, UnicodeError):
        raise _unreached(relay) from None
    try:
        _wait_longer(client)
        code = client.data(body)[0]
    except smtplib.SMTPDataError as error:
        code = error.smtp_code
    except (OSError, smtplib.SMTPException):
        raise ServiceError("%(host)s fell silent before it said whether it took the mail.", kind="unknown", host=relay.host) from None
    _answered(relay, code, N_("%(host)s refused the mail."), "refused")


def _wait_longer(client: _Client) -> None:
    if client.sock is not None:
        client.sock.settimeout(TAKING_S)


def _answered(relay: Relay, code: int, said: str, kind: ServiceKind) -> None:
    """Raises unless the server said yes."""
    if 200 <= code < 300:
        return
    if 400 <= code < 500 or code < 0:
        raise _busy(relay, code)
    raise ServiceError(said, kind=kind, status=code, host=relay.host)


def _busy(relay: Relay, code: int) -> ServiceError:
    return ServiceError(
        "%(host)s takes no mail at the moment. What waits goes out when it does.", kind="busy", status=code, host=relay.host
    )


def _unreached(relay: Relay) -> ServiceError:
    return ServiceError("%(host)s does not answer. What waits goes out when it does.", kind="unreached", host=relay.host)


def _untrusted(relay: Relay) -> ServiceError:
    return ServiceError("%(host)s could not prove that it is the server it says. Nothing was sent.", kind="unreached", host=relay.host)
