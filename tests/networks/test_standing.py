"""How an account is doing, in words the artist can act on."""

import pytest

from tests.networks.mastodon_answers import VERIFY, Meeting
from tests.servers.scripted import Reply, data, moved, page, reset

DISABLED = data({"error": "Your login is currently disabled"}, 403)


@pytest.mark.parametrize(
    ("reply", "state", "words"),
    [
        (data({"id": "7", "acct": "alice"}), "ok", ""),
        (data({"error": "The access token is invalid"}, 401), "revoked", "connect the account again"),
        (DISABLED, "locked", "locked this account"),
        (data({"error": "Your login is missing a confirmed e-mail address"}, 403), "refused", "did not accept"),
        (page(502), "unreachable", "trouble"),
        (page(), "unreachable", "cannot be read"),
        (reset(), "unreachable", "broke"),
        (data({"error": "x"}), "unreachable", "cannot be read"),
        (data({"error": "slow down"}, 429), "unreachable", "slow down"),
        (moved("https://elsewhere.example/"), "refused", "another address"),
        (data({"id": "7", "acct": "alice", "moved": {"id": "9", "acct": "alice@new.example"}}), "moved", "has moved to"),
    ],
)
def test_each_answer_has_its_state(met: Meeting, reply: Reply, state: str, words: str) -> None:
    met.server.on("GET", VERIFY, reply)
    health = met.network.check(met.account(), met.door)
    assert (health.state, words in health.detail) == (state, True)
    assert "%(" not in health.detail % dict(health.values)


def test_a_moved_account_is_locked_out_and_its_public_page_tells_where_it_went(met: Meeting) -> None:
    met.server.on("GET", VERIFY, DISABLED)
    met.server.on("GET", "/api/v1/accounts/7", data({"id": "7", "moved": {"id": "9", "acct": "alice@new.example"}}))
    health = met.network.check(met.account(), met.door)
    assert (health.state, health.values["there"]) == ("moved", "@alice@new.example")


def test_a_server_that_answers_a_bad_token_with_400(met: Meeting) -> None:
    met.server.on("GET", VERIFY, data({"error": "bad token"}, 400))
    assert met.network.check(met.account("takahe"), met.door).state == "revoked"
    assert met.network.check(met.account("mastodon"), met.door).state == "refused"


def test_nobody_there_is_unreachable(met: Meeting) -> None:
    met.server.on("GET", VERIFY, page())
    account = met.account()
    assert met.network.check(account, met.door.admitting(frozenset())).state == "unreachable"
