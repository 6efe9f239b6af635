"""Finding our own post again: adopt it when it is there, and say "absent" only when that is proven."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from creatorbot.errors import ServiceError
from creatorbot.networks.base import Published
from tests.networks.mastodon_answers import HTTPDATE, MARKER, OWN, Meeting, linked, status
from tests.servers.scripted import Reply, answer, data, page, reset, silence

HOUR = timedelta(hours=1)
OTHER = linked("https://label.example/l/other")


def find(met: Meeting, marker: str = MARKER, ago: timedelta = timedelta()) -> Published | None:
    return met.network.find(met.account(), marker, datetime.now(UTC) - ago, met.door)


def found_id(met: Meeting, marker: str = MARKER, ago: timedelta = timedelta()) -> str | None:
    found = find(met, marker, ago)
    return found.remote_id if found else None


@pytest.mark.parametrize(
    "like",
    [
        {},
        {"content": f"<p>{MARKER} #NewMusic</p>"},
        {"content": f'<p><a href="{MARKER}?x=1">here</a></p>'},
        {"content": "<p>short</p>", "card": {"url": MARKER, "title": "Tall Ships"}},
        {"visibility": "private"},
        {"created_at": None},
    ],
)
def test_our_post_is_recognised(met: Meeting, like: dict[str, Any]) -> None:
    met.server.on("GET", OWN, data([status(50, content=OTHER), status(**like)]))
    assert found_id(met) == "42"
    assert met.server.asked[0].query["exclude_reblogs"] == ["1"]
    assert met.server.asked[0].headers["authorization"] == "Bearer a-token"


@pytest.mark.parametrize(
    "content",
    [linked(MARKER + "c"), linked(MARKER + "-c"), linked(MARKER[:-1]), "", None],
)
def test_what_only_resembles_it_is_not(met: Meeting, content: Any) -> None:
    met.server.on("GET", OWN, data([status(content=content), status(1, content=OTHER, ago=HOUR)]))
    assert find(met) is None


@pytest.mark.parametrize(("minutes", "found"), [(9, "42"), (11, None)])
def test_one_from_just_before_counts_an_older_one_does_not(met: Meeting, minutes: int, found: str | None) -> None:
    met.server.on("GET", OWN, data([status(ago=timedelta(minutes=minutes)), status(1, content=OTHER, ago=HOUR)]))
    assert found_id(met) == found


def test_it_may_be_on_a_later_page(met: Meeting) -> None:
    first = [status(number, content=OTHER) for number in range(90, 50, -1)]
    met.server.on("GET", OWN, data(first), data([status(50, content=OTHER), status(42)]))
    assert found_id(met) == "42"
    assert met.server.asked[1].query["max_id"] == ["51"]


def test_an_account_that_posted_nothing_else_is_read_to_its_end(met: Meeting) -> None:
    met.server.on("GET", OWN, data([status(50, content=OTHER)]), data([]))
    assert find(met, ago=HOUR) is None
    assert len(met.server.asked) == 2


def test_reading_stops_where_the_posts_are_older(met: Meeting) -> None:
    met.server.on("GET", OWN, data([status(50, content=OTHER), status(49, content=OTHER, ago=HOUR)]))
    assert find(met) is None
    assert len(met.server.asked) == 1


def test_a_server_whose_clock_is_behind_hides_nothing(met: Meeting) -> None:
    late = timedelta(minutes=40)
    date = {"Date": (datetime.now(UTC) - late).strftime(HTTPDATE)}
    met.server.on("GET", OWN, data([status(50, content=OTHER, ago=late), status(42, ago=late)], 200, date))
    assert found_id(met) == "42"


def test_a_listing_without_end_proves_nothing(met: Meeting) -> None:
    pages: list[Reply] = [data([status(number, content=OTHER)]) for number in range(90, 60, -1)]
    met.server.on("GET", OWN, *pages)
    with pytest.raises(ServiceError) as caught:
        find(met)
    assert (caught.value.kind, len(met.server.asked)) == ("unknown", 10)


def test_a_server_that_cannot_page_proves_nothing(met: Meeting) -> None:
    met.server.on("GET", OWN, data([status(50, content=OTHER)]))
    with pytest.raises(ServiceError) as caught:
        find(met)
    assert (caught.value.kind, len(met.server.asked)) == ("unknown", 2)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (page(), "unknown"),
        (page(503), "unknown"),
        (reset(), "unknown"),
        (silence(), "unknown"),
        (data({"error": "x"}), "unknown"),
        (data(None), "unknown"),
        (data([{"content": "no id"}]), "unknown"),
        (answer(200), "unknown"),
        (data({"error": "The access token is invalid"}, 401), "revoked"),
        (data({"error": "Record not found"}, 404), "refused"),
        (data({"error": "Too many requests"}, 429), "busy"),
    ],
)
def test_a_look_that_failed_proves_nothing(met: Meeting, reply: Reply, kind: str) -> None:
    met.server.on("GET", OWN, reply)
    with pytest.raises(ServiceError) as caught:
        find(met)
    assert caught.value.kind == kind


def test_a_failure_on_the_second_page_proves_nothing(met: Meeting) -> None:
    met.server.on("GET", OWN, data([status(50, content=OTHER)]), page(502))
    with pytest.raises(ServiceError):
        find(met)


def test_a_post_is_got_by_its_id(met: Meeting) -> None:
    met.server.on("GET", "/api/v1/statuses/42", data(status(visibility="unlisted", pictures=1)))
    found = met.network.get(met.account(), "42", met.door)
    assert found is not None
    assert (found.visibility, found.pictures, found.differs) == ("unlisted", 1, ())


def test_gone_means_that_the_server_says_so_in_its_own_words(met: Meeting) -> None:
    assert met.network.get(met.account(), "43", met.door) is None
    for reply in (page(404), page(502), page()):
        met.server.on("GET", "/api/v1/statuses/43", reply)
        with pytest.raises(ServiceError):
            met.network.get(met.account(), "43", met.door)
