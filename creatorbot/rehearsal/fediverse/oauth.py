"""Registering an app and letting it in: apps, the authorise page, tokens. PKCE is really checked, codes work once and for ten minutes."""

import base64
import hashlib
import re
import secrets
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from creatorbot.rehearsal.fediverse.access import refuse, sent, text_of, token_row
from creatorbot.rehearsal.fediverse.manners import manner
from creatorbot.rehearsal.fediverse.people import people, person_named
from creatorbot.rehearsal.state import Row
from creatorbot.rehearsal.world import page, world

oauth = Blueprint("oauth", __name__)
SHOWN_CODE = "urn:ietf:wg:oauth:2.0:oob"
CODE_SECONDS = 600
SCOPES = (
    "read",
    "profile",
    "write",
    "write:accounts",
    "write:statuses",
    "write:media",
    "write:favourites",
    "read:accounts",
    "read:statuses",
    "read:notifications",
    "read:search",
    "follow",
    "push",
)
COARSE = ("read", "write", "follow", "push")
NO_GRANT = (
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization "
    "request, or was issued to another client."
)


@oauth.post("/api/v1/apps")
def register() -> Response:
    """A new app; secrets are made up on the spot."""
    fields = sent()
    name, wanted = text_of(fields, "client_name").strip(), fields.get("redirect_uris", "")
    addresses = [str(one) for one in wanted] if isinstance(wanted, list) else str(wanted).split()
    scopes = text_of(fields, "scopes") or "read"
    if not name or len(name) > 60:
        refuse(422, "Validation failed: Application name can't be blank" if not name else "Validation failed: Application name is too long")
    if not addresses or not all(one == SHOWN_CODE or re.match(r"[a-z][a-z0-9+.-]*://\S+$", one, re.I) for one in addresses):
        refuse(422, "Validation failed: Redirect URI must be an absolute URI.")
    if not set(scopes.split()) <= set(COARSE if manner().coarse else SCOPES):
        refuse(422, "Validation failed: Scopes doesn't match configured on the server.")
    client_id, secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    world().state.do(
        "INSERT INTO app VALUES (?, ?, ?, ?, ?, ?)", client_id, secret, name, text_of(fields, "website"), "\n".join(addresses), scopes
    )
    return jsonify(
        {
            "id": str(world().state.new_id()),
            "name": name,
            "website": text_of(fields, "website") or None,
            "scopes": scopes.split(),
            "redirect_uris": addresses,
            "redirect_uri": "\n".join(addresses),
            "client_id": client_id,
            "client_secret": secret,
            "client_secret_expires_at": 0,
            "vapid_key": "",
        }
    )


@oauth.get("/api/v1/apps/verify_credentials")
def own_app() -> Response:
    """The app a token belongs to."""
    token = token_row()
    if token is None:
        refuse(401, "The access token is invalid")
    app = world().state.row("SELECT * FROM app WHERE client_id = ?", token["client_id"])
    return jsonify({"name": app["name"] if app else "", "website": (app["website"] or None) if app else None})


@oauth.get("/.well-known/oauth-authorization-server")
def where() -> Response:
    """Where the doors are."""
    if not manner().login_described:
        refuse(404, "Record not found")
    base = world().base
    return jsonify(
        {
            "issuer": f"{base}/",
            "service_documentation": f"{base}/practice",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "app_registration_endpoint": f"{base}/api/v1/apps",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }
    )


def _asking() -> tuple[Row | None, str]:
    """The app that sends a person here, and what is wrong with its asking ("" when nothing is)."""
    asked = request.values
    app = world().state.row("SELECT * FROM app WHERE client_id = ?", asked.get("client_id", ""))
    if app is None:
        return None, "This program has not introduced itself to this server."
    if asked.get("redirect_uri", "") not in app["redirect_uris"].split("\n"):
        return app, "The address to return to is not one this program has named."
    if asked.get("response_type") != "code":
        return app, "This program asks for a kind of permission this server does not give."
    if not set(asked.get("scope", "read").split()) <= set(app["scopes"].split()):
        return app, "This program asks for more than it announced."
    if asked.get("code_challenge") and asked.get("code_challenge_method") != "S256":
        return app, "This program protects its question in a way this server does not know."
    return app, ""


@oauth.get("/oauth/authorize")
def ask() -> Response:
    """Shows who asks for what; a person decides."""
    app, wrong = _asking()
    if app is None or wrong:
        return page("refused.html", 400, why=wrong)
    hint = re.sub(r"\W+", "_", request.args.get("hint", ""))[:30].strip("_").lower() or "you"
    return page(
        "authorise.html",
        app=app,
        people=people(hint),
        hint=hint,
        asked=request.args.to_dict(),
        may_post="write" in request.args.get("scope", ""),
    )


@oauth.post("/oauth/authorize")
def decide() -> AnyResponse:
    """The person's answer goes back to the program."""
    app, wrong = _asking()
    if app is None or wrong:
        return page("refused.html", 400, why=wrong)
    back, state = request.form["redirect_uri"], request.form.get("state", "")
    if request.form.get("answer") != "yes":
        return _back(
            back, {"error": "access_denied", "error_description": "The resource owner or authorization server denied the request."}, state
        )
    here = world().state
    account = person_named(request.form.get("other", "").strip() or request.form.get("person", "you"))
    code = secrets.token_urlsafe(32)
    here.do(
        "INSERT INTO code (code, client_id, account_id, redirect_uri, scope, challenge, made) VALUES (?, ?, ?, ?, ?, ?, ?)",
        code,
        app["client_id"],
        account["id"],
        back,
        request.form.get("scope", "read"),
        request.form.get("code_challenge", ""),
        here.now(),
    )
    if back == SHOWN_CODE:
        return page("code.html", code=code)
    return _back(back, {"code": code}, state)


def _back(address: str, fields: dict[str, str], state: str) -> AnyResponse:
    joined = "&" if "?" in address else "?"
    return redirect(address + joined + urlencode({**fields, "state": state} if state else fields), 302)


def _client(fields: dict[str, object]) -> Row | None:
    """The app, when its secret is right; from the form or from the header."""
    header = request.authorization
    basic = header is not None and header.type == "basic"
    name = (header.username if header and basic else "") or text_of(fields, "client_id")
    secret = (header.password if header and basic else "") or text_of(fields, "client_secret")
    app = world().state.row("SELECT * FROM app WHERE client_id = ?", name)
    return app if app is not None and secrets.compare_digest(app["secret"].encode(), secret.encode()) else None


def _oauth_error(code: int, error: str, words: str) -> Response:
    answer = jsonify({"error": error, "error_description": words})
    answer.status_code = code
    return answer


@oauth.post("/oauth/token")
def token() -> Response:
    """A code becomes a token, once; the same person, program and scopes get the same token again, as on Mastodon."""
    fields = sent()
    app = _client(fields)
    if app is None:
        return _oauth_error(
            401,
            "invalid_client",
            "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
        )
    kind = text_of(fields, "grant_type")
    if kind == "client_credentials":
        return _give(app, None, text_of(fields, "scope") or "read")
    if kind != "authorization_code":
        return _oauth_error(400, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server.")
    here = world().state
    with here.transaction():
        code = here.row("SELECT * FROM code WHERE code = ?", text_of(fields, "code"))
        good = (
            code is not None
            and (not code["used"] or not manner().codes_once)
            and code["client_id"] == app["client_id"]
            and here.now() - code["made"] <= CODE_SECONDS
            and code["redirect_uri"] == text_of(fields, "redirect_uri")
            and (
                not code["challenge"] or not manner().checks_verifier or code["challenge"] == challenge_of(text_of(fields, "code_verifier"))
            )
        )
        if code is None or not good:
            return _oauth_error(400, "invalid_grant", NO_GRANT)
        here.do("UPDATE code SET used = 1 WHERE code = ?", code["code"])
        return _give(app, code["account_id"], code["scope"])


def challenge_of(verifier: str) -> str:
    """What a PKCE verifier becomes by S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _give(app: Row, account_id: int | None, scope: str) -> Response:
    here = world().state
    row = here.row(
        "SELECT * FROM token WHERE client_id = ? AND account_id IS ? AND scope = ? AND NOT revoked", app["client_id"], account_id, scope
    )
    made = here.now() if row is None else row["made"]
    value = secrets.token_urlsafe(32) if row is None else row["token"]
    if row is None:
        here.do(
            "INSERT INTO token (token, client_id, account_id, scope, made) VALUES (?, ?, ?, ?, ?)",
            value,
            app["client_id"],
            account_id,
            scope,
            made,
        )
    return jsonify({"access_token": value, "token_type": "Bearer", "scope": scope, "created_at": int(made)})


@oauth.post("/oauth/revoke")
def revoke() -> Response:
    """A token ends; asking twice is no error."""
    fields = sent()
    app = _client(fields)
    row = world().state.row("SELECT * FROM token WHERE token = ?", text_of(fields, "token"))
    if app is None or (row is not None and row["client_id"] != app["client_id"]):
        return _oauth_error(403, "unauthorized_client", "You are not authorized to revoke this token")
    world().state.do("UPDATE token SET revoked = 1 WHERE token = ?", text_of(fields, "token"))
    return jsonify({})
