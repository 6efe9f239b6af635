"""A Misskey account: meeting its server, how it is doing, what comes back for its notes, boosting another's."""

from collections.abc import Iterator

import pytest

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.networks.base import Account
from creatorbot.networks.engaging import Deleting, Engaging
from creatorbot.networks.misskey import Misskey
from creatorbot.networks.misskey.permission import session_of
from creatorbot.networks.returning import Boosting, Public
from creatorbot.security.http import Door
from tests.contracts.network_contract import Counterpart, draft
from tests.contracts.test_networks import door_to
from tests.servers.misskey import Family, family
from tests.servers.scripted import Scripted, data, page, scripted

MISSKEY = Misskey(pause=lambda _seconds: None)


@pytest.fixture
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Family]:
    """A server, started for this test."""
    with family(tmp_path_factory.mktemp("family"), "misskey") as started:
        yield started


@pytest.fixture
def connected(running: Family) -> Counterpart:
    """Its account."""
    return Counterpart(MISSKEY, running.url, door_to(running.url), running.say_yes)


def test_what_the_server_says_is_kept(connected: Counterpart) -> None:
    facts = connected.facts
    assert (facts.software, facts.version, facts.title) == ("misskey", "2025.10.1", "The counterpart")
    assert (facts.limits.characters, facts.limits.pictures, facts.limits.description) == (3000, 16, 512)
    assert facts.rules == ("Be kind.", "No robots without a name.")
    assert connected.who.handle == f"@alice@{facts.domain}"


def test_a_no_leads_nowhere(connected: Counterpart, running: Family) -> None:
    address = MISSKEY.authorize_address(connected.facts, connected.app, "s", "v" * 64)
    assert running.say_yes(address, "deny") == ""
    with pytest.raises(ServiceError, match="connect once more"):
        connected.exchange(session_of("v" * 64), "v" * 64)


def test_the_session_is_known_to_nobody_beforehand(connected: Counterpart, running: Family) -> None:
    """A session accepted by somebody else, brought back to us, is worth nothing: it must come from our own verifier."""
    stranger = connected.code(verifier="stranger" * 8)
    with pytest.raises(ServiceError):
        connected.exchange(stranger, "v" * 64)
    assert session_of("a" * 64) != session_of("b" * 64)
    assert "a" * 64 not in session_of("a" * 64)


def test_how_it_is_doing(connected: Counterpart, running: Family) -> None:
    assert isinstance(MISSKEY, Public)
    assert MISSKEY.check(connected.account, connected.door).state == "ok"
    assert MISSKEY.seen(connected.account, connected.door).state == "here"
    running.change(moved="moveduserid")
    health = MISSKEY.check(connected.account, connected.door)
    assert (health.state, health.values["there"]) == ("moved", "@alice@elsewhere.example")
    seen = MISSKEY.seen(connected.account, connected.door)
    assert (seen.state, seen.moved_to, seen.moved_url) == ("moved", "@alice@elsewhere.example", "https://elsewhere.example/@alice")
    with pytest.raises(ServiceError, match="moved away") as caught:
        MISSKEY.publish(draft(), connected.account, key="", door=connected.door)
    assert caught.value.kind == "revoked"
    running.change(moved="https://elsewhere.example/users/1")
    assert MISSKEY.seen(connected.account, connected.door).moved_to == "https://elsewhere.example/users/1"
    running.change(moved="unknownid")
    assert MISSKEY.check(connected.account, connected.door).state == "unreachable"
    running.change(moved=None, suspended=True)
    assert MISSKEY.check(connected.account, connected.door).state == "locked"
    assert MISSKEY.seen(connected.account, connected.door).state == "suspended"
    running.change(suspended=False, deleted=True)
    assert MISSKEY.seen(connected.account, connected.door).state == "gone"
    running.change(deleted=False, revoked=True)
    assert MISSKEY.check(connected.account, connected.door).state == "revoked"
    assert MISSKEY.seen(connected.account, connected.door).state == "here"


def test_what_comes_back_is_counted(connected: Counterpart, running: Family) -> None:
    assert isinstance(MISSKEY, Engaging)
    made = MISSKEY.publish(draft(), connected.account, key="", door=connected.door)
    MISSKEY.boost(connected.account, f"{running.url}/notes/{made.remote_id}", connected.door)
    counts = MISSKEY.engagement(connected.account, [made.remote_id, "99999999"], connected.door)
    assert set(counts) == {made.remote_id}
    assert (counts[made.remote_id].favourites, counts[made.remote_id].quotes) == (0, None)
    assert MISSKEY.replies(connected.account, made.remote_id, connected.door) == []


def test_reactions_of_all_kinds_are_favourites_and_answers_are_listed() -> None:
    user = {"id": "9bob", "username": "bob", "host": "other.example", "name": "Bob"}
    note = {"id": "9n", "reactions": {"👍": 2, ":cat@.:": 3, "odd": "x"}, "renoteCount": 4, "repliesCount": 2}
    answers = [
        {"id": "9r2", "user": user, "userId": "9bob", "text": "Second", "visibility": "home", "createdAt": "2026-01-02T00:00:00.000Z"},
        {"id": "9r1", "user": user, "userId": "9bob", "text": "First", "visibility": "public", "createdAt": "2026-01-01T00:00:00.000Z"}
        | {"uri": "https://other.example/1"},
        {"id": "9r3", "user": user, "userId": "9bob", "text": "Between us", "visibility": "specified", "createdAt": None},
        {"id": "9r4", "user": user, "userId": "9me", "text": "My own", "visibility": "public", "createdAt": None},
    ]
    with scripted() as server:
        account = account_at(server)
        server.on("POST", "/api/users/notes", data([]))
        server.on("POST", "/api/notes/show", data(note))
        server.on("POST", "/api/notes/replies", data(answers))
        server.on("POST", "/api/notes/renotes", data([{"user": user, "text": None}, {"user": user, "text": "a quote"}]))
        door = Door().admitting(server.place)
        counts = MISSKEY.engagement(account, ["9n"], door)["9n"]
        assert (counts.boosts, counts.favourites, counts.replies) == (4, 5, 2)
        assert [(one.words, one.who.handle) for one in MISSKEY.replies(account, "9n", door)] == [
            ("First", "@bob@other.example"),
            ("Second", "@bob@other.example"),
        ]
        assert [one.handle for one in MISSKEY.boosters(account, "9n", door)] == ["@bob@other.example"]


def account_at(server: Scripted) -> Account:
    """An account on a scripted server."""
    return Account(server.url, "misskey", "2025.1", "word", "9me")


def test_taking_down_may_be_repeated(connected: Counterpart) -> None:
    assert isinstance(MISSKEY, Deleting)
    made = MISSKEY.publish(draft(), connected.account, key="", door=connected.door)
    for _ in range(2):
        MISSKEY.delete(connected.account, made.remote_id, connected.door)
    assert MISSKEY.get(connected.account, made.remote_id, connected.door) is None


def test_boosting_another_accounts_post_happens_once(connected: Counterpart, running: Family) -> None:
    assert isinstance(MISSKEY, Boosting)
    url = "https://backup.example/@alice/1"
    running.order("notes/create", "lost")
    with pytest.raises(ServiceError):
        MISSKEY.boost(connected.account, url, connected.door)
    again = MISSKEY.boost(connected.account, url, connected.door)
    assert again.already
    assert sum(note["renoteId"] is not None for note in running.notes()) == 1
    with pytest.raises(ServiceError) as caught:
        MISSKEY.boost(connected.account, "https://backup.example/unknown", connected.door)
    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("software", "words"),
    [("mastodon", "does not belong to the Misskey family"), ("", "not a Misskey server")],
)
def test_another_kind_of_server_is_named(software: str, words: str) -> None:
    with scripted() as server:
        if software:
            server.on("GET", "/.well-known/nodeinfo", data({"links": [{"rel": "x/2.0", "href": f"{server.url}/nodeinfo/2.0"}]}))
            server.on("GET", "/nodeinfo/2.0", data({"software": {"name": software, "version": "4.4"}}))
        with pytest.raises(ServiceError, match=words) as caught:
            MISSKEY.discover(server.url, Door().admitting(server.place))
        assert caught.value.values.get("software", "") == software


@pytest.mark.parametrize("reply", [page(200), page(503), data({}), data([]), data({"uri": "x", "features": {"miauth": False}})])
def test_a_server_that_cannot_be_used_is_told_in_a_sentence(reply: object) -> None:
    with scripted() as server:
        server.on("POST", "/api/meta", reply)  # type: ignore[arg-type]
        with pytest.raises(ServiceError):
            MISSKEY.discover(server.url, Door().admitting(server.place))


@pytest.mark.parametrize("typed", ["", "@alice", "not a server", "127.0.0.1", "a" * 300])
def test_what_is_no_server_is_told_with_an_example_of_this_network(typed: str) -> None:
    with pytest.raises(InvalidInput, match=r"misskey\.io") as caught:
        MISSKEY.server_address(typed, Door())
    assert caught.value.field == "server"
