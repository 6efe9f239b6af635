"""The cover for the printer: small enough, on white, and nothing at all when its file cannot be read."""

from io import BytesIO

from PIL import Image

_MOST_PIXELS = 4_500_000  # ours have 2,000 a side at most


def opened(body: bytes | None, side: int) -> Image.Image | None:
    """The picture within a square of so many pixels; None for what is no picture."""
    if not body:
        return None
    try:
        with Image.open(BytesIO(body), formats=("JPEG", "PNG")) as found:
            if found.width * found.height > _MOST_PIXELS or min(found.size) < 8:
                return None
            found.draft("RGB", (side, side))
            found.thumbnail((side, side))
            if found.mode in ("RGB", "L"):
                return found.convert("RGB")
            seen = found.convert("RGBA")
            ground = Image.new("RGB", seen.size, "white")
            ground.paste(seen, mask=seen.getchannel("A"))
            return ground
    except (OSError, ValueError, SyntaxError):  # SyntaxError: what Pillow raises for a broken PNG
        return None
