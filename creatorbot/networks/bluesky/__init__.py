"""Bluesky, and servers of their own that belong to it (atproto). Why its Python package is only our referee: docs/adr."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.networks.answers import part, text
from creatorbot.networks.base import Account, Draft, Grant, Health, Limits, Profile, Published, RemoteAccount, ServerFacts
from creatorbot.networks.bluesky import echoes, names, posts, standing, words
from creatorbot.networks.bluesky.client import Client
from creatorbot.networks.bluesky.connecting import CONNECTING
from creatorbot.networks.bluesky.names import Directories
from creatorbot.networks.bluesky.sessions import Sessions
from creatorbot.networks.connecting import Connecting
from creatorbot.networks.engaging import Counts, Reply, Somebody
from creatorbot.security.http import Door

_APP_PASSWORD = re.compile(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}")
PROFILE = Profile(
    standing.SOFTWARE,
    repeated_key="same",
    key_window_s=posts.KEY_KEPT_S,
    key_names_post=True,
    visibilities=("public",),
    scopes=("write:statuses", "write:media", "read:statuses"),
    sends_card=True,
    edits=False,
    mentions="",  # a name is told only where we mark it, and we never do
)


class Bluesky:
    """The Network port for Bluesky, with its engagement and deleting. directories: whom we ask where an account lives."""

    name = "bluesky"
    label = "Bluesky"
    connecting: Connecting = CONNECTING

    def __init__(self, directories: Directories = Directories()) -> None:  # noqa: B008  (frozen)
        self._directories = directories
        self._sessions = Sessions()

    def server_address(self, typed: str, door: Door) -> str:
        """See the port. typed: the person's name; the server is where the public directories say the account lives."""
        return names.server_of(names.name_in(typed), door, self._directories)

    def discover(self, base_url: str, door: Door) -> ServerFacts:
        """See the port."""
        return standing.discover(base_url, door)

    def profile(self, software: str) -> Profile:
        """See the port: the same for all, as the rules are the network's."""
        return PROFILE

    def log_in(self, facts: ServerFacts, typed: Mapping[str, str], door: Door) -> Grant:
        """See the port. The token is the account's identifier and the app password. The account's own password is not taken."""
        password = "".join(typed.get("password", "").split())
        if not _APP_PASSWORD.fullmatch(password):
            raise InvalidInput(
                "This is not an app password; it was not sent anywhere. One looks like abcd-efgh-ijkl-mnop. "
                "Make one in Bluesky’s settings, and never type your own password here.",
                field="password",
            )
        name = names.name_in(typed.get("handle", ""))
        try:
            with self._client(_stranger(facts, f"{name} {password}"), door) as client:
                session = client.log_in()
        except ServiceError as error:
            if error.kind != "revoked" or error.values.get("named"):
                raise
            raise InvalidInput(
                "Bluesky does not accept this app password for %(name)s. Please copy it once more, or make a new one.",
                field="password",
                name=name,
            ) from error
        token = f"{session.did} {password}"
        self._sessions.keep(facts.base_url, token, session)
        return Grant(token, PROFILE.scopes)

    def whoami(self, facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
        """See the port."""
        with self._client(_stranger(facts, token), door) as client:
            session = client.session()
            try:
                told: object = client.ask("app.bsky.actor.getProfile", actor=session.did)
            except ServiceError:  # the name and picture are a courtesy
                told = None
        shown = text(part(told, "displayName"), 200) or session.handle
        page = f"https://bsky.app/profile/{session.handle}"
        return RemoteAccount(session.did, f"@{session.handle}", shown, page, text(part(told, "avatar"), 2000) or None)

    def length(self, draft_text: str, content_warning: str, limits: Limits, software: str) -> int:
        """See the port: graphemes, addresses as they are shown, the warning's line with them."""
        return words.length(draft_text, content_warning)

    def publish(self, draft: Draft, account: Account, *, key: str, door: Door) -> Published:
        """See the port."""
        with self._client(account, door) as client:
            return posts.publish(client, draft, key)

    def edit(self, draft: Draft, account: Account, remote_id: str, *, door: Door) -> Published:
        """See the port. Never possible: a server would keep a changed record, but Bluesky goes on showing what it read first."""
        with self._client(account, door) as client:
            return posts.edit(client, draft, remote_id)

    def find(self, account: Account, marker: str, since: datetime, door: Door) -> Published | None:
        """See the port."""
        with self._client(account, door) as client:
            return posts.find(client, marker, since)

    def get(self, account: Account, remote_id: str, door: Door) -> Published | None:
        """See the port."""
        with self._client(account, door) as client:
            return posts.get(client, remote_id)

    def check(self, account: Account, door: Door) -> Health:
        """See the port."""
        with self._client(account, door) as client:
            return standing.check(client, door, self._directories)

    def delete(self, account: Account, remote_id: str, door: Door) -> None:
        """See `Deleting`."""
        with self._client(account, door) as client:
            posts.delete(client, remote_id)

    def engagement(self, account: Account, remote_ids: Sequence[str], door: Door) -> Mapping[str, Counts]:
        """See `Engaging`."""
        with self._client(account, door) as client:
            return echoes.engagement(client, remote_ids)

    def boosters(self, account: Account, remote_id: str, door: Door) -> Sequence[Somebody]:
        """See `Engaging`."""
        with self._client(account, door) as client:
            return echoes.boosters(client, remote_id)

    def replies(self, account: Account, remote_id: str, door: Door) -> Sequence[Reply]:
        """See `Engaging`."""
        with self._client(account, door) as client:
            return echoes.replies(client, remote_id)

    def _client(self, account: Account, door: Door) -> Client:
        return Client(account, door, self._sessions)


def _stranger(facts: ServerFacts, token: str) -> Account:
    """The account before we know whose it is."""
    return Account(facts.base_url, facts.software, facts.version, token, "", facts.limits)
