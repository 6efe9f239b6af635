"""A picture from anywhere, made safe: told by its content, bounded in pixels, without what cameras write into it. Knows no database."""

import io
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from PIL import Image, ImageOps

from creatorbot.errors import InvalidInput

MOST_BYTES = 15_000_000
_MOST_PIXELS = 36_000_000  # 6,000 x 6,000: more does not fit into the memory of a small machine
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_UPLOAD_SIDE = 2_000
_CARD_BOX = (1_200, 630)
_CARD_BYTES = 60_000


@dataclass(frozen=True)
class Prepared:
    """A picture whose two files are on disk. mime: of the upload. bytes: of the upload."""

    content_hash: str
    mime: str
    width: int
    height: int
    card_width: int
    card_height: int
    bytes: int


def prepare(folder: Path, body: bytes) -> Prepared:
    """Write the picture as an upload (JPEG or PNG, at most 2,000 pixels) and a card (JPEG, 1,200 x 630, 60 kB).

    The same picture always gives the same files. Raises InvalidInput for what is no picture, or one built to be heavy.
    """
    if len(body) > MOST_BYTES:
        raise InvalidInput("This picture is larger than 15 MB.", field="cover")
    try:
        picture = _opened(body)
        upload, mime = _upload(picture)
        card, card_size = _card(picture)
    except InvalidInput:
        raise
    except Image.DecompressionBombError as error:
        raise InvalidInput("This picture has too many pixels.", field="cover") from error
    except Exception as error:  # whatever a decoder stumbles over in a stranger's file
        raise InvalidInput("This is not a picture we can read. JPEG, PNG and WebP work.", field="cover") from error
    content_hash = blake2b(body, digest_size=16).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / upload_name(content_hash, mime), upload)
    _write(folder / card_name(content_hash), card)
    return Prepared(content_hash, mime, *picture.size, *card_size, len(upload))


def upload_name(content_hash: str, mime: str) -> str:
    """The file name of a picture as it is given to a network."""
    return f"{content_hash}.{'png' if mime == 'image/png' else 'jpg'}"


def card_name(content_hash: str) -> str:
    """The file name of a picture as it is shown in a link's preview."""
    return f"{content_hash}-card.jpg"


def _opened(body: bytes) -> Image.Image:
    """The first frame, upright, at most 2,000 pixels a side, as RGB or, where one can see through it, RGBA."""
    with Image.open(io.BytesIO(body), formats=_FORMATS) as lazy:
        if lazy.width * lazy.height > _MOST_PIXELS:
            raise InvalidInput("This picture has too many pixels.", field="cover")
        lazy.draft("RGB", (_UPLOAD_SIDE, _UPLOAD_SIDE))
        clear = lazy.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in lazy.info
        picture = ImageOps.exif_transpose(lazy).convert("RGBA" if clear else "RGB")
    picture.thumbnail((_UPLOAD_SIDE, _UPLOAD_SIDE), Image.Resampling.LANCZOS)
    return picture


def _upload(picture: Image.Image) -> tuple[bytes, str]:
    """PNG for what one can see through, else JPEG. What cameras write into pictures stays behind."""
    out = io.BytesIO()
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] != 255:
        _bare(picture).save(out, "PNG", optimize=True)
        return out.getvalue(), "image/png"
    _bare(picture.convert("RGB")).save(out, "JPEG", quality=90, optimize=True, progressive=True)
    return out.getvalue(), "image/jpeg"


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels alone: position, camera and texts live in `info`, which saving would carry along."""
    picture = picture.copy()
    picture.info = {}
    return picture


def _card(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """The largest and best JPEG within the box that weighs at most 60 kB."""
    whole = Image.new("RGB", picture.size, "white")
    clear = picture.convert("RGBA")
    whole.paste(clear, mask=clear.getchannel("A"))
    for share in (1.0, 0.8, 0.6, 0.4, 0.25):
        small = whole.copy()
        small.thumbnail((round(_CARD_BOX[0] * share), round(_CARD_BOX[1] * share)), Image.Resampling.LANCZOS)
        for quality in (85, 75, 65, 50, 35):
            out = io.BytesIO()
            small.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= _CARD_BYTES:
                return out.getvalue(), small.size
    return out.getvalue(), small.size


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a reader never sees half a file."""
    if path.exists() and path.stat().st_size == len(content):
        return
    part = path.with_suffix(f".{blake2b(content, digest_size=4).hexdigest()}.part")
    part.write_bytes(content)
    part.replace(path)
