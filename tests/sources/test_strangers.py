"""Whatever strangers write, reading gives plain data or a sentence, never a crash."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.errors import InvalidInput
from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched
from creatorbot.sources.licences import from_text, is_known
from creatorbot.sources.plain import line, line_of_markup, prose, web_address
from tests.sources.pages import ALBUM, grid_page, linked, offer, release_page, rss, tralbum

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def well_formed(body: bytes) -> None:
    """Reads it; every release must survive the trip to JSON and carry only web addresses."""
    try:
        reading = read_page(Fetched("https://aoife.example/x", body))
    except InvalidInput:
        return
    for release in reading.releases:
        assert release.title
        assert release.guid
        json.dumps([release.title, release.artist, release.description, *release.tags], ensure_ascii=False).encode()
        for address in (release.url, release.part_of, release.cover_url):
            assert address is None or address.startswith(("http://", "https://"))
        assert release.price.amount is None or release.price.amount.minor >= 0


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([*ALBUM, *ALBUM["current"]]), VALUES, VALUES)
def test_any_value_in_any_place_of_a_bandcamp_page(name: str, value: object, other: object) -> None:
    offers = linked(offer(4001, "a", "EUR", {"minPrice": 7.0}), keywords=other, albumRelease=[offer(4001, "a", "EUR", None), other])
    well_formed(release_page(tralbum(**{name: value}), offers))
    well_formed(release_page(tralbum(current=value), other))


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_any_value_in_a_grid(value: object) -> None:
    well_formed(grid_page([], value))
    well_formed(grid_page([], [{"id": value, "type": "album", "title": value, "page_url": value, "art_id": value}]))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(body: bytes) -> None:
    well_formed(body)
    well_formed(b"<rss><channel><item>" + body)
    well_formed(rss(f"<title>{body.decode('latin-1')}</title>"))
    well_formed(b'<html><script data-tralbum="' + body)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_text_stays_plain_and_bounded(text: str) -> None:
    for clean in (line(text), line_of_markup(text), prose(text), prose(f"<p>{text}</p>" * 3)):
        clean.encode()
        assert len(clean) <= 5_000
        assert not set(clean) & set("\x00\x1b\u202e\u2066")
    assert web_address(text) is None or str(web_address(text)).startswith("http")


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"]),
    st.sampled_from(["1.0", "2.0", "2.5", "3.0", "4.0"]),
    st.sampled_from(["", "de", "us", "jp", "igo"]),
    st.sampled_from(["http://", "https://", "https://www."]),
)
def test_every_licence_of_creative_commons_is_known_by_its_address(name: str, version: str, port: str, start: str) -> None:
    licence = from_text(f"{start}creativecommons.org/licenses/{name}/{version}/" + (f"{port}/" if port else ""))
    known = port.upper() if version != "4.0" else ""  # the fourth version has no ports
    assert licence == "-".join(part for part in ("CC", name.upper(), version, known) if part)
    assert is_known(str(licence))
