"""What the lossy server's answers look like: as much of Mastodon's as its clients need."""

from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from re import sub


@dataclass(frozen=True)
class Account:
    """One of the many accounts."""

    number: int


@dataclass(frozen=True)
class Status:
    """A post. made: seconds since 1970."""

    id: int
    account: int
    text: str
    visibility: str
    made: float


def moment(seconds: float) -> str:
    """As Mastodon writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def instance_json(port: int) -> dict[str, object]:
    """The server about itself."""
    return {
        "uri": f"127.0.0.1:{port}",
        "domain": f"127.0.0.1:{port}",
        "title": "Lossy",
        "version": "4.4.0",
        "configuration": {
            "statuses": {"max_characters": 500, "max_media_attachments": 4, "characters_reserved_per_url": 23},
            "media_attachments": {"image_size_limit": 16_000_000, "supported_mime_types": ["image/png", "image/jpeg"]},
        },
    }


def account_json(port: int, account: Account) -> dict[str, object]:
    """An account."""
    return {
        "id": str(account.number),
        "username": f"artist{account.number}",
        "acct": f"artist{account.number}",
        "display_name": f"Artist {account.number}",
        "url": f"http://127.0.0.1:{port}/@artist{account.number}",
        "created_at": moment(0),
    }


def status_json(port: int, status: Status) -> dict[str, object]:
    """A post as its author sees it."""
    linked = sub(r"(https?://[^\s<]+)", r'<a href="\1">\1</a>', escape(status.text, quote=False)).replace("\n", "<br>")
    return {
        "id": str(status.id),
        "created_at": moment(status.made),
        "uri": f"http://127.0.0.1:{port}/users/artist{status.account}/statuses/{status.id}",
        "url": f"http://127.0.0.1:{port}/@artist{status.account}/{status.id}",
        "content": f"<p>{linked}</p>",
        "visibility": status.visibility,
        "spoiler_text": "",
        "sensitive": False,
        "language": "en",
        "media_attachments": [],
        "mentions": [],
        "tags": [],
        "emojis": [],
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "reblog": None,
        "account": account_json(port, Account(status.account)),
    }
