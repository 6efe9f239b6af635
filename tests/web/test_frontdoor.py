"""The front door: links answer from memory, follow the database, and every answered visit is written down."""

import gzip
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest
from sqlmodel import select

from creatorbot.links.pages.shops import exit_word
from creatorbot.links.totals import LinkTotals
from creatorbot.models import Artist, Cover, DaySalt, Heartbeat, Installation, Link, Release, ReleasePlace
from creatorbot.releases.covers import card_file
from creatorbot.runtime import Runtime
from creatorbot.web.frontdoor import HEARTBEAT, FrontDoor
from tests.conftest import TestClock
from tests.links import rows
from tests.servers.door import nobody_home
from tests.web.answered import Answered, counted

SLOW = 3600.0  # the refresher sleeps through a test; what a test wants followed it asks for


@pytest.fixture
def link(runtime: Runtime) -> Link:
    artist_id = rows.make_artist(runtime)
    return rows.make_link(runtime, artist_id, rows.make_release(runtime, artist_id))


@pytest.fixture
def door(runtime: Runtime) -> FrontDoor:
    return FrontDoor(nobody_home, runtime, refresh_s=SLOW)


def test_a_link_answers_with_its_page_and_counts_the_visit(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    answer = Answered(door, f"/l/{link.code}")
    assert answer.status == "200 OK"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.headers["Referrer-Policy"] == "unsafe-url"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert b"Tall Ships" in answer.body
    assert f"http://127.0.0.1:8080/l/{link.code}".encode() in answer.body
    assert len(answer.body) < 30_000
    assert counted(runtime, link) == LinkTotals(people=1, person=1)


@pytest.mark.parametrize(("behind", "people"), [(True, 50), (False, 1)])
def test_fans_with_the_same_phone_are_apart_behind_our_proxy(runtime: Runtime, link: Link, behind: bool, people: int) -> None:
    settings = runtime.settings.model_copy(update={"behind_https": behind})
    behind_proxy = FrontDoor(nobody_home, replace(runtime, settings=settings), refresh_s=SLOW)
    for n in range(50):
        Answered(behind_proxy, f"/l/{link.code}", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=f"198.51.100.1, 203.0.113.{n}")
    assert counted(runtime, link) == LinkTotals(people=people, person=50)


def test_head_is_answered_without_a_body_and_is_nobody(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    whole = Answered(door, f"/l/{link.code}")
    head = Answered(door, f"/l/{link.code}", "HEAD")
    assert (head.status, head.body) == ("200 OK", b"")
    assert head.headers == whole.headers
    assert counted(runtime, link) == LinkTotals(people=1, person=1, bot=1)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("gzip; q=0", ""),
        ("identity", ""),
        ("", ""),
        ("*", ""),
        (",;=,br-like", ""),
    ],
)
def test_a_compressed_page_is_the_same_page(link: Link, door: FrontDoor, accepted: str, encoding: str) -> None:
    plain = Answered(door, f"/l/{link.code}")
    for _ in range(2):
        packed = Answered(door, f"/l/{link.code}", HTTP_ACCEPT_ENCODING=accepted)
        assert packed.headers.get("Content-Encoding", "") == encoding
        assert packed.headers["Content-Length"] == str(len(packed.body))
        assert {"gzip": gzip.decompress, "br": brotli.decompress, "": bytes}[encoding](packed.body) == plain.body
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] == packed.headers["ETag"]


def test_a_browser_that_kept_the_page_is_still_a_visit(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    first = Answered(door, f"/l/{link.code}")
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = Answered(door, f"/l/{link.code}", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert (again.status, again.body) == ("304 Not Modified", b"")
    assert Answered(door, f"/l/{link.code}", HTTP_IF_NONE_MATCH='W/"older"').status == "200 OK"
    assert counted(runtime, link) == LinkTotals(people=1, person=3)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_sent_to_a_link(runtime: Runtime, link: Link, door: FrontDoor, method: str) -> None:
    answer = Answered(door, f"/l/{link.code}", method)
    assert answer.status == "405 Method Not Allowed"
    assert answer.headers["Allow"] == "GET, HEAD"
    assert counted(runtime, link) == LinkTotals()


@pytest.mark.parametrize(
    "path", ["/", "/l/", "/l/unknown2", "/l/../etc", "/l/ä" * 30, "/cover/", "/cover/abcd.jpg", "/assets/x.css", "/login"]
)
def test_everything_else_is_the_applications_affair(link: Link, door: FrontDoor, path: str) -> None:
    assert Answered(door, path).body == b"not here"


def test_a_link_works_the_moment_its_post_exists(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    assert Answered(door, f"/l/{link.code}").status == "200 OK"
    newer = rows.make_link(runtime, link.artist_id, link.release_id)
    assert Answered(door, f"/l/{newer.code}").status == "200 OK"
    assert counted(runtime, newer).people == 1


def test_guessing_codes_asks_the_database_a_bounded_number_of_times(runtime: Runtime, link: Link) -> None:
    asked = 0
    reading = runtime.reading

    def counting():  # type: ignore[no-untyped-def]
        nonlocal asked
        asked += 1
        return reading()

    passed = [5.0]
    door = FrontDoor(nobody_home, Runtime(**{**vars(runtime), "reading": counting}), refresh_s=SLOW, monotonic=lambda: passed[0])
    Answered(door, f"/l/{link.code}")
    before = asked
    for _ in range(50):
        Answered(door, "/l/guessed2")
    assert asked - before == 1, "the same guess is remembered"
    for number in range(1000):
        Answered(door, f"/l/guess{number:04}")
    assert asked - before == 100
    passed[0] += 1.5
    Answered(door, "/l/guessed2")
    assert asked - before == 101, "for a second"


def test_edits_show_and_removed_rows_vanish(runtime: Runtime, clock: TestClock, link: Link, door: FrontDoor) -> None:
    before = Answered(door, f"/l/{link.code}")
    with runtime.session() as session:
        release = session.get_one(Release, link.release_id)
        release.title, release.changed_at = "Small Boats", clock.forward(seconds=5)
    door.refresh()
    edited = Answered(door, f"/l/{link.code}")
    assert b"Small Boats" in edited.body
    assert edited.headers["ETag"] != before.headers["ETag"]
    with runtime.session() as session:
        artist = session.get_one(Artist, link.artist_id)
        artist.language, artist.accent = "de", "#225588"
    door.refresh()
    german = Answered(door, f"/l/{link.code}")
    assert b'<html lang="de">' in german.body
    with runtime.session() as session:
        session.delete(session.get_one(Link, link.id))
    door.refresh()
    assert Answered(door, f"/l/{link.code}").body == b"not here"


def test_another_place_to_buy_shows_and_goes_again(runtime: Runtime, clock: TestClock, link: Link, door: FrontDoor) -> None:
    url = "https://mirlo.space/aoife/release/tall-ships"
    way = f"/l/{link.code}/{exit_word(url)}"
    assert way.encode() not in Answered(door, f"/l/{link.code}").body
    place = rows.make_place(runtime, link, url)
    door.refresh()
    assert way.encode() in Answered(door, f"/l/{link.code}").body
    shelf = door.shelf
    door.refresh()
    assert door.shelf is shelf
    with runtime.session() as session:
        row = session.get_one(ReleasePlace, place)
        row.availability, row.seen_at = "withdrawn", clock.forward(seconds=5)
    door.refresh()
    assert way.encode() not in Answered(door, f"/l/{link.code}").body
    assert Answered(door, way).headers["Location"] == f"/l/{link.code}", "never to where the page does not lead"


def test_places_known_before_there_was_a_link_show_with_it(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    Answered(door, f"/l/{link.code}")
    url, other = "https://mirlo.space/aoife/release/small-boats", rows.make_release(runtime, link.artist_id, title="Small Boats")
    rows.make_place(runtime, Link(artist_id=link.artist_id, release_id=other, code="none", created_at=runtime.clock()), url)
    door.refresh()
    assert other not in door.shelf.places, "nobody asks for it"
    first = rows.make_link(runtime, link.artist_id, other)
    assert exit_word(url).encode() in Answered(door, f"/l/{first.code}").body


def test_an_edit_stamped_earlier_but_committed_later_shows_too(runtime: Runtime, clock: TestClock, link: Link, door: FrontDoor) -> None:
    other = rows.make_release(runtime, link.artist_id, title="Other", changed_at=clock() + timedelta(seconds=20))
    rows.make_link(runtime, link.artist_id, other)
    Answered(door, f"/l/{link.code}")
    with runtime.session() as session:
        release = session.get_one(Release, link.release_id)
        release.title, release.changed_at = "Small Boats", clock.forward(seconds=10)
    door.refresh()
    assert b"Small Boats" in Answered(door, f"/l/{link.code}").body


def test_nothing_moved_means_nothing_is_built_again(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    Answered(door, f"/l/{link.code}")
    shelf = door.shelf
    door.refresh()
    assert door.shelf is shelf


def test_one_impossible_release_does_not_take_the_others_down(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    broken = rows.make_release(runtime, link.artist_id, price_model="fixed", price_minor=10**17)
    bad = rows.make_link(runtime, link.artist_id, broken)
    assert Answered(door, f"/l/{link.code}").status == "200 OK"
    assert Answered(door, f"/l/{bad.code}").body == b"not here"
    shelf = door.shelf
    door.refresh()
    assert door.shelf is shelf, "it is not tried again every second"


def test_absolute_addresses_follow_the_public_address_once_it_has_answered(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    with runtime.session() as session:
        session.add(Installation(id=1, public_url="https://music.example.org", created_at=runtime.clock()))
    assert b'og:url" content="http://127.0.0.1:8080/l/' in Answered(door, f"/l/{link.code}").body
    with runtime.session() as session:
        session.get_one(Installation, 1).public_answered_at = runtime.clock()
    door.refresh()
    assert b'og:url" content="https://music.example.org/l/' in Answered(door, f"/l/{link.code}").body


def test_style_sheet_and_cover_are_kept_for_ever(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    with runtime.session() as session:
        cover = Cover(
            content_hash="ab" * 20, mime="image/jpeg", width=9, height=9, card_width=9, card_height=9, bytes=3, created_at=runtime.clock()
        )
        session.add(cover)
        session.flush()
        session.get_one(Release, link.release_id).cover_id = cover.id
    file = card_file(runtime.covers, cover)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"JPG")
    body = Answered(door, f"/l/{link.code}").body.decode()
    style = body.split('rel="stylesheet" href="')[1].split('"')[0]
    for path, kind in ((style, "text/css; charset=utf-8"), (f"/cover/{'ab' * 20}.jpg", "image/jpeg")):
        assert path in body
        answer = Answered(door, path)
        assert answer.status == "200 OK"
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert Answered(door, path, "HEAD").body == b""
        assert Answered(door, path, "POST").status == "405 Method Not Allowed"
    assert Answered(door, f"/cover/{'ab' * 20}.jpg").body == b"JPG"
    assert counted(runtime, link).person == 1, "pictures are no visits"


def test_a_cover_stored_a_moment_ago_is_there(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    Answered(door, f"/l/{link.code}")
    with runtime.session() as session:
        cover = Cover(
            content_hash="cd" * 20, mime="image/jpeg", width=9, height=9, card_width=9, card_height=9, bytes=3, created_at=runtime.clock()
        )
        session.add(cover)
    assert Answered(door, f"/cover/{'cd' * 20}.jpg").status == "404 Not Found", "the file is not there yet"
    file = card_file(runtime.covers, cover)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"JPG")
    assert Answered(door, f"/cover/{'cd' * 20}.jpg").body == b"JPG"


def test_people_are_told_apart_by_a_salt_all_processes_share_and_the_next_days_is_ready(
    runtime: Runtime, clock: TestClock, link: Link
) -> None:
    doors = [FrontDoor(nobody_home, runtime, refresh_s=SLOW) for _ in range(2)]
    clock.at = clock.at.replace(hour=23, minute=56)
    for door in doors:
        Answered(door, f"/l/{link.code}")
    with runtime.reading() as session:
        assert [salt.day.day for salt in session.exec(select(DaySalt).order_by(DaySalt.day))] == [20, 21]  # type: ignore[arg-type]
    clock.forward(minutes=5)
    for door in doors:
        Answered(door, f"/l/{link.code}")
    assert counted(runtime, link) == LinkTotals(people=2, person=4)
    doors[0].refresh()
    with runtime.reading() as session:
        assert [salt.day.day for salt in session.exec(select(DaySalt))] == [21], "yesterday's is gone"


def test_a_full_disk_does_not_stop_links_and_is_told(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    runtime.journal.write_text("a file where the folder should be")
    for _ in range(3):
        assert Answered(door, f"/l/{link.code}").status == "200 OK"
    door.tell_dropped()
    with runtime.reading() as session:
        beat = session.get_one(Heartbeat, HEARTBEAT)
        assert beat.failed
        assert beat.sentence.startswith("3 visits were answered but could not be counted")
    runtime.journal.unlink()
    Answered(door, f"/l/{link.code}")
    door.tell_dropped()
    with runtime.reading() as session:
        assert not session.get_one(Heartbeat, HEARTBEAT).failed
    assert counted(runtime, link).person == 1


def test_a_button_leads_on_and_is_counted_apart_from_openings(runtime: Runtime, link: Link, door: FrontDoor) -> None:
    Answered(door, f"/l/{link.code}")
    way = f"/l/{link.code}/{exit_word('https://aoife.bandcamp.com/album/tall-ships')}"
    pressed = Answered(door, way)
    assert (pressed.status, pressed.headers["Location"]) == ("303 See Other", "https://aoife.bandcamp.com/album/tall-ships")
    assert (pressed.headers["Referrer-Policy"], pressed.headers["Cache-Control"]) == ("unsafe-url", "no-store")
    Answered(door, way, HTTP_USER_AGENT="curl/8.5.0")
    Answered(door, f"/l/{link.code}/https://evil.example/")
    totals = counted(runtime, link)
    assert (totals.people, totals.person, totals.bot, totals.presses) == (1, 1, 0, 1)
