"""From journal to figures: each visit once, people apart, servers reached, on both databases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from creatorbot.links import drain, journal
from creatorbot.links.journal import Journal
from creatorbot.links.totals import LinkTotals, reach_of, totals_of, visits_of
from creatorbot.links.visitors import visit_line
from creatorbot.models import JournalPosition, Link, ServerMet, Visit, VisitTotal
from creatorbot.runtime import Runtime
from jobs import drain_visits
from tests.links import rows

SALT = b"s" * 32


@pytest.fixture
def link(both_runtime: Runtime) -> Link:
    artist_id = rows.make_artist(both_runtime)
    return rows.make_link(both_runtime, artist_id, rows.make_release(both_runtime, artist_id))


def visit(writer: Journal, code: str, at: datetime, **environ: str) -> None:
    assert writer.append(visit_line(rows.environ(**environ), code, at, SALT), at)


def drained(runtime: Runtime, link: Link) -> LinkTotals:
    drain_visits.run(runtime, runtime.clock())
    with runtime.reading() as session:
        assert link.id is not None
        return totals_of(session, [link.id])[link.id]


def test_a_stampede_of_servers_is_no_audience(both_runtime: Runtime, link: Link) -> None:
    writer, at = Journal(both_runtime.journal), both_runtime.clock()
    for number in range(400):
        agent = rows.mastodon(f"server{number}.example")
        visit(writer, link.code, at, user_agent=agent, address=f"127.4.{number // 200}.{number % 200}", HTTP_ACCEPT="text/html")
        if number % 4 == 0:
            visit(writer, link.code, at, user_agent=agent, method="HEAD")
    for number in range(20):
        visit(writer, link.code, at, method="HEAD", address=f"127.5.0.{number}", **rows.NAVIGATED)
        visit(writer, link.code, at, user_agent="Twitterbot/1.0", HTTP_ACCEPT="text/html", HTTP_ACCEPT_LANGUAGE="en")
    assert drained(both_runtime, link) == LinkTotals(people=0, person=0, preview=520, bot=20, uncertain=0, servers=400)


@pytest.mark.parametrize(
    ("user_agent", "headers"),
    [
        (rows.SAFARI_IPAD, rows.BROWSED),
        (rows.INSTAGRAM, rows.BROWSED),
        (rows.CUBOT, rows.BROWSED),
        (rows.CUBOT, rows.NAVIGATED),
        (rows.FIREFOX, {**rows.NAVIGATED, "HTTP_VIA": "1.1 vpn.example", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}),
    ],
)
def test_real_people_count_once_however_often_they_look(
    both_runtime: Runtime, link: Link, user_agent: str, headers: dict[str, str]
) -> None:
    writer, at = Journal(both_runtime.journal), both_runtime.clock()
    for minutes in (0, 1, 20, 40):
        visit(writer, link.code, at + timedelta(minutes=minutes), user_agent=user_agent, **headers)
    assert drained(both_runtime, link) == LinkTotals(people=1, person=4)
    visit(writer, link.code, at + timedelta(minutes=50), user_agent=user_agent, **headers)
    assert drained(both_runtime, link) == LinkTotals(people=1, person=5)
    visit(writer, link.code, at + timedelta(days=1), user_agent=user_agent, **headers)
    assert drained(both_runtime, link).people == 2, "once a day"


def test_who_asks_not_to_be_followed_is_counted_without_a_trace(both_runtime: Runtime, link: Link) -> None:
    visit(Journal(both_runtime.journal), link.code, both_runtime.clock(), HTTP_SEC_GPC="1", **rows.NAVIGATED)
    assert drained(both_runtime, link) == LinkTotals(people=1, person=1)
    with both_runtime.reading() as session:
        assert session.exec(select(Visit.visitor)).one() is None


def test_totals_lie_in_quarters_of_an_hour_and_equal_the_visits(both_runtime: Runtime, link: Link) -> None:
    writer = Journal(both_runtime.journal)
    for minutes in (0, 14, 15, 59, 60):
        visit(writer, link.code, both_runtime.clock() + timedelta(minutes=minutes), address=f"127.0.1.{minutes}", **rows.NAVIGATED)
    drained(both_runtime, link)
    with both_runtime.reading() as session:
        assert link.id is not None
        found = [
            (total.quarter.strftime("%H:%M"), total.person) for total in session.exec(select(VisitTotal).order_by(col(VisitTotal.quarter)))
        ]
        assert found == [("12:00", 2), ("12:15", 1), ("12:45", 1), ("13:00", 1)]
        assert len(visits_of(session, link.id, 100)) == 5
        assert visits_of(session, link.id, 1)[0].at.strftime("%H:%M") == "13:00"


def test_a_server_is_reached_once_and_its_first_fetch_is_remembered(both_runtime: Runtime, link: Link) -> None:
    writer, at = Journal(both_runtime.journal), both_runtime.clock()
    visit(writer, link.code, at, user_agent=rows.AKKOMA)
    drained(both_runtime, link)
    visit(writer, link.code, at - timedelta(minutes=1), user_agent=rows.AKKOMA)  # a second process was read later
    visit(writer, link.code, at, user_agent=rows.AKKOMA)
    assert drained(both_runtime, link).servers == 1
    with both_runtime.reading() as session:
        assert link.id is not None
        (found,) = reach_of(session, link.id)
        assert (found.host, found.software, found.hits, found.first_seen_at) == (
            "social.example.org",
            "akkoma",
            3,
            at - timedelta(minutes=1),
        )


def test_forged_servers_are_capped(both_runtime: Runtime, link: Link) -> None:
    writer, at = Journal(both_runtime.journal), both_runtime.clock()
    for number in (1, 2, 3):
        visit(writer, link.code, at, user_agent=rows.mastodon(f"a{number}.example"))
    drained(both_runtime, link)
    for number in range(1, 30):
        visit(writer, link.code, at, user_agent=rows.mastodon(f"a{number}.example"))
    with both_runtime.session() as session:
        drain.drain_batch(session, both_runtime.journal, at, most_servers=5)
    assert drained(both_runtime, link).servers == 5
    with both_runtime.reading() as session:
        assert link.id is not None
        assert [found.hits for found in reach_of(session, link.id) if found.host in ("a1.example", "a2.example", "a3.example")] == [2, 2, 2]


def met(runtime: Runtime) -> dict[str, tuple[int, datetime]]:
    with runtime.reading() as session:
        return {one.host: (one.first_link_id, one.first_seen_at) for one in session.exec(select(ServerMet))}


def test_servers_are_met_by_the_earliest_post_and_forged_ones_by_none(both_runtime: Runtime, link: Link) -> None:
    writer, at = Journal(both_runtime.journal), both_runtime.clock()
    assert link.release_id is not None
    later = rows.make_link(both_runtime, link.artist_id, link.release_id)
    visit(writer, later.code, at + timedelta(minutes=5), user_agent=rows.AKKOMA)
    drained(both_runtime, link)
    assert met(both_runtime) == {"social.example.org": (later.id, at + timedelta(minutes=5))}
    visit(writer, link.code, at, user_agent=rows.AKKOMA)  # a second process was read later
    visit(writer, later.code, at, user_agent=rows.AKKOMA)
    drained(both_runtime, link)
    assert met(both_runtime) == {"social.example.org": (link.id, at)}, "at the same moment the older link"
    for number in range(20):
        visit(writer, link.code, at, user_agent=rows.mastodon(f"forged{number}.example"))
    with both_runtime.session() as session:
        drain.drain_batch(session, both_runtime.journal, at, most_servers=3)
    with both_runtime.reading() as session:
        assert link.id is not None
        assert {one.host for one in reach_of(session, link.id)} == met(both_runtime).keys()
    assert len(met(both_runtime)) == 3


def test_lines_that_no_database_would_take_stop_nothing(both_runtime: Runtime, link: Link) -> None:
    good = visit_line(rows.environ(**rows.NAVIGATED), link.code, both_runtime.clock(), SALT)
    strange = [
        good.replace(b'"t":1', b'"t":10000000000001'),
        good.replace(b'"r":""', b'"r":7'),
        good.replace(b'"m":"GET"', b'"m":["GET"]'),
        good.replace(b'"h":"', b'"h":"zz'),
        good.replace(b'{"v":1', b'{"v":1', 1).replace(b'"u":', b'"i":99999999999,"u":'),
        good.replace(b'"c":"', b'"c":7,"x":"'),
    ]
    both_runtime.journal.mkdir()
    (both_runtime.journal / "visits-1.jsonl").write_bytes(b"".join(strange) + good)
    visit(Journal(both_runtime.journal), link.code, both_runtime.clock(), user_agent="Mozilla/5.0 \x00(\x01Windows\x7f", **rows.BROWSED)
    assert drained(both_runtime, link) == LinkTotals(people=2, person=2)


def test_nothing_counts_when_the_transaction_fails_and_all_counts_afterwards(both_runtime: Runtime, link: Link) -> None:
    writer = Journal(both_runtime.journal)
    for number in range(10):
        visit(writer, link.code, both_runtime.clock(), address=f"127.0.2.{number}", **rows.NAVIGATED)

    def killed() -> None:
        with both_runtime.session() as session:
            assert drain.drain_batch(session, both_runtime.journal, both_runtime.clock()) == 10
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert drained(both_runtime, link) == LinkTotals(people=10, person=10)
    assert drained(both_runtime, link) == LinkTotals(people=10, person=10)


def test_small_batches_over_several_files_lose_and_double_nothing(both_runtime: Runtime, link: Link) -> None:
    for process in range(3):
        writer = Journal(both_runtime.journal, largest=900)
        for number in range(7):
            visit(writer, link.code, both_runtime.clock(), address=f"127.0.{process}.{number}", **rows.NAVIGATED)
    moved = []
    while not moved or moved[-1]:
        with both_runtime.session() as session:
            moved.append(drain.drain_batch(session, both_runtime.journal, both_runtime.clock(), most=4))
    assert sum(moved) == 21
    assert max(moved) == 4
    assert drained(both_runtime, link) == LinkTotals(people=21, person=21)


def test_a_torn_piece_before_a_line_costs_only_itself(both_runtime: Runtime, link: Link) -> None:
    good = visit_line(rows.environ(**rows.NAVIGATED), link.code, both_runtime.clock(), SALT)
    both_runtime.journal.mkdir()
    path = both_runtime.journal / "visits-1.jsonl"
    path.write_bytes(good[:50] + good + b"nonsense\n" + b'{"v":1,"t":"x"}\n' + b'{"v":1,"t":5,"c":7}\n\n' + good[:30])
    assert drained(both_runtime, link) == LinkTotals(people=1, person=1)
    with both_runtime.reading() as session:
        assert session.get_one(JournalPosition, "visits-1.jsonl").offset == path.stat().st_size - 30


def test_visits_to_a_link_that_was_deleted_meanwhile_are_passed_over(both_runtime: Runtime, link: Link) -> None:
    visit(Journal(both_runtime.journal), "gone2345", both_runtime.clock(), **rows.NAVIGATED)
    assert drained(both_runtime, link) == LinkTotals()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(0, 2600), max_size=8), most=st.integers(1, 6))
def test_drained_while_being_written_each_visit_counts_once(runtime: Runtime, cuts: list[int], most: int) -> None:
    with runtime.session() as session:
        link = session.exec(select(Link)).first()
    if link is None:
        artist_id = rows.make_artist(runtime)
        link = rows.make_link(runtime, artist_id, rows.make_release(runtime, artist_id))
    assert link.id is not None
    at = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    whole = b"".join(visit_line(rows.environ(address=f"127.0.0.{n}", **rows.NAVIGATED), link.code, at, SALT) for n in range(10))
    with runtime.reading() as session:
        before = totals_of(session, [link.id])[link.id]
    name = f"visits-{len(list(_files(runtime.journal)))}.jsonl"
    written = 0
    for upto in [*sorted(min(cut, len(whole)) for cut in cuts), len(whole)]:
        with (runtime.journal / name).open("ab") as file:
            file.write(whole[written:upto])
        written = max(written, upto)
        with runtime.session() as session:
            drain.drain_batch(session, runtime.journal, at, most=most)
    drain_visits.run(runtime, at)
    with runtime.reading() as session:
        after = totals_of(session, [link.id])[link.id]
    assert after.person - before.person == 10
    assert after.people == 10


def _files(folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True)
    return journal.segments(folder)
