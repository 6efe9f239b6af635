"""When the rules change: visits read again give the figures that reading them at once by the new rules would have given."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from creatorbot.links.classify import PRESENT, Classified, Rules, VisitFacts, classify
from creatorbot.links.counting import again
from creatorbot.links.counting.earlier import facts_of
from creatorbot.links.drain import drain_batch
from creatorbot.links.totals import LinkTotals, totals_of
from creatorbot.links.visitors import visit_line
from creatorbot.models import Link, Reach, Referrer, ServerMet, Visit, VisitorDay, VisitTotal
from creatorbot.runtime import Runtime
from jobs import reclassify_visits, tidy
from tests.conftest import TestClock
from tests.links import rows

SALT = b"s" * 32
AGENTS = (
    rows.FIREFOX,
    rows.CHROME,
    rows.CUBOT,
    "curl/8.5",
    "Twitterbot/1.0",
    rows.mastodon("a.example"),
    rows.mastodon("b.example"),
    rows.AKKOMA,
)
HEADERS: tuple[dict[str, str], ...] = (
    rows.NAVIGATED,
    rows.BROWSED,
    {},
    {**rows.NAVIGATED, "HTTP_SEC_GPC": "1"},
    {**rows.NAVIGATED, "HTTP_SEC_FETCH_SITE": "same-origin"},
    {**rows.BROWSED, "HTTP_REFERER": "https://site.example/x"},
    {"HTTP_REFERER": "https://music.example.org/l/abc"},
    {**rows.NAVIGATED, "HTTP_SEC_FETCH_DEST": "iframe", "HTTP_REFERER": "https://other.example/"},
)
# An older set of rules: other people, other hosts, some machines taken for people and the other way round.
VERDICTS = (
    Classified("person", "navigation"),
    Classified("uncertain", "bare"),
    Classified("bot", "names_itself"),
    Classified("preview", "fediverse_server", "old.example", "mastodon"),
    Classified("preview", "fediverse_server", "b.example", "pleroma"),
)
WAYS = st.tuples(
    st.integers(0, 20 * 60), st.sampled_from(AGENTS), st.sampled_from(HEADERS), st.integers(0, 2), st.sampled_from(("", "", "shop", "play"))
)


def old_rules(seed: int) -> Rules:
    return Rules(
        PRESENT.number - 1, lambda facts: VERDICTS[(seed + len(facts.user_agent) + 3 * facts.own + facts.has_language) % len(VERDICTS)]
    )


def state(session: Session) -> dict[str, object]:
    """All that is counted, without the rows' own numbers."""

    def all_of(model: type, *left_out: str) -> list[str]:
        return sorted(str(sorted(row.model_dump(exclude={"id", *left_out}).items())) for row in session.exec(select(model)).all())

    found = {model.__name__: all_of(model) for model in (Visit, VisitorDay, Referrer, Reach, ServerMet)}
    totals = {name for name in VisitTotal.model_fields if name not in ("id", "link_id", "quarter")}
    found["VisitTotal"] = sorted(
        str(sorted(row.model_dump(exclude={"id"}).items()))
        for row in session.exec(select(VisitTotal)).all()
        if any(getattr(row, name) for name in totals)
    )
    return dict(found)


def empty(runtime: Runtime) -> None:
    with runtime.session() as session:
        for model in (Visit, VisitorDay, Referrer, Reach, ServerMet, VisitTotal):
            for row in session.exec(select(model)).all():
                session.delete(row)


def drain(runtime: Runtime, folder: Path, lines: Sequence[bytes], rules: Rules, most: int) -> None:
    folder.mkdir(parents=True)
    (folder / f"visits-{folder.name}.jsonl").write_bytes(b"".join(lines))
    while True:
        with runtime.session() as session:
            if not drain_batch(session, folder, runtime.clock(), most=most, rules=rules):
                return


@pytest.fixture
def links(both_runtime: Runtime) -> list[Link]:
    artist_id = rows.make_artist(both_runtime)
    release_id = rows.make_release(both_runtime, artist_id)
    return [rows.make_link(both_runtime, artist_id, release_id) for _ in range(2)]


counter = iter(range(10**9))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(WAYS, max_size=30), st.integers(0, 20), st.integers(1, 40), st.integers(1, 40), st.integers(0, 30))
def test_read_again_is_as_if_read_so_at_once(
    both_runtime: Runtime,
    links: list[Link],
    ways: list[tuple],
    seed: int,
    most: int,
    other: int,
    killed_after: int,  # type: ignore[type-arg]
) -> None:
    runtime, begin = both_runtime, both_runtime.clock() - timedelta(hours=20)
    lines = []
    for place, (minutes, agent, headers, who, button) in enumerate(sorted(ways, key=lambda way: way[0])):
        at = begin + timedelta(minutes=minutes, milliseconds=place)
        environ = rows.environ(user_agent=agent, address=f"127.0.0.{who}", **headers)
        lines.append(visit_line(environ, links[place % 2].code, at, SALT, button=button))
    number = next(counter)
    empty(runtime)
    drain(runtime, runtime.journal / f"new{number}", lines, PRESENT, most)
    with runtime.reading() as session:
        wanted = state(session)
    empty(runtime)
    drain(runtime, runtime.journal / f"old{number}", lines[:killed_after], old_rules(seed), other)
    drain(runtime, runtime.journal / f"mixed{number}", lines[killed_after:], PRESENT if seed % 3 == 0 else old_rules(seed), other)
    reclassify_visits.run(runtime, runtime.clock(), most=1)
    reclassify_visits.run(runtime, runtime.clock())
    with runtime.reading() as session:
        units = again.outdated(session, runtime.clock())
    assert units == []
    for link in links:  # once more changes nothing, and days without an older visit may be read as well
        for day in (0, 1):
            with runtime.session() as session:
                again.read_again(session, (link.id or 0, (runtime.clock() - timedelta(days=day) - datetime(1970, 1, 1, tzinfo=UTC)).days))
    with runtime.reading() as session:
        found = state(session)
    for name, whole in wanted.items():
        assert found[name] == whole, name


def test_a_day_of_which_visits_have_gone_keeps_its_figures(both_runtime: Runtime, links: list[Link], clock: TestClock) -> None:
    begin = both_runtime.clock()
    lines = [visit_line(rows.environ(**rows.NAVIGATED), links[0].code, begin + timedelta(hours=hours), SALT) for hours in (-11, 1, 3, 26)]
    drain(both_runtime, both_runtime.journal / "old", lines, Rules(1, lambda facts: Classified("bot", "names_itself")), 10)
    now = clock.forward(days=30)
    tidy.run(both_runtime, now)
    with both_runtime.reading() as session:
        assert [day for _, day in again.outdated(session, now)] == [(begin.date() - datetime(1970, 1, 1).date()).days + 1]
    assert reclassify_visits.run(both_runtime, now).done == 1
    with both_runtime.reading() as session:
        found = {(visit.at - begin).total_seconds() / 3600: (visit.kind, visit.rules) for visit in session.exec(select(Visit))}
        assert found == {1: ("bot", 1), 3: ("bot", 1), 26: ("person", PRESENT.number)}
        assert sum(total.bot for total in session.exec(select(VisitTotal))) == 3, "what was counted stays counted"
    assert reclassify_visits.run(both_runtime, now).done == 0


def test_ended_half_way_nothing_has_changed(both_runtime: Runtime, links: list[Link]) -> None:
    lines = [
        visit_line(rows.environ(address=f"127.0.0.{n}", **rows.NAVIGATED), links[0].code, both_runtime.clock(), SALT) for n in range(5)
    ]
    drain(both_runtime, both_runtime.journal / "old", lines, old_rules(1), 10)
    with both_runtime.reading() as session:
        before = state(session)
        (unit,) = again.outdated(session, both_runtime.clock())

    def killed() -> None:
        with both_runtime.session() as session:
            assert again.read_again(session, unit) == 5
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    with both_runtime.reading() as session:
        assert state(session) == before
    reclassify_visits.run(both_runtime, both_runtime.clock())
    with both_runtime.reading() as session:
        assert state(session) != before


def test_visits_kept_before_we_asked_where_they_came_from_are_believed() -> None:
    assert facts_of({"user_agent": "x"}) == VisitFacts("x", own=True)
    assert classify(facts_of({"user_agent": rows.FIREFOX, "fetch_mode": "navigate"})).kind == "person"


def test_beside_draining_no_visit_is_lost_from_the_figures(both_runtime: Runtime, links: list[Link]) -> None:
    at, link = both_runtime.clock(), links[0]
    lines = [visit_line(rows.environ(address=f"127.0.1.{n}", **rows.NAVIGATED), link.code, at, SALT) for n in range(120)]
    drain(both_runtime, both_runtime.journal / "old", lines[:20], Rules(1, lambda facts: Classified("uncertain", "bare")), 20)
    failures: list[BaseException] = []

    def again_and_again() -> None:
        try:
            for _ in range(8):
                with both_runtime.session() as session:
                    again.read_again(session, (link.id or 0, (at - datetime(1970, 1, 1, tzinfo=UTC)).days))
        except BaseException as error:
            failures.append(error)

    beside = threading.Thread(target=again_and_again)
    beside.start()
    drain(both_runtime, both_runtime.journal / "new", lines[20:], PRESENT, 7)
    beside.join()
    reclassify_visits.run(both_runtime, at)
    assert failures == []
    with both_runtime.reading() as session:
        assert totals_of(session, [link.id or 0])[link.id or 0] == LinkTotals(people=120, person=120)
