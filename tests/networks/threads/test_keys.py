"""The key to a Threads account: what is taken for one, what it reaches, and how it is kept alive."""

import pytest

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.networks.base import Grant, ServerFacts
from creatorbot.networks.threads import Threads
from tests.networks.threads.conftest import Met
from tests.servers.threads.state import EVERYTHING, KEY, stamp

OTHER = "THAAanotherkeyofaoifeBQ00000000000000000000001ZD"


def facts(met: Met) -> ServerFacts:
    return met.network.discover(met.there.url, met.door)


def log_in(met: Met, key: str) -> Grant:
    return met.network.log_in(facts(met), {"key": key}, met.door)


@pytest.mark.parametrize("typed", ["", "hello", "0123456789abcdef0123456789abcdef", "1234567890123456", "my own password"])
def test_what_is_no_key_is_sent_nowhere(met: Met, typed: str) -> None:
    met.there.stop()
    with pytest.raises(InvalidInput, match="not sent anywhere") as caught:
        met.network.log_in(ServerFacts(met.there.url, "", "", "", "", met.account.limits), {"key": typed}, met.door)
    assert caught.value.field == "key"


def test_a_key_broken_by_copying_is_put_together(met: Met) -> None:
    assert log_in(met, f" {KEY[:20]}\n{KEY[20:]} ").token


def test_a_key_that_is_made_for_an_hour_is_not_taken(met: Met) -> None:
    met.there.key(OTHER, issued=stamp(), expires=stamp() + 3600, scopes=EVERYTHING)
    with pytest.raises(InvalidInput, match="User Token Generator"):
        log_in(met, OTHER)


def test_a_key_says_what_it_reaches(met: Met) -> None:
    assert set(log_in(met, KEY).scopes) == {"write:statuses", "write:media", "read:statuses"}
    met.there.key(OTHER, issued=stamp(), expires=stamp() + 60 * 86_400, scopes=["threads_basic"])
    assert log_in(met, OTHER).scopes == ("read:statuses",)


def test_where_meta_does_not_tell_what_it_reaches_it_is_taken_as_it_is(met: Met) -> None:
    met.there.order("about", "spam")
    assert log_in(met, KEY).scopes == ()


def test_a_young_key_is_renewed_later_and_an_old_one_every_week(met: Met) -> None:
    met.there.key(OTHER, issued=stamp(), expires=stamp() + 60 * 86_400, scopes=EVERYTHING)
    grant = log_in(met, OTHER)
    assert grant.token == f"{OTHER} 0"
    account = met.account.__class__(**{**vars(met.account), "token": grant.token})
    assert (met.network.check(account, met.door).state, met.network.check(account, met.door).token) == ("ok", "")
    met.there.key(OTHER, issued=stamp() - 90_000)
    health = met.network.check(account, met.door)
    assert health.state == "ok"
    assert health.token.split()[0] not in ("", OTHER)
    fresh = met.account.__class__(**{**vars(met.account), "token": health.token})
    assert met.network.check(fresh, met.door).token == ""


def test_a_renewal_that_fails_leaves_the_key_as_it_is(met: Met) -> None:
    old = met.account.__class__(**{**vars(met.account), "token": f"{KEY} {stamp() - 8 * 86_400}"})
    for behaviour in ("trouble", "lost", "garbled"):
        met.there.order("refresh", behaviour)
        health = met.network.check(old, met.door)
        assert (health.state, health.token) == ("ok", "")
    assert met.network.check(old, met.door).token != ""


def test_a_key_that_ran_out_or_a_locked_account_is_told(met: Met) -> None:
    met.there.practise(checkpoint=True)
    assert met.network.check(met.account, met.door).state == "locked"
    met.there.practise(checkpoint=False)
    met.there.key(met.account.token.split()[0], expires=stamp() - 1)
    assert met.network.check(met.account, met.door).state == "revoked"
    met.there.stop()
    assert met.network.check(met.account, met.door).state == "unreachable"


def test_no_failure_holds_the_key(met: Met) -> None:
    met.there.order("me", "lost")
    met.there.stop()
    with pytest.raises(ServiceError) as caught:
        Threads(met.there.url).whoami(facts_of(met), met.account.token, met.door)
    told: BaseException | None = caught.value
    while told is not None:
        assert KEY not in str(told)
        told = None if told.__suppress_context__ else told.__context__


def facts_of(met: Met) -> ServerFacts:
    return ServerFacts(met.account.base_url, "", "", "threads", "v1.0", met.account.limits)
