"""One more service is one file and one line: a throw-away adapter of each kind, and every page still loads and knows it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import pytest

from creatorbot import networks, providers, sources
from creatorbot.errors import BadSignature, ServiceError
from creatorbot.models import Source
from creatorbot.networks.base import Account, App, Draft, Grant, Health, Limits, Profile, Published, RemoteAccount, ServerFacts
from creatorbot.networks.connecting import NOTHING_TYPED, Ask, Connecting
from creatorbot.providers.base import Checkout, Connected, Field, Incoming, Manner, Order, Page, PaymentFacts, Service
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from creatorbot.sources.base import Fetched, FoundRelease, Reading
from tests.web.desk import Browser, House, open_house, words


class Gopher:
    """A source that reads menus."""

    name, label = "gopher", "Gopher hole"

    def recognise(self, page: Fetched) -> float:
        return 1.0 if page.body.startswith(b"gopher menu") else 0.0

    def read(self, page: Fetched) -> Reading:
        return Reading(self.name, (FoundRelease("Songs of the burrow", page.address, "1"),))


class Pigeons:
    """A network that posts by bird."""

    name, label = "pigeons", "Carrier pigeons"
    connecting = Connecting(
        about="Whoever keeps birds.",
        question="Which loft do you fly from?",
        lead="It is written over its door.",
        where=Ask("loft", "Name of the loft", "For example loft.example"),
        after="Next the keeper asks you whether we may send.",
        tried="This was never tried with real pigeons.",
        cannot=("A letter that is out cannot be called back.",),
        software=("dovecote",),
    )

    def server_address(self, typed: str, door: Door) -> str:
        return f"https://{typed}"

    def discover(self, base_url: str, door: Door) -> ServerFacts:
        return ServerFacts(base_url, "loft.example", "The loft", self.name, "1", Limits())

    def profile(self, software: str) -> Profile:
        return Profile(software)

    def register(self, facts: ServerFacts, redirect_uri: str, door: Door, typed: Mapping[str, str] = NOTHING_TYPED) -> App:
        return App("id", "secret", redirect_uri, ())

    def authorize_address(self, facts: ServerFacts, app: App, state: str, verifier: str) -> str:
        return f"{facts.base_url}/authorize"

    def exchange(self, facts: ServerFacts, app: App, code: str, verifier: str, door: Door) -> Grant:
        return Grant("grain", ())

    def whoami(self, facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
        return RemoteAccount("1", "@coo@loft.example", "Coo", "https://loft.example/coo")

    def length(self, draft_text: str, content_warning: str, limits: Limits, software: str) -> int:
        return len(draft_text)

    def publish(self, draft: Draft, account: Account, *, key: str, door: Door) -> Published:
        raise ServiceError("The pigeon came back.", kind="unreached")

    def edit(self, draft: Draft, account: Account, remote_id: str, *, door: Door) -> Published:
        raise ServiceError("The pigeon came back.", kind="unreached")

    def find(self, account: Account, marker: str, since: datetime, door: Door) -> Published | None:
        return None

    def get(self, account: Account, remote_id: str, door: Door) -> Published | None:
        return None

    def check(self, account: Account, door: Door) -> Health:
        return Health("ok")


class Jar:
    """A payment service in the kitchen."""

    name, label = "jar", "Tip jar"
    fields = (Field("lid", "The colour of its lid", "It is written under the jar."),)
    manner = Manner()

    def connect(self, service: Service, door: Door) -> Connected:
        return Connected("The kitchen", live=False)

    def start(self, order: Order, service: Service, door: Door) -> Checkout:
        return Checkout("1", "https://jar.example/pay")

    def verify(self, headers: Mapping[str, str], body: bytes, service: Service, now: datetime) -> Incoming:
        if headers.get("lid") != service.secrets.get("lid", "red"):
            raise BadSignature("That is not our jar.")
        return Incoming("note-1", body)

    def fetch(self, service: Service, cursor: str, since: datetime, door: Door) -> Page:
        return Page(())

    def read(self, body: bytes, service: Service, door: Door) -> tuple[PaymentFacts, ...]:
        return ()


@pytest.fixture
def registered() -> Iterator[None]:
    """One line in each registry, for the length of a test."""
    sources.REGISTRY["gopher"] = Gopher()
    networks.REGISTRY["pigeons"] = Pigeons()
    providers.REGISTRY["jar"] = Jar()
    yield
    del sources.REGISTRY["gopher"], networks.REGISTRY["pigeons"], providers.REGISTRY["jar"]


@pytest.fixture
def house(registered: None, runtime: Runtime) -> House:
    """A house that uses all three, with a post that earned something."""
    made = open_house(runtime)
    release = made.release()
    account = made.account(network="pigeons", name="coo", domain="loft.example")
    _post, link = made.post(release, account)
    made.opened(link, people=3, servers=2)
    made.payment(made.service("jar"), 700, link_id=link)
    now = runtime.clock()
    made.add(
        Source(
            artist_id=made.artist_id,
            kind="gopher",
            address="https://burrow.example/menu",
            title="The burrow",
            created_at=now,
            next_poll_at=now,
        )
    )
    return made


def every_page(browser: Browser, house: House) -> dict[str, str]:
    """All pages that can be reached by links and all that need no argument: path and text."""
    plain = [rule.rule for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    waiting, found = sorted(plain), {}
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith(("/static", "/rehearsal/", "/l/", "/setup")):
            continue
        answer = browser.client.get(path)
        assert answer.status_code in (200, 302, 303), (path, answer.status_code, answer.text[:500])
        found[path] = answer.text
        for address in re.findall(r'href="(/[^"#]*)', answer.text):
            waiting.append(urlsplit(address.replace("&amp;", "&")).path)
    return found


def test_every_page_loads_and_those_about_services_know_the_new_ones(house: House) -> None:
    pages = every_page(house.browser(), house)
    assert len(pages) > 25
    assert "Tip jar" in pages["/connections"]
    assert "The colour of its lid" in pages["/connections/payments/jar"]
    assert "Whoever keeps birds." in pages["/connections/networks"]
    assert "Name of the loft" in pages["/connections/pigeons"]
    assert "never tried with real pigeons" in pages["/connections/pigeons"]
    assert "cannot be called back" in pages["/connections/pigeons"]
    assert "Gopher hole" in "".join(text for path, text in pages.items() if path.startswith("/connections/sources/"))
    assert any(path.startswith("/posts/") for path in pages)
    assert any(path.startswith("/money/") for path in pages)


def test_composing_works_with_the_new_network(house: House) -> None:
    draft = house.browser().post("/releases/1/announce").headers["Location"]
    assert "loft.example" in words(house.browser().get(draft))


def test_the_new_source_reads_its_pages(registered: None) -> None:
    assert sources.read_page(Fetched("https://burrow.example/menu", b"gopher menu\n")).releases[0].title == "Songs of the burrow"


def test_notes_of_the_new_service_have_a_door_of_their_own(house: House) -> None:
    assert house.app.test_client().post("/hooks/jar/hookjar", data=b"{}").status_code in (400, 401, 403)
    assert house.app.test_client().post("/hooks/no-such/hookjar", data=b"{}").status_code == 404
