"""A page handed over by the bookmark button, or pasted, says the same as the page that was fetched."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.errors import InvalidInput
from creatorbot.sources import read_page
from creatorbot.sources.bandcamp_handed import MOST_BYTES, page_of
from creatorbot.sources.base import Fetched, Reading
from tests.sources.pages import CHALLENGE, LABEL, STUB, grid_page, linked, offer, release_page, square, tralbum
from tests.sources.test_strangers import VALUES

ADDRESS = "https://aoife.bandcamp.com/album/tall-ships"
DEED = "http://creativecommons.org/licenses/by-nc-sa/3.0/de/"
DATA = tralbum(minimum_price=7.0)
LINKED = linked(offer(4001, "a", "EUR", {"minPrice": 7.0}), numTracks=2)
BUTTON: dict[str, Any] = {
    "v": 1,
    "address": ADDRESS + "?from=search&label=12#play",
    "tralbum": json.dumps(DATA),
    "band": json.dumps({"id": 7, "name": "Aoife"}),
    "currency": '"EUR"',
    "linked": json.dumps({**LINKED, "description": "Ends </script><script>alert(1)</script> here"}),
    "licence": DEED,
    "image": "https://f4.bcbits.com/img/a0220866688_5.jpg",
    "button": "Buy Digital Album €7 EUR or more",
    "heading": "Tall Ships",
    "tags": ["Folk"],
}


def handed(payload: object) -> Reading:
    return read_page(page_of(payload if isinstance(payload, bytes) else json.dumps(payload).encode()))


def test_the_button_on_a_release_says_what_the_page_says() -> None:
    fetched = read_page(Fetched(ADDRESS, release_page(DATA, LINKED, licence=f'<a class="cc-icons" href="{DEED}">some</a>')))
    assert handed(BUTTON).releases == fetched.releases
    assert handed(BUTTON).releases[0].licence == "CC-BY-NC-SA-3.0-DE"
    assert handed({**BUTTON, "licence": "commercial"}).releases[0].licence == "all-rights-reserved"
    assert page_of(json.dumps(BUTTON).encode()).address == ADDRESS


def test_the_button_on_an_artists_page_lists_everything() -> None:
    later = [{"id": 17, "type": "album", "title": "Old & <b>Demos</b>", "page_url": "/album/old-demos", "art_id": 42}]
    squares = [{"id": "album-1", "href": "https://aoife.bandcamp.com/album/one", "title": 'One "<i>', "artist": "Bea", "image": "x.jpg"}]
    found = handed({"address": "https://aoife.bandcamp.com/", "band": "{}", "squares": squares, "items": json.dumps(later)})
    assert [(one.guid, one.title) for one in found.releases] == [("album-1", 'One "<i>'), ("album-17", "Old & <b>Demos</b>")]
    assert found.releases[0].artist == "Bea"
    assert page_of(json.dumps({"address": "https://aoife.bandcamp.com", "squares": squares}).encode()).address.endswith("/music")


def test_the_button_on_a_labels_and_on_an_empty_page() -> None:
    label = handed({"address": "https://salt.bandcamp.com/artists", "band": "{}", "members": ["https://aoife.bandcamp.com"]})
    assert label.follow == ("https://salt.bandcamp.com/music", "https://aoife.bandcamp.com/music")
    empty = handed({"address": "https://bea.bandcamp.com/", "band": '{"name":"Bea"}', "stub": True})
    assert (empty.state, empty.title) == ("empty", "Bea")


@pytest.mark.parametrize(
    ("body", "address"),
    [
        (release_page(DATA, LINKED), ADDRESS),
        (b"\xef\xbb\xbf  \n" + release_page(DATA), ADDRESS),
        (grid_page([square("album-1", "Tall Ships", "/album/tall-ships")]), "https://aoife.bandcamp.com/music"),
    ],
)
def test_the_source_of_a_page_can_be_pasted(body: bytes, address: str) -> None:
    assert page_of(body).address == address
    assert len(handed(body).releases) == 1


def test_data_of_the_app_can_be_pasted() -> None:
    answer = {"id": 1, "type": "t", "title": "Wellerman", "tralbum_artist": "Aoife", "bandcamp_url": "https://aoife.bandcamp.com/track/w"}
    assert page_of(json.dumps(answer).encode()).address == "https://aoife.bandcamp.com/track/w"
    assert handed(answer).releases[0].guid == "track-1"


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "not a Bandcamp page"),
        (b"{}", "not a Bandcamp page"),
        (b"{broken", "not a Bandcamp page"),
        (b"https://aoife.bandcamp.com", "not a Bandcamp page"),
        (b"<html><p>Hello</p></html>", "not a Bandcamp page"),
        (b"\x00\xff" * 50, "not a Bandcamp page"),
        (json.dumps({"address": ADDRESS}).encode(), "not a Bandcamp page"),
        (json.dumps({**BUTTON, "address": "javascript:alert(1)"}).encode(), "which page this is"),
        (json.dumps({**BUTTON, "address": None}).encode(), "which page this is"),
        (STUB, "which page this is"),
        (CHALLENGE, "whether you are human"),
        (b"x" * (MOST_BYTES + 1), "too large"),
    ],
)
def test_what_is_no_page_is_said_in_a_sentence(payload: bytes, why: str) -> None:
    with pytest.raises(InvalidInput, match=why) as refused:
        page_of(payload)
    assert refused.value.field == "page"


def test_a_labels_source_alone_does_not_say_where_it_is() -> None:
    with pytest.raises(InvalidInput, match="which page"):
        page_of(LABEL)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*BUTTON, "squares", "items", "members", "stub", "page"]), VALUES | st.text(alphabet="<>\"'&/{}[]:,x0"))
def test_any_value_in_any_place_stays_data(name: str, value: object) -> None:
    try:
        page = page_of(json.dumps({**BUTTON, name: value}).encode())
    except InvalidInput:
        return
    assert page.address.startswith("https://aoife.bandcamp.com/") or name == "address"
    assert b"alert(1)</script>" not in page.body
    found = read_page(page)
    assert all(release.title for release in found.releases)
    plain = read_page(page_of(json.dumps(BUTTON).encode())).releases[0]
    if name in ("tags", "image", "button", "heading", "licence", "page", "stub", "members", "squares", "items"):
        (release,) = found.releases
        unchanged = {"tags": plain.tags, "cover_url": plain.cover_url, "licence": plain.licence}
        assert replace(release, **unchanged) == plain  # type: ignore[arg-type]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_page_or_a_sentence(body: bytes) -> None:
    for payload in (body, b"{" + body, b"<html data-tralbum=" + body, b'<script data-band="' + body):
        try:
            read_page(page_of(payload))
        except InvalidInput:
            pass
