"""Getting permission: register our app, send the person to their server, turn the code they bring back into a token."""

import base64
import hashlib
from urllib.parse import urlencode

from creatorbot.errors import ServiceError
from creatorbot.networks.base import App, Grant, RemoteAccount, ServerFacts, Visibility
from creatorbot.networks.mastodon.answers import Document, expect, host_of, part, text, unreadable
from creatorbot.networks.profiles import COARSE, UNKNOWN, profile
from creatorbot.security.http import Door

APP_NAME = "creatorbot"
_VISIBILITIES: dict[object, Visibility] = {"public": "public", "unlisted": "unlisted", "private": "private", "direct": "private"}


def register(facts: ServerFacts, redirect_uri: str, door: Door) -> App:
    """Register our app. A server of unknown kind that refuses the fine-grained scopes is asked once more for the coarse ones."""
    known = profile(facts.software)
    try:
        return _register(facts, redirect_uri, known.scopes, door)
    except ServiceError as error:
        if known is not UNKNOWN or error.status not in (400, 422):
            raise
    return _register(facts, redirect_uri, COARSE, door)


def _register(facts: ServerFacts, redirect_uri: str, scopes: tuple[str, ...], door: Door) -> App:
    form = {"client_name": APP_NAME, "redirect_uris": redirect_uri, "scopes": " ".join(scopes)}
    found = expect(door.post(f"{facts.base_url}/api/v1/apps", form=form, headers={"Accept": "application/json"}))
    client_id, client_secret = text(part(found, "client_id")), text(part(found, "client_secret"))
    if not client_id or not client_secret:
        raise unreadable(host_of(facts.base_url))
    return App(client_id, client_secret, redirect_uri, scopes)


def authorize_address(facts: ServerFacts, app: App, state: str, verifier: str) -> str:
    """Where the person's browser goes. verifier: 43 to 128 random letters and digits; only its hash travels."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "scope": " ".join(app.scopes),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{facts.authorize_url}?{urlencode(asked)}"


def exchange(facts: ServerFacts, app: App, code: str, verifier: str, door: Door) -> Grant:
    """A code for a token. ServiceError kind "revoked" with status 401: the server has forgotten our app, register again."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "redirect_uri": app.redirect_uri,
        "code_verifier": verifier,
    }
    host = host_of(facts.base_url)
    try:
        found = expect(door.post(facts.token_url, form=form, headers={"Accept": "application/json"}))
    except ServiceError as error:
        if error.status in (400, 422):
            raise ServiceError(
                "The permission from %(host)s was used already or is too old. Please connect once more.",
                kind="refused",
                status=error.status,
                host=host,
            ) from error
        if error.status == 401:
            raise ServiceError(
                "%(host)s does not know this program any more. Please connect once more.", kind="revoked", status=401, host=host
            ) from error
        raise
    token = text(part(found, "access_token"), 5000)
    if not token:
        raise unreadable(host)
    return Grant(token, tuple(text(part(found, "scope")).split()) or app.scopes)


def whoami(facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
    """Whose token this is."""
    asked = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    found = expect(door.get(f"{facts.base_url}/api/v1/accounts/verify_credentials", headers=asked, redirects=0))
    return remote_account(found, facts)


def remote_account(found: Document, facts: ServerFacts) -> RemoteAccount:
    """An account as its server tells of it. Raises ServiceError for one without id or name."""
    remote_id, acct = part(found, "id"), text(part(found, "acct"), 200) or text(part(found, "username"), 200)
    if not isinstance(remote_id, str | int) or not str(remote_id) or not acct:
        raise unreadable(host_of(facts.base_url))
    return RemoteAccount(
        remote_id=str(remote_id),
        handle=f"@{acct}" if "@" in acct else f"@{acct}@{facts.domain}",
        name=text(part(found, "display_name"), 200) or acct,
        url=text(part(found, "url"), 2000),
        avatar_url=text(part(found, "avatar_static"), 2000) or text(part(found, "avatar"), 2000) or None,
        visibility=_VISIBILITIES.get(part(found, "source", "privacy"), "public"),
    )
