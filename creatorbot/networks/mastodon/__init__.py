"""Mastodon, and servers that speak its client interface."""

import time
from collections.abc import Callable
from datetime import datetime

from mastodon import Mastodon as Api
from mastodon._url_regex import url_regex  # the one get_status_length counts with

from creatorbot.networks import profiles
from creatorbot.networks.base import Account, App, Draft, Grant, Health, Limits, Profile, Published, RemoteAccount, ServerFacts
from creatorbot.networks.mastodon import address, discover, edits, oauth, standing, statuses
from creatorbot.networks.mastodon.client import Client
from creatorbot.security.http import Door


class Mastodon:
    """The Network port for Mastodon. pause: how to wait for a picture that is being prepared."""

    name = "mastodon"
    label = "Mastodon"

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self._pause = pause

    def server_address(self, typed: str, door: Door) -> str:
        """See the port. A full handle is looked up by WebFinger."""
        return address.server_address(typed, door)

    def discover(self, base_url: str, door: Door) -> ServerFacts:
        """See the port. base_url in the answer may differ: a server's proper name is where it sends us."""
        return discover.discover(base_url, door)

    def profile(self, software: str) -> Profile:
        """See the port."""
        return profiles.profile(software)

    def register(self, facts: ServerFacts, redirect_uri: str, door: Door) -> App:
        """See the port."""
        return oauth.register(facts, redirect_uri, door)

    def authorize_address(self, facts: ServerFacts, app: App, state: str, verifier: str) -> str:
        """See the port."""
        return oauth.authorize_address(facts, app, state, verifier)

    def exchange(self, facts: ServerFacts, app: App, code: str, verifier: str, door: Door) -> Grant:
        """See the port. ServiceError kind "revoked": the server has forgotten our app, register anew."""
        return oauth.exchange(facts, app, code, verifier, door)

    def whoami(self, facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
        """See the port."""
        return oauth.whoami(facts, token, door)

    def length(self, draft_text: str, content_warning: str, limits: Limits, software: str) -> int:
        """Graphemes, each address as many as the server counts; Takahe counts plain characters."""
        if software == "takahe":
            return len(draft_text) + len(content_warning)
        counted: int = Api.get_status_length(draft_text, content_warning)
        addresses = sum(1 for _ in url_regex.finditer(draft_text))
        return counted + addresses * (limits.url_length - 23)

    def publish(self, draft: Draft, account: Account, *, key: str, door: Door) -> Published:
        """See the port."""
        with self._client(account, door) as client:
            return statuses.publish(client, draft, key, self._pause)

    def edit(self, draft: Draft, account: Account, remote_id: str, *, door: Door) -> Published:
        """See the port."""
        with self._client(account, door) as client:
            return edits.edit(client, draft, remote_id)

    def find(self, account: Account, marker: str, since: datetime, door: Door) -> Published | None:
        """See the port. A server whose clock is behind is allowed for."""
        with self._client(account, door) as client:
            return statuses.find(client, marker, since)

    def get(self, account: Account, remote_id: str, door: Door) -> Published | None:
        """See the port."""
        with self._client(account, door) as client:
            return statuses.get(client, remote_id)

    def check(self, account: Account, door: Door) -> Health:
        """See the port."""
        with self._client(account, door) as client:
            return standing.check(client, door)

    def _client(self, account: Account, door: Door) -> Client:
        return Client(account, profiles.profile(account.software), door)
