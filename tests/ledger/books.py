"""An artist with a post, its link and a connected Stripe, as the pages would have made them; and the ledger in one glance."""

import json
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import stripe
from sqlmodel import Session, col, select

from creatorbot.models import (
    Account,
    Announcement,
    Artist,
    Checkout,
    Credit,
    Link,
    Notice,
    Payment,
    PaymentService,
    Post,
    Release,
    Server,
)
from creatorbot.runtime import Runtime
from tests.conftest import TestClock, make_runtime, open_unwritten
from tests.providers.events import OURS

SIGNING = "whsec_practice0123456789"
KEY = "rk_test_practice1234"


@dataclass
class Books:
    """Rows by id. link_id belongs to post_id."""

    runtime: Runtime
    artist_id: int
    service_id: int
    public_id: str
    release_id: int
    post_id: int
    link_id: int

    def checkout(self, reference: str = OURS, *, link_id: int | None = None, asked: int = 700, currency: str = "EUR") -> int:
        """A fan on the way to pay who came by the post's link (or by `link_id`; 0 for none)."""
        with self.runtime.session() as session:
            row = Checkout(
                artist_id=self.artist_id,
                service_id=self.service_id,
                release_id=self.release_id,
                reference=reference,
                link_id=self.link_id if link_id is None else link_id or None,
                asked_minor=asked,
                currency=currency,
                suggested_minor=500,
                minimum_minor=100,
                created_at=self.runtime.clock(),
            )
            return added(session, row)

    def sign(self, event: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        """Headers and body as Stripe would push them now."""
        body = json.dumps(event, indent=2)
        return {
            "stripe-signature": stripe.WebhookSignature.generate_signature_header(body, SIGNING, int(self.runtime.clock().timestamp()))
        }, body.encode()

    def notice(self, external_id: str = "evt_1", body: bytes = b"{}") -> int:
        """A stored notice."""
        with self.runtime.session() as session:
            return added(
                session,
                Notice(
                    artist_id=self.artist_id,
                    service_id=self.service_id,
                    external_id=external_id,
                    body=self.runtime.vault.seal(body),
                    received_at=self.runtime.clock(),
                ),
            )

    def payments(self) -> list[Payment]:
        """The ledger, in the order of the service's names."""
        with self.runtime.reading() as session:
            return list(session.exec(select(Payment).order_by(col(Payment.external_id))))

    def credits(self) -> list[Credit]:
        """All shares."""
        with self.runtime.reading() as session:
            return list(session.exec(select(Credit).order_by(col(Credit.id))))

    def notices(self) -> list[Notice]:
        """All notices, in the order they came."""
        with self.runtime.reading() as session:
            return list(session.exec(select(Notice).order_by(col(Notice.id))))


def added(session: Session, row: Any) -> int:
    """Store a row; its id."""
    session.add(row)
    session.flush()
    found: int = row.id
    return found


def open_books(runtime: Runtime, *, name: str = "Ada", base_url: str = "", look: str = "card", carries: str = "link") -> Books:
    """A new artist with everything that a payment needs."""
    now = runtime.clock()
    secrets = runtime.vault.seal(json.dumps({"key": KEY, "signing_secret": SIGNING}))
    with runtime.session() as session:
        artist = added(session, Artist(name=name, slug=name.lower(), created_at=now, suggested_minor=500, minimum_minor=100))
        service = PaymentService(
            artist_id=artist, provider="stripe", public_id=f"hook{name}", secrets=secrets, base_url=base_url, connected_at=now
        )
        service_id = added(session, service)
        release = added(session, Release(artist_id=artist, title="Low Tide", artist_name=name, first_seen_at=now, changed_at=now))
        server = added(session, Server(network="mastodon", base_url=f"https://{name}.example", redirect_uri="x", checked_at=now))
        account = added(
            session,
            Account(
                artist_id=artist,
                server_id=server,
                network="mastodon",
                remote_id="1",
                handle=f"@{name}@a.example",
                name=name,
                url="https://a.example/@a",
                token=b"",
                connected_at=now,
            ),
        )
        announcement = added(
            session, Announcement(artist_id=artist, release_id=release, wording="", look=look, created_at=now, changed_at=now)
        )
        post = added(
            session,
            Post(
                artist_id=artist,
                announcement_id=announcement,
                account_id=account,
                state="confirmed",
                carries=carries,
                due_at=now,
                not_before=now,
                expires_at=now + timedelta(hours=12),
                published_at=now,
                changed_at=now,
            ),
        )
        link = added(session, Link(artist_id=artist, release_id=release, post_id=post, code=f"code{name}", created_at=now))
    return Books(runtime, artist, service_id, service.public_id, release, post, link)


def another_link(books: Books, code: str) -> int:
    """A link that belongs to no post."""
    with books.runtime.session() as session:
        return added(
            session,
            Link(artist_id=books.artist_id, release_id=books.release_id, code=code, label="Poster", created_at=books.runtime.clock()),
        )


def fresh_runtime(template: Path, folder: Path) -> Runtime:
    """A runtime on a database of its own, for one example of many within a test."""
    shutil.copy(template, folder / "creatorbot.sqlite3")
    return make_runtime(open_unwritten(folder / "creatorbot.sqlite3"), folder, TestClock())
