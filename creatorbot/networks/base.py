"""The Network port: what posting to one kind of server needs. Plain data in, plain data out, ServiceError for every failure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from creatorbot.security.http import Door

Visibility = Literal["public", "unlisted", "private"]
RepeatedKey = Literal["same", "replay", "refused", "ignored"]


@dataclass(frozen=True)
class Profile:
    """What a kind of server software does, as data. key_window_s: how long a repeated key is remembered (0: not to be trusted).

    edits: whether a post that is out can be changed there. edits_since: from which version on, where older ones are about.
    """

    software: str
    repeated_key: RepeatedKey = "ignored"
    key_window_s: int = 0
    needs_picture: bool = False
    visibilities: tuple[Visibility, ...] = ("public", "unlisted", "private")
    media_v2: bool = True
    scopes: tuple[str, ...] = ("read:accounts", "read:statuses", "write:statuses", "write:media")
    card_with_picture: bool = False
    revoked_status: tuple[int, ...] = (401,)
    edits: bool = True
    edits_since: tuple[int, ...] = ()

    def can_edit(self, version: str) -> bool:
        """Whether posts can be changed on a server of this software and version. A version that cannot be read counts as new."""
        found = re.match(r"\D{0,2}(\d{1,6}(?:\.\d{1,6})*)", version)
        known = tuple(int(part) for part in found[1].split(".")) if found else self.edits_since
        return self.edits and known >= self.edits_since


@dataclass(frozen=True)
class Limits:
    """What the server accepts. Lengths in graphemes, sizes in bytes; url_length: what each address counts as."""

    characters: int = 500
    url_length: int = 23
    pictures: int = 4
    picture_bytes: int = 8_000_000
    picture_pixels: int = 16_000_000
    description: int = 1500
    picture_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/gif", "image/webp")


@dataclass(frozen=True)
class ServerFacts:
    """A server as it describes itself. base_url: https://host without a final slash. rules: sentences of the server's own."""

    base_url: str
    domain: str
    title: str
    software: str
    version: str
    limits: Limits
    rules: tuple[str, ...] = ()
    authorize_url: str = ""
    token_url: str = ""


@dataclass(frozen=True)
class App:
    """Our registration on one server. Cached per server; secret is kept encrypted by the caller."""

    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Grant:
    """What the server gave after the person said yes."""

    token: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class RemoteAccount:
    """Who the token belongs to. handle: @name@server. visibility, language: the person's own defaults."""

    remote_id: str
    handle: str
    name: str
    url: str
    avatar_url: str | None = None
    visibility: Visibility = "public"


@dataclass(frozen=True)
class Account:
    """A connected profile, as the adapter needs it for one call."""

    base_url: str
    software: str
    version: str
    token: str
    remote_id: str
    limits: Limits = Limits()


@dataclass(frozen=True)
class Picture:
    """A cover to attach. description: alt text, never empty."""

    body: bytes
    mime: str
    description: str


@dataclass(frozen=True)
class Draft:
    """One status as it should appear. marker: the part of the text that nothing else carries (the post's own link)."""

    text: str
    marker: str
    visibility: Visibility = "public"
    language: str | None = None
    content_warning: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Published:
    """A status that exists. differs: what came back otherwise than asked, in field names ("visibility", "pictures", "text")."""

    remote_id: str
    url: str
    visibility: str
    pictures: int
    created_at: datetime | None = None
    differs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Health:
    """How a connected account is doing. detail: a gettext id, values beside it."""

    state: Literal["ok", "revoked", "moved", "unreachable", "refused"]
    detail: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class Network(Protocol):
    """One kind of network. Every method raises only ServiceError (or InvalidInput for what a person typed)."""

    name: str  # the registry's key
    label: str  # as users name it

    def server_address(self, typed: str, door: Door) -> str:
        """The server's base address for a typed name, address or full handle. Raises InvalidInput with field "server"."""

    def discover(self, base_url: str, door: Door) -> ServerFacts:
        """What this server is and allows. Raises ServiceError with a sentence for one that is not there or not of this kind."""

    def profile(self, software: str) -> Profile:
        """What is known of this software; a careful default for unknown ones."""

    def register(self, facts: ServerFacts, redirect_uri: str, door: Door) -> App:
        """Register our app there. Servers limit this (5 per 10 minutes): the caller caches it."""

    def authorize_address(self, facts: ServerFacts, app: App, state: str, verifier: str) -> str:
        """Where the person's browser goes to say yes, with state and PKCE challenge."""

    def exchange(self, facts: ServerFacts, app: App, code: str, verifier: str, door: Door) -> Grant:
        """A code for a token."""

    def whoami(self, facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
        """Whose token this is."""

    def length(self, draft_text: str, content_warning: str, limits: Limits, software: str) -> int:
        """How long this text is by that server's own rule."""

    def publish(self, draft: Draft, account: Account, *, key: str, door: Door) -> Published:
        """Make the status, within 200 seconds or not at all. Picture first, if any. Success means an id came back.

        key goes out as Idempotency-Key.
        """

    def edit(self, draft: Draft, account: Account, remote_id: str, *, door: Door) -> Published:
        """Give a status that is out the draft's text, within 200 seconds. Its pictures, their descriptions and its audience stay.

        Looks first: where the text stands there already nothing is sent, so after any failure the same call may simply be repeated.
        differs names what became otherwise than asked ("text", "pictures", "visibility"). ServiceError status 410: the server says that
        there is no such status any more (proven by its id; nothing was made); 405: this server lets nobody change a status.
        """

    def find(self, account: Account, marker: str, since: datetime, door: Door) -> Published | None:
        """Our own status that carries the marker, made after `since` minus ten minutes; None when it is proven absent.

        Reads the account's own recent statuses, paging until older than since. Raises ServiceError when it cannot be looked up.
        """

    def get(self, account: Account, remote_id: str, door: Door) -> Published | None:
        """The status by its id; None when the server says there is none."""

    def check(self, account: Account, door: Door) -> Health:
        """How the account is doing: one call."""
