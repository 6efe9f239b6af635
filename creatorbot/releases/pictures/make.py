"""A picture from anywhere, made safe: told by its content, bounded in pixels, in plain colours, bare of what cameras write into it.

A stranger's picture is handed to `apart`, which does this in a process of its own.
"""

import io
import re
from dataclasses import dataclass

from PIL import Image, ImageCms, features

from creatorbot.errors import InvalidInput
from creatorbot.wording import N_

MOST_BYTES = 15_000_000
# A JPEG is made small while it is decoded, so that a telephone's 48 megapixels pass. The others are held whole: 5,000 x 5,000.
_MOST_PIXELS = {"JPEG": 50_000_000}
_MOST_PIXELS_WHOLE = 25_000_000
_UPLOAD_SIDE = 2_000
_CARD_BOX = (1_200, 630)
CARD_BYTES = 60_000
_QUALITIES = (90, 85, 75, 65, 50, 35)
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIGNATURES = (
    ("JPEG", re.compile(rb"\xff\xd8\xff")),
    ("PNG", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("GIF", re.compile(rb"GIF8[79]a")),
    ("WEBP", re.compile(rb"RIFF.{4}WEBP", re.S)),
    ("AVIF", re.compile(rb".{4}ftyp(?:avif|avis|.{8,64}?avif)", re.S)),
    ("HEIC", re.compile(rb".{4}ftyp(?:hei[csmx]|hev[cmsx]|mif1|msf1)", re.S)),
    ("SVG", re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>/]", re.S)),
    (
        "page",
        re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype html|html|head|body|script|meta|title)[\s>]", re.S | re.I),
    ),
)
_REFUSED = {
    "HEIC": N_("This is a photo in HEIC form, which most browsers cannot show. Save it as JPEG, then choose it again."),
    "SVG": N_("This is a drawing (SVG), not a picture made of dots. Save it as PNG, then choose it again."),
    "page": N_("There is a web page at this place, not a picture."),
    "AVIF": N_("AVIF pictures cannot be read on this machine. JPEG, PNG and WebP work."),
}
_UNREADABLE = N_("This is not a picture we can read. JPEG, PNG and WebP work.")


@dataclass(frozen=True)
class Made:
    """What became of a picture. upload: JPEG, or PNG where one can see through it, at most 2,000 pixels a side; size is its.

    card: JPEG within 1,200 x 630 pixels, at most 60 kB.
    """

    upload: bytes
    mime: str
    size: tuple[int, int]
    card: bytes
    card_size: tuple[int, int]


def kind_of(body: bytes) -> str:
    """What these bytes begin like: "JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIC", "SVG", "page", or "". Names and headers do not count."""
    return next((kind for kind, signature in _SIGNATURES if signature.match(body[:4_096])), "")


def check(body: bytes) -> str:
    """Its kind, when it is one that we read and not too heavy. Raises InvalidInput with what it is instead."""
    if len(body) > MOST_BYTES:
        raise InvalidInput("This picture is larger than 15 MB.", field="cover")
    kind = kind_of(body)
    if kind in ("JPEG", "PNG", "GIF", "WEBP") or (kind == "AVIF" and features.check("avif")):
        return kind
    raise InvalidInput(_REFUSED.get(kind, _UNREADABLE), field="cover")


def make(body: bytes) -> Made:
    """The picture as an upload and as a card; the same bytes give the same result. Raises InvalidInput for what is no picture."""
    kind = check(body)
    try:
        picture = _opened(body, kind)
        upload, mime = _upload(picture)
        card, card_size = _card(picture)
    except InvalidInput:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _too_large() from error
    except Exception as error:  # whatever a decoder stumbles over in a stranger's file
        raise InvalidInput(_UNREADABLE, field="cover") from error
    return Made(upload, mime, picture.size, card, card_size)


def fitted(body: bytes, mime: str, *, most_bytes: int, most_pixels: int, kinds: tuple[str, ...]) -> tuple[bytes, str]:
    """One of our own uploads (`Made.upload`) as a server takes it: its kinds by MIME name, its bytes, its pixels. Returns bytes and kind.

    Unchanged where it fits. Raises InvalidInput when nothing that is still a picture would fit.
    """
    with Image.open(io.BytesIO(body), formats=("JPEG", "PNG")) as lazy:
        pixels = lazy.width * lazy.height
        if mime in kinds and len(body) <= most_bytes and pixels <= most_pixels:
            return body, mime
        whole = lazy.convert("RGBA" if mime == "image/png" else "RGB")
    for kind in (one for one in (mime, "image/jpeg", "image/png", "image/webp") if one in kinds):
        for share in (1.0, 0.75, 0.5, 0.35, 0.2):
            small = _within(whole, most_pixels, share)
            for quality in _QUALITIES if kind != "image/png" else (0,):
                made = _encoded(small, kind, quality)
                if len(made) <= most_bytes:
                    return made, kind
    raise InvalidInput("The server takes no picture that is large enough to be recognised. Post it without a picture.", field="look")


def _within(whole: Image.Image, most_pixels: int, share: float) -> Image.Image:
    """The picture with at most so many pixels, its sides at most this share of what they were."""
    scale = min(1.0, (most_pixels / (whole.width * whole.height)) ** 0.5) * share
    width = max(1, min(int(whole.width * scale), most_pixels))
    size = width, max(1, min(int(whole.height * scale), most_pixels // width))
    return whole if size == whole.size else whole.resize(size, Image.Resampling.LANCZOS)


def _encoded(picture: Image.Image, mime: str, quality: int) -> bytes:
    out = io.BytesIO()
    if mime == "image/png":
        picture.save(out, "PNG", optimize=True)
    elif mime == "image/webp":
        picture.save(out, "WEBP", quality=quality, alpha_quality=quality)  # by itself what is clear is kept to the last bit
    else:
        _on_white(picture).save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _too_large() -> InvalidInput:
    return InvalidInput("This picture has too many pixels. At most 5,000 x 5,000 work.", field="cover")


def _opened(body: bytes, kind: str) -> Image.Image:
    """The first frame, upright, at most 2,000 pixels a side, as sRGB: RGB or, where one can see through it, RGBA; nothing else kept."""
    with Image.open(io.BytesIO(body), formats=(kind,)) as lazy:
        if lazy.width * lazy.height > _MOST_PIXELS.get(kind, _MOST_PIXELS_WHOLE):
            raise _too_large()
        longest = max(lazy.size)
        lazy.draft("RGB", (lazy.width * _UPLOAD_SIDE // longest, lazy.height * _UPLOAD_SIDE // longest))
        lazy.load()
        turn, profile = _turned(lazy), lazy.info.get("icc_profile")
        picture = _small(_usual(lazy))
    picture = _as_srgb(picture, profile)
    picture.info = {}  # position, camera and texts live here, and saving would carry them along
    return picture.transpose(_UPRIGHT[turn]) if turn in _UPRIGHT else picture


def _turned(picture: Image.Image) -> int:
    """How the camera was held, by its own account; 1 where that cannot be read."""
    try:
        turn = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # a stranger's bytes; the picture itself may be fine
        return 1
    return turn if isinstance(turn, int) else 1


def _usual(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be made smaller and saved: L, RGB, RGBA or CMYK."""
    if picture.mode.startswith("I"):  # 16 bits of grey: converting would turn all that is not black white
        return picture.point(lambda grey: grey * (1 / 256)).convert("L")
    if picture.mode in ("LA", "PA", "La", "RGBa") or (picture.mode != "RGBA" and "transparency" in picture.info):
        return picture.convert("RGBA")
    return picture if picture.mode in ("L", "RGB", "RGBA", "CMYK") else picture.convert("RGB")


def _small(picture: Image.Image) -> Image.Image:
    picture.thumbnail((_UPLOAD_SIDE, _UPLOAD_SIDE), Image.Resampling.LANCZOS)
    return picture


def _as_srgb(picture: Image.Image, profile: object) -> Image.Image:
    """The colours as every screen understands them. A profile that is broken or of another kind is left out of account."""
    plain = "RGBA" if picture.mode == "RGBA" else "RGB"
    if isinstance(profile, bytes) and profile:
        try:
            clear = picture.getchannel("A") if plain == "RGBA" else None
            colours = picture.convert("RGB") if clear else picture
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(colours, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if turned is not None:
                if clear:
                    turned.putalpha(clear)
                return turned
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass
    return picture.convert(plain)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    whole = Image.new("RGB", picture.size, "white")
    whole.paste(picture, mask=picture.getchannel("A"))
    return whole


def _upload(picture: Image.Image) -> tuple[bytes, str]:
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] != 255:
        return _encoded(picture, "image/png", 0), "image/png"
    return _encoded(picture.convert("RGB"), "image/jpeg", _QUALITIES[0]), "image/jpeg"


def _card(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """The largest and best JPEG within the box that weighs at most 60 kB."""
    whole = _on_white(picture)
    for share in (1.0, 0.8, 0.6, 0.4, 0.25):
        small = whole.copy()
        small.thumbnail((round(_CARD_BOX[0] * share), round(_CARD_BOX[1] * share)), Image.Resampling.LANCZOS)
        for quality in _QUALITIES[1:]:
            made = _encoded(small, "image/jpeg", quality)
            if len(made) <= CARD_BYTES:
                return made, small.size
    return made, small.size
