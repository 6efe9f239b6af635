"""Covers: fetched once, made small and bare, and never a way in for a stranger's file."""

import io
import random
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from creatorbot.errors import InvalidInput
from creatorbot.models import Cover, Release
from creatorbot.releases.covers import alt_draft, card_file, fetch_cover, store_cover, upload_file
from creatorbot.releases.pictures import MOST_BYTES, prepare
from creatorbot.runtime import Runtime
from jobs import fetch_covers
from tests.releases.rows import Place
from tests.servers.scripted import answer


def picture(size: tuple[int, int] = (800, 800), mode: str = "RGB", kind: str = "JPEG", **saving: object) -> bytes:
    """A picture that does not compress well, as photographs do not."""
    noise = Image.frombytes("L", (64, 64), random.Random(1).randbytes(64 * 64)).resize(size)
    out = io.BytesIO()
    noise.convert(mode).save(out, kind, **saving)  # type: ignore[arg-type]
    return out.getvalue()


def release(place: Place, **changed: object) -> int:
    now = place.runtime.clock()
    with place.runtime.session() as session:
        row = Release(
            artist_id=place.artist_id,
            title="Tall Ships",
            artist_name="Aoife",
            first_seen_at=now,
            changed_at=now,
            cover_url=f"{place.server.url}/a1_10.jpg",
            **changed,
        )
        session.add(row)
        session.flush()
        return row.id or 0


def cover_of(place: Place) -> Cover:
    with place.runtime.reading() as session:
        return session.exec(select(Cover)).one()


def test_a_cover_is_fetched_and_kept(place: Place) -> None:
    place.server.on("GET", "/a1_10.jpg", answer(200, picture(), {"Content-Type": "text/plain"}))  # told by its content, not by its name
    first, second = release(place), release(place)
    assert fetch_cover(place.runtime, first)
    assert fetch_cover(place.runtime, second)
    cover, folder = cover_of(place), place.runtime.covers
    assert {row.cover_id for row in place.releases()} == {cover.id}
    assert (cover.mime, cover.width, cover.height, cover.card_width, cover.card_height) == ("image/jpeg", 800, 800, 630, 630)
    assert upload_file(folder, cover).stat().st_size == cover.bytes
    assert card_file(folder, cover).stat().st_size <= 60_000
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize(
    ("size", "card"),
    [
        ((3000, 3000), (630, 630)),
        ((4000, 1000), (1200, 300)),
        ((500, 2500), (126, 630)),
        ((40, 30), (40, 30)),
    ],
)
def test_sizes(tmp_path: Path, size: tuple[int, int], card: tuple[int, int]) -> None:
    prepared = prepare(tmp_path, picture(size))
    assert max(prepared.width, prepared.height) <= 2_000
    assert (prepared.card_width, prepared.card_height) == card


def test_a_card_is_light_whatever_it_shows(tmp_path: Path) -> None:
    wild = Image.frombytes("RGB", (1200, 630), random.Random(2).randbytes(1200 * 630 * 3))
    out = io.BytesIO()
    wild.save(out, "PNG")
    prepared = prepare(tmp_path, out.getvalue())
    assert (tmp_path / f"{prepared.content_hash}-card.jpg").stat().st_size <= 60_000


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("CMYK", "JPEG"),
        ("RGB", "WEBP"),
        ("P", "GIF"),
    ],
)
def test_every_usual_kind_of_picture(tmp_path: Path, mode: str, kind: str) -> None:
    assert prepare(tmp_path, picture((300, 200), mode, kind)).mime == "image/jpeg"


def test_what_one_can_see_through_stays_a_png_and_gets_a_white_card(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (100, 100), (255, 0, 0, 0)).save(out, "PNG")
    prepared = prepare(tmp_path, out.getvalue())
    assert prepared.mime == "image/png"
    with Image.open(tmp_path / f"{prepared.content_hash}-card.jpg") as card:
        assert card.getpixel((50, 50)) == (255, 255, 255)


def test_where_it_was_taken_is_not_passed_on(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Aoife"
    prepared = prepare(tmp_path, picture(exif=exif, comment=b"home address"))
    for path in tmp_path.iterdir():
        assert b"Aoife" not in path.read_bytes()
        assert b"home address" not in path.read_bytes()
    assert prepared.width == 800


def bomb() -> bytes:
    """A PNG of 50,000 x 50,000 black pixels in a few kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = (50_000).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("body", "part"),
    [
        (bomb(), "too many pixels"),
        (b"\xff\xd8\xff" + b"x" * MOST_BYTES, "larger than 15 MB"),
        (b"", "not a picture"),
        (b"<svg/>", "not a picture"),
        (picture()[:5_000], "not a picture"),
        (b"GIF89a" + b"\0" * 40, "not a picture"),
        (b"%!PS-Adobe", "not a picture"),
    ],
)
def test_files_that_are_refused(tmp_path: Path, body: bytes, part: str) -> None:
    with pytest.raises(InvalidInput, match=part):
        prepare(tmp_path / "covers", body)
    assert not (tmp_path / "covers").exists()


def test_a_cover_that_cannot_be_had_is_tried_again_later(place: Place) -> None:
    release_id = release(place)
    place.server.on("GET", "/a1_10.jpg", answer(404), answer(200, b"<html>"), answer(200, picture()))
    now = place.runtime.clock()
    assert fetch_covers.run(place.runtime, now).done == 0
    assert fetch_covers.run(place.runtime, now + timedelta(hours=1)).done == 0
    assert place.server.times("GET", "/a1_10.jpg") == 1
    place.runtime.clock.at = now + timedelta(hours=7)  # type: ignore[attr-defined]
    assert fetch_covers.run(place.runtime, place.runtime.clock()).done == 0
    place.runtime.clock.at = now + timedelta(hours=14)  # type: ignore[attr-defined]
    assert fetch_covers.run(place.runtime, place.runtime.clock()).done == 1
    assert fetch_covers.run(place.runtime, place.runtime.clock() + timedelta(days=9)).done == 0
    assert place.releases()[0].id == release_id


def test_a_private_address_is_not_opened_for_a_cover(place: Place) -> None:
    with place.runtime.session() as session:
        row = session.get(Release, release(place)) or Release()
        row.cover_url = "http://169.254.169.254/latest/meta-data"
        session.add(row)
    assert not fetch_cover(place.runtime, place.releases()[0].id or 0)


def test_an_uploaded_cover_is_kept_once(both_runtime: Runtime) -> None:
    body = picture()
    for _ in range(2):
        with both_runtime.session() as session:
            assert store_cover(session, both_runtime.covers, body, both_runtime.clock()).width == 800
    with both_runtime.reading() as session:
        assert len(session.exec(select(Cover)).all()) == 1


def test_a_first_description(place: Place) -> None:
    release(place)
    row = place.releases()[0]
    assert alt_draft(row, "en") == "Cover of “Tall Ships” by Aoife."
    row.title = "Aoife – Tall Ships"
    assert alt_draft(row, "en") == "Cover of “Aoife – Tall Ships”."
