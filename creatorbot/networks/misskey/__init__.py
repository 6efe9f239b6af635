"""Misskey and the servers that grew out of it, by the interface of their own."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from creatorbot.networks import address
from creatorbot.networks.base import Account, App, Draft, Grant, Health, Limits, Profile, Published, RemoteAccount, ServerFacts
from creatorbot.networks.connecting import NOTHING_TYPED, Connecting
from creatorbot.networks.engaging import Counts, Reply, Somebody
from creatorbot.networks.misskey import discover, echoes, edits, notes, permission, profiles, standing
from creatorbot.networks.misskey.client import Client
from creatorbot.networks.misskey.connecting import CONNECTING, EXAMPLE
from creatorbot.networks.misskey.markup import plain
from creatorbot.networks.returning import Boosted, Seen
from creatorbot.security.http import Door


class Misskey:
    """The Network port for the family. pause: how to wait between many calls."""

    name = "misskey"
    label = "Misskey"
    connecting: Connecting = CONNECTING

    def __init__(self, pause: Callable[[float], None] = time.sleep) -> None:
        self._pause = pause

    def server_address(self, typed: str, door: Door) -> str:
        """See the port. A full handle is looked up by WebFinger."""
        return address.server_address(typed, door, EXAMPLE)

    def discover(self, base_url: str, door: Door) -> ServerFacts:
        """See the port."""
        return discover.discover(base_url, door)

    def profile(self, software: str) -> Profile:
        """See the port."""
        return profiles.profile(software)

    def register(self, facts: ServerFacts, redirect_uri: str, door: Door, typed: Mapping[str, str] = NOTHING_TYPED) -> App:
        """See the port. Asks nobody: this family knows no registration."""
        return permission.register(redirect_uri)

    def authorize_address(self, facts: ServerFacts, app: App, state: str, verifier: str) -> str:
        """See the port."""
        return permission.authorize_address(facts, app, state, verifier)

    def exchange(self, facts: ServerFacts, app: App, code: str, verifier: str, door: Door) -> Grant:
        """See the port. code: the session that came back."""
        return permission.exchange(facts, code, verifier, door)

    def whoami(self, facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
        """See the port."""
        return permission.whoami(facts, token, door)

    def length(self, draft_text: str, content_warning: str, limits: Limits, software: str) -> int:
        """Characters as sent, addresses in full. The content warning has a limit of its own."""
        return len(plain(draft_text))

    def publish(self, draft: Draft, account: Account, *, key: str, door: Door) -> Published:
        """See the port. These servers take no key: looking before repeating is all that protects."""
        with Client(account, door) as client:
            return notes.publish(client, draft)

    def edit(self, draft: Draft, account: Account, remote_id: str, *, door: Door) -> Published:
        """See the port."""
        with Client(account, door) as client:
            return edits.edit(client, draft, remote_id)

    def find(self, account: Account, marker: str, since: datetime, door: Door) -> Published | None:
        """See the port. A server whose clock is behind is allowed for."""
        with Client(account, door) as client:
            return notes.find(client, marker, since)

    def get(self, account: Account, remote_id: str, door: Door) -> Published | None:
        """See the port."""
        with Client(account, door) as client:
            note = notes.show(client, remote_id)
            return notes.published(client, note) if note is not None else None

    def check(self, account: Account, door: Door) -> Health:
        """See the port."""
        with Client(account, door) as client:
            return standing.check(client)

    def seen(self, account: Account, door: Door) -> Seen:
        """See returning.Public."""
        return standing.seen(account, door)

    def boost(self, account: Account, url: str, door: Door) -> Boosted:
        """See returning.Boosting."""
        with Client(account, door) as client:
            return echoes.boost(client, url)

    def engagement(self, account: Account, remote_ids: Sequence[str], door: Door) -> Mapping[str, Counts]:
        """See engaging.Engaging."""
        with Client(account, door) as client:
            return echoes.engagement(client, remote_ids, self._pause)

    def boosters(self, account: Account, remote_id: str, door: Door) -> Sequence[Somebody]:
        """See engaging.Engaging."""
        with Client(account, door) as client:
            return echoes.boosters(client, remote_id)

    def replies(self, account: Account, remote_id: str, door: Door) -> Sequence[Reply]:
        """See engaging.Engaging."""
        with Client(account, door) as client:
            return echoes.replies(client, remote_id)

    def delete(self, account: Account, remote_id: str, door: Door) -> None:
        """See engaging.Deleting."""
        with Client(account, door) as client:
            echoes.delete(client, remote_id)
