"""What Bandcamp's app is told can be read as well: pasted, or found at an address."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.errors import InvalidInput
from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, FoundRelease, Reading
from tests.sources.test_strangers import VALUES

ADDRESS = "https://bandcamp.com/api/mobile/22/tralbum_details?band_id=7&tralbum_id=4001&tralbum_type=a"
ALBUM: dict[str, Any] = {
    "id": 4001,
    "type": "a",
    "title": "Tall Ships",
    "bandcamp_url": "https://aoife.bandcamp.com/album/tall-ships",
    "art_id": 220866688,
    "band": {"band_id": 7, "name": "Aoife"},
    "tralbum_artist": "Aoife & Bea",
    "tracks": [{"track_id": 1}, {"track_id": 2}],
    "about": "Ten shanties.",
    "release_date": 1793923200,
    "is_purchasable": True,
    "free_download": False,
    "is_preorder": False,
    "tags": [{"name": "Folk", "norm_name": "folk"}, {"name": "Galway", "norm_name": "galway"}],
    "currency": "EUR",
    "is_set_price": False,
    "price": 7.0,
    "has_digital_download": True,
}
ITEM = {"item_id": 4001, "item_type": "album", "artist_name": None, "band_name": "Aoife", "title": "Tall Ships", "art_id": 220866688}
BAND: dict[str, Any] = {
    "id": 7,
    "name": "Aoife",
    "bandcamp_url": "https://aoife.bandcamp.com",
    "artists": [],
    "discography": [
        {**ITEM, "release_date": "06 Nov 2026 00:00:00 GMT"},
        {**ITEM, "item_id": 77, "item_type": "track", "title": "Wellerman"},
        {**ITEM, "item_id": 9, "item_type": "merch"},
    ],
}


def reading(answer: object) -> Reading:
    return read_page(Fetched(ADDRESS, json.dumps(answer).encode()))


def only(**changed: Any) -> FoundRelease:
    (release,) = reading({**ALBUM, **changed}).releases
    return release


def test_a_release() -> None:
    release = only()
    assert (release.title, release.artist, release.kind, release.guid) == ("Tall Ships", "Aoife & Bea", "album", "album-4001")
    assert (release.url, release.released_on, release.tracks) == (ALBUM["bandcamp_url"], date(2026, 11, 6), 2)
    assert (release.tags, release.description) == (("Folk", "Galway"), "Ten shanties.")
    assert release.cover_url == "https://f4.bcbits.com/img/a0220866688_10.jpg"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, ("minimum", "7.00")),
        ({"price": 0.0}, ("pay_what_you_want", None)),
        ({"is_set_price": True}, ("fixed", "7.00")),
        ({"free_download": True, "price": 0.0}, ("free", None)),
        ({"is_purchasable": False}, ("not_sold", None)),
        ({"has_digital_download": False}, ("not_sold", None)),
        ({"price": None}, ("unknown", None)),
        ({"currency": "JPY", "price": 1980.0}, ("minimum", "1980")),
    ],
)
def test_the_price_here_is_the_one_that_counts(changed: dict[str, Any], said: tuple[str, str | None]) -> None:
    price = only(**changed).price
    assert (price.model, price.amount and price.amount.plain) == said


def test_a_pre_order() -> None:
    assert only(is_preorder=True).availability == "preorder"


def test_an_artists_list_has_no_addresses_and_says_so() -> None:
    listed = reading(BAND)
    assert [(one.guid, one.kind, one.url) for one in listed.releases] == [("album-4001", "album", None), ("track-77", "track", None)]
    assert (listed.title, listed.releases[0].released_on) == ("Aoife", date(2026, 11, 6))
    assert "does not tell the addresses" in str(listed.notes[0])
    assert reading({**BAND, "discography": []}).state == "empty"
    assert "artists of a label" in str(reading({**BAND, "discography": [], "artists": [{"id": 8, "name": "Bea"}]}).notes[0])


def test_a_refusal_is_said() -> None:
    with pytest.raises(InvalidInput, match="no such artist or release"):
        reading({"error": True, "error_message": "band_id 0 not found"})


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><html><body>Just a moment</body></html>", b" \n<html>"])
def test_a_web_page_where_data_was_asked_for_is_a_robot_check(body: bytes) -> None:
    found = read_page(Fetched(ADDRESS, body))
    assert (found.source, found.state, len(found.notes)) == ("bandcamp", "robot_check", 1)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(ALBUM)), VALUES)
def test_any_value_in_any_place(name: str, value: object) -> None:
    for answer in ({**ALBUM, name: value}, {**BAND, "discography": [{**ITEM, name: value}]}, {**BAND, "discography": value}):
        try:
            found = reading(answer)
        except InvalidInput:
            continue
        for release in found.releases:
            assert release.guid.startswith(("album-", "track-"))
            assert release.url is None or release.url.startswith("http")
