"""Covers: fetched once, kept once, tried again when they could not be had, and never a way in for a stranger's file."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlmodel import select

from creatorbot.errors import InvalidInput
from creatorbot.models import Artist, Cover, Release
from creatorbot.networks.base import Limits
from creatorbot.releases.covers import alt_draft, card_file, fetch_cover, forget_lost, store_cover, upload_file, upload_for
from creatorbot.runtime import Runtime
from jobs import fetch_covers, tidy
from tests.releases.rows import Place
from tests.releases.test_pictures import picture, png
from tests.servers.scripted import answer, drip, flood, moved, page, raw, reset

PATH = "/a1_10.jpg"


def release(place: Place, path: str = PATH, **changed: object) -> int:
    now = place.runtime.clock()
    given: dict[str, object] = {"title": "Tall Ships", "artist_name": "Aoife", "cover_url": f"{place.server.url}{path}", **changed}
    with place.runtime.session() as session:
        row = Release(artist_id=place.artist_id, first_seen_at=now, changed_at=now, **given)  # type: ignore[arg-type]
        session.add(row)
        session.flush()
        return row.id or 0


def cover_of(place: Place) -> Cover:
    with place.runtime.reading() as session:
        return session.exec(select(Cover)).one()


def test_a_cover_is_fetched_and_kept_once(place: Place) -> None:
    place.server.on("GET", "/a1_10.jpg", answer(200, picture(), {"Content-Type": "text/plain"}))  # told by its content, not by its name
    place.server.on("GET", "/other.html", answer(200, picture(), {"Content-Type": "text/html"}))
    first, second = release(place), release(place, "/other.html")
    assert fetch_cover(place.runtime, first)
    assert fetch_cover(place.runtime, second)
    cover, folder = cover_of(place), place.runtime.covers
    assert {row.cover_id for row in place.releases()} == {cover.id}
    assert (cover.mime, cover.width, cover.height, cover.card_width, cover.card_height) == ("image/jpeg", 800, 800, 630, 630)
    assert upload_file(folder, cover).stat().st_size == cover.bytes
    assert card_file(folder, cover).stat().st_size <= 60_000
    assert len(list(folder.iterdir())) == 2


def test_a_cover_that_cannot_be_had_is_told_and_tried_again_ever_later(place: Place) -> None:
    release(place)
    place.server.on("GET", PATH, answer(404), page(), answer(200, picture()[:900]), answer(503), answer(200, picture()))
    began = place.runtime.clock()
    tried, said = [], []
    for hours in range(24 * 9):
        place.runtime.clock.at = began + timedelta(hours=hours, minutes=1)  # type: ignore[attr-defined]
        before = place.server.times("GET", PATH)
        fetch_covers.run(place.runtime, place.runtime.clock())
        if place.server.times("GET", PATH) > before:
            tried.append(hours)
            said.append(place.releases()[0].cover_sentence)
    assert tried == [0, 1, 2, 8, 32]
    assert [sentence[:30] for sentence in said] == [
        "There is no page at this addre",
        "There is a web page at this pl",
        "This is not a picture we can r",
        "127.0.0.1 is busy and asks us ",
        "",
    ]
    row = place.releases()[0]
    assert (row.cover_id, row.cover_failures, row.cover_sentence) == (cover_of(place).id, 0, "")


def test_a_try_that_was_cut_off_is_made_again(place: Place) -> None:
    now = place.runtime.clock()
    release(place, cover_tried_at=now)  # the process was killed after it had written this down
    place.server.on("GET", PATH, answer(200, picture()))
    assert fetch_covers.run(place.runtime, now + timedelta(minutes=5)).done == 0
    assert fetch_covers.run(place.runtime, now + timedelta(minutes=11)).done == 1


@pytest.mark.parametrize(
    "trouble",
    [
        answer(200, b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", {"Content-Type": "image/png"}),
        answer(200, png(50_000, 50_000, b"\0" * 100_000), {"Content-Type": "image/png"}),
        answer(200, b"", {"Content-Type": "image/png"}),
        answer(200, picture()[:2_000], {"Content-Type": "image/jpeg"}),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\nContent-Type: image/jpeg\r\n\r\n" + picture()[:500]),
        flood(20),
        reset(),
        moved("http://169.254.169.254/latest/meta-data"),
        moved(PATH),
        answer(500),
        answer(200, b"GIF89a" + b"\xff" * 3_000),
    ],
)
def test_whatever_comes_instead_of_a_cover_the_others_are_fetched(place: Place, trouble: object) -> None:
    bad, good = release(place), release(place, "/good.png")
    place.server.on("GET", PATH, trouble)  # type: ignore[arg-type]
    place.server.on("GET", "/good.png", answer(200, picture(kind="PNG")))
    assert fetch_covers.run(place.runtime, place.runtime.clock()).done == 1
    rows = {row.id: row for row in place.releases()}
    assert rows[good].cover_id is not None
    assert (rows[bad].cover_id, rows[bad].cover_failures) == (None, 1)
    assert rows[bad].cover_sentence.endswith((".", "Nothing was sent.", "again."))
    assert len(list(place.runtime.covers.iterdir())) == 2


def test_a_picture_that_drips_is_given_up(place: Place) -> None:
    impatient = place.with_door(door=type(place.runtime.door)(read_timeout=0.5, total_timeout=0.6))
    release(impatient)
    place.server.on("GET", PATH, drip(b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n" + picture(), 0.05))
    assert not fetch_cover(impatient.runtime, place.releases()[0].id or 0)
    assert "took too long" in place.releases()[0].cover_sentence


def test_a_private_address_is_not_opened_for_a_cover(place: Place) -> None:
    number = release(place, cover_url="http://169.254.169.254/latest/meta-data")
    assert not fetch_cover(place.runtime, number)
    assert "private network" in place.releases()[0].cover_sentence


def test_why_it_could_not_be_had_is_said_in_the_artists_language(place: Place) -> None:
    with place.runtime.session() as session:
        session.get_one(Artist, place.artist_id).language = "de"
    place.server.on("GET", PATH, page())
    fetch_cover(place.runtime, release(place))
    assert place.releases()[0].cover_sentence


def test_a_file_that_was_lost_is_fetched_again(place: Place) -> None:
    place.server.on("GET", PATH, answer(200, picture()))
    number = release(place)
    with place.runtime.session() as session:
        by_hand = store_cover(session, place.runtime.covers, picture(seed=2), place.runtime.clock()).id
    typed = release(place, cover_url="", cover_id=by_hand)
    fetch_cover(place.runtime, number)
    tidy.run(place.runtime, place.runtime.clock())
    assert all(row.cover_id for row in place.releases())
    for path in list(place.runtime.covers.iterdir()):
        path.unlink()
    tidy.run(place.runtime, place.runtime.clock())
    rows = {row.id: row for row in place.releases()}
    assert (rows[number].cover_id, rows[typed].cover_id) == (None, by_hand)  # nobody could fetch what was put in by hand
    assert fetch_covers.run(place.runtime, place.runtime.clock()).done == 1
    assert len(list(place.runtime.covers.iterdir())) == 2
    with place.runtime.session() as session:
        assert forget_lost(session, place.runtime.covers) == 0


def test_an_uploaded_cover_is_kept_once(both_runtime: Runtime) -> None:
    body = picture()
    for _ in range(2):
        with both_runtime.session() as session:
            assert store_cover(session, both_runtime.covers, body, both_runtime.clock()).width == 800
    with both_runtime.reading() as session:
        assert len(session.exec(select(Cover)).all()) == 1


def test_an_upload_is_made_to_fit_the_server(runtime: Runtime) -> None:
    with runtime.session() as session:
        cover = store_cover(session, runtime.covers, picture((1800, 1200)), runtime.clock())
    body, mime = upload_for(runtime.covers, cover, Limits())
    assert (body, mime) == (upload_file(runtime.covers, cover).read_bytes(), "image/jpeg")
    body, mime = upload_for(runtime.covers, cover, Limits(picture_bytes=40_000, picture_pixels=500_000, picture_types=("image/webp",)))
    with Image.open(io.BytesIO(body)) as sent:
        assert (sent.format, mime, len(body) <= 40_000, sent.width * sent.height <= 500_000) == ("WEBP", "image/webp", True, True)
    with pytest.raises(InvalidInput, match="without a picture"):
        upload_for(runtime.covers, cover, Limits(picture_types=("image/gif",)))
    upload_file(runtime.covers, cover).unlink()
    with pytest.raises(InvalidInput, match="cannot be read"):
        upload_for(runtime.covers, cover, Limits())


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Cover of “Tall Ships” by Aoife."),
        ({"kind": "album", "released_on": date(2026, 11, 20)}, "Cover of the album “Tall Ships” by Aoife, 2026."),
        ({"kind": "track", "artist_name": ""}, "Cover of the song “Tall Ships”."),
        ({"kind": "video", "title": "Aoife – Tall Ships"}, "Picture from the video “Aoife – Tall Ships”."),
        ({"kind": "stream"}, "Picture announcing the live stream “Tall Ships” by Aoife."),
    ],
)
def test_a_first_description(facts: dict[str, object], said: str) -> None:
    given: dict[str, object] = {"title": "Tall Ships", "artist_name": "Aoife", **facts}
    assert alt_draft(Release(**given), "en") == said  # type: ignore[arg-type]
