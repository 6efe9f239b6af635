"""A house with one artist, people of each role and rows as the jobs would have made them; and a browser that keeps what was typed."""

import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from selectolax.parser import HTMLParser
from sqlmodel import Session, SQLModel
from werkzeug.test import TestResponse

from creatorbot.artists import sessions
from creatorbot.artists.accounts import facts_document
from creatorbot.links.codes import new_link
from creatorbot.models import (
    Account,
    Announcement,
    Artist,
    Candidate,
    Checkout,
    Credit,
    Link,
    Member,
    Notice,
    Payment,
    PaymentService,
    Person,
    Post,
    PostChange,
    Reach,
    Release,
    Server,
    Visit,
    VisitTotal,
)
from creatorbot.networks.base import Limits, ServerFacts
from creatorbot.providers import REGISTRY
from creatorbot.runtime import Runtime
from tests.application import application

_counter = iter(range(1, 10**9))


@dataclass
class Browser:
    """One person's browser. Forms are sent with the hidden word of the page last read."""

    client: FlaskClient
    token: str = ""
    last: TestResponse | None = None

    def get(self, path: str, status: int = 200) -> HTMLParser:
        """Open a page."""
        self.last = self.client.get(path)
        assert self.last.status_code == status, (self.last.status_code, self.last.text[:600])
        page = HTMLParser(self.last.text)
        hidden = page.css_first("input[name=csrf_token]")
        self.token = (hidden.attributes.get("value") or "") if hidden else self.token
        return page

    def post(self, path: str, status: int = 303, headers: dict[str, str] | None = None, **typed: str | list[str]) -> TestResponse:
        """Send a form."""
        self.last = self.client.post(path, data={"csrf_token": self.token, **typed}, headers=headers)
        assert self.last.status_code == status, (self.last.status_code, self.last.text[:600])
        return self.last


@dataclass
class House:
    """Rows by id, and browsers by role."""

    runtime: Runtime
    app: Flask
    artist_id: int
    server_id: int = 0
    account_id: int = 0
    browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self, role: str = "owner") -> Browser:
        """Somebody of this role, logged in; "nobody" is not. One address of the site read, so that forms can be sent."""
        if role not in self.browsers:
            client = self.app.test_client()
            if role != "nobody":
                client.set_cookie("creatorbot", _log_in(self.runtime, self.artist_id, role))
            self.browsers[role] = Browser(client)
            if role != "nobody":
                self.browsers[role].get("/releases")
        return self.browsers[role]

    def add(self, row: SQLModel) -> int:
        """Store a row; its id."""
        with self.runtime.session() as session:
            return stored(session, row)

    def release(self, **more: Any) -> int:
        """A pay-what-you-want album."""
        now = self.runtime.clock()
        given = {
            "title": "Tall Ships",
            "artist_name": "Aoife Marsh",
            "kind": "album",
            "url": "https://aoife.bandcamp.com/album/tall-ships",
            "price_model": "pay_what_you_want",
            "price_currency": "EUR",
            "licence": "CC-BY-SA-4.0",
            "tags": ["folk"],
            "tracks": 8,
            "first_seen_at": now,
            "changed_at": now,
            **more,
        }
        return self.add(Release(artist_id=self.artist_id, **given))

    def account(self, name: str = "aoife", domain: str = "folk.example", characters: int = 500, network: str = "mastodon") -> int:
        """A connected account on a server of that length."""
        now = self.runtime.clock()
        facts = ServerFacts(f"https://{domain}", domain, domain, "mastodon", "4.5.3", Limits(characters=characters))
        mark = f"back {next(_counter)}"
        server = self.add(Server(network=network, base_url=facts.base_url, redirect_uri=mark, facts=facts_document(facts), checked_at=now))
        return self.add(
            Account(
                artist_id=self.artist_id,
                server_id=server,
                network=network,
                remote_id=name,
                handle=f"@{name}@{domain}",
                name="Aoife Marsh",
                url=f"https://{domain}/@{name}",
                token=self.runtime.vault.seal("t"),
                connected_at=now,
            )
        )

    def post(self, release_id: int, account_id: int, state: str = "confirmed", **more: Any) -> tuple[int, int]:
        """A post about the release and its link: their ids."""
        now = self.runtime.clock()
        look = str(more.pop("look", "card"))
        announcement = self.add(
            Announcement(
                artist_id=self.artist_id,
                release_id=release_id,
                wording="{title} is out",
                look=look,
                alt_text="A ship",
                state="announced" if state in ("published", "confirmed") else "approved",
                created_at=now,
                changed_at=now,
            )
        )
        given = {
            "due_at": now,
            "not_before": now,
            "expires_at": now + timedelta(hours=12),
            "changed_at": now,
            "carries": "link",
            "published_at": now if state in ("published", "confirmed", "vanished") else None,
            **more,
        }
        post = self.add(Post(artist_id=self.artist_id, announcement_id=announcement, account_id=account_id, state=state, **given))
        self.add(PostChange(post_id=post, at=now, before="", after=state, why="Approved", who="Alice"))
        with self.runtime.session() as session:
            link = new_link(session, artist_id=self.artist_id, release_id=release_id, post_id=post, now=now)
            session.flush()
            return post, link.id or 0

    def opened(self, link_id: int, *, people: int = 0, servers: int = 0) -> None:
        """Visits as the draining job leaves them."""
        now = self.runtime.clock()
        self.add(VisitTotal(link_id=link_id, quarter=now, people=people, person=people, preview=servers))
        for number in range(servers):
            self.add(Reach(link_id=link_id, host=f"server{number}.example", software="mastodon", first_seen_at=now))
        kinds = [("person", "navigation")] * people + [("preview", "fediverse_server")] * servers
        for kind, reason in kinds:
            self.add(Visit(artist_id=self.artist_id, link_id=link_id, at=now, kind=kind, reason=reason, rules=1))

    def service(self, provider: str = "stripe", base_url: str = "") -> int:
        """A connected payment service."""
        secrets = json.dumps({asked.name: "rk_test_1" for asked in REGISTRY[provider].fields})
        return self.add(
            PaymentService(
                artist_id=self.artist_id,
                provider=provider,
                public_id=f"hook{provider}",
                base_url=base_url,
                secrets=self.runtime.vault.seal(secrets),
                connected_at=self.runtime.clock(),
            )
        )

    def payment(
        self, service_id: int, minor: int, *, link_id: int | None = None, currency: str = "EUR", kind: str = "tip", **more: Any
    ) -> int:
        """A payment and its credit: exact for a link, none otherwise."""
        now, mark = self.runtime.clock(), f"reference{next(_counter)}"
        notice = self.add(
            Notice(artist_id=self.artist_id, service_id=service_id, external_id=mark, body=b"x", received_at=now, state="read")
        )
        release = more.pop("release_id", None)
        checkout = self.add(
            Checkout(
                artist_id=self.artist_id,
                service_id=service_id,
                link_id=link_id,
                release_id=release,
                reference=mark,
                asked_minor=abs(minor),
                currency=currency,
                state="paid",
                created_at=now,
            )
        )
        payment = self.add(
            Payment(
                artist_id=self.artist_id,
                service_id=service_id,
                notice_id=notice,
                checkout_id=checkout,
                kind=kind,
                external_id=mark,
                amount_minor=minor,
                currency=currency,
                release_id=release,
                paid_at=now,
                recorded_at=now,
                **more,
            )
        )
        grade = "exact" if link_id else "none"
        if link_id:
            self.add(Candidate(payment_id=payment, link_id=link_id, grade=grade, evidence={"how": "reference"}))
        self.add(Credit(artist_id=self.artist_id, payment_id=payment, link_id=link_id, amount_minor=minor, currency=currency, grade=grade))
        return payment

    def read(self, kind: type[Any], row_id: int) -> Any:
        """A row as it stands."""
        with self.runtime.reading() as session:
            return session.get_one(kind, row_id)

    def code(self, link_id: int) -> str:
        """The link's code."""
        return str(self.read(Link, link_id).code)


def open_house(runtime: Runtime, **more: Any) -> House:
    """A new house."""
    given = {
        "name": "Aoife Marsh",
        "slug": "aoife-marsh",
        "time_zone": "Europe/Berlin",
        "suggested_minor": 700,
        "minimum_minor": 100,
        **more,
    }
    with runtime.session() as session:
        artist = stored(session, Artist(created_at=runtime.clock(), **given))
    return House(runtime, application(runtime), artist)


def stored(session: Session, row: Any) -> int:
    """Put a row in; its id."""
    session.add(row)
    session.flush()
    found: int = row.id
    return found


def _log_in(runtime: Runtime, artist_id: int, role: str) -> str:
    now = runtime.clock()
    with runtime.session() as session:
        person = stored(session, Person(login=f"{role}-{artist_id}", name=role.title(), password_hash="x", created_at=now))
        session.add(Member(artist_id=artist_id, person_id=person, role=role, created_at=now))
        return sessions.open_session(session, person, artist_id, "a browser", now)[1]


def words(page: HTMLParser, css: str = "main") -> str:
    """What a reader sees there, spaces made single."""
    said = " ".join(text for node in page.css(css) for text in node.text(separator=" ").split())
    return re.sub(r" (?=[.,!?])", "", said)


def fields(page: HTMLParser, css: str = "form[data-preview]") -> dict[str, Any]:
    """What stands in a form: radio and tick boxes only where chosen."""
    found: dict[str, Any] = {}
    form = page.css_first(css)
    assert form is not None, "the form is not there"
    for node in form.css("input, textarea, select"):
        name, kind = node.attributes.get("name") or "", node.attributes.get("type")
        if kind in ("radio", "checkbox") and "checked" not in node.attributes:
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            found[name] = (chosen.attributes.get("value") or "") if chosen else ""
        elif kind == "checkbox":
            found.setdefault(name, []).append(node.attributes.get("value") or "")
        else:
            found[name] = node.text().removeprefix("\n") if node.tag == "textarea" else node.attributes.get("value") or ""
    return found
