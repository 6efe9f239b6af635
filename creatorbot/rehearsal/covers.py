"""Pictures drawn on the spot: covers for releases, faces for accounts. The same name gives the same picture."""

import colorsys
import io
import random
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]


def _palette(chance: random.Random) -> tuple[Colour, Colour, Colour]:
    """Sky, land and light that go together."""
    hue = chance.random()

    def tone(shift: float, light: float, strength: float) -> Colour:
        red, green, blue = colorsys.hls_to_rgb((hue + shift) % 1, light, strength)
        return int(red * 255), int(green * 255), int(blue * 255)

    return tone(0, 0.34, 0.42), tone(0.06, 0.16, 0.38), tone(0.42, 0.74, 0.5)


@lru_cache(maxsize=16)
def cover(name: str, width: int) -> bytes:
    """A square JPEG, `width` pixels: a sky, a sun or moon, and waves."""
    chance = random.Random(name)
    sky, land, light = _palette(chance)
    picture = Image.new("RGB", (350, 350), sky)
    drawing = ImageDraw.Draw(picture)
    for line in range(350):
        share = line / 350
        drawing.line([(0, line), (350, line)], fill=tuple(int(a + (b - a) * share) for a, b in zip(sky, light, strict=True)))
    x, y, size = chance.randint(80, 270), chance.randint(60, 150), chance.randint(28, 64)
    drawing.ellipse([x - size, y - size, x + size, y + size], fill=tuple(part + (255 - part) // 2 for part in light))
    for wave in range(4):
        _wave(drawing, chance, 200 + wave * 40, tuple(int(part * (1.3 - wave * 0.25)) for part in land))
    _mast(drawing, chance, land)
    buffer = io.BytesIO()
    picture.filter(ImageFilter.SMOOTH).resize((width, width), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def _wave(drawing: ImageDraw.ImageDraw, chance: random.Random, height: int, colour: tuple[int, ...]) -> None:
    points, level = [(0, 350)], height
    for x in range(0, 360, 25):
        level = max(height - 22, min(height + 22, level + chance.randint(-12, 12)))
        points.append((x, level))
    drawing.polygon([*points, (350, 350)], fill=colour)


def _mast(drawing: ImageDraw.ImageDraw, chance: random.Random, colour: Colour) -> None:
    for _ in range(chance.randint(1, 3)):
        x, top = chance.randint(50, 300), chance.randint(90, 150)
        drawing.line([(x, top), (x, 230)], fill=colour, width=4)
        drawing.polygon([(x + 4, top + 8), (x + 4, 215), (x + chance.randint(35, 60), 215)], fill=colour)


@lru_cache(maxsize=16)
def face(name: str) -> bytes:
    """A PNG of 120 × 120: two colours and a shape."""
    chance = random.Random(name)
    sky, land, light = _palette(chance)
    picture = Image.new("RGB", (120, 120), sky)
    drawing = ImageDraw.Draw(picture)
    drawing.ellipse([18, 62, 102, 150], fill=land)
    drawing.ellipse([36, 22, 84, 72], fill=light)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
