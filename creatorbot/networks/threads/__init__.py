"""Threads, by Meta (graph.threads.net)."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from creatorbot.networks.base import Account, Draft, Grant, Health, Limits, Profile, Published, RemoteAccount, ServerFacts
from creatorbot.networks.connecting import Connecting
from creatorbot.networks.engaging import Counts, Reply, Somebody
from creatorbot.networks.threads import containers, echoes, permission, posts, standing, words
from creatorbot.networks.threads.client import Client
from creatorbot.networks.threads.connecting import CONNECTING
from creatorbot.security.http import Door

HOME = "https://graph.threads.net"
PROFILE = Profile(
    standing.SOFTWARE,
    label="Threads",
    repeated_key="same",
    key_window_s=82_800,  # a container lives for a day
    key_names_post=True,
    visibilities=("public",),
    scopes=permission.SCOPES,
    fetches_pictures=True,
    one_place=True,
    edits=False,
    counting="plain",
    limits=standing.LIMITS,
)


class Threads:
    """The Network port for Threads. home: where it answers. pause: how to wait for a container."""

    name = "threads"
    label = "Threads"
    connecting: Connecting = CONNECTING

    def __init__(self, home: str = HOME, pause: Callable[[float], None] = time.sleep) -> None:
        self._home, self._pause = home, pause

    def server_address(self, typed: str, door: Door) -> str:
        """See the port: there is one place."""
        return self._home

    def discover(self, base_url: str, door: Door) -> ServerFacts:
        """See the port."""
        return standing.discover(base_url, door)

    def profile(self, software: str) -> Profile:
        """See the port."""
        return PROFILE

    def log_in(self, facts: ServerFacts, typed: Mapping[str, str], door: Door) -> Grant:
        """See the port. The token is the key, and when it was renewed last."""
        return permission.log_in(facts, typed, door)

    def whoami(self, facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
        """See the port."""
        return permission.whoami(facts, token, door)

    def length(self, draft_text: str, content_warning: str, limits: Limits, software: str) -> int:
        """See the port: signs, emoji by their bytes, the warning's line with them."""
        return words.length(draft_text, content_warning)

    def prepare(self, draft: Draft, account: Account, *, key: str, door: Door) -> str:
        """See `Preparing`: makes the container."""
        with Client(account, door) as client:
            return containers.prepare(client, draft, key)

    def publish(self, draft: Draft, account: Account, *, key: str, door: Door) -> Published:
        """See the port. A key that `prepare` gave publishes that container and no other; without one, a container is made here."""
        with Client(account, door) as client:
            return containers.publish(client, draft, key, self._pause)

    def edit(self, draft: Draft, account: Account, remote_id: str, *, door: Door) -> Published:
        """See the port. Never possible."""
        with Client(account, door) as client:
            return posts.edit(client, draft, remote_id)

    def find(self, account: Account, marker: str, since: datetime, door: Door) -> Published | None:
        """See the port."""
        with Client(account, door) as client:
            return posts.find(client, marker, since)

    def get(self, account: Account, remote_id: str, door: Door) -> Published | None:
        """See the port."""
        with Client(account, door) as client:
            found = posts.show(client, remote_id)
            return None if found is None else posts.published(found)

    def check(self, account: Account, door: Door) -> Health:
        """See the port."""
        with Client(account, door) as client:
            return standing.check(client)

    def delete(self, account: Account, remote_id: str, door: Door) -> None:
        """See `Deleting`."""
        with Client(account, door) as client:
            posts.delete(client, remote_id)

    def engagement(self, account: Account, remote_ids: Sequence[str], door: Door) -> Mapping[str, Counts]:
        """See `Engaging`."""
        with Client(account, door) as client:
            return echoes.engagement(client, remote_ids)

    def boosters(self, account: Account, remote_id: str, door: Door) -> Sequence[Somebody]:
        """See `Engaging`: Threads tells nobody."""
        return ()

    def replies(self, account: Account, remote_id: str, door: Door) -> Sequence[Reply]:
        """See `Engaging`."""
        with Client(account, door) as client:
            return echoes.replies(client, remote_id)
