"""What arrives from a hub: kept once when it is signed, never read when it is not, and never more than we can hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from creatorbot.errors import NotFound
from creatorbot.models import Push, Pushed, Source
from creatorbot.releases.pushing import tidy
from creatorbot.releases.pushing.receive import receive
from creatorbot.releases.pushing.signature import is_signed
from creatorbot.runtime import Runtime
from tests.conftest import TestClock
from tests.releases.rows import new_artist
from tests.servers.hub import signed

SECRET = "s" * 40
BODY = b"<rss><channel><title>Aoife</title></channel></rss>"


@given(st.binary(max_size=200), st.sampled_from(["sha1", "sha256", "sha384", "sha512"]))
def test_each_method_of_the_recommendation_is_understood(body: bytes, method: str) -> None:
    header = signed(SECRET, body, method)
    assert is_signed(header, SECRET.encode(), body)
    assert is_signed(header.upper().replace("SHA", "sha"), SECRET.encode(), body)
    assert not is_signed(header, SECRET.encode(), body + b" ")
    assert not is_signed(header, b"another", body)


@pytest.mark.parametrize(
    "header", ["", "sha256", "sha256=", "md5=00", "=", "sha256=é", "crc32=12", "sha256=" + "0" * 64, "sha256=" + "0" * 9999]
)
def test_what_is_no_signature(header: str) -> None:
    assert not is_signed(header, SECRET.encode(), BODY)


def test_without_a_secret_nothing_is_signed() -> None:
    assert not is_signed(signed("", BODY), b"", BODY)


@pytest.fixture
def subscribed(both_runtime: Runtime) -> Runtime:
    """One source that a hub tells us about at "p"."""
    add_push(both_runtime)
    return both_runtime


def add_push(runtime: Runtime, state: str = "on", public_id: str = "p") -> None:
    now, artist_id = runtime.clock(), new_artist(runtime, f"Aoife {public_id}")
    with runtime.session() as session:
        source = Source(
            artist_id=artist_id,
            kind="feed",
            address=f"https://aoife.example/{public_id}",
            created_at=now,
            next_poll_at=now.replace(hour=23),
        )
        session.add(source)
        session.flush()
        session.add(
            Push(
                artist_id=artist_id,
                source_id=source.id,
                kind="websub",
                public_id=public_id,
                secret=runtime.vault.seal(SECRET),
                state=state,
                created_at=now,
                next_try_at=now,
            )
        )


def arrive(runtime: Runtime, body: bytes = BODY, signature: str | None = None, public_id: str = "p") -> str:
    header = signed(SECRET, body) if signature is None else signature
    return receive(runtime, public_id, {"x-hub-signature": header, "content-type": "application/rss+xml"}, body, runtime.clock())


def kept(runtime: Runtime) -> list[Pushed]:
    with runtime.reading() as session:
        return list(session.exec(select(Pushed)).all())


def test_a_signed_note_is_kept_once_as_it_came(subscribed: Runtime) -> None:
    assert [arrive(subscribed) for _ in range(3)] == ["kept"] * 3
    (row,) = kept(subscribed)
    assert (row.body, row.content_type, row.state) == (BODY, "application/rss+xml", "waiting")


@pytest.mark.parametrize("signature", ["", "sha256=" + "0" * 64, signed("wrong", BODY), signed(SECRET, BODY + b"x")])
def test_a_forged_one_is_counted_and_not_kept(subscribed: Runtime, signature: str) -> None:
    assert arrive(subscribed, signature=signature) == "ignored"
    assert kept(subscribed) == []
    with subscribed.reading() as session:
        push = session.exec(select(Push)).one()
    assert (push.ignored, push.last_push_at) == (1, None)


def test_nobody_is_at_a_guessed_address(subscribed: Runtime) -> None:
    for public_id in ("q", "", "p\0"):
        with pytest.raises(NotFound):
            arrive(subscribed, public_id=public_id)


@pytest.mark.parametrize("state", ["leaving", "ended", "refused"])
def test_what_is_over_is_over(runtime: Runtime, state: str) -> None:
    add_push(runtime, state)
    assert arrive(runtime) == "gone"
    assert kept(runtime) == []


def test_a_mere_ring_has_the_place_looked_at(subscribed: Runtime) -> None:
    assert arrive(subscribed, b" ") == "kept"
    assert kept(subscribed) == []
    with subscribed.reading() as session:
        assert session.exec(select(Source)).one().next_poll_at == subscribed.clock()


def test_a_flood_is_not_hoarded(subscribed: Runtime) -> None:
    for number in range(30):
        assert arrive(subscribed, BODY + str(number).encode()) == "kept"
    assert len(kept(subscribed)) == 20
    with subscribed.reading() as session:
        assert session.exec(select(Source)).one().next_poll_at == subscribed.clock()


def test_read_notes_are_thrown_away_after_some_days_and_waiting_ones_are_not(subscribed: Runtime, clock: TestClock) -> None:
    arrive(subscribed)
    arrive(subscribed, BODY + b" ")
    with subscribed.session() as session:
        first = session.exec(select(Pushed).order_by(Pushed.digest)).first()
        assert first is not None
        first.state = "read"
        session.add(first)
    with subscribed.session() as session:
        assert tidy.tidy(session, clock()) == 0
        assert tidy.tidy(session, clock.forward(days=4)) == 1
    assert [row.state for row in kept(subscribed)] == ["waiting"]
