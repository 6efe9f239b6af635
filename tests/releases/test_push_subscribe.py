"""Being told instead of looking: asked for, verified, renewed in time, refused, taken leave of; whatever the hub does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import col, select

from creatorbot.models import Admission, Installation, Push, Source
from creatorbot.releases.pushing.subscribe import LEASE_S
from creatorbot.runtime import Runtime
from jobs import keep_subscriptions
from tests.conftest import TestClock
from tests.releases.rows import new_artist
from tests.servers.hub import CHALLENGE, Hub, call, practice_hub
from tests.servers.reached import reached

TOPIC = "https://aoife.example/feed.xml"


@dataclass
class Told:
    """An artist whose one source names a hub on loopback."""

    runtime: Runtime
    clock: TestClock
    hub: Hub
    artist_id: int
    source_id: int

    def work(self, **later: float) -> None:
        """One round of the job, after so much time; and the hub's own calls are over."""
        now = self.clock.forward(**later) if later else self.clock()
        keep_subscriptions.run(self.runtime, now)
        self.hub.settle()

    def pushes(self) -> list[Push]:
        """All there are, the oldest first."""
        with self.runtime.reading() as session:
            return list(session.exec(select(Push).order_by(col(Push.id))).all())

    def push(self) -> Push:
        """The only one."""
        (one,) = self.pushes()
        return one

    def change(self, **values: object) -> None:
        """Something about the source is different now."""
        with self.runtime.session() as session:
            source = session.get_one(Source, self.source_id)
            for name, value in values.items():
                setattr(source, name, value)
            session.add(source)

    def modes(self) -> list[str]:
        """What the hub was asked, in order."""
        return [form["hub.mode"] for form in self.hub.told]


@pytest.fixture
def told(runtime: Runtime, clock: TestClock) -> Iterator[Told]:
    """Nothing asked yet."""
    with told_by(runtime, clock) as made:
        yield made


@pytest.fixture
def told_on_both(both_runtime: Runtime, clock: TestClock) -> Iterator[Told]:
    """The same on each database."""
    with told_by(both_runtime, clock) as made:
        yield made


@contextmanager
def told_by(silent: Runtime, clock: TestClock) -> Iterator[Told]:
    """An artist, a source, a hub, and an application the hub can reach."""
    with practice_hub() as hub, reached(silent) as runtime:
        artist_id = new_artist(runtime)
        with runtime.session() as session:
            session.add(Admission(artist_id=artist_id, host="127.0.0.1", port=hub.port))
            source = Source(
                artist_id=artist_id, kind="feed", address=TOPIC, hub=hub.url, topic=TOPIC, created_at=clock(), next_poll_at=clock()
            )
            session.add(source)
            session.flush()
            source_id = source.id or 0
        yield Told(runtime, clock, hub, artist_id, source_id)


def test_asked_verified_and_on(told_on_both: Told) -> None:
    told = told_on_both
    told.work()
    push = told.push()
    assert (push.state, push.failures, push.sentence) == ("on", 0, "")
    form = told.hub.told[0]
    assert (form["hub.mode"], form["hub.topic"], form["hub.lease_seconds"]) == ("subscribe", TOPIC, str(LEASE_S))
    assert form["hub.callback"] == f"{told.runtime.settings.own_url}/push/{push.public_id}"
    assert 20 <= len(form["hub.secret"]) < 200
    assert form["hub.secret"].encode() not in (push.secret or b"")
    assert push.expires_at == told.clock() + timedelta(seconds=LEASE_S)
    told.work()
    assert told.modes() == ["subscribe"]


def test_a_hub_that_asks_back_before_it_answers(told: Told) -> None:
    told.hub.manner = "at_once"
    told.work()
    assert told.push().state == "on"


def test_renewed_at_two_thirds_of_the_lease_with_the_same_callback(told: Told) -> None:
    told.hub.lease = 3000
    told.work()
    told.work(seconds=1900)
    assert told.modes() == ["subscribe"]
    told.work(seconds=200)
    assert told.modes() == ["subscribe", "subscribe"]
    assert told.hub.told[0]["hub.callback"] == told.hub.told[1]["hub.callback"]
    assert told.push().expires_at == told.clock() + timedelta(seconds=3000)


def test_a_lease_that_ran_out_is_asked_for_anew(told: Told) -> None:
    told.hub.lease = 3000
    told.work()
    told.hub.manner = "broken"
    told.work(seconds=2100)
    assert told.push().state == "on"  # the lease still runs
    told.work(seconds=2000)
    assert told.push().state == "asked"
    told.hub.manner = "verify"
    told.work(days=1)
    assert told.push().state == "on"


@pytest.mark.parametrize("lease", [0, 1, 10**9])
def test_a_senseless_lease_is_bounded(told: Told, lease: int) -> None:
    told.hub.lease = lease
    told.work()
    push = told.push()
    assert push.expires_at is not None
    assert timedelta(seconds=60) <= push.expires_at - told.clock() <= timedelta(days=30)


@pytest.mark.parametrize("manner", ["broken", "silent", "busy"])
def test_trouble_is_tried_again_ever_less_often(told: Told, manner: str) -> None:
    told.hub.manner = manner
    for _ in range(48):
        told.work(minutes=30)
    assert 4 <= len(told.hub.told) <= 9
    assert told.push().state == "asked"
    assert "we look by ourselves" in told.push().sentence.lower()
    told.hub.manner = "verify"
    told.work(days=1, hours=3)
    assert told.push().state == "on"


def test_a_refusal_is_told_with_its_reason_and_tried_again_next_week(told: Told) -> None:
    told.hub.manner, told.hub.reason = "deny", "Only <b>friends</b>\u202e may"
    told.work()
    push = told.push()
    assert push.state == "refused"
    assert "Only <b>friends</b> may" in push.sentence
    told.work(days=6)
    assert len(told.hub.told) == 1
    told.hub.manner = "verify"
    told.work(days=2)
    assert told.push().state == "on"


def test_a_no_is_a_no(told: Told) -> None:
    told.hub.manner = "no"
    told.work()
    assert (told.push().state, "does not want to" in told.push().sentence) == ("refused", True)


def test_a_hub_may_send_us_on(told: Told) -> None:
    with practice_hub() as other:
        with told.runtime.session() as session:
            session.add(Admission(artist_id=told.artist_id, host="127.0.0.1", port=other.port))
        told.hub.manner, told.hub.other = "elsewhere", other.url
        told.work()
        other.settle()
        assert told.push().state == "on"


def test_a_hub_that_sends_us_round_in_circles_or_into_the_house(told: Told) -> None:
    told.hub.manner, told.hub.other = "elsewhere", told.hub.url
    told.work()
    assert told.push().state == "refused"
    assert len(told.hub.told) <= 4


def test_what_we_did_not_ask_for_is_refused(told: Told) -> None:
    told.work()
    callback = told.push().callback
    good = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": CHALLENGE, "hub.lease_seconds": "60"}
    assert told.hub.ask_back(callback, good)[0] == 200  # our answer may have been lost
    told.clock.forward(hours=1)
    for wrong in (
        good,
        good | {"hub.topic": TOPIC + "?x"},
        good | {"hub.mode": "unsubscribe"},
        good | {"hub.mode": "publish"},
        good | {"hub.challenge": ""},
        {"hub.mode": "denied", "hub.topic": "https://else.example"},
    ):
        assert told.hub.ask_back(callback, wrong) == (404, "")
    assert told.hub.ask_back(callback + "x", good) == (404, "")
    assert told.push().state == "on"


def test_a_denial_ends_what_was_on(told: Told) -> None:
    told.work()
    assert told.hub.ask_back(told.push().callback, {"hub.mode": "denied", "hub.topic": TOPIC})[0] == 200
    assert told.push().state == "refused"


def test_removing_the_source_takes_leave_of_the_hub(told_on_both: Told) -> None:
    told = told_on_both
    told.work()
    with told.runtime.session() as session:
        session.delete(session.get_one(Source, told.source_id))
    told.work()
    assert told.modes() == ["subscribe", "unsubscribe"]
    assert told.hub.subscribers == {}
    assert told.push().state == "ended"
    assert call(told.push().callback, b"<rss/>")[0] == 410


def test_another_hub_is_asked_and_the_old_one_left(told_on_both: Told) -> None:
    told = told_on_both
    told.work()
    with practice_hub() as other:
        with told.runtime.session() as session:
            session.add(Admission(artist_id=told.artist_id, host="127.0.0.1", port=other.port))
        told.change(hub=other.url)
        told.work()
        other.settle()
        old, new = told.pushes()
        assert (old.state, new.state) == ("ended", "on")
        assert old.public_id != new.public_id
        assert told.hub.subscribers == {}
        assert len(other.subscribers) == 1


@pytest.mark.parametrize("change", [{"hub": "", "topic": ""}, {"state": "gone"}])
def test_a_source_that_offers_it_no_more_is_left_alone(told: Told, change: dict[str, str]) -> None:
    told.work()
    told.change(**change)
    told.work()
    told.work(days=20)
    assert told.modes() == ["subscribe", "unsubscribe"]
    assert [push.state for push in told.pushes()] == ["ended"]


def test_a_hub_that_hears_no_goodbye_is_given_up(told: Told) -> None:
    told.work()
    told.hub.manner = "broken"
    told.change(hub="", topic="")
    for _ in range(12):
        told.work(days=2)
    assert told.push().state == "ended"
    assert len(told.hub.told) <= 6


def test_without_an_address_of_our_own_nobody_outside_is_asked(runtime: Runtime, clock: TestClock) -> None:
    artist_id = new_artist(runtime)
    with runtime.session() as session:
        session.add(
            Source(artist_id=artist_id, kind="feed", address=TOPIC, hub="https://hub.example/", created_at=clock(), next_poll_at=clock())
        )
    keep_subscriptions.run(runtime, clock())
    with runtime.reading() as session:
        assert session.exec(select(Push)).all() == []


def test_a_hub_without_encryption_is_never_given_our_secret(runtime: Runtime, clock: TestClock) -> None:
    artist_id = new_artist(runtime)
    with runtime.session() as session:
        session.add(Installation(id=1, public_url="https://music.example.org", public_answered_at=clock(), created_at=clock()))
        session.add(
            Source(artist_id=artist_id, kind="feed", address=TOPIC, hub="http://hub.example/", created_at=clock(), next_poll_at=clock())
        )
    keep_subscriptions.run(runtime, clock())
    with runtime.reading() as session:
        push = session.exec(select(Push)).one()
    assert (push.state, push.callback) == ("refused", "")
    assert "without encryption" in push.sentence


@pytest.mark.parametrize("hub", ["https://10.0.0.1/hub", "https://127.0.0.1/hub", "https://hub.example:25/", "https://[::1]/", "https://"])
def test_a_hub_inside_the_house_is_never_called(runtime: Runtime, clock: TestClock, hub: str) -> None:
    artist_id = new_artist(runtime)
    with runtime.session() as session:
        session.add(Installation(id=1, public_url="https://music.example.org", public_answered_at=clock(), created_at=clock()))
        session.add(Source(artist_id=artist_id, kind="feed", address=TOPIC, hub=hub, created_at=clock(), next_poll_at=clock()))
    keep_subscriptions.run(runtime, clock())
    with runtime.reading() as session:
        assert session.exec(select(Push.state)).one() == "refused"


def test_when_our_address_changes_the_hub_learns_the_new_one(told: Told) -> None:
    told.work()
    with told.runtime.session() as session:
        push = session.exec(select(Push)).one()
        push.callback = push.callback.replace(told.runtime.settings.own_url, "https://old.example.org")
        session.add(push)
        session.add(Installation(id=1, public_url="https://new.example.org", public_answered_at=told.clock(), created_at=told.clock()))
    told.work()
    assert [form["hub.mode"] for form in told.hub.told[1:]].count("subscribe") == 1
    assert {push.state for push in told.pushes()} == {"leaving", "on"}
