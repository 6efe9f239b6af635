"""A release page describes itself twice. Both descriptions are read by themselves; each does alone; a contradiction is told."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.amounts import Money
from creatorbot.sources import read_page
from creatorbot.sources.bandcamp_told import Told, disagreements, join
from creatorbot.sources.base import Fetched, FoundRelease, Price, Reading
from creatorbot.sources.standard_codes import isrc, upc
from tests.sources.pages import linked, offer, release_page, tralbum

ADDRESS = "https://aoife.bandcamp.com/album/tall-ships"
RESERVED = '<span class="cc-icons commercial"></span>all rights reserved'


def reading(data: object, ld: object = None, **page: Any) -> Reading:
    return read_page(Fetched(ADDRESS, release_page(data, ld, **page)))


def told(data: object, ld: object = None, **page: Any) -> list[str]:
    return [str(note) for note in reading(data, ld, **page).notes]


def only(data: object, ld: object = None, **page: Any) -> FoundRelease:
    (release,) = reading(data, ld, **page).releases
    return release


def named(licence: str) -> dict[str, Any]:
    return {"additionalProperty": [{"name": "license_name", "value": licence}]}


def album(*, price: float = 7.0, **changed: Any) -> dict[str, Any]:
    """Linked data that agrees with pages.ALBUM at this price."""
    base = {"numTracks": 2, "image": "https://f4.bcbits.com/img/a0220866688_10.jpg", "@id": ADDRESS}
    return linked(offer(4001, "a", "EUR", {"minPrice": price}), **{**base, **changed})


def test_two_descriptions_that_agree_say_nothing() -> None:
    assert told(tralbum(minimum_price=7.0), album()) == []


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"price": 9.0}, "prices"),
        ({"name": "Small Boats"}, "titles"),
        ({"byArtist": {"name": "Bea"}}, "artists"),
        ({"datePublished": "07 Nov 2026 00:00:00 GMT"}, "release dates"),
        ({"numTracks": 3}, "numbers of tracks"),
        ({"image": "https://f4.bcbits.com/img/a0000000042_10.jpg"}, "covers"),
        (named("attribution"), "licences"),
    ],
)
def test_a_contradiction_names_its_field_and_the_page_wins(changed: dict[str, Any], word: str) -> None:
    data = tralbum(minimum_price=7.0)
    release = only(data, album(**changed), licence=RESERVED)
    (note,) = told(data, album(**changed), licence=RESERVED)
    assert f"two different {word};" in note
    assert "Tall Ships" in note
    assert (release.title, release.artist, release.tracks, release.released_on) == ("Tall Ships", "Aoife", 2, date(2026, 11, 6))
    assert (release.price.amount, release.licence) == (Money(700, "EUR"), "all-rights-reserved")
    assert release.cover_url == "https://f4.bcbits.com/img/a0220866688_10.jpg"


def test_descriptions_of_two_releases_are_not_mixed() -> None:
    other = linked(offer(9, "a", "EUR", {"minPrice": 99.0}), name="Another", keywords=["wrong"])
    release = only(tralbum(minimum_price=7.0), other)
    assert (release.guid, release.title, release.tags) == ("album-4001", "Tall Ships", ())
    (note,) = told(tralbum(minimum_price=7.0), other)
    assert "two different releases" in note


@pytest.mark.parametrize("broken", ["nonsense", 7, [], {"item_type": "album"}, {"id": "x", "item_type": "album"}])
def test_a_broken_first_description_leaves_the_second(broken: object) -> None:
    release = only(broken, album())
    assert (release.guid, release.title, release.price.amount) == ("album-4001", "Tall Ships", Money(700, "EUR"))
    assert (release.tracks, release.released_on, release.url) == (2, date(2026, 11, 6), ADDRESS)


@pytest.mark.parametrize("broken", ["nonsense", 7, [], {"@type": "MusicAlbum"}, {"@type": "MusicAlbum", "albumRelease": 3, "byArtist": 4}])
def test_a_broken_second_description_leaves_the_first(broken: object) -> None:
    release = only(tralbum(minimum_price=7.0), broken)
    assert (release.guid, release.title, release.price.amount) == ("album-4001", "Tall Ships", Money(700, "EUR"))
    assert told(tralbum(minimum_price=7.0), broken) == []


def test_linked_data_without_a_number_is_named_by_the_head_of_the_page() -> None:
    mark = b'<meta name="bc-page-properties" content="{&quot;item_type&quot;:&quot;a&quot;,&quot;item_id&quot;:4001}"></head>'
    page = release_page(None, linked()).replace(b"</head>", mark, 1)
    (release,) = read_page(Fetched(ADDRESS, page)).releases
    assert (release.guid, release.title, release.price.model) == ("album-4001", "Tall Ships", "unknown")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"killed": 1}, "withdrawn"),
        ({"private": 1}, "withdrawn"),
        ({"album_is_preorder": True}, "preorder"),
        ({"trackinfo": [{"id": 1, "unreleased_track": True}, {"id": 2, "unreleased_track": True}]}, "coming"),
        ({"trackinfo": [{"id": 1, "unreleased_track": True}, {"id": 2, "unreleased_track": False}]}, "out"),
        ({}, "out"),
    ],
)
def test_whether_it_is_out(flags: dict[str, Any], said: str) -> None:
    data = tralbum()
    data["current"] |= {name: flags.pop(name) for name in ("killed", "private") if name in flags}
    assert only({**data, **flags}).availability == said


def test_a_track_of_a_pre_order_is_a_foretaste_or_still_to_come() -> None:
    track = tralbum(item_type="track", id=77, album_url="/album/tall-ships", album_is_preorder=True)
    assert only({**track, "trackinfo": [{"id": 77, "unreleased_track": False}]}).availability == "out"
    assert only({**track, "trackinfo": [{"id": 77, "unreleased_track": True}]}).availability == "coming"


def test_the_offer_may_be_the_only_one_to_tell_of_a_pre_order() -> None:
    early = offer(4001, "a", "EUR", {"minPrice": 7.0})
    early["offers"]["availability"] = "PreOrder"
    assert only(None, linked(early)).availability == "preorder"
    assert only(tralbum(minimum_price=7.0), linked(early)).availability == "preorder"
    assert "both that it is out and that it is not" in " ".join(told(tralbum(minimum_price=7.0), linked(early)))


def test_what_only_subscribers_can_have_is_told() -> None:
    assert "only for your subscribers" in " ".join(told(tralbum(tralbum_subscriber_only=True)))
    withdrawn = tralbum()
    withdrawn["current"]["private"] = 1
    assert "not public any more" in " ".join(told(withdrawn))


@pytest.mark.parametrize(
    ("types", "said"), [([1, 1], "all-rights-reserved"), ([1, 6], None), ([6, 6], None), ([], None), ([None, 1], None), (["x"], None)]
)
def test_an_albums_licence_is_that_of_all_its_tracks(types: list[Any], said: str | None) -> None:
    tracks = [{"id": number, "license_type": kind} for number, kind in enumerate(types, 1)]
    assert only(tralbum(trackinfo=tracks)).licence == said


@pytest.mark.parametrize(
    ("name", "deed", "said", "quarrel"),
    [
        ("attribution", "https://creativecommons.org/licenses/by/3.0/", "CC-BY-3.0", False),
        ("attribution_non_commercial_share_alike", "http://creativecommons.org/licenses/by-nc-sa/3.0/de/", "CC-BY-NC-SA-3.0-DE", False),
        ("all_rights_reserved", "https://creativecommons.org/licenses/by/3.0/", "CC-BY-3.0", True),
        ("attribution", "https://creativecommons.org/licenses/by-nc/3.0/", "CC-BY-NC-3.0", True),
        ("attribution", "", None, False),
        ("various", "", None, False),
    ],
)
def test_the_link_tells_the_version_the_name_confirms_it(name: str, deed: str, said: str | None, quarrel: bool) -> None:
    box = f'<a class="cc-icons" href="{deed}">some rights reserved</a>' if deed else ""
    data = tralbum(minimum_price=7.0, trackinfo=[{"id": 1}, {"id": 2}])
    assert only(data, album(**named(name)), licence=box).licence == said
    assert any("licences" in note for note in told(data, album(**named(name)), licence=box)) == quarrel


def test_a_track_without_an_offer_of_its_own_is_not_sold_alone() -> None:
    entries = [{"additionalProperty": [{"name": "item_type", "value": "a"}]}, offer(77, "t", "EUR", None)]
    track = {
        "@type": "MusicRecording",
        "name": "Wellerman",
        "inAlbum": {"@type": "MusicAlbum", "@id": ADDRESS, "albumRelease": entries},
        "isrcCode": "IE-ABC-26-00001",
    }
    release = only(None, track)
    assert (release.guid, release.kind, release.price.model, release.part_of) == ("track-77", "track", "not_sold", ADDRESS)
    assert release.isrc == "IEABC2600001"


def test_codes_that_differ_are_both_left_out_since_releases_are_joined_by_them() -> None:
    data = tralbum(minimum_price=7.0)
    data["current"]["upc"] = "680899009720"
    entry = offer(4001, "a", "EUR", {"minPrice": 7.0})
    assert only(data, linked({**entry, "identifier": "680899009720"})).upc == "680899009720"
    assert only(data, linked(entry)).upc == "680899009720"
    assert only(data, linked({**entry, "identifier": "5060889590868"})).upc is None
    assert any("product codes" in note for note in told(data, linked({**entry, "identifier": "5060889590868"})))


NO_CODES: tuple[object, ...] = ("", "000000000000", "12", "abc", None, True, [], "٦٨٠٨٩٩٠٠٩٧٢٠", "6" * 400)


@pytest.mark.parametrize(
    ("value", "said"),
    [("680899009720", "680899009720"), (" 5060889-590868", "5060889590868"), (680899009720, "680899009720"), ("680899009721", "")]
    + [(none, "") for none in NO_CODES],
)
def test_product_codes_are_well_formed_or_nothing(value: object, said: str) -> None:
    assert upc(value) == said


def test_recording_codes_are_well_formed_or_nothing() -> None:
    assert [isrc(one) for one in ("SE3AB2410001", "se-3ab-24-10001", "SE3AB241000", 7, None, "SE3AB24100٠١")] == [
        "SE3AB2410001",
        "SE3AB2410001",
        "",
        "",
        "",
        "",
    ]


TOLDS = st.builds(
    Told,
    kind=st.sampled_from(["album", "track", None]),
    item_id=st.sampled_from([None, 1, 2]),
    title=st.sampled_from(["", "A", "a", "B"]),
    artist=st.sampled_from(["", "X", "Y"]),
    price=st.sampled_from([Price(), Price("free"), Price("pay_what_you_want"), Price("fixed", Money(1, "EUR")), Price("fixed")]),
    licence=st.sampled_from(["", "by", "CC-BY-3.0", "all-rights-reserved"]),
    tracks=st.sampled_from([None, 1, 2]),
    upc=st.sampled_from(["", "1", "2"]),
    availability=st.sampled_from([None, "out", "preorder", "withdrawn"]),
)


@settings(max_examples=300, deadline=None)
@given(TOLDS, TOLDS)
def test_joining_loses_nothing_and_hides_no_quarrel(page: Told, other: Told) -> None:
    joined, notes = join(page, other)
    assert join(page, page) == (page, ())
    assert join(page, None) == (page, ())
    assert join(None, other) == (other, ())
    if page.item_id and other.item_id and (page.kind, page.item_id) != (other.kind, other.item_id):
        assert joined == page
        assert len(notes) == 1
        return
    assert len(notes) == len(disagreements(page, other)) == len(disagreements(other, page))
    assert joined.title == (page.title or other.title)
    assert joined.price.model == (page.price.model if page.price.model != "unknown" else other.price.model)
    assert joined.availability in (page.availability, other.availability)
