"""Bandcamp pages recorded in the wild, compared with what a person sees on them: the text of the button, the licence line, the heading."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, FoundRelease, Price, Reading
from tests.sources.pages import release_page

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "bandcamp"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded pages are not beside this checkout")

# Read off the pages by eye: title, artist, kind, day, price model, amount, currency, album it is part of (its last word), number of tags.
SEEN: dict[str, tuple[str, str, str, str, str, str | None, str | None, str | None, int]] = {
    "diskak.usopop.com_releases": ("Garun Ta Eztarri", "BANANAS", "album", "2021-10-14", "pay_what_you_want", None, "EUR", None, 1),
    "floatingpoints.bandcamp.com_album_promises": (
        "Promises",
        "Floating Points, Pharoah Sanders & The London Symphony Orchestra",
        "album",
        "2021-03-26",
        "minimum",
        "9.99",
        "USD",
        None,
        6,
    ),
    "infiniteammo.bandcamp.com_album_night-in-the-woods-vol-1-at-the-end-of-everything": (
        "Night in the Woods Vol. 1: At The End Of Everything",
        "Alec Holowka",
        "album",
        "2017-03-06",
        "minimum",
        "7.00",
        "USD",
        None,
        3,
    ),
    "macbenson.bandcamp.com": ("call me up again (demo)", "mac benson", "track", "2023-04-14", "minimum", "0.99", "GBP", None, 3),
    "macbenson.bandcamp.com_album_coming-of-age": ("Coming of Age", "mac benson", "album", "2019-11-01", "fixed", "4.00", "GBP", None, 9),
    "macbenson.bandcamp.com_track_divine-2": ("Divine", "mac benson", "track", "2019-11-01", "not_sold", None, None, "coming-of-age", 3),
    "macbenson.bandcamp.com_track_dont-dance-with-boys-with-girlfriends": (
        "Don't Dance with Boys with Girlfriends",
        "mac benson",
        "track",
        "2019-11-01",
        "not_sold",
        None,
        None,
        "coming-of-age",
        3,
    ),
    "macbenson.bandcamp.com_track_home-with-me-3": (
        "Home with Me",
        "mac benson",
        "track",
        "2019-11-01",
        "not_sold",
        None,
        None,
        "coming-of-age",
        3,
    ),
    "radicaldreamland.bandcamp.com_track_hackmud-continuous-mix": (
        "hackmud continuous mix",
        "Lena Raine",
        "track",
        "2016-12-15",
        "not_sold",
        None,
        None,
        "hackmud-ost-vol-1-lena-raine",
        5,
    ),
    "zachbensonarchive.bandcamp.com_album_results-of-boredom": (
        "[results of boredom]",
        "Zach Benson",
        "album",
        "2015-08-21",
        "pay_what_you_want",
        None,
        "USD",
        None,
        5,
    ),
    "zachbensonarchive.bandcamp.com_track_i-write-sins-not-trapgedies": (
        "I Write Sins Not Trapgedies",
        "Zach Benson",
        "track",
        "2015-08-21",
        "pay_what_you_want",
        None,
        "USD",
        "results-of-boredom",
        5,
    ),
    "zachbensonarchive.bandcamp.com_track_say-it-aint-kanye": (
        "Say It Ain't Kanye",
        "Zach Benson",
        "track",
        "2015-08-21",
        "pay_what_you_want",
        None,
        "USD",
        "results-of-boredom",
        5,
    ),
    "zachbensonarchive.bandcamp.com_track_the-less-i-know-the-8bitter": (
        "The Less I Know The 8Bitter",
        "Zach Benson",
        "track",
        "2015-08-21",
        "pay_what_you_want",
        None,
        "USD",
        "results-of-boredom",
        5,
    ),
    "zachbensonarchive.bandcamp.com_track_whyd-you-only-call-me-when-youre-stressed-out": (
        "Why'd You Only Call Me When You're Stressed Out?",
        "Zach Benson",
        "track",
        "2015-08-21",
        "pay_what_you_want",
        None,
        "USD",
        "results-of-boredom",
        11,
    ),
    "zachjohnson1.bandcamp.com_album_endless": (
        "Endless",
        "Zach Johnson",
        "album",
        "2012-07-27",
        "pay_what_you_want",
        None,
        "USD",
        None,
        8,
    ),
}
SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY"}


def recorded(name: str) -> Reading:
    return read_page(Fetched("", (DATA / "html" / f"{name}.html").read_bytes()))


def only(name: str) -> FoundRelease:
    (release,) = recorded(name).releases
    return release


def words_of(name: str, pattern: str) -> str:
    """What a person reads in the first element that matches."""
    page = (DATA / "html" / f"{name}.html").read_text(encoding="utf-8")
    found = re.search(pattern, page, re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found.group())).split()) if found else ""


def price_on_the_button(words: str) -> Price | tuple[str, str | None, str | None]:
    """The price as the digital button says it."""
    if "name your price" in words:
        return "pay_what_you_want", None, None
    if "Free Download" in words:
        return "free", None, None
    amount = re.search(r"([$£€¥])?([\d.,]+) ([A-Z]{3})", words)
    if not amount:
        return "not_sold", None, None
    decimals = amount.group(2) if "." in amount.group(2) or amount.group(3) == "JPY" else f"{amount.group(2)}.00"
    return ("minimum" if "or more" in words else "fixed"), decimals, amount.group(3)


@pytest.mark.parametrize("name", SEEN)
def test_a_release_page_says_what_a_person_reads_on_it(name: str) -> None:
    release = only(name)
    title, artist, kind, day, model, amount, currency, part_of, tags = SEEN[name]
    assert (release.title, release.artist, release.kind, release.released_on) == (title, artist, kind, date.fromisoformat(day))
    assert (release.price.model, release.price.amount and release.price.amount.plain, release.price.currency) == (model, amount, currency)
    assert (release.part_of or "").rsplit("/", 1)[-1] == (part_of or "")
    assert len(release.tags) == tags
    assert recorded(name).notes == ()


@pytest.mark.parametrize("name", SEEN)
def test_the_price_is_the_buttons(name: str) -> None:
    model, amount, currency = price_on_the_button(words_of(name, r'<h4 class="ft compound-button.*?</h4>'))  # type: ignore[misc]
    price = only(name).price
    assert (price.model, price.amount and price.amount.plain) == (model, amount)
    assert currency is None or price.currency == currency


@pytest.mark.parametrize("name", SEEN)
def test_title_licence_cover_and_address_are_the_pages(name: str) -> None:
    release = only(name)
    assert words_of(name, r'<h2 class="trackTitle">.*?</h2>') == release.title
    assert "all rights reserved" in words_of(name, r'<div id="license".*?</div>')
    assert release.licence == "all-rights-reserved"
    page = (DATA / "html" / f"{name}.html").read_text(encoding="utf-8")
    shown = re.search(r'<meta property="og:image" content="([^"]+)_5\.jpg"', page)
    assert shown
    assert release.cover_url == f"{shown.group(1)}_10.jpg"
    told = re.search(r'<meta property="og:url"\s+content="([^"]+)"', page)
    assert told
    assert (release.url or "").split("/", 3)[3] == told.group(1).split("/", 3)[3]
    assert f"&quot;item_id&quot;:{release.guid.split('-')[1]}" in page


def test_the_artist_page_lists_its_ten_albums() -> None:
    reading = recorded("infiniteammo.bandcamp.com")
    page = (DATA / "html" / "infiniteammo.bandcamp.com.html").read_text(encoding="utf-8")
    assert [release.guid for release in reading.releases] == re.findall(r'data-item-id="(album-\d+)"', page)
    assert (len(reading.releases), {release.price for release in reading.releases}) == (10, {Price("unknown")})
    assert reading.releases[9].title == "Kyle Pulver's Games"
    assert reading.releases[9].url == "https://infiniteammo.bandcamp.com/album/kyle-pulvers-games"
    assert {release.artist for release in reading.releases} == {"Alec Holowka"}
    for release in reading.releases:
        assert re.fullmatch(r"https://f4\.bcbits\.com/img/a\d{10}_10\.jpg", release.cover_url or "")


@pytest.mark.parametrize(
    ("name", "state"),
    [("lobstertheremin.com_1", "empty"), ("toupie.bandcamp.com_releases", "empty"), ("RECONSTRUCTED_client_challenge", "robot_check")],
)
def test_pages_without_releases_are_calm(name: str, state: str) -> None:
    reading = recorded(name)
    assert (reading.source, reading.state, reading.releases, len(reading.notes)) == ("bandcamp", state, (), 1)


def test_every_recorded_page_is_looked_at_here() -> None:
    calm = {"infiniteammo.bandcamp.com", "lobstertheremin.com_1", "toupie.bandcamp.com_releases", "RECONSTRUCTED_client_challenge"}
    assert {path.stem for path in (DATA / "html").glob("*.html")} == {*SEEN, *calm}


# The data of pages whose HTML was not kept: price model and amount by the rule, read by eye from the numbers.
TOLD = {
    "arbee_album_des-papiers-ii": ("minimum", "9.00"),
    "frisyr_album_demo": ("pay_what_you_want", None),
    "lunar-module_album_bear-creek": ("fixed", "7.00"),
    "stevelawson_album_ambiguous-hands": ("minimum", "9.00"),
    "svenfredrik_track_mr-florida-81": ("minimum", "1.00"),
    "dennisbovell_album_guide": ("minimum", "3.00"),
    "thedarkthursday_album_and-it": ("fixed", "7.00"),
}


def loaded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TOLD)
def test_the_data_alone(name: str) -> None:
    (path,) = (DATA / "tralbum").glob(f"harmony_{name}*.json")
    kept = loaded(path)
    deed = f'<a class="cc-icons" href="{kept["licenseUrl"]}">some rights reserved</a>' if "licenseUrl" in kept else ""
    (release,) = read_page(Fetched("", release_page(kept["tralbum"], licence=deed))).releases
    assert (release.price.model, release.price.amount and release.price.amount.plain) == TOLD[name]
    assert (release.guid, release.url) == (f"{kept['tralbum']['item_type']}-{kept['tralbum']['id']}", kept["tralbum"]["url"])
    assert release.licence == ("CC-BY-NC-SA-3.0" if deed else "all-rights-reserved")


@pytest.mark.parametrize(
    ("name", "guid", "amount", "day"),
    [
        ("single_only_track_name", "track-793629957", "1.00", "2021-01-10"),
        ("single_track_release", "track-2868806546", "2.00", "2020-11-09"),
        ("album", "album-2990976741", None, "2020-07-17"),
        ("hex002", "album-2521852486", None, "2019-10-04"),
    ],
)
def test_linked_data_alone_takes_no_vinyl_and_no_bundle(name: str, guid: str, amount: str | None, day: str) -> None:
    (release,) = read_page(Fetched("", release_page(None, loaded(DATA / "ldjson" / f"beetcamp_{name}.json")))).releases
    assert (release.guid, release.released_on) == (guid, date.fromisoformat(day))
    assert (release.price.model, release.price.amount and release.price.amount.plain) == ("minimum" if amount else "unknown", amount)


def test_no_linked_data_stops_the_reader() -> None:
    for path in sorted((DATA / "ldjson").glob("*.json")):
        reading = read_page(Fetched("", release_page(None, loaded(path))))
        assert [release.title for release in reading.releases] == [" ".join(loaded(path)["name"].split())], path.name
