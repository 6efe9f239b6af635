"""Pages we did not fetch: told by a hub or a server, pasted, or handed over by the bookmark; each read once, as if we had looked."""

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from creatorbot.errors import InvalidInput, NotFound, ServiceError
from creatorbot.models import Fetch, Push, Pushed, Source
from creatorbot.releases.poll import add_source, poll_source, read_pushed, take_page
from creatorbot.runtime import Runtime
from creatorbot.sources.base import Fetched
from tests.releases.rows import Place, feed, new_artist, place_of
from tests.servers.scripted import answer
from tests.sources.pages import CHALLENGE, grid_page, item, linked, offer, release_page, rss, square, tralbum

HOST = "https://aoife.bandcamp.com"
ALBUM = release_page(tralbum(minimum_price=7.0), linked(offer(4001, "a", "EUR", {"minPrice": 7.0})))


def grid(*numbers: int) -> Fetched:
    """The artist's own page on Bandcamp, as a browser shows it."""
    squares = [square(f"album-{number}", f"Album {number}", f"/album/album-{number}") for number in numbers]
    return Fetched(f"{HOST}/music", grid_page(squares))


def pushed(place: Place, body: bytes, *, kind: str = "websub", state: str = "on") -> int:
    """A note that arrived for the only source; returns its id."""
    now, source = place.runtime.clock(), place.source()
    with place.runtime.session() as session:
        push = session.exec(select(Push).where(Push.kind == kind)).first() or Push(
            artist_id=place.artist_id,
            source_id=source.id,
            kind=kind,
            public_id=f"secret-{kind}",
            state=state,
            created_at=now,
            next_try_at=now,
        )
        session.add(push)
        session.flush()
        note = Pushed(push_id=push.id or 0, source_id=source.id or 0, received_at=now, digest=str(hash(body)), body=body)
        session.add(note)
        session.flush()
        return note.id or 0


def fetches(place: Place) -> list[Fetch]:
    """All looks at all sources."""
    with place.runtime.reading() as session:
        return list(session.exec(select(Fetch).order_by(col(Fetch.id))).all())


def note_of(place: Place, pushed_id: int) -> Pushed:
    """The note as it is now."""
    with place.runtime.reading() as session:
        return session.get_one(Pushed, pushed_id)


def watched(place: Place) -> int:
    """A feed with one entry that is known."""
    place.server.on("GET", "/feed.xml", feed(rss(item(1)), etag='"1"'))
    return add_source(place.runtime, place.artist_id, place.url)


def test_what_a_hub_tells_is_news_once_and_the_source_stays_as_it_is(both_runtime: Runtime) -> None:
    with place_of(both_runtime) as place:
        watched(place)
        before = place.source()
        note = pushed(place, rss(item(2), item(1)))
        for _ in range(2):
            read_pushed(both_runtime, note, both_runtime.clock())
        assert place.states() == {"Song 1": "listed", "Song 2": "new"}
        after = place.source()
        assert (after.etag, after.body_hash, after.next_poll_at) == (before.etag, before.body_hash, before.next_poll_at)
        assert after.last_new_at == both_runtime.clock()
        assert [(row.how, row.outcome, row.fresh) for row in fetches(place)] == [("asked", "changed", 0), ("pushed", "changed", 1)]
        assert note_of(place, note).state == "read"


def test_what_was_pushed_is_not_new_again_when_we_look(place: Place) -> None:
    source_id = watched(place)
    read_pushed(place.runtime, pushed(place, rss(item(2))), place.runtime.clock())
    place.server.on("GET", "/feed.xml", feed(rss(item(2), item(1))))
    poll_source(place.runtime, source_id, place.runtime.clock())
    assert place.states() == {"Song 1": "listed", "Song 2": "new"}
    assert fetches(place)[-1].fresh == 0


def test_a_note_that_cannot_be_read_is_kept_and_the_source_looked_at(place: Place) -> None:
    watched(place)
    note = pushed(place, b"<html><p>We are closed</p></html>")
    read_pushed(place.runtime, note, place.runtime.clock())
    row = note_of(place, note)
    assert (row.state, row.sentence != "", row.body) == ("unreadable", True, b"<html><p>We are closed</p></html>")
    assert place.source().next_poll_at == place.runtime.clock()
    assert (place.source().state, place.states()) == ("ok", {"Song 1": "listed"})


def test_a_note_for_a_source_never_looked_at_makes_us_look_first(place: Place) -> None:
    watched(place)
    with place.runtime.session() as session:
        session.exec(update(Source).values(baseline_at=None))
    read_pushed(place.runtime, pushed(place, rss(item(2))), place.runtime.clock())
    assert place.states() == {"Song 1": "listed"}
    assert place.source().next_poll_at == place.runtime.clock()


def test_an_owncast_note_is_read_by_its_own_kind(place: Place) -> None:
    status = (
        b'{"online":false,"viewerCount":0,"versionNumber":"0.2.0","name":"Aoife live","lastConnectTime":null,"lastDisconnectTime":null}'
    )
    place.server.on("GET", "/api/status", answer(200, status, {"Content-Type": "application/json"}))
    add_source(place.runtime, place.artist_id, f"{place.server.url}/api/status")
    told = '{"type":"%s","eventData":{"id":"x1","name":"Aoife live","streamTitle":"Sea songs","timestamp":"2026-11-20T11:59:00Z"}}'
    read_pushed(place.runtime, pushed(place, (told % "STREAM_STARTED").encode(), kind="owncast"), place.runtime.clock())
    assert place.states() == {"Sea songs": "new"}
    chat = pushed(place, (told % "CHAT").encode(), kind="owncast")
    read_pushed(place.runtime, chat, place.runtime.clock())
    assert (note_of(place, chat).state, len(place.releases())) == ("read", 1)


def test_a_source_whose_hub_tells_us_is_looked_at_twice_a_day_only(place: Place) -> None:
    source_id = watched(place)
    pushed(place, rss())
    now = place.runtime.clock()
    with place.runtime.session() as session:
        session.exec(update(Push).values(expires_at=now + timedelta(days=5)))
    poll_source(place.runtime, source_id, now, how="polled")
    assert timedelta(hours=12) <= place.source().next_poll_at - now <= timedelta(hours=24)
    with place.runtime.session() as session:
        session.exec(update(Push).values(expires_at=now - timedelta(days=1)))  # nobody renewed it
    poll_source(place.runtime, source_id, now, how="polled")
    assert place.source().next_poll_at - now <= timedelta(minutes=30)


def test_a_page_given_with_the_address_is_taken_instead_of_a_look(place: Place) -> None:
    source_id = add_source(place.runtime, place.artist_id, f"{HOST}/music", grid(1, 2))
    source = place.source()
    assert (source.id, source.kind, source.address, source.state) == (source_id, "bandcamp", f"{HOST}/music", "ok")
    assert place.states() == {"Album 1": "listed", "Album 2": "listed"}
    assert (source.typed, fetches(place)[0].how, place.server.asked) == (f"{HOST}/music", "asked", [])
    assert source.found_how


@pytest.mark.parametrize("body", [CHALLENGE, b"<html><p>Hello</p></html>", b"nonsense"])
def test_nothing_is_kept_of_a_given_page_that_cannot_be_read(place: Place, body: bytes) -> None:
    for give in (
        lambda: add_source(place.runtime, place.artist_id, f"{HOST}/music", Fetched(f"{HOST}/music", body)),
        lambda: take_page(place.runtime, place.artist_id, Fetched(f"{HOST}/music", body)),
    ):
        with pytest.raises((InvalidInput, ServiceError)) as caught:
            give()
        assert str(caught.value)
    with place.runtime.reading() as session:
        assert session.exec(select(Source)).first() is None


def test_a_page_handed_over_brings_its_source_up_to_date(both_runtime: Runtime) -> None:
    with place_of(both_runtime) as place:
        first = take_page(both_runtime, place.artist_id, grid(1))
        with both_runtime.session() as session:
            session.exec(update(Source).values(state="robot_check", sentence="Prove it", failures=5))
        assert take_page(both_runtime, place.artist_id, grid(2, 1)) == first
        assert place.states() == {"Album 1": "listed", "Album 2": "new"}
        source = place.source()
        assert (source.state, source.failures, source.sentence) == ("ok", 0, "")
        assert take_page(both_runtime, place.artist_id, grid(2, 1)) == first
        assert len(place.releases()) == 2


def test_the_page_of_one_release_counts_for_the_list_it_belongs_to(place: Place) -> None:
    listed = take_page(place.runtime, place.artist_id, grid(1))
    taken = take_page(place.runtime, place.artist_id, Fetched(f"{HOST}/album/tall-ships", ALBUM))
    assert taken == listed
    assert place.states() == {"Album 1": "listed", "Tall Ships": "new"}
    assert place.source().address == f"{HOST}/music"
    assert place.releases()[1].price_minor == 700


def test_a_page_nobody_watches_yet_is_watched_from_now_on_and_nothing_on_it_is_new(place: Place) -> None:
    source_id = take_page(place.runtime, place.artist_id, Fetched(f"{HOST}/album/tall-ships", ALBUM))
    assert (place.source().id, place.source().address) == (source_id, f"{HOST}/album/tall-ships")
    assert place.states() == {"Tall Ships": "listed"}
    other = new_artist(place.runtime, "Bram")
    assert take_page(place.runtime, other, Fetched(f"{HOST}/album/tall-ships", ALBUM)) != source_id
    with pytest.raises(NotFound):
        take_page(place.runtime, 999, grid(1))
