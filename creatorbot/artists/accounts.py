"""Connected accounts as rows and as adapters need them: opened tokens, server facts out of their document, disconnecting."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from creatorbot import models
from creatorbot.errors import NotFound
from creatorbot.networks.base import Account, Limits, ServerFacts
from creatorbot.security.secrets import Vault


def facts_document(facts: ServerFacts) -> dict[str, object]:
    """Server facts as they are stored."""
    return {
        **asdict(facts),
        "rules": list(facts.rules),
        "limits": {**asdict(facts.limits), "picture_types": list(facts.limits.picture_types)},
    }


def server_facts(server: models.Server) -> ServerFacts:
    """What the server told about itself. Fields it lacks, because an older version of ours stored it, get their defaults."""
    stored: dict[str, Any] = dict(server.facts)
    limits = {name: value for name, value in dict(stored.pop("limits", {})).items() if name in Limits.__dataclass_fields__}
    if "picture_types" in limits:
        limits["picture_types"] = tuple(limits["picture_types"])
    known = {name: value for name, value in stored.items() if name in ServerFacts.__dataclass_fields__}
    known["rules"] = tuple(known.get("rules", ()))
    blank = {"base_url": server.base_url, "domain": server.base_url.partition("://")[2], "title": "", "software": "", "version": ""}
    return ServerFacts(**{**blank, **known, "limits": Limits(**limits)})


def server_of(session: Session, account: models.Account) -> models.Server:
    """The server this account lives on."""
    row = session.get(models.Server, account.server_id)
    if row is None:
        raise NotFound("That server is not known here any more.")
    return row


def opened(session: Session, vault: Vault, account: models.Account) -> Account:
    """The account as the adapter needs it for one call, its token opened. Keep it no longer than the call."""
    facts = server_facts(server_of(session, account))
    return Account(
        base_url=facts.base_url,
        software=facts.software,
        version=facts.version,
        token=vault.open_text(account.token),
        remote_id=account.remote_id,
        limits=facts.limits,
    )


def accounts_of(session: Session, artist_id: int) -> list[models.Account]:
    """The artist's connected accounts, oldest first, without those taken off."""
    return list(
        session.exec(
            select(models.Account)
            .where(models.Account.artist_id == artist_id, models.Account.state != "removed")
            .order_by(col(models.Account.id))
        )
    )


def get_account(session: Session, artist_id: int, account_id: int) -> models.Account:
    """One of this artist's accounts. Raises NotFound for another's, and for one taken off."""
    row = session.get(models.Account, account_id)
    if row is None or row.artist_id != artist_id or row.state == "removed":
        raise NotFound("That account is not connected here.")
    return row


def disconnect(session: Session, vault: Vault, account: models.Account, now: datetime) -> None:
    """Take an account off: nothing is posted there any more and its key is gone; what was posted stays in the results."""
    account.state, account.sentence, account.token, account.checked_at = "removed", "", vault.seal(""), now
    session.add(account)
