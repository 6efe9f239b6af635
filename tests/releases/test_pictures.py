"""Pictures: whatever a stranger calls a picture is told by its content, made small and bare, and never heavier than allowed."""

import io
import random
import struct
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, features

from creatorbot.errors import InvalidInput
from creatorbot.releases.pictures.apart import make_apart
from creatorbot.releases.pictures.make import CARD_BYTES, MOST_BYTES, fitted, kind_of, make

ALL_KINDS = ("image/jpeg", "image/png", "image/gif", "image/webp")


def picture(size: tuple[int, int] = (800, 800), mode: str = "RGB", kind: str = "JPEG", seed: int = 1, **saving: object) -> bytes:
    """A picture that does not compress well, as photographs do not."""
    noise = Image.frombytes("L", (64, 64), random.Random(seed).randbytes(64 * 64)).resize(size)
    out = io.BytesIO()
    noise.convert(mode).save(out, kind, **saving)
    return out.getvalue()


def saved(image: Image.Image, kind: str, **saving: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **saving)
    return out.getvalue()


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


@pytest.mark.parametrize(
    ("size", "upload", "card"),
    [
        ((3000, 3000), (2000, 2000), (630, 630)),
        ((4000, 1000), (2000, 500), (1200, 300)),
        ((500, 2500), (400, 2000), (126, 630)),
        ((40, 30), (40, 30), (40, 30)),
        ((1, 1), (1, 1), (1, 1)),
        ((9000, 2), (2000, 1), (1200, 1)),
    ],
)
def test_sizes(size: tuple[int, int], upload: tuple[int, int], card: tuple[int, int]) -> None:
    made = make(picture(size, kind="PNG"))
    assert (made.size, made.card_size) == (upload, card)
    assert (opened(made.upload).size, opened(made.card).size) == (upload, card)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 2600), st.integers(1, 2600), st.sampled_from(["RGB", "RGBA", "L", "P", "CMYK"]), st.integers(0, 3))
def test_a_card_is_small_and_light_whatever_it_shows(width: int, height: int, mode: str, grain: int) -> None:
    chance = random.Random(width * height)
    fine = (max(1, width >> grain), max(1, height >> grain))
    image = Image.frombytes("L", fine, chance.randbytes(fine[0] * fine[1])).resize((width, height), Image.Resampling.NEAREST).convert(mode)
    made = make(saved(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert len(made.card) <= CARD_BYTES
    assert made.card_size[0] <= 1200
    assert made.card_size[1] <= 630
    assert opened(made.card).format == "JPEG"
    assert max(made.size) <= 2000


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("L", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("I;16", "PNG"),
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("RGB", "WEBP"),
        ("P", "GIF"),
        pytest.param("RGB", "AVIF", marks=pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF")),
    ],
)
def test_every_usual_kind_of_picture(mode: str, kind: str) -> None:
    body = picture((300, 200), mode, kind)
    assert kind_of(body) == kind
    made = make(body)
    assert (made.mime, made.size) == ("image/jpeg", (300, 200))


def test_grey_of_sixteen_bits_stays_grey() -> None:
    made = make(saved(Image.new("I;16", (50, 50), 32_768), "PNG"))
    grey = opened(made.upload).convert("L").getpixel((25, 25))
    assert isinstance(grey, int)
    assert 120 <= grey <= 136


def test_what_one_can_see_through_stays_a_png_and_gets_a_white_card() -> None:
    made = make(saved(Image.new("RGBA", (100, 100), (255, 0, 0, 0)), "PNG"))
    assert made.mime == "image/png"
    assert opened(made.card).getpixel((50, 50)) == (255, 255, 255)
    palette = Image.new("P", (100, 100), 0)
    assert make(saved(palette, "GIF", transparency=0)).mime == "image/png"


@pytest.mark.parametrize(("turn", "corner"), [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1)), (2, (1, 0)), (4, (0, 1)), (99, (0, 0))])
def test_a_photo_stands_upright(turn: int, corner: tuple[int, int]) -> None:
    image = Image.new("RGB", (80, 40), "white")
    image.paste((255, 0, 0), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = turn
    shown = opened(make(saved(image, "JPEG", exif=exif)).upload).convert("RGB")
    assert shown.size == ((40, 80) if turn in (6, 8) else (80, 40))
    found = shown.getpixel((corner[0] * (shown.width - 1), corner[1] * (shown.height - 1)))
    assert isinstance(found, tuple)
    assert (found[0] > 200, found[1] < 80) == (True, True)


def test_exif_that_cannot_be_read_does_not_lose_the_picture() -> None:
    assert make(picture(exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).size == (800, 800)


def test_colours_of_another_profile_become_those_of_every_screen() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = Image.new("RGB", (60, 60), (200, 60, 20))
    plain = opened(make(saved(image, "PNG")).upload).convert("RGB").getpixel((30, 30))
    for profile in (srgb, lab, b"not a profile", srgb[:200]):  # right, of another kind, broken, cut off
        made = make(saved(image, "PNG", icc_profile=profile))
        assert "icc_profile" not in opened(made.upload).info
        found = opened(made.upload).convert("RGB").getpixel((30, 30))
        assert isinstance(found, tuple)
        assert isinstance(plain, tuple)
        assert all(abs(one - other) <= 4 for one, other in zip(found, plain, strict=True))


def test_where_it_was_taken_and_what_hangs_behind_it_is_not_passed_on() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of Aoife"
    body = picture(exif=exif, comment=b"home address") + b"<script>alert(1)</script>PK\x03\x04"
    made = make(body)
    for part in (made.upload, made.card):
        assert not any(word in part for word in (b"Aoife", b"home address", b"<script>", b"PK\x03\x04"))


def test_a_picture_that_is_also_a_page_comes_out_as_a_picture_only() -> None:
    made = make(saved(Image.new("RGB", (20, 20)), "GIF", comment=b"<html><script>alert(1)</script>"))
    assert b"<script>" not in made.upload + made.card


def test_only_the_first_of_many_frames_is_opened() -> None:
    frames = [Image.new("P", (40, 40), number % 200) for number in range(400)]
    assert make(saved(frames[0], "GIF", save_all=True, append_images=frames[1:])).size == (40, 40)
    webp = [Image.new("RGB", (40, 40), (number, 0, 0)) for number in range(50)]
    assert make(saved(webp[0], "WEBP", save_all=True, append_images=webp[1:])).size == (40, 40)


def png(width: int, height: int, rows: bytes) -> bytes:
    """A PNG that says it has this size and holds these compressed rows."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">II", width, height) + b"\x08\x00\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


REFUSED = [
    (png(50_000, 50_000, b"\0" * 1_000_000), "too many pixels"),
    (png(5_001, 5_000, b"\0"), "too many pixels"),
    (png(0, 50, b"\0"), "not a picture"),
    (b"\xff\xd8\xff" + b"x" * MOST_BYTES, "larger than 15 MB"),
    (b"", "not a picture"),
    (b"<svg/>", "drawing"),
    (b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">\n<svg xmlns="http://www.w3.org/2000/svg"/>', "drawing"),
    (b"\n<!DOCTYPE html><html></html>", "web page"),
    (b"<!-- hello --><html>", "web page"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    (picture()[:5_000], "not a picture"),
    (picture(kind="PNG")[:5_000], "not a picture"),
    (b"GIF89a" + b"\0" * 40, "not a picture"),
    (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9", "not a picture"),
    (b"BM" + b"\0" * 60, "not a picture"),
    (b"II*\0" + b"\0" * 60, "not a picture"),
    (b"8BPS\0\x01", "not a picture"),
    (b"%PDF-1.7", "not a picture"),
    (b"\xff\xd8\xff\xe0<?php system($_GET[0]);", "not a picture"),
]


@pytest.mark.parametrize(("body", "part"), REFUSED)
def test_files_that_are_refused(body: bytes, part: str) -> None:
    with pytest.raises(InvalidInput, match=part):
        make(body)


def test_the_name_does_not_count_only_the_content() -> None:
    assert kind_of(picture(kind="PNG")) == "PNG"
    assert kind_of(b"\x89PNG\r\n\x1a\n" + b"\xff\xd8\xff") == "PNG"
    with pytest.raises(InvalidInput, match="not a picture"):  # a PNG's beginning before a JPEG
        make(b"\x89PNG\r\n\x1a\n" + picture())


def test_a_picture_opened_apart_is_the_same() -> None:
    body = picture((900, 700))
    assert make_apart(body) == make(body)
    with pytest.raises(InvalidInput, match="not a picture"):
        make_apart(body[:4_000])


def scans_without_end() -> bytes:
    """A progressive JPEG of 49 megapixels and some hundred thousand empty scans: each makes a decoder walk over all of it."""
    size = 7_000
    head = b"\xff\xd8" + b"\xff\xdb\x00\x43\x00" + b"\x01" * 64
    head += b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, size, size, 3) + b"\x01\x11\x00\x02\x11\x00\x03\x11\x00"
    table = b"\x00" + bytes([1] + [0] * 15) + b"\x00"
    head += b"\xff\xc4" + struct.pack(">H", 2 + len(table)) + table
    head += b"\xff\xc4" + struct.pack(">H", 2 + len(table)) + b"\x10" + table[1:]
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00\x00"
    return head + scan * 300_000 + b"\xff\xd9"


def test_a_picture_that_would_never_be_ready_is_given_up() -> None:
    with pytest.raises(InvalidInput, match="too long or too much memory"):
        make_apart(scans_without_end(), cpu_seconds=2)


@settings(max_examples=40, deadline=None)
@example(295, 295, True, 3000, 84100, ("image/webp",))
@given(
    st.integers(1, 900),
    st.integers(1, 900),
    st.booleans(),
    st.integers(3_000, 2_000_000),
    st.integers(1, 2_000_000),
    st.lists(st.sampled_from(ALL_KINDS), min_size=1, max_size=4).map(tuple),
)
def test_an_upload_fits_the_server(width: int, height: int, clear: bool, most_bytes: int, most_pixels: int, kinds: tuple[str, ...]) -> None:
    mode = "RGBA" if clear else "RGB"
    noise = Image.frombytes(mode, (width, height), random.Random(width).randbytes(width * height * len(mode)))
    mime = "image/png" if clear else "image/jpeg"
    body = saved(noise, mime.removeprefix("image/").upper())
    try:
        sent, kind = fitted(body, mime, most_bytes=most_bytes, most_pixels=most_pixels, kinds=kinds)
    except InvalidInput:
        assert kinds == ("image/gif",) * len(kinds) or set(kinds) <= {"image/gif", "image/png"}  # which cannot be made smaller for ever
        return
    with opened(sent) as shown:
        assert kind in kinds
        assert shown.format == kind.removeprefix("image/").upper()
        assert len(sent) <= most_bytes
        assert shown.width * shown.height <= most_pixels
    if mime in kinds and len(body) <= most_bytes and width * height <= most_pixels:
        assert sent == body
