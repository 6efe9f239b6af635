"""Connecting through the pages: the practice server, the practice shop, and what is said when it does not work."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from selectolax.parser import HTMLParser

from creatorbot.models import Account, Heartbeat, Source
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.stage import admit
from tests.web.conftest import House


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """Both practice servers."""
    folder: Path = tmp_path_factory.mktemp("practice")
    with start(folder) as running:
        yield running


@pytest.fixture
def admitted(house: House, runtime: Runtime, practice: Practice) -> House:
    """The house, whose first artist reaches them."""
    admit(runtime, house.artist_id, practice)
    return house


def connect(house: House, practice: Practice, name: str = "bob", answer: str = "yes") -> str:
    """The whole way through the pages; where it ends."""
    client = house.client(name)
    page = HTMLParser(client.post("/connections/mastodon", data={"server": practice.fediverse_url}).text)
    away = page.css_first("a.button.go")
    assert away is not None
    address = away.attributes["href"] or ""
    assert address.startswith("/rehearsal/fediverse/oauth/authorize?")
    back = press(practice, query_of(address) | {"answer": answer, "person": "aoife"})
    assert back.startswith("http://localhost/connections/mastodon/return?")
    return client.get(back.removeprefix("http://localhost")).location or ""


def query_of(address: str) -> dict[str, str]:
    """What an address asks for."""
    return dict(parse_qsl(urlsplit(address).query))


def press(practice: Practice, fields: dict[str, str]) -> str:
    """What the person's browser does on the practice server's page (seen through the proxy, which has tests of its own)."""
    answer = requests.post(f"{practice.fediverse_url}/oauth/authorize", data=fields, timeout=5, allow_redirects=False)
    return answer.headers["Location"]


def test_there_and_back_again(admitted: House, practice: Practice) -> None:
    place = connect(admitted, practice)
    assert place.startswith("/connections/accounts/")
    page = admitted.client("charlie").get(place).text
    assert "Posts can go out from here" in page
    assert "characters" in page
    assert "Take it off" not in page
    assert "@aoife@" in admitted.client("charlie").get("/connections").text


def test_a_no_is_told_and_nothing_is_connected(admitted: House, practice: Practice) -> None:
    assert connect(admitted, practice, answer="no") == "/connections"
    page = admitted.client("bob").get("/connections").text
    assert "You said no at" in page
    assert "Nothing is connected yet" in page


def test_another_members_browser_cannot_finish_it(admitted: House, practice: Practice) -> None:
    page = HTMLParser(admitted.client("bob").post("/connections/mastodon", data={"server": practice.fediverse_url}).text)
    away = page.css_first("a.button.go")
    assert away is not None
    back = press(practice, query_of(away.attributes["href"] or "") | {"answer": "yes", "person": "aoife"})
    assert admitted.client("alice").get(back.removeprefix("http://localhost")).location == "/connections"
    assert "does not belong to this browser" in admitted.client("alice").get("/connections").text


@pytest.mark.parametrize("typed", ["", "not a server at all", "127.0.0.1:9", "https://localhost", "https://10.1.2.3"])
def test_no_such_server(admitted: House, typed: str) -> None:
    answer = admitted.client("bob").post("/connections/mastodon", data={"server": typed})
    assert answer.status_code == 422
    assert 'id="w-server"' in answer.text


def test_checking_and_taking_off(admitted: House, practice: Practice, runtime: Runtime) -> None:
    place = connect(admitted, practice)
    bob = admitted.client("bob")
    assert bob.post(f"{place}/check").location == place
    assert "answers and lets us post" in bob.get(place).text
    assert bob.post(f"{place}/disconnect").location == "/connections"
    assert bob.get(place).status_code == 404
    with runtime.reading() as session:
        assert session.get_one(Account, int(place.rpartition("/")[2])).state == "removed"


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (("fate", {"name": "aoife", "what": "gone"}), "Its server says there is no @aoife@"),
        (("faults", {"behaviour": "down", "times": 0}), "does not answer at present"),
    ],
)
def test_a_check_that_proves_nothing_does_not_say_that_all_is_well(
    admitted: House, practice: Practice, order: tuple[str, dict[str, object]], said: str
) -> None:
    place, bob = connect(admitted, practice), admitted.client("bob")
    requests.post(f"{practice.fediverse_url}/practice/{order[0]}", json=order[1], timeout=5).raise_for_status()
    bob.post(f"{place}/check")
    page = bob.get(place).text
    requests.post(f"{practice.fediverse_url}/practice/fate", json={"name": "aoife", "what": "here"}, timeout=5)
    requests.delete(f"{practice.fediverse_url}/practice/faults", timeout=5)
    assert said in page
    assert "answers and lets us post" not in page


def test_adding_the_shop_lists_and_posts_nothing(admitted: House, practice: Practice, runtime: Runtime) -> None:
    bob = admitted.client("bob")
    answer = bob.post("/connections/sources", data={"address": f"{practice.shop_url}/music"})
    assert answer.status_code == 303
    page = bob.get(answer.location).text
    assert "3 releases were found here. Nothing was posted." in page
    assert "/rehearsal/shop/music" in page
    place = answer.location.partition("?")[0]
    assert "/rehearsal/shop/music" in bob.get(place).text
    assert bob.post(f"{place}/look").location == place
    assert bob.post(f"{place}/remove").location == "/connections"
    assert "Tall Ships" in bob.get("/releases").text


@pytest.mark.parametrize("typed", ["", "not an address", "http://127.0.0.1:1/feed", "http://10.0.0.1/feed", "file:///etc/passwd"])
def test_what_is_no_source(admitted: House, runtime: Runtime, typed: str) -> None:
    answer = admitted.client("bob").post("/connections/sources", data={"address": typed})
    assert answer.status_code == 422
    assert 'id="w-address"' in answer.text
    with runtime.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM source").scalar() == 0


def test_payments_need_an_owner_and_the_right_key(admitted: House, practice: Practice) -> None:
    typed = {"key": "rk_test_practice", "place": practice.shop_url}
    assert admitted.client("bob").post("/connections/payments/stripe", data=typed).status_code == 403
    alice = admitted.client("alice")
    wrong = alice.post("/connections/payments/stripe", data=typed | {"key": "sk_live_everything"})
    assert wrong.status_code == 422
    assert 'id="w-key"' in wrong.text
    assert "sk_live_everything" not in wrong.text
    assert alice.post("/connections/payments/stripe", data=typed).status_code == 303
    page = alice.get("/connections/payments/stripe").text
    assert "test money" in page
    assert "rk_test_practice" not in page
    assert alice.post("/connections/payments/stripe/disconnect").status_code == 303
    assert "Be paid through Stripe" in alice.get("/connections/payments/stripe").text
    assert alice.get("/connections/payments/nobody").status_code == 404


def test_a_place_that_was_not_admitted_is_refused(house: House) -> None:
    for place in ("http://127.0.0.1:6379", "https://api.example.org", "http://[::1]:80"):
        answer = house.client("alice").post("/connections/payments/stripe", data={"key": "rk_test_practice", "place": place})
        assert answer.status_code == 422, place


def test_home_names_what_needs_somebody(admitted: House, practice: Practice, runtime: Runtime, clock: TestClock) -> None:
    place = connect(admitted, practice)
    with runtime.session() as session:
        account = session.get_one(Account, int(place.rpartition("/")[2]))
        account.state = "reconnect"
        session.add(account)
        session.add(
            Source(
                artist_id=admitted.artist_id,
                kind="feed",
                address="https://a.example/feed",
                title="My feed",
                state="robot_check",
                sentence="A robot check.",
                created_at=clock(),
                next_poll_at=clock(),
            )
        )
        session.add(Heartbeat(job="send_posts", started_at=clock()))
    page = admitted.client("charlie").get("/").text
    assert "does not let us post any more" in page
    assert "A robot check." in page
    assert "Posts are not being sent" not in page
    clock.forward(minutes=11)
    assert "Posts are not being sent" in admitted.client("charlie").get("/").text
