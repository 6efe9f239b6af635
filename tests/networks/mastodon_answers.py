"""Small answers as Mastodon gives them, written by hand, and a server that gives them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from creatorbot.networks.base import Account, Limits
from creatorbot.networks.mastodon import Mastodon
from creatorbot.security.http import Door
from tests.servers.scripted import Scripted, data, scripted

STATUSES = "/api/v1/statuses"
MEDIA = "/api/v2/media"
VERIFY = "/api/v1/accounts/verify_credentials"
OWN = "/api/v1/accounts/7/statuses"
MARKER = "https://label.example/l/k7Qp2xW9ab"
HTTPDATE = "%a, %d %b %Y %H:%M:%S GMT"


def linked(address: str) -> str:
    """Content as Mastodon renders a link: scheme hidden, the long end hidden."""
    rest = address.partition("//")[2]
    return (
        f'<p>Out now: Tall Ships</p><p><a href="{address}" rel="nofollow noopener" translate="no"><span class="invisible">https://</span>'
        f'<span class="ellipsis">{rest[:20]}</span><span class="invisible">{rest[20:]}</span></a></p>'
    )


def status(
    number: int | str = 42,
    *,
    content: str = linked(MARKER),
    visibility: str = "public",
    pictures: int = 0,
    ago: timedelta = timedelta(),
    **more: object,
) -> dict[str, object]:
    """A status as its author sees it."""
    made = datetime.now(UTC) - ago
    attached = [{"id": str(at), "type": "image", "url": "https://files.example/a.jpg"} for at in range(pictures)]
    return {
        "id": str(number),
        "uri": f"https://social.example/users/alice/statuses/{number}",
        "url": f"https://social.example/@alice/{number}",
        "created_at": made.strftime("%Y-%m-%dT%H:%M:%S.123Z"),
        "visibility": visibility,
        "content": content,
        "language": "en",
        "media_attachments": attached,
        "account": {"id": "7", "acct": "alice"},
        "card": None,
        "reblog": None,
        "tags": [],
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
    } | more


INSTANCE = {
    "domain": "social.example",
    "title": "Social Example",
    "version": "4.5.2",
    "configuration": {
        "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
        "media_attachments": {
            "supported_mime_types": ["image/jpeg", "image/png", "video/mp4"],
            "image_size_limit": 16777216,
            "image_matrix_limit": 33177600,
            "description_limit": 1500,
        },
    },
    "rules": [{"id": "1", "text": "Be kind"}, {"id": "2", "text": "No spam"}],
}


class Waited:
    """Stands for time passing: notes how long it was asked to wait, and does not."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class Meeting:
    """A scripted Mastodon server with one connected account, and the adapter that talks to it."""

    def __init__(self, server: Scripted) -> None:
        self.server = server
        self.waited = Waited()
        self.network = Mastodon(pause=self.waited)
        self.door = Door(read_timeout=0.4, total_timeout=0.6, admitted=server.place)
        server.on("GET", VERIFY, data({"id": "7", "acct": "alice", "username": "alice"}))

    def account(self, software: str = "mastodon", **limits: int) -> Account:
        """Alice's account there."""
        return Account(self.server.url, software, "4.5.2", "a-token", "7", Limits(**limits))  # type: ignore[arg-type]


@contextmanager
def meeting() -> Iterator[Meeting]:
    """A scripted Mastodon server, while it runs."""
    with scripted() as server:
        yield Meeting(server)
