"""The Network port: what posting to one kind of server needs. Plain data in, plain data out, ServiceError for every failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from creatorbot.networks.connecting import NOTHING_TYPED, Connecting
from creatorbot.networks.software import Limits as Limits
from creatorbot.networks.software import Profile as Profile
from creatorbot.networks.software import Visibility as Visibility
from creatorbot.security.http import Door


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
    """What the server gave after the person said yes.

    token: whatever this adapter needs to act for the account; sealed as it is, and handed back in Account.token. scopes: what was
    granted, where the server tells; () where it does not. Three are understood outside: write:statuses, write:media, read:statuses.
    """

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
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Picture:
    """A cover to attach. description: alt text, never empty. width, height: pixels, or their proportion; 0 where nobody knows.

    address: where everybody can fetch it, "" where nobody outside can; for networks whose profile says `fetches_pictures`.
    """

    body: bytes
    mime: str
    description: str
    width: int = 0
    height: int = 0
    address: str = ""


@dataclass(frozen=True)
class Card:
    """The preview under a post, for networks whose servers draw none themselves. address: where it leads. picture: the cover, small."""

    address: str
    title: str
    description: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Poll:
    """A question with answers to choose from. seconds: how long it is open."""

    options: tuple[str, ...]
    seconds: int = 86_400
    several: bool = False


@dataclass(frozen=True)
class Draft:
    """One status as it should appear. marker: the part of the text that nothing else carries (the post's own link).

    card: only where the profile says `sends_card`, and never beside a picture. poll: only where the profile has `polls`, and never
    beside a picture. reply_to: the remote id of our own status that it goes on from, "" for one that stands alone.
    """

    text: str
    marker: str
    visibility: Visibility = "public"
    language: str | None = None
    content_warning: str = ""
    picture: Picture | None = None
    card: Card | None = None
    poll: Poll | None = None
    reply_to: str = ""


@dataclass(frozen=True)
class Published:
    """A status that exists. differs: what came back otherwise than asked, in field names.

    They are "visibility", "pictures", "text", "warning" (left out), "poll" (left out) and "reply" (it stands alone).
    """

    remote_id: str
    url: str
    visibility: str
    pictures: int
    created_at: datetime | None = None
    differs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Health:
    """How a connected account is doing. locked: its owner cannot log in there either. detail: a gettext id, values beside it.

    token: a newer permission that takes the place of the account's, where permissions run out and this check renewed it; else "".
    """

    state: Literal["ok", "revoked", "locked", "moved", "unreachable", "refused"]
    detail: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    token: str = ""


class Network(Protocol):
    """One kind of network. Every method raises only ServiceError (or InvalidInput for what a person typed).

    In the registry stands one that is also ByBrowser or ByFields: how one gets connected (creatorbot.networks.connecting).
    What came back for a post, and taking it down, are offered beside it where they can be had (creatorbot.networks.engaging).
    """

    name: str  # the registry's key, and part of the connect page's address
    label: str  # as users name it

    @property
    def connecting(self) -> Connecting:
        """What the connect page says and asks."""

    def server_address(self, typed: str, door: Door) -> str:
        """The server's base address for a typed name, address or full handle. Raises InvalidInput whose field is `where`'s name."""

    def discover(self, base_url: str, door: Door) -> ServerFacts:
        """What this server is and allows. Raises ServiceError with a sentence for one that is not there or not of this kind."""

    def profile(self, software: str) -> Profile:
        """What is known of this software; a careful default for unknown ones."""

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


@runtime_checkable
class ByBrowser(Network, Protocol):
    """A network where the person says yes on the server's own page and comes back."""

    def register(self, facts: ServerFacts, redirect_uri: str, door: Door, typed: Mapping[str, str] = NOTHING_TYPED) -> App:
        """Introduce us there. Servers limit this (5 per 10 minutes): the caller caches it.

        Asked anew when more than `where` was typed. typed: all that was. Raises InvalidInput for what is missing in it.
        """

    def authorize_address(self, facts: ServerFacts, app: App, state: str, verifier: str) -> str:
        """Where the person's browser goes to say yes. It must come back to app.redirect_uri with `state` and the code.

        verifier: 64 random letters and digits, kept by us until `exchange`; only something derived from it may travel.
        """

    def exchange(self, facts: ServerFacts, app: App, code: str, verifier: str, door: Door) -> Grant:
        """What came back, for a token. ServiceError with status 401: the server has forgotten us, we introduce ourselves again."""


@runtime_checkable
class ByFields(Network, Protocol):
    """A network where the person types a name and a password made for us."""

    def log_in(self, facts: ServerFacts, typed: Mapping[str, str], door: Door) -> Grant:
        """What was typed, for a token. InvalidInput with the field's name when the service does not accept it."""
