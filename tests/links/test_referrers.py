"""Where people came from, and that nobody can be told by it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.links.journal import Journal
from creatorbot.links.referrers import FEWEST, CameFrom, came_from, of_artist, of_links
from creatorbot.links.totals import visits_of
from creatorbot.links.visitors import visit_line
from creatorbot.models import Link
from creatorbot.runtime import Runtime
from jobs import drain_visits
from tests.links import rows

HOSTS = st.dictionaries(st.sampled_from([f"{name}.example" for name in "abcdefgh"]), st.integers(0, 9))


@given(HOSTS)
def test_no_site_with_fewer_than_three_people_is_named_and_nobody_is_lost(people: dict[str, int]) -> None:
    found = came_from(people)
    assert all(people[host] == count >= FEWEST for host, count in found.sites)
    assert found.small + sum(count for _, count in found.sites) == sum(people.values())
    assert [count for _, count in found.sites] == sorted((count for _, count in found.sites), reverse=True)


@pytest.fixture
def links(both_runtime: Runtime) -> list[Link]:
    artist_id = rows.make_artist(both_runtime)
    release_id = rows.make_release(both_runtime, artist_id)
    return [rows.make_link(both_runtime, artist_id, release_id) for _ in range(2)]


def test_people_are_counted_by_the_site_they_first_came_from_that_day(both_runtime: Runtime, links: list[Link]) -> None:
    writer, at = Journal(both_runtime.journal), both_runtime.clock()

    def comes(who: int, host: str, link: Link, days: int = 0, **more: str) -> None:
        environ = rows.environ(address=f"203.0.113.{who}", HTTP_REFERER=f"https://{host}/@x", **{**rows.NAVIGATED, **more})
        writer.append(visit_line(environ, link.code, at + timedelta(days=days), b"s" * 32), at)

    for who in range(2):
        comes(who, "big.example", links[0])
        comes(who, "elsewhere.example", links[0])  # again, from another site
    comes(2, "big.example", links[0], HTTP_SEC_GPC="1")
    comes(3, "small.example", links[0]), comes(4, "tiny.example", links[0]), comes(5, "small.example", links[1])
    comes(6, "small.example", links[0], days=1)
    comes(7, "big.example", links[0], HTTP_USER_AGENT="curl/8")
    drain_visits.run(both_runtime, at)
    first, second = (link.id or 0 for link in links)
    with both_runtime.reading() as session:
        assert of_links(session, [first]) == CameFrom((("big.example", 3),), 3)
        assert of_links(session, [second]) == CameFrom((), 1)
        assert of_artist(session, links[0].artist_id) == CameFrom((("big.example", 3), ("small.example", 3)), 1)
        assert of_artist(session, links[0].artist_id, until=date(2026, 11, 20)).names == {"big.example"}, "two of them by then"
        assert of_artist(session, links[0].artist_id, since=date(2026, 11, 21)) == CameFrom((), 1)
        shown = {visit.referrer_host for visit in visits_of(session, first)}
    assert shown == {"", "big.example"}, "one by one nothing is said that the figures hide"


def test_looking_at_visits_changes_none(both_runtime: Runtime, links: list[Link]) -> None:
    at = both_runtime.clock()
    environ = rows.environ(HTTP_REFERER="https://small.example/", **rows.NAVIGATED)
    Journal(both_runtime.journal).append(visit_line(environ, links[0].code, at, b"s" * 32), at)
    drain_visits.run(both_runtime, at)
    with both_runtime.session() as session:
        assert visits_of(session, links[0].id or 0)[0].referrer_host == ""
    with both_runtime.reading() as session:
        assert of_links(session, [links[0].id or 0]).small == 1
        from_table = session.connection().exec_driver_sql("SELECT referrer_host FROM visit").scalar_one()
    assert from_table == "small.example"
