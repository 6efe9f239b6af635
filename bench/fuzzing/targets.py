"""What is read with spoilt input, and what may be relied on afterwards. InvalidInput is the only refusal there is."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from creatorbot.errors import InvalidInput
from creatorbot.releases.pictures.make import CARD_BYTES, make
from creatorbot.sources import REGISTRY, read_page
from creatorbot.sources.bandcamp_handed import page_of
from creatorbot.sources.base import Fetched, PushedSource, Reading
from creatorbot.sources.discovery import candidates, nodeinfo_address, nodeinfo_software, profile_of, usual_candidates
from creatorbot.sources.licences import from_text, is_known
from tests.contracts.source_contract import in_order

_ADDRESSES = ("https://aoife.example/feed", "https://aoife.bandcamp.com/music", "http://127.0.0.1:8000/x?y=z", "")
_HEADERS: tuple[dict[str, str], ...] = (
    {},
    {"content-type": "text/xml; charset=koi8-r"},
    {"content-type": "text/html", "link": '<//x>; rel="hub", <y>; rel=self'},
)


@dataclass(frozen=True)
class Target:
    """One reader. read: returns a word for what came out, so that new ways of reading are noticed. pictures: whether it reads pictures."""

    name: str
    read: Callable[[bytes, int], str]
    pictures: bool = False


def _page(body: bytes, number: int) -> Fetched:
    return Fetched(_ADDRESSES[number % len(_ADDRESSES)], body, headers=_HEADERS[number % len(_HEADERS)])


def _shape(reading: Reading | None) -> str:
    if reading is None:
        return "nothing"
    in_order(reading)
    first = reading.releases[0] if reading.releases else None
    marks = "".join("x" if value else "." for value in vars(first).values()) if first else ""
    told = reading.source, reading.state, min(len(reading.releases), 3), marks, len(reading.notes), bool(reading.follow), bool(reading.hub)
    return " ".join(map(str, told))


def _read_best(body: bytes, number: int) -> str:
    return _shape(read_page(_page(body, number)))


def _read_as(name: str) -> Callable[[bytes, int], str]:
    source = REGISTRY[name]

    def read(body: bytes, number: int) -> str:
        page = _page(body, number)
        if not 0 <= source.recognise(page) <= 1:
            raise AssertionError("a score beyond its bounds")
        return _shape(source.read(page))

    return read


def _pushed(body: bytes, number: int) -> str:
    return " ".join(_shape(source.pushed({}, body)) for source in REGISTRY.values() if isinstance(source, PushedSource))


def _handed(body: bytes, number: int) -> str:
    return _shape(read_page(page_of(body)))


def _discovered(body: bytes, number: int) -> str:
    page = _page(body, number)
    found = [*candidates(page), *usual_candidates(page)]
    assert all(str(one.how) and one.address.startswith(("http://", "https://")) for one in found)
    return f"{min(len(found), 4)} {bool(nodeinfo_address(page))} {bool(nodeinfo_software(page))} {bool(profile_of(page))}"


def _licence(body: bytes, number: int) -> str:
    found = from_text(body.decode("utf-8", "replace"))
    assert found is None or is_known(found)
    return str(found)


def _pictured(body: bytes, number: int) -> str:
    made = make(body)
    assert len(made.card) <= CARD_BYTES
    assert max(made.size) <= 2_000
    assert made.card_size[0] <= 1_200
    assert made.card_size[1] <= 630
    for part, size in ((made.upload, made.size), (made.card, made.card_size)):
        with Image.open(io.BytesIO(part), formats=("JPEG", "PNG")) as again:
            again.load()
            assert again.size == size
    return f"{made.mime} {body[:4]!r} {made.size[0] > 48}"


TARGETS: tuple[Target, ...] = (
    Target("any page", _read_best),
    *(Target(name, _read_as(name)) for name in REGISTRY),
    Target("pushed notes", _pushed),
    Target("handed pages", _handed),
    Target("discovery", _discovered),
    Target("licences", _licence),
    Target("pictures", _pictured, pictures=True),
)


def outcome(target: Target, body: bytes, number: int) -> str:
    """What came out, in a word; "refused …" for a refusal with a sentence. Anything else that is raised is a finding."""
    try:
        return target.read(body, number)
    except InvalidInput as refused:
        if not str(refused).endswith((".", "?")):
            raise AssertionError(f"no sentence: {refused}") from refused
        return f"refused {refused.message[:40]}"
