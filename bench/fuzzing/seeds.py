"""What the fuzzing begins with: the tests' own examples, small pictures, and recorded pages where they lie beside the checkout."""

import io
import json
from pathlib import Path

from PIL import Image, features

from tests.sources.examples import EXAMPLES
from tests.sources.pages import ALBUM, LABEL, RDF

_RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
_LARGEST = 150_000
_NOTE = {
    "type": "STREAM_STARTED",
    "eventData": {"id": "x", "name": "Aoife", "streamTitle": "Shanties", "timestamp": "2026-11-20T19:00:00Z"},
}
_HANDED = {
    "address": "https://aoife.bandcamp.com/album/tall-ships",
    "tralbum": ALBUM,
    "band": {"id": 7, "name": "Aoife"},
    "currency": "EUR",
}


def pages() -> list[bytes]:
    """Feeds, pages and notes, at most 150 kB each."""
    written = [example.page.body for examples in EXAMPLES.values() for example in examples]
    written += [LABEL, RDF, json.dumps(_NOTE).encode(), json.dumps(_HANDED).encode()]
    return [
        *written,
        *_recorded("feeds", "*"),
        *_recorded("feeds/nasty", "*"),
        *_recorded("bandcamp", "*/*"),
        *_recorded("fediverse", "**/*.json"),
    ]


def _recorded(folder: str, pattern: str) -> list[bytes]:
    place = _RECORDED / folder
    found = sorted(path for path in place.glob(pattern) if path.is_file()) if place.is_dir() else []
    bodies = [path.read_bytes() for path in found]
    return [body for body in bodies if 0 < len(body) <= _LARGEST]


def pictures() -> list[bytes]:
    """A small picture of every kind that is read, in several modes, and some that are refused."""
    made = [b"<svg/>", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"BM" + b"\0" * 60]
    kinds = [("JPEG", "L RGB CMYK"), ("PNG", "1 L LA P RGB RGBA I;16"), ("GIF", "P L"), ("WEBP", "RGB RGBA")]
    kinds += [("AVIF", "RGB RGBA")] if features.check("avif") else []
    for kind, modes in kinds:
        for mode in modes.split():
            image = Image.linear_gradient("L").resize((48, 32))
            image = Image.new("I;16", (48, 32), 30_000) if mode == "I;16" else image.convert(mode)
            made.append(_saved(image, kind))
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = Image.linear_gradient("L").convert("RGB").resize((64, 40))
    frames = [Image.new("P", (32, 32), number) for number in range(6)]
    made.append(_saved(whole, "JPEG", exif=exif, progressive=True, comment=b"x"))
    made.append(_saved(whole, "JPEG", icc_profile=b"\0" * 128))
    made.append(_saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    made.append(_saved(frames[0].convert("RGB"), "WEBP", save_all=True, append_images=[frame.convert("RGB") for frame in frames[1:]]))
    return made


def _saved(image: Image.Image, kind: str, **saving: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **saving)
    return out.getvalue()
