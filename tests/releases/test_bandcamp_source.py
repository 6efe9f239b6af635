"""A Bandcamp page as a source: the list tells little, the releases' own pages tell the rest."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select, update

from creatorbot.errors import ServiceError
from creatorbot.models import Admission, Release, Source
from creatorbot.releases.poll import add_source, poll_source, refresh_release
from creatorbot.releases.polling.finding import typed_address
from tests.releases.rows import Place, page
from tests.servers.scripted import answer, scripted
from tests.sources.pages import CHALLENGE, LABEL, grid_page, linked, offer, release_page, square, tralbum

TALL = square("album-4001", "Tall Ships", "/album/tall-ships")
OTHER = square("album-4002", "Old Demos", "/album/old-demos")
TRACK = square("track-77", "Wellerman", "/track/wellerman")


def grid(place: Place, *squares: str) -> None:
    place.server.on("GET", "/music", page(place.local(grid_page(squares))))


def album(place: Place, price: float = 7.0, **changed: object) -> None:
    data = tralbum(minimum_price=price, url="/album/tall-ships", **changed)
    body = release_page(data, linked(offer(4001, "a", "USD", {"minPrice": price})), licence='<span class="cc-icons commercial"></span>')
    place.server.on("GET", "/album/tall-ships", page(place.local(body)))


def add(place: Place, path: str = "/music") -> int:
    return add_source(place.runtime, place.artist_id, place.server.url + path)


def look_again(place: Place, source_id: int) -> None:
    now: datetime = place.runtime.clock() + timedelta(hours=4)
    place.runtime.clock.at = now  # type: ignore[attr-defined]
    poll_source(place.runtime, source_id, now)


def test_the_first_releases_are_looked_at_for_their_price(place: Place) -> None:
    grid(place, TALL, OTHER)
    album(place)
    add(place)
    tall, other = place.releases()
    assert (tall.title, tall.state) == ("Tall Ships", "listed")
    assert (tall.price_model, tall.price_minor, tall.price_currency) == ("minimum", 700, "USD")
    assert (tall.licence, str(tall.released_on), tall.tags) == ("all-rights-reserved", "2026-11-06", ["Folk", "shanty", "Galway"])
    assert (other.title, other.price_model, other.price_minor) == ("Old Demos", "unknown", None)


def test_a_new_square_is_new_wherever_it_stands_and_others_stay_the_same(place: Place) -> None:
    grid(place, TALL)
    album(place)
    source_id = add(place)
    grid(place, OTHER, TALL)
    look_again(place, source_id)
    grid(place, TALL, OTHER)
    look_again(place, source_id)
    assert place.states() == {"Tall Ships": "listed", "Old Demos": "new"}
    assert place.releases()[0].price_minor == 700
    assert place.server.times("GET", "/album/tall-ships") == 1  # known releases are not asked for at each look


def test_tracks_of_an_album_come_with_it(place: Place) -> None:
    grid(place, TALL)
    album(place)
    source_id = add(place)
    track = tralbum(item_type="track", id=77, url="/track/wellerman", album_url="/album/tall-ships", title="Wellerman")
    place.server.on("GET", "/track/wellerman", page(place.local(release_page(track))))
    grid(place, TRACK, TALL)
    look_again(place, source_id)
    assert [row.decision for row in place.items()] == ["baseline", "with_album"]
    assert "Wellerman" not in place.states()
    assert {row.release_id for row in place.items()} == {place.releases()[0].id}


def test_at_a_robot_check_on_the_way_the_rest_stays_unknown(place: Place) -> None:
    place.server.on("GET", "/album/old-demos", page(CHALLENGE))
    album(place)
    grid(place, OTHER, TALL)
    add(place)
    assert [release.price_model for release in place.releases()] == ["unknown", "unknown"]
    assert place.server.times("GET", "/album/tall-ships") == 0
    assert place.source().state == "ok"


def test_at_first_twelve_pages_are_opened_at_most(place: Place) -> None:
    place.server.on("GET", "*", answer(404))
    grid(place, *(square(f"album-{number}", f"Album {number}", f"/album/{number}") for number in range(1, 17)))
    add(place)
    assert len(place.server.asked) == 1 + 12
    assert len(place.releases()) == 16


def test_a_robot_check_at_the_door_stores_nothing_and_says_what_to_do(place: Place) -> None:
    place.server.on("GET", "/music", page(CHALLENGE))
    with pytest.raises(ServiceError, match="add a release by hand"):
        add(place)
    with place.runtime.reading() as session:
        assert session.exec(select(Source)).first() is None


def test_a_single_release_page_is_a_source_too(place: Place) -> None:
    album(place)
    add(place, "/album/tall-ships")
    assert place.states() == {"Tall Ships": "listed"}
    assert place.releases()[0].price_minor == 700


def test_a_front_page_with_one_release_leads_to_the_list(place: Place) -> None:
    album(place)
    place.server.on("GET", "/", page(place.local(release_page(tralbum(url="/album/tall-ships")))))
    grid(place, TALL, OTHER)
    add(place, "/")
    assert place.source().address == f"{place.server.url}/music"
    assert list(place.states()) == ["Tall Ships", "Old Demos"]


def test_a_front_page_without_a_list_is_taken_as_it_is(place: Place) -> None:
    place.server.on("GET", "/", page(place.local(release_page(tralbum(url="/album/tall-ships")))))
    add(place, "/")
    assert (place.source().address, list(place.states())) == (f"{place.server.url}/", ["Tall Ships"])


def test_a_labels_front_page_leads_to_its_music(place: Place) -> None:
    place.server.on("GET", "/", page(LABEL))
    grid(place, TALL)
    add(place, "/")
    assert (place.source().address, list(place.states())) == (f"{place.server.url}/music", ["Tall Ships"])


def test_the_front_page_at_bandcamp_is_asked_for_its_music() -> None:
    assert typed_address("aoife.bandcamp.com") == "https://aoife.bandcamp.com/music"
    assert typed_address(" https://Aoife.bandcamp.com/ ") == "https://aoife.bandcamp.com/music"
    assert typed_address("https://aoife.bandcamp.com/album/x") == "https://aoife.bandcamp.com/album/x"


def test_a_release_is_looked_at_again_when_it_is_needed(place: Place) -> None:
    grid(place, TALL, OTHER)
    add(place)
    tall = place.releases()[0]
    assert tall.price_model == "unknown"
    album(place, 9.5)
    assert refresh_release(place.runtime, tall.id or 0)
    tall = place.releases()[0]
    assert (tall.price_model, tall.price_minor, tall.price_currency, tall.tracks) == ("minimum", 950, "USD", 2)
    album(place, 0.0)
    refresh_release(place.runtime, tall.id or 0)
    assert (place.releases()[0].price_model, place.releases()[0].price_minor) == ("pay_what_you_want", None)


def test_a_price_typed_by_hand_stays(place: Place) -> None:
    grid(place, TALL)
    album(place)
    add(place)
    with place.runtime.session() as session:
        session.exec(update(Release).values(edited=["price_minor"], price_minor=100))
    album(place, 9.5)
    assert refresh_release(place.runtime, place.releases()[0].id or 0)
    assert place.releases()[0].price_minor == 100


@pytest.mark.parametrize("reply", [answer(404), page(CHALLENGE), page(b"<html>"), page(release_page(tralbum(id=9, url="/album/else")))])
def test_a_look_that_fails_changes_nothing(place: Place, reply: object) -> None:
    grid(place, TALL)
    album(place)
    add(place)
    place.server.on("GET", "/album/tall-ships", reply)  # type: ignore[arg-type]
    assert not refresh_release(place.runtime, place.releases()[0].id or 0)
    assert place.releases()[0].price_minor == 700
    assert not refresh_release(place.runtime, 10_000)


def test_a_label_without_a_list_of_its_own_is_watched_through_its_artists(place: Place) -> None:
    with scripted() as aoife:
        # on loopback every artist has the label's host: the label's page is given another name for it
        with place.runtime.session() as session:
            session.add(Admission(artist_id=place.artist_id, host="127.0.0.1", port=aoife.port))
            session.add(Admission(artist_id=place.artist_id, host="localhost", port=aoife.port))
        member = f"http://localhost:{aoife.port}"
        label = LABEL.replace(b"https://aoife.bandcamp.com", member.encode())
        place.server.on("GET", "/music", page(label))
        aoife.on("GET", "/music", page(grid_page([TALL]).replace(b"https://aoife.bandcamp.com", member.encode())))
        source_id = add(place)
        assert place.states() == {"Tall Ships": "listed"}
        aoife.on("GET", "/music", page(grid_page([TALL, OTHER]).replace(b"https://aoife.bandcamp.com", member.encode())))
        look_again(place, source_id)  # the label's own page is byte for byte the same
        assert place.states() == {"Tall Ships": "listed", "Old Demos": "new"}
