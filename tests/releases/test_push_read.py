"""From a hub's note to a release: found at once, found once, and the slow look as safety finds nothing twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import col, select

from creatorbot.models import Admission, Fetch, Pushed, Release, Source
from creatorbot.releases.poll import add_source, poll_source
from creatorbot.runtime import Runtime
from jobs import keep_subscriptions, read_pushes
from tests.releases.rows import feed, new_artist
from tests.servers.hub import Hub, practice_hub
from tests.servers.reached import reached
from tests.servers.scripted import Scripted, scripted
from tests.sources.pages import item, rss


@dataclass
class Story:
    """A feed that names a hub, looked at once, and subscribed to."""

    runtime: Runtime
    hub: Hub
    server: Scripted
    source_id: int

    @property
    def topic(self) -> str:
        """The feed."""
        return f"{self.server.url}/feed.xml"

    def publish(self, body: bytes, **how: str) -> list[int]:
        """The hub sends this, and the job has its turn."""
        statuses = self.hub.publish(self.topic, body, **how)  # type: ignore[arg-type]
        read_pushes.run(self.runtime, self.runtime.clock())
        return statuses

    def states(self) -> dict[str, str]:
        """Title and state of each release."""
        with self.runtime.reading() as session:
            return {release.title: release.state for release in session.exec(select(Release)).all()}


@contextmanager
def subscribed(silent: Runtime) -> Iterator[Story]:
    """One song out, the hub in place."""
    artist_id, now = new_artist(silent), silent.clock()
    with practice_hub() as hub, scripted() as server, reached(silent) as runtime:
        topic = f"{server.url}/feed.xml"
        named = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub.url}"/>'
        named += f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{topic}"/>'
        server.on("GET", "/feed.xml", feed(rss(item(1)).replace(b"<channel>", b"<channel>" + named.encode())))
        with runtime.session() as session:
            for port in (hub.port, server.port):
                session.add(Admission(artist_id=artist_id, host="127.0.0.1", port=port))
        source_id = add_source(runtime, artist_id, topic)
        keep_subscriptions.run(runtime, now)
        hub.settle()
        assert len(hub.subscribers) == 1
        yield Story(runtime, hub, server, source_id)


@pytest.fixture
def story(runtime: Runtime) -> Iterator[Story]:
    """On SQLite."""
    with subscribed(runtime) as made:
        yield made


def test_what_a_hub_sends_is_found_at_once_and_once(both_runtime: Runtime) -> None:
    with subscribed(both_runtime) as story:
        newer = rss(item(2), item(1))
        assert [story.publish(newer) for _ in range(3)] == [[204]] * 3
        assert story.states() == {"Song 1": "listed", "Song 2": "new"}
        story.server.on("GET", "/feed.xml", feed(newer))
        poll_source(story.runtime, story.source_id, story.runtime.clock() + timedelta(hours=1))
        assert story.states() == {"Song 1": "listed", "Song 2": "new"}


def test_only_the_new_entry_is_sent(story: Story) -> None:
    story.publish(rss(item(2)))
    assert story.states() == {"Song 1": "listed", "Song 2": "new"}


@pytest.mark.parametrize("secret", ["", "another"])
def test_what_is_not_signed_is_never_read(story: Story, secret: str) -> None:
    assert story.publish(rss(item(2)), secret=secret) == [204]
    assert story.states() == {"Song 1": "listed"}


def test_the_look_is_told_as_pushed(story: Story) -> None:
    story.publish(rss(item(2)))
    with story.runtime.reading() as session:
        last = session.exec(select(Fetch).order_by(col(Fetch.id).desc())).first()
        assert last is not None
        assert (last.how, last.found, last.fresh) == ("pushed", 1, 1)


@pytest.mark.parametrize(
    "body", [b"<html><body>We moved</body></html>", b"\xff\xfe\x00", b"{}", rss(item(1))[:-40].replace(b"<item>", b"<it<em>")]
)
def test_what_cannot_be_read_is_set_aside_and_loses_nothing(story: Story, body: bytes) -> None:
    story.publish(body)
    assert story.states() == {"Song 1": "listed"}
    with story.runtime.reading() as session:
        assert session.exec(select(Pushed.state)).one() in ("unreadable", "read")
    story.publish(rss(item(2)))
    assert story.states()["Song 2"] == "new"


def test_a_note_that_waits_survives_until_it_is_read(story: Story) -> None:
    story.hub.publish(story.topic, rss(item(2)))
    assert story.states() == {"Song 1": "listed"}
    read_pushes.run(story.runtime, story.runtime.clock() + timedelta(hours=5))
    assert story.states()["Song 2"] == "new"


def weekly(number: int) -> str:
    """Every week a new entry with the same title, on the same page."""
    page = "https://aoife.example/live"
    return item(number, title="Live tonight", link=page, guid=f"live-{number}", date=f"0{number} Nov 2026 10:00:00 GMT")


def test_a_note_with_only_the_new_one_of_two_alike_is_looked_after(story: Story) -> None:
    now = story.runtime.clock()
    story.server.on("GET", "/feed.xml", feed(rss(weekly(1), item(1))))
    poll_source(story.runtime, story.source_id, now + timedelta(hours=1))
    story.publish(rss(weekly(8)))
    with story.runtime.reading() as session:
        assert [one.state for one in session.exec(select(Release).where(Release.title == "Live tonight"))] == ["new"]
        assert session.exec(select(Source.next_poll_at)).one() <= now
    story.server.on("GET", "/feed.xml", feed(rss(weekly(8), weekly(1), item(1))))
    poll_source(story.runtime, story.source_id, now + timedelta(hours=2))
    with story.runtime.reading() as session:
        found = session.exec(select(Release.released_on, Release.state).where(Release.title == "Live tonight")).all()
    assert sorted(day.day for day, _ in found if day) == [1, 8]
    assert {state for _, state in found} == {"new"}
