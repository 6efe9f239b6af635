"""Who is asking: tokens, scopes, and the refusals as Mastodon words them."""

from typing import NoReturn

from flask import Flask, Response, jsonify, request

from creatorbot.rehearsal.fediverse.manners import manner
from creatorbot.rehearsal.state import Row
from creatorbot.rehearsal.world import page, world

INVALID, REVOKED = "The access token is invalid", "The access token was revoked"
DISABLED = "Your login is currently disabled"


class Refused(Exception):
    """An answer with an error in it."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def refuse(code: int, message: str) -> NoReturn:
    """End the request with this status and sentence."""
    raise Refused(code, message)


def install(app: Flask) -> None:
    """Turn refusals into Mastodon's answers, also for addresses that are not there."""

    @app.errorhandler(Refused)
    def refused(why: Refused) -> tuple[Response, int]:
        return jsonify({"message" if manner().bare else "error": why.message}), why.code

    @app.errorhandler(404)
    def missing(_why: Exception) -> tuple[Response, int]:
        for_people = not request.path.startswith(("/api/", "/oauth/", "/.well-known/", "/nodeinfo/"))
        return page("gone.html", 404) if for_people else jsonify({"message": ""} if manner().bare else {"error": "Record not found"}), 404

    @app.errorhandler(413)
    def too_large(_why: Exception) -> tuple[Response, int]:
        return jsonify({"error": "Validation failed: File is too large"}), 413


def token_sent() -> str:
    """The token of this request, or nothing."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def token_row(needed: str = "") -> Row | None:
    """The token this request came with; None without one. Refuses a wrong or revoked one, and one without the needed scope."""
    sent = token_sent()
    if not sent:
        return None
    row = world().state.row("SELECT * FROM token WHERE token = ?", sent)
    if row is None or row["revoked"]:
        code, words = manner().bad_token
        refuse(code, REVOKED if row is not None and words == INVALID else words)
    if needed and not allows(row["scope"].split(), needed):
        refuse(403, "This action is outside the authorized scopes")
    return row


def allows(granted: list[str], needed: str) -> bool:
    """Whether one of the granted scopes covers the needed one: itself or its first word."""
    return needed in granted or needed.split(":")[0] in granted or (needed == "read:accounts" and "profile" in granted)


def person(needed: str) -> Row:
    """The account whose token this is; refuses everybody else."""
    token = token_row(needed)
    if token is None:
        refuse(*manner().bad_token)
    if token["account_id"] is None:
        refuse(422, "This method requires an authenticated user")
    account = world().state.row("SELECT * FROM account WHERE id = ?", token["account_id"])
    became = fate_of(token["account_id"])
    if account is None or became == "gone":
        refuse(*manner().bad_token)
    if became in ("moved", "suspended"):
        refuse(403, DISABLED)
    return account


def fate_of(account_id: int) -> str:
    """What became of an account: here, moved, suspended or gone."""
    row = world().state.row("SELECT what FROM fate WHERE account_id = ?", account_id)
    return str(row["what"]) if row else "here"


def sent() -> dict[str, object]:
    """What came with the request, form or JSON alike: lists and what stands inside under their names without brackets."""
    if request.is_json:
        body = request.get_json(silent=True)
        return dict(body) if isinstance(body, dict) else {}
    read: dict[str, object] = {}
    for name, values in request.values.lists():
        outer, inner = name.partition("[")[::2]
        if not inner or inner == "]":
            read[outer] = values if inner else values[-1]
        else:
            held = read.setdefault(outer, {})
            if isinstance(held, dict):
                held[inner.partition("]")[0]] = values if name.endswith("[]") else values[-1]
    return read


def text_of(fields: dict[str, object], name: str) -> str:
    """One field as text; empty when absent."""
    value = fields.get(name)
    return "" if value is None else str(value)
