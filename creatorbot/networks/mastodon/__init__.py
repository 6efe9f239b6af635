"""Mastodon, and servers that speak its client interface."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from mastodon import Mastodon as Api
from mastodon._url_regex import url_regex  # the one get_status_length counts with

from creatorbot.networks import address, profiles
from creatorbot.networks.base import Account, App, Draft, Grant, Health, Limits, Profile, Published, RemoteAccount, ServerFacts
from creatorbot.networks.connecting import NOTHING_TYPED, Connecting
from creatorbot.networks.engaging import Counts, Reply, Somebody
from creatorbot.networks.mastodon import boosts, discover, echoes, edits, looking, oauth, standing, statuses
from creatorbot.networks.mastodon.client import Client
from creatorbot.networks.mastodon.connecting import CONNECTING
from creatorbot.networks.returning import Boosted, Seen
from creatorbot.security.http import Door


class Mastodon:
    """The Network port for Mastodon. pause: how to wait for a picture that is being prepared."""

    name = "mastodon"
    label = "Mastodon"
    connecting: Connecting = CONNECTING

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self._pause = pause

    def server_address(self, typed: str, door: Door) -> str:
        """See the port. A full handle is looked up by WebFinger."""
        return address.server_address(typed, door, "mastodon.social")

    def discover(self, base_url: str, door: Door) -> ServerFacts:
        """See the port. base_url in the answer may differ: a server's proper name is where it sends us."""
        return discover.discover(base_url, door)

    def profile(self, software: str) -> Profile:
        """See the port."""
        return profiles.profile(software)

    def register(self, facts: ServerFacts, redirect_uri: str, door: Door, typed: Mapping[str, str] = NOTHING_TYPED) -> App:
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
        """Graphemes, each address as many as the server counts; or plain characters; or, where nobody knows, the more of both."""
        plain = len(draft_text) + len(content_warning)
        counting = profiles.profile(software).counting
        if counting == "plain":
            return plain
        counted: int = Api.get_status_length(draft_text, content_warning)
        addresses = sum(1 for _ in url_regex.finditer(draft_text))
        weighted = counted + addresses * (limits.url_length - 23)
        return max(weighted, plain) if counting == "either" else weighted

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
            return looking.find(client, marker, since)

    def get(self, account: Account, remote_id: str, door: Door) -> Published | None:
        """See the port."""
        with self._client(account, door) as client:
            return looking.get(client, remote_id)

    def check(self, account: Account, door: Door) -> Health:
        """See the port."""
        with self._client(account, door) as client:
            return standing.check(client, door)

    def seen(self, account: Account, door: Door) -> Seen:
        """See networks.returning."""
        return standing.seen(account, door)

    def boost(self, account: Account, url: str, door: Door) -> Boosted:
        """See networks.returning."""
        with self._client(account, door) as client:
            return boosts.boost(client, url)

    def engagement(self, account: Account, remote_ids: Sequence[str], door: Door) -> Mapping[str, Counts]:
        """See creatorbot.networks.engaging."""
        with self._client(account, door) as client:
            return echoes.engagement(client, remote_ids)

    def boosters(self, account: Account, remote_id: str, door: Door) -> Sequence[Somebody]:
        """See creatorbot.networks.engaging."""
        with self._client(account, door) as client:
            return echoes.boosters(client, remote_id)

    def replies(self, account: Account, remote_id: str, door: Door) -> Sequence[Reply]:
        """See creatorbot.networks.engaging."""
        with self._client(account, door) as client:
            return echoes.replies(client, remote_id)

    def delete(self, account: Account, remote_id: str, door: Door) -> None:
        """See creatorbot.networks.engaging."""
        with self._client(account, door) as client:
            echoes.delete(client, remote_id)

    def _client(self, account: Account, door: Door) -> Client:
        return Client(account, profiles.profile(account.software), door)
