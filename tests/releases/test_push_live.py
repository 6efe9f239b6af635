"""An Owncast server's notes, in any order and however often: the streams they tell of stay the same."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.releases.pushing.live import PAUSE, Moment, Stream, streams
from creatorbot.releases.pushing.notes import digest_of, moment_of, read_note

EVENING = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)


def at(minutes: float, *, silent: bool = False) -> Moment:
    return Moment(EVENING + timedelta(minutes=minutes), silent)


moments = st.lists(st.builds(at, st.floats(0, 3000), silent=st.booleans()), max_size=30)


@given(moments, st.randoms())
def test_order_and_repetition_do_not_matter(told: list[Moment], random: object) -> None:
    again = told + told[: len(told) // 2]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert streams(again) == streams(told)


@given(moments)
def test_streams_lie_apart_and_begin_with_a_start(told: list[Moment]) -> None:
    found = streams(told)
    starts = {moment.at for moment in told if not moment.silent}
    assert all(stream.started_at in starts for stream in found)
    assert sum(stream.holds(moment) for stream in found for moment in starts) >= len(starts)
    for first, second in pairwise(found):
        assert second.started_at > first.live_at
        assert first.silent_at is None or second.started_at - first.silent_at > PAUSE


@given(st.lists(st.floats(0.01, 4.99), min_size=1, max_size=20))
def test_reconnects_within_five_minutes_are_one_stream(pauses: list[float]) -> None:
    told, now = [at(0)], 0.0
    for pause in pauses:
        told += [at(now + 10, silent=True), at(now + 10 + pause)]
        now += 10 + pause
    assert streams(told) == [Stream(EVENING, EVENING + timedelta(minutes=now))]


def test_a_longer_pause_makes_two() -> None:
    assert len(streams([at(0), at(30, silent=True), at(36)])) == 2
    assert len(streams([at(0), at(30, silent=True), at(34)])) == 1


def test_a_lost_end_does_not_swallow_the_next_evening() -> None:
    assert len(streams([at(0), at(24 * 60)])) == 2
    assert len(streams([at(0), at(90)])) == 1


def test_an_end_alone_says_nothing() -> None:
    assert streams([at(0, silent=True)]) == []


def test_it_is_over_only_after_the_pause() -> None:
    stream = streams([at(0), at(30, silent=True)])[0]
    assert not stream.is_over(EVENING + timedelta(minutes=34))
    assert stream.is_over(EVENING + timedelta(minutes=36))
    assert not streams([at(0)])[0].is_over(EVENING + timedelta(hours=9))


def body(kind: object = "STREAM_STARTED", **about: object) -> bytes:
    return json.dumps({"type": kind, "eventData": about}).encode()


def test_a_note_is_read_with_its_nanoseconds() -> None:
    note = read_note(body(id="a1", timestamp="2026-11-20T20:00:00.000000006+01:00"))
    assert note is not None
    assert (note.kind, note.id, note.told) == ("STREAM_STARTED", "a1", EVENING)


@pytest.mark.parametrize(
    "text", ["", "today", "0001-01-01T00:00:00Z", "2026-13-01T00:00:00Z", 7, None, "2026-11-20T19:00:00.1.2Z", "9" * 30]
)
def test_what_is_no_moment(text: object) -> None:
    assert moment_of(text) is None


@pytest.mark.parametrize(
    "given", [b"", b"[]", b"{", b"null", b'{"type": 3}', b'{"type": ""}', b"[" * 100_000, b"\xff\xfe", b'{"type":"' + b"x" * 300_000]
)
def test_what_is_no_note(given: bytes) -> None:
    assert read_note(given) is None


def test_a_wrong_clock_over_there_is_not_believed() -> None:
    note = read_note(body(id="a1", timestamp="2020-01-01T00:00:00Z"))
    assert note is not None
    assert note.at(EVENING) == EVENING
    near = read_note(body(id="a1", timestamp="2026-11-20T18:58:00Z"))
    assert near is not None
    assert near.at(EVENING) == EVENING - timedelta(minutes=2)


def test_a_repeated_note_is_known_by_id_and_kind() -> None:
    start, again, stop = read_note(body(id="a1")), read_note(body(id="a1", name="X")), read_note(body("STREAM_STOPPED", id="a1"))
    assert start is not None
    assert again is not None
    assert stop is not None
    assert digest_of(start) == digest_of(again) != digest_of(stop)
    old = read_note(b'{"type":"STREAM_STARTED"}')
    assert old is not None
    assert digest_of(old) != digest_of(old)  # servers before 0.0.8 give nothing to tell two evenings apart
