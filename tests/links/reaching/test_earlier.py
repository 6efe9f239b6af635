"""A post beside earlier ones, its list, and all servers an artist has met; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from creatorbot.links.reaching.earlier import EarlierPost, medians, usual_servers
from creatorbot.links.reaching.listing import SoftwareShare, by_software, servers_of
from creatorbot.links.reaching.met import first_met, met_before, met_by_software, new_by_link
from creatorbot.runtime import Runtime
from tests.web.desk import House, open_house
from tests.web.reach.rows import reached_by


@pytest.fixture
def house(both_runtime: Runtime) -> House:
    return open_house(both_runtime)


def posts(house: House, *arrivals: list[float]) -> list[EarlierPost]:
    """One post for each list of ages, ten days apart; the newest first."""
    release, account, now = house.release(), house.account(), house.runtime.clock()
    made = []
    for number, ages in enumerate(arrivals):
        out = now - timedelta(days=10 * (len(arrivals) - number))
        _, link = house.post(release, account, published_at=out)
        if ages:
            reached_by(house, link, ages)
        made.append(EarlierPost(link, out))
    return made[::-1]


def test_the_middle_of_earlier_posts_at_the_same_age(house: House) -> None:
    earlier = posts(house, [1, 1, 1, 5000], [1, 1], [1, 700, 800], [1])
    ages = [timedelta(minutes=1), timedelta(days=1)]
    with house.runtime.reading() as session:
        assert medians(session, earlier, ages) == [1.5, 2.5]
        assert medians(session, earlier[:3], ages) == [1, 2]
        assert medians(session, earlier[:2], ages) == []


def test_what_is_usual_is_what_the_last_ten_did(house: House) -> None:
    near, far = posts(house, [1.0] * 9, [1.0])
    with house.runtime.reading() as session:
        assert medians(session, [near] * 10 + [far] * 11, [timedelta(days=5)]) == [1]
        assert medians(session, [near] * 9 + [far] * 11, [timedelta(days=5)]) == [1]
        assert medians(session, [near] * 4 + [far] * 11, [timedelta(days=5)]) == [9]


def test_a_usual_server_came_to_more_than_half_of_the_last_five(house: House) -> None:
    # server0 comes always, server1 to three of the last five, server2 to two of them and often long ago.
    earlier = posts(house, [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1], [1], [1])
    _, link = house.post(house.release(), house.account())
    reached_by(house, link, [1], name="another")
    with house.runtime.reading() as session:
        found = usual_servers(session, link, earlier)
        assert found is not None
        assert (found.posts, found.servers, found.missing) == (5, 2, ["server0.example", "server1.example"])
        same = usual_servers(session, earlier[0].link_id, earlier[1:])
        assert same is not None
        assert (same.servers, same.missing) == (3, ["server1.example", "server2.example"])
        assert usual_servers(session, link, earlier[:1]) is None


def test_the_list_by_time_by_name_and_only_new_ones(house: House) -> None:
    newest, _ = posts(house, [5, 6], [9, 8, 7])
    with house.runtime.reading() as session:
        seen = servers_of(session, newest.link_id)
        assert [(one.host, one.new) for one in seen] == [("server2.example", True), ("server1.example", False), ("server0.example", False)]
        assert seen[0].first_seen_at == newest.published_at + timedelta(seconds=7)
        assert [one.host[6] for one in servers_of(session, newest.link_id, order="name")] == ["0", "1", "2"]
        assert [one.host[6] for one in servers_of(session, newest.link_id, order="name", start=1, limit=1)] == ["1"]
        assert [one.new for one in servers_of(session, newest.link_id, limit=2)] == [True, False]
        assert servers_of(session, newest.link_id, only_new=True) == seen[:1]
        assert servers_of(session, newest.link_id, start=3, limit=5) == []


def test_software_with_its_new_ones_the_most_frequent_first(house: House) -> None:
    newest, older = posts(house, [5], [9, 8])
    reached_by(house, newest.link_id, [1, 2, 3], name="k", software="akkoma")
    with house.runtime.reading() as session:
        assert by_software(session, newest.link_id) == [SoftwareShare("akkoma", 3, 3), SoftwareShare("mastodon", 2, 1)]
        assert by_software(session, older.link_id) == [SoftwareShare("mastodon", 1, 1)]
        assert met_by_software(session, house.artist_id) == [SoftwareShare("akkoma", 3, 0), SoftwareShare("mastodon", 2, 0)]


def test_servers_met_so_far_are_the_artists_own(house: House) -> None:
    newest, older = posts(house, [5, 6, 7], [9, 8, 7, 6])
    stranger = open_house(house.runtime, name="Other", slug="other")
    theirs = posts(stranger, [1, 2, 3, 4, 5])
    with house.runtime.reading() as session:
        assert met_before(session, house.artist_id, [newest.published_at, datetime(2020, 1, 1, tzinfo=UTC)]) == (4, [3, 0])
        assert new_by_link(session, house.artist_id) == {older.link_id: 3, newest.link_id: 1}
        assert new_by_link(session, stranger.artist_id) == {theirs[0].link_id: 5}
        assert first_met(session, house.artist_id) == older.published_at + timedelta(seconds=5)
        assert first_met(session, 10**6) is None
        assert met_before(session, 10**6, []) == (0, [])
