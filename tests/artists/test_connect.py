"""There and back again: a person goes to the practice server, says yes or no, and the account is kept once."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlmodel import select

from creatorbot.artists import accounts, connect
from creatorbot.artists.accounts import facts_document, server_facts
from creatorbot.errors import InvalidInput, NotFound, ServiceError
from creatorbot.models import Account, Authorisation, Server
from creatorbot.networks.base import Limits, ServerFacts
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.stage import BACK, admit, make_artist

OTHER_BACK = "https://music.example.org/connections/mastodon/return"


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """Both practice servers."""
    folder: Path = tmp_path_factory.mktemp("practice")
    with start(folder) as running:
        yield running


@pytest.fixture
def here(runtime: Runtime, practice: Practice) -> tuple[int, int]:
    """An artist who may reach them, and the session of its owner."""
    artist_id, session_id = make_artist(runtime)
    admit(runtime, artist_id, practice)
    return artist_id, session_id


def say(address: str, answer: str = "yes", **changed: str) -> dict[str, str]:
    """What the person's browser comes back with."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()} | changed
    page = address.partition("?")[0]
    sent_on = requests.post(page, data={**asked, "person": "aoife", "answer": answer}, timeout=5, allow_redirects=False)
    return {name: values[0] for name, values in parse_qs(urlsplit(sent_on.headers["Location"]).query).items()}


def all_of(runtime: Runtime, table: type[Account] | type[Server] | type[Authorisation]) -> list[Account | Server | Authorisation]:
    """Every row."""
    with runtime.reading() as session:
        return list(session.exec(select(table)))


def connected(runtime: Runtime, practice: Practice, here: tuple[int, int], back: str = BACK) -> Account:
    """The whole way, with a yes."""
    begun = connect.begin(runtime, *here, practice.fediverse_url, back)
    came = say(begun.address)
    return connect.finish(runtime, here[1], came["state"], came["code"])


def test_a_yes_connects_the_account(runtime: Runtime, practice: Practice, here: tuple[int, int]) -> None:
    account = connected(runtime, practice, here)
    assert account.handle.startswith("@aoife@")
    assert account.state == "ok"
    assert account.sentence == ""
    with runtime.reading() as session:
        opened = accounts.opened(session, runtime.vault, account)
    assert opened.token
    assert opened.token.encode() not in bytes(account.token)
    assert opened.limits.characters > 100


def test_the_secret_parts_are_not_stored_readable(runtime: Runtime, practice: Practice, here: tuple[int, int]) -> None:
    begun = connect.begin(runtime, *here, practice.fediverse_url, BACK)
    state = parse_qs(urlsplit(begun.address).query)["state"][0]
    way = all_of(runtime, Authorisation)[0]
    assert isinstance(way, Authorisation)
    assert state not in way.state_hash
    assert runtime.vault.open_text(way.verifier) not in repr(way)


def test_twice_the_same_account_is_one_row_also_by_another_address_of_ours(
    runtime: Runtime, practice: Practice, here: tuple[int, int]
) -> None:
    first = connected(runtime, practice, here)
    second = connected(runtime, practice, here)
    third = connected(runtime, practice, here, OTHER_BACK)
    assert first.id == second.id == third.id
    assert third.server_id != first.server_id
    assert len(all_of(runtime, Account)) == 1


def test_we_introduce_ourselves_once(runtime: Runtime, practice: Practice, here: tuple[int, int], clock: TestClock) -> None:
    connected(runtime, practice, here)
    before = all_of(runtime, Server)
    clock.forward(days=9)
    connect.begin(runtime, *here, practice.fediverse_url, BACK)
    after = all_of(runtime, Server)
    assert [one.client_id for one in before if isinstance(one, Server)] == [one.client_id for one in after if isinstance(one, Server)]


def test_a_registration_nobody_used_is_not_trusted_the_next_week(
    runtime: Runtime, practice: Practice, here: tuple[int, int], clock: TestClock
) -> None:
    first = connect.begin(runtime, *here, practice.fediverse_url, BACK).address
    clock.forward(days=9)
    second = connect.begin(runtime, *here, practice.fediverse_url, BACK).address
    assert parse_qs(urlsplit(first).query)["client_id"] != parse_qs(urlsplit(second).query)["client_id"]
    assert len(all_of(runtime, Server)) == 1


def test_a_no_connects_nothing(runtime: Runtime, practice: Practice, here: tuple[int, int]) -> None:
    came = say(connect.begin(runtime, *here, practice.fediverse_url, BACK).address, "no")
    with pytest.raises(ServiceError, match="You said no"):
        connect.finish(runtime, here[1], came["state"], came.get("code", ""), came["error"])
    assert all_of(runtime, Account) == []


def test_a_way_back_works_once(runtime: Runtime, practice: Practice, here: tuple[int, int]) -> None:
    came = say(connect.begin(runtime, *here, practice.fediverse_url, BACK).address)
    connect.finish(runtime, here[1], came["state"], came["code"])
    with pytest.raises(InvalidInput, match="used already"):
        connect.finish(runtime, here[1], came["state"], came["code"])


def test_a_way_back_belongs_to_one_browser(runtime: Runtime, practice: Practice, here: tuple[int, int]) -> None:
    came = say(connect.begin(runtime, *here, practice.fediverse_url, BACK).address)
    _, stranger = make_artist(runtime, "Other", "other", "mallory")
    with pytest.raises(InvalidInput, match="does not belong to this browser"):
        connect.finish(runtime, stranger, came["state"], came["code"])
    with pytest.raises(InvalidInput):
        connect.finish(runtime, here[1], "guessed", came["code"])
    assert connect.finish(runtime, here[1], came["state"], came["code"]).state == "ok"


def test_ten_minutes_are_enough(runtime: Runtime, practice: Practice, here: tuple[int, int], clock: TestClock) -> None:
    came = say(connect.begin(runtime, *here, practice.fediverse_url, BACK).address)
    clock.forward(minutes=11)
    with pytest.raises(InvalidInput, match="ten minutes"):
        connect.finish(runtime, here[1], came["state"], came["code"])


def test_less_permission_than_asked_is_told(runtime: Runtime, practice: Practice, here: tuple[int, int]) -> None:
    came = say(connect.begin(runtime, *here, practice.fediverse_url, BACK).address, scope="read:accounts read:statuses write:statuses")
    account = connect.finish(runtime, here[1], came["state"], came["code"])
    assert account.state == "ok"
    assert "covers will be missing" in account.sentence
    came = say(connect.begin(runtime, *here, practice.fediverse_url, BACK).address, scope="read:accounts read:statuses")
    assert connect.finish(runtime, here[1], came["state"], came["code"]).state == "reconnect"


def test_a_server_that_has_forgotten_us_is_told_again(runtime: Runtime, practice: Practice, here: tuple[int, int]) -> None:
    came = say(connect.begin(runtime, *here, practice.fediverse_url, BACK).address)
    with runtime.session() as session:
        server = session.exec(select(Server)).one()
        server.client_id, forgotten = "forgotten", server.client_id
        session.add(server)
    with pytest.raises(ServiceError, match="had forgotten us"):
        connect.finish(runtime, here[1], came["state"], came["code"])
    with runtime.reading() as session:
        assert session.exec(select(Server)).one().client_id not in ("forgotten", forgotten)
    assert connected(runtime, practice, here).state == "ok"


def test_taken_off_the_key_is_gone_and_connecting_again_brings_it_back(runtime: Runtime, practice: Practice, here: tuple[int, int]) -> None:
    account = connected(runtime, practice, here)
    with runtime.session() as session:
        row = accounts.get_account(session, here[0], account.id or 0)
        accounts.disconnect(session, runtime.vault, row, runtime.clock())
    assert runtime.vault.open_text(row.token) == ""
    with runtime.reading() as session:
        assert accounts.accounts_of(session, here[0]) == []
        with pytest.raises(NotFound):
            accounts.get_account(session, here[0], account.id or 0)
    assert connected(runtime, practice, here).id == account.id


def test_the_practice_server_is_for_those_admitted(runtime: Runtime, practice: Practice, here: tuple[int, int]) -> None:
    other = make_artist(runtime, "Other", "other", "mallory")
    with pytest.raises((InvalidInput, ServiceError)):
        connect.begin(runtime, *other, practice.fediverse_url, BACK)
    assert all_of(runtime, Server) == []


def test_a_server_that_is_not_there(runtime: Runtime, here: tuple[int, int]) -> None:
    for typed in ("", "not a server", "127.0.0.1:1", "localhost"):
        with pytest.raises((InvalidInput, ServiceError)):
            connect.begin(runtime, *here, typed, BACK)
    assert all_of(runtime, Authorisation) == []


def test_facts_survive_their_document() -> None:
    facts = ServerFacts(
        "https://m.example",
        "m.example",
        "M",
        "mastodon",
        "4.4.1",
        Limits(characters=1000, picture_types=("image/png",)),
        ("Be kind.",),
        "https://m.example/a",
        "https://m.example/t",
    )
    row = Server(network="mastodon", base_url="https://m.example", redirect_uri="x", facts=facts_document(facts))
    assert server_facts(row) == facts
    row.facts = {"domain": "m.example", "unknown": 1, "limits": {"characters": 9, "unknown": 2}}
    assert server_facts(row).limits.characters == 9
    assert server_facts(row).base_url == "https://m.example"
