"""What this installation is called outside: its public https address, and whether that address really leads here."""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlmodel import Session

from creatorbot.errors import CreatorbotError, InvalidInput
from creatorbot.links.address import is_public_name
from creatorbot.models import Installation
from creatorbot.runtime import Runtime
from creatorbot.security.secrets import same, word
from creatorbot.wording import N_

_PRIVATE_ENDINGS = ("local", "localhost", "internal", "lan", "home", "test", "invalid", "arpa")
GOOD_FOR = timedelta(hours=24)  # one missed answer does not take the links away


def installation_of(session: Session) -> Installation | None:
    """The one row; None before the first start."""
    return session.get(Installation, 1)


def the_installation(session: Session, now: datetime) -> Installation:
    """The one row, made when it is missing."""
    row = installation_of(session)
    if row is None:
        row = Installation(id=1, check_token=word(24), created_at=now)
        session.add(row)
        session.flush()
    return row


def read_public_url(typed: str) -> str:
    """The address as it will stand in links: https://host, no final slash. "" stays "". Raises InvalidInput with field "public_url"."""
    text = typed.strip().rstrip("/")
    if not text:
        return ""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if parts.scheme != "https":
        raise InvalidInput("The public address has to start with https://, so that nobody in between can change it.", field="public_url")
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidInput("That is no address. Write it like https://music.example.org.", field="public_url") from error
    if parts.username or parts.path or parts.query or parts.fragment or not _is_public_name(host):
        raise InvalidInput("Write only the name people can reach from anywhere, like https://music.example.org.", field="public_url")
    return f"https://{host}" + (f":{port}" if port and port != 443 else "")


def set_public_url(session: Session, typed: str, now: datetime) -> Installation:
    """Keep this as the public address. It is not used before it has answered `check_public_url`. Raises InvalidInput."""
    address = read_public_url(typed)
    row = the_installation(session, now)
    if row.public_url != address:
        row.public_url, row.public_answered_at, row.public_sentence, row.check_token = address, None, "", word(24)
        session.add(row)
    return row


def expect_public_url(session: Session, opened: str, now: datetime) -> None:
    """Whoever did the first set-up did it at this address (http or https): take its name for the public one to be, while there is none.

    Like one that was typed it is not used before it has answered. A name of the home network is left alone.
    """
    parts = urlsplit(opened)
    row = the_installation(session, now)
    if row.public_url or not is_public_name(parts.hostname or ""):
        return
    port = f":{parts.port}" if parts.scheme == "https" and parts.port else ""
    set_public_url(session, f"https://{parts.hostname}{port}", now)


def answer_for(token: str, cookie_key: str) -> str:
    """What only this installation answers at /answer/<token>: an echoing server or another installation cannot."""
    return hmac.new(cookie_key.encode(), f"answer {token}".encode(), hashlib.sha256).hexdigest()


def leads_here(runtime: Runtime, typed: str) -> bool:
    """Whether this address, which need not be the public one, leads here. Raises InvalidInput for what is no public address."""
    address = read_public_url(typed)
    with runtime.session() as session:
        token = the_installation(session, runtime.clock()).check_token
    return address != "" and not _ask(runtime, address, token)


def check_public_url(runtime: Runtime) -> bool:
    """Ask our own public address, from outside, whether it leads here; True when it does. Keeps the outcome as a sentence."""
    with runtime.session() as session:
        row = the_installation(session, runtime.clock())
        if runtime.settings.public_url:
            row = set_public_url(session, runtime.settings.public_url, runtime.clock())
        address, token = row.public_url, row.check_token
    if not address:
        return False
    sentence = _ask(runtime, address, token)
    with runtime.session() as session:
        row = the_installation(session, runtime.clock())
        if row.public_url != address:
            return False
        row.public_sentence = sentence
        if not sentence:
            row.public_answered_at = runtime.clock()
        elif row.public_answered_at and runtime.clock() - row.public_answered_at > GOOD_FOR:
            row.public_answered_at = None
        session.add(row)
    return not sentence


def _ask(runtime: Runtime, address: str, token: str) -> str:
    """A gettext id of what went wrong; "" when it leads here."""
    try:
        answer = runtime.door.get(f"{address}/answer/{token}", max_bytes=2_000, redirects=0)
    except CreatorbotError:
        return N_("Nobody answered at that address. Check that its name points to this machine and that https works there.")
    if answer.status == 200 and same(answer.body.decode("latin-1").strip(), answer_for(token, runtime.cookie_key)):
        return ""
    return N_("Somebody answered at that address, but it was not this creatorbot. Check where its name points.")


def _is_public_name(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        last = host.rpartition(".")[2]
        return "." in host and last not in _PRIVATE_ENDINGS and not last.isdigit()
