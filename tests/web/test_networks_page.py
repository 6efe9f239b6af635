"""The connect pages of all networks: the choice, each drawn from its adapter, going there or typing, and what is said when it fails."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from selectolax.parser import HTMLParser
from sqlmodel import select

from creatorbot import networks
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.models import Account, Admission, Server
from creatorbot.networks.base import Account as Opened
from creatorbot.networks.base import Draft, Grant, Health, Limits, Profile, Published, RemoteAccount, ServerFacts
from creatorbot.networks.connecting import Ask, Connecting
from creatorbot.runtime import Runtime
from creatorbot.security.http import Door
from tests.servers.misskey import Family, family
from tests.web.conftest import House

SECRET = "swordfish"


class Letters:
    """A network connected by typing. The password changes at each check."""

    name, label = "letters", "Letters"
    connecting = Connecting(
        about="Whoever writes letters.",
        question="Where do you post your letters?",
        lead="It is on the stamp.",
        where=Ask("office", "Post office", "For example Cork"),
        asks=(Ask("key", "Key of the letter box", secret=True), Ask("note", "A note", required=False)),
        after="We keep the key in a drawer.",
        tried="This was never tried with a real post office.",
        cannot=("A letter that is out stays out.",),
    )

    def server_address(self, typed: str, door: Door) -> str:
        if " " in typed:
            raise InvalidInput("No post office is called so.", field="office")
        return f"https://{typed.lower()}.example"

    def discover(self, base_url: str, door: Door) -> ServerFacts:
        if "closed" in base_url:
            raise ServiceError("%(host)s is closed today.", kind="refused", host="closed.example")
        return ServerFacts(base_url, base_url.rpartition("/")[2], "The office", self.name, "1", Limits(url_length=0))

    def profile(self, software: str) -> Profile:
        return Profile(software)

    def log_in(self, facts: ServerFacts, typed: Mapping[str, str], door: Door) -> Grant:
        if typed["key"] != SECRET:
            raise InvalidInput("This key does not fit.", field="key")
        return Grant(f"{typed['office']} {typed['key']}", ())

    def whoami(self, facts: ServerFacts, token: str, door: Door) -> RemoteAccount:
        return RemoteAccount("7", f"@aoife.{facts.domain}", "Aoife", f"{facts.base_url}/aoife")

    def length(self, draft_text: str, content_warning: str, limits: Limits, software: str) -> int:
        return len(draft_text)

    def publish(self, draft: Draft, account: Opened, *, key: str, door: Door) -> Published:
        raise ServiceError("The box is full.", kind="busy")

    def edit(self, draft: Draft, account: Opened, remote_id: str, *, door: Door) -> Published:
        raise ServiceError("It is out.", kind="refused", status=405)

    def find(self, account: Opened, marker: str, since: datetime, door: Door) -> Published | None:
        return None

    def get(self, account: Opened, remote_id: str, door: Door) -> Published | None:
        return None

    def check(self, account: Opened, door: Door) -> Health:
        return Health("ok", token=f"{account.token}+")


@pytest.fixture
def letters() -> Iterator[None]:
    """Registered for the length of a test."""
    networks.REGISTRY["letters"] = Letters()
    yield
    del networks.REGISTRY["letters"]


@pytest.fixture
def sharkey(house: House, runtime: Runtime, tmp_path: Path) -> Iterator[Family]:
    """A server of the Misskey family that the first artist may reach."""
    with family(tmp_path / "family") as running:
        with runtime.session() as session:
            session.add(Admission(artist_id=house.artist_id, host="127.0.0.1", port=int(running.url.rpartition(":")[2])))
        yield running


def accounts_in(runtime: Runtime) -> list[Account]:
    """Every account's row."""
    with runtime.reading() as session:
        return list(session.exec(select(Account)))


def test_the_choice_names_every_network(house: House, letters: None) -> None:
    page = HTMLParser(house.client("bob").get("/connections/networks").text)
    assert [one.text() for one in page.css("main h2")] == [network.label for network in networks.REGISTRY.values()]
    assert "/connections/letters" in [one.attributes["href"] for one in page.css("main a.button")]
    assert "/connections/networks" in house.client("bob").get("/connections").text


@pytest.mark.parametrize("network", ["letters", *networks.REGISTRY])
def test_each_page_says_what_happens_and_what_was_tried(house: House, letters: None, network: str) -> None:
    text = house.client("bob").get(f"/connections/{network}").text
    says = networks.REGISTRY[network].connecting
    shown = " ".join(HTMLParser(text).css_first("main").text().split())  # type: ignore[union-attr]
    assert all(one in shown for one in (says.question, says.lead, *says.steps, says.after, says.tried, *says.cannot))
    assert all(f'name="{one.name}"' in text for one in says.all_asks)


def test_only_those_who_may_change_things_connect(house: House, letters: None) -> None:
    for path in ("/connections/networks", "/connections/letters", "/connections/letters/return"):
        assert house.client("charlie").get(path).status_code == 403
    assert house.client("charlie").post("/connections/letters", data={}).status_code == 403


@pytest.mark.parametrize("path", ["/connections/nowhere", "/connections/nowhere/return", "/connections/accounts"])
def test_no_such_network(house: House, path: str) -> None:
    assert house.client("bob").get(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"office": "", "key": SECRET}, "office"),
        ({"office": "Cork", "key": ""}, "key"),
        ({"office": "no such place", "key": SECRET}, "office"),
        ({"office": "closed", "key": SECRET}, "office"),
        ({"office": "Cork", "key": "guessed-wrong"}, "key"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_no_secret_comes_back(
    house: House, letters: None, runtime: Runtime, typed: dict[str, str], field: str
) -> None:
    answer = house.client("bob").post("/connections/letters", data=typed)
    assert answer.status_code == 422
    assert f'id="w-{field}"' in answer.text
    assert SECRET not in answer.text
    assert "guessed-wrong" not in answer.text
    assert accounts_in(runtime) == []


def test_a_secret_in_the_address_is_not_taken_up(house: House, letters: None) -> None:
    text = house.client("bob").get(f"/connections/letters?office=Cork&key={SECRET}").text
    assert 'value="Cork"' in text
    assert SECRET not in text


def test_typing_connects_once_and_again(house: House, letters: None, runtime: Runtime) -> None:
    bob = house.client("bob")
    for _ in range(2):
        answer = bob.post("/connections/letters", data={"office": "Cork", "key": SECRET})
        assert answer.status_code == 303
    row = accounts_in(runtime)[0]
    assert len(accounts_in(runtime)) == 1
    assert (row.network, row.handle, row.state) == ("letters", "@aoife.cork.example", "ok")
    assert runtime.vault.open_text(row.token) == f"Cork {SECRET}"
    assert SECRET.encode() not in bytes(row.token)
    page = bob.get(answer.location).text
    assert "as many as it has" in page
    assert SECRET not in page
    with runtime.reading() as session:
        assert len(session.exec(select(Server)).all()) == 1


def test_a_permission_that_was_renewed_takes_the_place_of_the_old(house: House, letters: None, runtime: Runtime) -> None:
    bob = house.client("bob")
    place = bob.post("/connections/letters", data={"office": "Cork", "key": SECRET}).location
    for _ in range(2):
        assert bob.post(f"{place}/check").location == place
    assert runtime.vault.open_text(accounts_in(runtime)[0].token) == f"Cork {SECRET}++"


def test_an_account_that_needs_somebody_leads_to_its_own_networks_page(house: House, letters: None, runtime: Runtime) -> None:
    place = house.client("bob").post("/connections/letters", data={"office": "Cork", "key": SECRET}).location
    with runtime.session() as session:
        row = session.exec(select(Account)).one()
        row.state = "reconnect"
        session.add(row)
    assert 'href="/connections/letters"' in house.client("bob").get(place).text


def test_a_server_of_another_network_is_shown_the_way(house: House, sharkey: Family, runtime: Runtime) -> None:
    answer = house.client("bob").post("/connections/mastodon", data={"server": sharkey.url})
    assert answer.status_code == 422
    assert "Connect it as Misskey" in answer.text
    link = HTMLParser(answer.text).css_first("main p.note a")
    assert link is not None
    assert (link.attributes["href"] or "").startswith("/connections/misskey?server=")
    assert house.client("bob").post("/connections/misskey", data={"server": sharkey.url}).status_code == 200
    with runtime.reading() as session:
        assert [row.network for row in session.exec(select(Server))] == ["misskey"]


def test_there_and_back_again(house: House, sharkey: Family, runtime: Runtime) -> None:
    bob = house.client("bob")
    page = HTMLParser(bob.post("/connections/misskey", data={"server": sharkey.url}).text)
    away = page.css_first("a.button.go")
    assert away is not None
    back = sharkey.say_yes(away.attributes["href"] or "")
    assert back.startswith("http://localhost/connections/misskey/return?")
    assert house.client("alice").get(back.removeprefix("http://localhost")).location == "/connections"
    place = bob.get(back.removeprefix("http://localhost")).location
    assert place.startswith("/connections/accounts/")
    assert accounts_in(runtime)[0].network == "misskey"
    assert "Posts can go out from here" in bob.get(place).text
    assert bob.get(back.removeprefix("http://localhost")).location == "/connections"
    assert "used already" in bob.get("/connections").text
