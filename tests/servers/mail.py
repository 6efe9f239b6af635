"""A real mail server (aiosmtpd) on loopback: keeps what it takes, encrypts and asks for a password where told to, fails on demand."""

import email
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificate import certificate

LOGIN, PASSWORD = "post@label.example", "a long password"


@dataclass
class Mailbox:
    """What arrived. answers: what to say instead of yes, used up one by one; "cut" ends the connection after the mail was kept."""

    port: int = 0
    certificate: Path | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """Yes, unless this address is one that is refused."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep it, or say what was ordered."""
        said = self.answers.pop(0) if self.answers else "250 taken"
        if said in ("250 taken", "cut"):
            body = envelope.content if isinstance(envelope.content, bytes) else b""
            self.mails.append(email.message_from_bytes(body, policy=default))
            self.to += envelope.rcpt_tos
        if said == "cut":
            server.transport.abort()
        return said if said != "cut" else "250 taken"

    def door_tls(self) -> ssl.SSLContext:
        """What trusts this server and no other."""
        return ssl.create_default_context(cafile=str(self.certificate) if self.certificate else None)


class _OnAnyPort(Controller):
    """Looks whether it has started where it really listens, and without speaking."""

    def _trigger_server(self) -> None:
        with socket.create_connection(self.server.sockets[0].getsockname()[:2], 5):
            pass


def _check(_server: object, _session: object, _envelope: object, mechanism: str, given: object) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (LOGIN.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(folder: Path, security: str = "none", *, asks: bool = False) -> Iterator[Mailbox]:
    """One that runs. security: tls, starttls or none. asks: only who logs in may send."""
    box, more = Mailbox(), {}
    if security != "none":
        box.certificate, key = certificate(folder, "localhost")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(box.certificate, key)
        more = {"ssl_context": context} if security == "tls" else {"tls_context": context, "require_starttls": True}
    if asks:
        more |= {"authenticator": _check, "auth_required": True, "auth_require_tls": False}
    controller = _OnAnyPort(box, hostname="127.0.0.1", port=0, ready_timeout=20, **more)
    controller.start()
    try:
        box.port = controller.server.sockets[0].getsockname()[1]
        yield box
    finally:
        controller.stop()
