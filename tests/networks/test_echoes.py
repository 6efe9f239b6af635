"""What came back for a status on Mastodon and its kin, and deleting one: what is asked, and what odd answers mean."""

from dataclasses import replace

import pytest

from creatorbot.errors import ServiceError
from creatorbot.networks.engaging import Counts, Deleting, Engaging
from tests.networks.mastodon_answers import Meeting, status
from tests.servers.scripted import Reply, answer, data, reset

MANY, ONE = "/api/v1/statuses", "/api/v1/statuses/42"


def counted(number: int, **counts: object) -> dict[str, object]:
    return status(number, reblogs_count=number, favourites_count=2, replies_count=1, **counts)


def test_it_speaks_both_ports(met: Meeting) -> None:
    assert isinstance(met.network, Engaging)
    assert isinstance(met.network, Deleting)


def test_twenty_in_one_question_where_the_server_can(met: Meeting) -> None:
    account = replace(met.account("mastodon"), version="4.5.3")
    met.server.on("GET", MANY, data([counted(number) for number in range(20)]), data([counted(number) for number in range(20, 25)]))
    found = met.network.engagement(account, [str(number) for number in range(25)], met.door)
    assert met.server.times("GET", MANY) == 2
    assert found["3"] == Counts(3, 2, 1, None)
    assert len(found) == 25


def test_what_is_missing_in_the_answer_is_missing(met: Meeting) -> None:
    account = replace(met.account("mastodon"), version="4.5.3")
    met.server.on("GET", MANY, data([counted(7, quotes_count=4), {"odd": 1}, counted(9)]))
    assert met.network.engagement(account, ["7", "8"], met.door) == {"7": Counts(7, 2, 1, 4)}


@pytest.mark.parametrize(
    ("software", "version"), [("mastodon", "4.2.1"), ("gotosocial", "0.19"), ("friendica", "2025.1"), ("mastodon", "")]
)
def test_one_by_one_where_it_cannot(met: Meeting, software: str, version: str) -> None:
    met.server.on("GET", ONE, data(counted(42)))
    met.server.on("GET", "/api/v1/statuses/43", answer(404, b'{"error": "Record not found"}', {"Content-Type": "application/json"}))
    account = replace(met.account(software), version=version)
    assert set(met.network.engagement(account, ["42", "43"], met.door)) == {"42"}
    assert met.server.times("GET", MANY) == 0


def test_counts_that_are_no_counts_are_not_told(met: Meeting) -> None:
    odd = {"reblogs_count": "many", "favourites_count": -1, "replies_count": None, "quotes_count": [3]}
    met.server.on("GET", ONE, data(status(42, **odd)))
    assert met.network.engagement(met.account("mastodon"), ["42"], met.door) == {"42": Counts()}


def test_a_failure_is_a_failure_and_not_an_absence(met: Meeting) -> None:
    met.server.on("GET", ONE, answer(503, b"busy"))
    with pytest.raises(ServiceError):
        met.network.engagement(met.account("mastodon"), ["42"], met.door)


def test_boosters_by_their_whole_handle_and_safe_addresses(met: Meeting) -> None:
    people = [
        {"id": "1", "acct": "ben@far.example", "display_name": "Ben", "url": "https://far.example/@ben"},
        {"id": "2", "acct": "cleo", "display_name": "", "url": "javascript:alert(1)"},
        {"id": "3"},
        None,
    ]
    met.server.on("GET", f"{ONE}/reblogged_by", data(people))
    found = met.network.boosters(met.account("mastodon"), "42", met.door)
    assert [(one.handle.startswith("@"), one.name, one.url) for one in found] == [
        (True, "Ben", "https://far.example/@ben"),
        (True, "cleo", ""),
    ]


def test_answers_by_others_that_everybody_may_read(met: Meeting) -> None:
    ben = {"id": "1", "acct": "ben@far.example", "display_name": "Ben"}
    below = [
        status(50, account=ben, content="<p>Lovely &lt;3</p><p>Really</p>"),
        status(51, account=ben, visibility="direct"),
        status(52),  # our own
        status(53, account=ben, spoiler_text="Loud", content="<p>shh</p>"),
        "odd",
    ]
    met.server.on("GET", f"{ONE}/context", data({"ancestors": [], "descendants": below}))
    found = met.network.replies(met.account("mastodon"), "42", met.door)
    assert [(one.remote_id, one.words) for one in found] == [("50", "Lovely <3\nReally"), ("53", "Loud")]


@pytest.mark.parametrize(
    "said",
    [
        data(status(42)),
        data([]),
        answer(404, b'{"error": "Record not found"}', {"Content-Type": "application/json"}),
        answer(410, b"{}", {"Content-Type": "application/json"}),
    ],
)
def test_deleted_or_gone_already_is_the_same(met: Meeting, said: Reply) -> None:
    met.server.on("DELETE", ONE, said)
    met.network.delete(met.account("mastodon"), "42", met.door)
    assert met.server.times("DELETE", ONE) == 1


@pytest.mark.parametrize(
    ("said", "kind"), [(answer(503, b"x"), "unknown"), (reset(), "unknown"), (answer(429, b"{}", {"Retry-After": "60"}), "busy")]
)
def test_a_deletion_that_may_have_worked_says_so(met: Meeting, said: Reply, kind: str) -> None:
    met.server.on("DELETE", ONE, said)
    with pytest.raises(ServiceError) as caught:
        met.network.delete(met.account("mastodon"), "42", met.door)
    assert caught.value.kind == kind
