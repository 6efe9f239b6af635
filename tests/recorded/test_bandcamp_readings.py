"""Both descriptions of every recorded Bandcamp page say the same, each does alone, and so does the page when it is handed over."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from creatorbot.errors import InvalidInput
from creatorbot.sources import read_page
from creatorbot.sources.bandcamp_handed import page_of
from creatorbot.sources.bandcamp_linked import by_linked_data
from creatorbot.sources.bandcamp_page import take_apart
from creatorbot.sources.bandcamp_told import disagreements
from creatorbot.sources.bandcamp_tralbum import by_page_data
from creatorbot.sources.base import Fetched, FoundRelease
from creatorbot.sources.loose import document
from tests.recorded.test_bandcamp import DATA, SEEN

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded pages are not beside this checkout")

# Codes and numbers of tracks, read off the pages by eye (the trade's codes stand in the page's data only).
TRACKS = {
    "diskak.usopop.com_releases": 8,
    "floatingpoints.bandcamp.com_album_promises": 9,
    "infiniteammo.bandcamp.com_album_night-in-the-woods-vol-1-at-the-end-of-everything": 62,
    "macbenson.bandcamp.com_album_coming-of-age": 5,
    "zachbensonarchive.bandcamp.com_album_results-of-boredom": 8,
    "zachjohnson1.bandcamp.com_album_endless": 1,
}


def body(name: str) -> bytes:
    return (DATA / "html" / f"{name}.html").read_bytes()


def without(page: bytes, *marks: tuple[bytes, bytes]) -> bytes:
    for old, new in marks:
        assert old in page
        page = page.replace(old, new)
    return page


def only(page: Fetched) -> FoundRelease:
    (release,) = read_page(page).releases
    return release


@pytest.mark.parametrize("name", SEEN)
def test_both_descriptions_agree_in_every_field(name: str) -> None:
    page = take_apart(Fetched("", body(name)))
    linked = by_linked_data(page)
    data = by_page_data(page, linked.price.currency if linked else None)
    assert data
    assert linked
    assert (data.kind, data.item_id) == (linked.kind, linked.item_id)
    assert disagreements(data, linked) == ()
    for told in (data, linked):
        assert all(getattr(told, field) for field in ("title", "artist", "released_on", "licence", "cover", "url"))


@pytest.mark.parametrize("name", SEEN)
def test_each_description_does_alone(name: str) -> None:
    whole = only(Fetched("", body(name)))
    by_data = only(Fetched("", without(body(name), (b'type="application/ld+json"', b'type="text/gone"'))))
    by_linked = only(Fetched("", without(body(name), (b" data-tralbum=", b" data-gone="))))
    for alone in (by_data, by_linked):
        assert (alone.guid, alone.title, alone.artist, alone.kind) == (whole.guid, whole.title, whole.artist, whole.kind)
        assert (alone.released_on, alone.licence, alone.cover_url, alone.part_of) == (
            whole.released_on,
            whole.licence,
            whole.cover_url,
            whole.part_of,
        )
        assert (alone.price.model, alone.tracks, alone.availability) == (whole.price.model, whole.tracks, "out")
    assert by_linked.price == whole.price
    assert {tag.casefold() for tag in by_data.tags} >= {tag.casefold() for tag in whole.tags[:-1]}


@pytest.mark.parametrize("name", SEEN)
def test_tracks_and_codes(name: str) -> None:
    release = only(Fetched("", body(name)))
    assert release.tracks == TRACKS.get(name, 1)
    assert release.upc == ("680899009720" if name.startswith("floatingpoints") else None)
    assert release.isrc is None


def test_a_recording_code() -> None:
    (path,) = (DATA / "tralbum").glob("harmony_svenfredrik*")
    assert by_page_data_of(path).isrc == "SE3AB2410001"


def by_page_data_of(path: Path) -> FoundRelease:
    kept = json.loads(path.read_text(encoding="utf-8"))
    payload = {"address": kept["tralbum"]["url"], "tralbum": json.dumps(kept["tralbum"]), "band": json.dumps(kept["band"])}
    return only(page_of(json.dumps(payload).encode()))


def test_what_only_subscribers_have_is_told() -> None:
    (path,) = (DATA / "tralbum").glob("harmony_stevelawson*")
    kept = json.loads(path.read_text(encoding="utf-8"))
    payload = {"address": kept["tralbum"]["url"], "tralbum": json.dumps(kept["tralbum"]), "licence": kept["licenseUrl"]}
    reading = read_page(page_of(json.dumps(payload).encode()))
    assert reading.releases[0].licence == "CC-BY-NC-SA-3.0"
    assert any("only for your subscribers" in str(note) for note in reading.notes)


@pytest.mark.parametrize("name", [*SEEN, "infiniteammo.bandcamp.com"])
def test_the_pasted_source_says_what_the_page_says(name: str) -> None:
    page = page_of(body(name))
    assert page.address.startswith("https://")
    assert read_page(page).releases == read_page(Fetched(page.address, body(name))).releases


@pytest.mark.parametrize("name", SEEN)
def test_what_the_bookmark_button_takes_says_what_the_page_says(name: str) -> None:
    tree = LexborHTMLParser(body(name).decode())
    script, linked = tree.css_first("[data-tralbum]"), tree.css_first('script[type="application/ld+json"]')
    money = tree.css_first("[data-band-currency]")
    assert script
    assert linked
    assert money
    marks = script.attributes
    address = document(json.loads(marks["data-tralbum"] or ""))["url"]
    payload = {
        "address": address,
        "tralbum": marks["data-tralbum"],
        "band": marks["data-band"],
        "currency": money.attributes["data-band-currency"],
        "linked": linked.text(),
        "licence": "commercial",
    }
    handed, whole = only(page_of(json.dumps(payload).encode())), only(Fetched(str(address), body(name)))
    assert replace(handed, cover_url=None) == replace(whole, cover_url=None)


# The answers for the app, read by eye: how many releases, the first one's title, its day; or the price of a release.
LISTS = {
    "band_details_2": ("mac benson", 4, "call me up again (demo)", date(2023, 4, 14)),
    "band_details_3": ("SHIRAKUMO Nagi", 4, "Alabaster Dawn (Original Soundtrack)", date(2026, 5, 7)),
    "band_details_4": ("Alec Holowka", 10, "Night in the Woods Vol. 1: At The End Of Everything", date(2017, 3, 6)),
    "band_details_7": ("Wintergatan", 22, "Proof of Concept", date(2019, 6, 26)),
}
PRICES = {
    "t110572200": ("Moon And Star", "pay_what_you_want", None, "SEK"),
    "t1187918430": ("All Was Well - Music Box & Modulin Version", "minimum", "8.00", "SEK"),
    "t3486455278": ("Just for the Halibut", "minimum", "1.00", "CAD"),
    "t980273184": ("Tornado", "minimum", "8.00", "SEK"),
}


def answered(name: str) -> Fetched:
    return Fetched("", (DATA / "api" / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", LISTS)
def test_lists_for_the_app(name: str) -> None:
    reading = read_page(answered(name))
    first = reading.releases[0]
    assert (reading.title, len(reading.releases), first.title, first.released_on) == LISTS[name]
    assert len({release.guid for release in reading.releases}) == len(reading.releases)


@pytest.mark.parametrize("name", PRICES)
def test_prices_for_the_app(name: str) -> None:
    release = only(answered(f"tralbum_details_{name}"))
    price = release.price
    assert (release.title, price.model, price.amount and price.amount.plain, price.currency) == PRICES[name]


def test_every_answer_for_the_app_is_read_or_refused_in_a_sentence() -> None:
    refused = {"band_details_1", "band_details_6"}
    for path in sorted((DATA / "api").glob("*.json")):
        if path.stem in refused:
            with pytest.raises(InvalidInput, match="no such artist"):
                read_page(answered(path.stem))
            continue
        reading = read_page(answered(path.stem))
        assert reading.source == "bandcamp"
        if "tralbum" in path.stem:
            (release,) = reading.releases
            assert release.guid == f"track-{path.stem.rpartition('_t')[2]}"
            assert release.url
            assert release.released_on
    assert read_page(answered("band_details")).state == "empty"
    assert "artists of a label" in str(read_page(answered("band_details_5")).notes[0])


def test_the_list_on_the_page_and_the_list_for_the_app_are_one() -> None:
    page = read_page(Fetched("", body("infiniteammo.bandcamp.com")))
    app = read_page(answered("band_details_4"))
    assert {one.guid: one.title for one in page.releases} == {one.guid: one.title for one in app.releases}
