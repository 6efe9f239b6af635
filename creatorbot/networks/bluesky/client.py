"""One account's calls to its server (XRPC over https), through the door. Every failure is a ServiceError."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import requests

from creatorbot.errors import ServiceError
from creatorbot.networks.answers import Document, document, part, text, unreadable
from creatorbot.networks.base import Account
from creatorbot.networks.bluesky.answers import is_stale, no_longer, refusal
from creatorbot.networks.bluesky.sessions import Session, Sessions
from creatorbot.security.http import Door, meaning

TIMEOUT = (5, 20)  # seconds to connect, and to wait for an answer
_OF_BLUESKY = (".host.bsky.network", ".bsky.social")


def named(base_url: str) -> str:
    """What people call this server: Bluesky's own have names that nobody knows."""
    host = urlsplit(base_url).netloc
    return "Bluesky" if f".{host}".endswith(_OF_BLUESKY) else host


def parted(token: str) -> tuple[str, str]:
    """The account's identifier and its app password; the second is "" for what we never made."""
    did, _, password = token.partition(" ")
    return did, password


class Client:
    """Use it in one thread, for one job, and close it (it is a context manager)."""

    def __init__(self, account: Account, door: Door, sessions: Sessions) -> None:
        self.account, self.host = account, named(account.base_url)
        self._sessions, self._http = sessions, door.session()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def ask(self, call: str, **about: str | list[str]) -> Document:
        """A question (GET)."""
        return self._as_ourselves("GET", f"{call}?{urlencode(about, doseq=True)}" if about else call)

    def tell(self, call: str, what: Mapping[str, object]) -> Document:
        """A wish (POST)."""
        return self._as_ourselves("POST", call, json=what)

    def upload(self, body: bytes, mime: str) -> Document:
        """A picture; what comes back is put into a post. One that no post names is thrown away by the server."""
        found = part(self._as_ourselves("POST", "com.atproto.repo.uploadBlob", data=body, mime=mime), "blob")
        if not isinstance(found, Mapping) or not part(found, "ref"):
            raise unreadable(self.host)
        return found

    def log_in(self) -> Session:
        """A session made by the app password alone."""
        return self._begun(None)

    def session(self, worn: Session | None = None) -> Session:
        """The session in use; another one where the worn one is not good any more."""
        return self._sessions.get(self.account.base_url, self.account.token, self._begun, worn)

    def _as_ourselves(self, method: str, call: str, json: object = None, data: bytes | None = None, mime: str = "") -> Document:
        """The call with our session; once more with a fresh one when the server did not let us in, and so did nothing."""
        session = self.session()
        try:
            return self._send(method, call, session.access, json, data, mime)
        except ServiceError as error:
            if not is_stale(error):
                raise
        return self._send(method, call, self.session(session).access, json, data, mime)

    def _begun(self, worn: Session | None) -> Session:
        """A session: the worn one renewed where the server allows it, else by the app password."""
        did, password = parted(self.account.token)
        if not password:
            raise no_longer(self.host)
        try:
            if worn is not None:
                try:
                    return self._session_of(self._send("POST", "com.atproto.server.refreshSession", worn.refresh), did)
                except ServiceError as error:
                    if not error.permanent:
                        raise
            asked = {"identifier": did, "password": password}
            return self._session_of(self._send("POST", "com.atproto.server.createSession", "", asked), did)
        except ServiceError as error:
            if error.kind != "unknown":
                raise
            raise not_begun(self.host, error) from error

    def _session_of(self, told: Document, did: str) -> Session:
        made = Session(*(text(part(told, name), 10_000) for name in ("did", "handle", "accessJwt", "refreshJwt")))
        if not made.access or (did.startswith("did:") and made.did != did):
            raise unreadable(self.host)
        return made

    def _send(self, method: str, call: str, bearer: str, json: object = None, data: bytes | None = None, mime: str = "") -> Document:
        headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
        if data is not None:
            headers["Content-Type"] = mime
        try:
            answer = self._http.request(
                method, f"{self.account.base_url}/xrpc/{call}", headers=headers, json=json, data=data, timeout=TIMEOUT
            )
        except requests.exceptions.RequestException as error:
            raise meaning(error, self.host) from error
        except ValueError as error:  # an odd redirect or header
            raise unreadable(self.host) from error
        lowered = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status_code >= 400:
            raise refusal(self.host, answer.status_code, answer.content, lowered)
        found = document(answer.content) if answer.content else {}
        if found is None or answer.status_code >= 300:
            raise unreadable(self.host)
        return found


def not_begun(host: str, error: ServiceError) -> ServiceError:
    """A failure before the post itself was sent: nothing can have come of it."""
    return ServiceError(
        "%(host)s has trouble at the moment, so nothing was posted. We try again.",
        kind="busy",
        status=error.status,
        retry_after=error.retry_after or 60,
        host=host,
    )
