"""Which releases from two places may be one: sure only by the trade's numbers or by title, artist and tracks; never within one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.releases.likeness.alike import Traits, alike, alike_key, artist_key, pairs, strict_key

UPC, EAN = "036000291452", "4006381333931"


def album(title: str = "Tall Ships", source: int = 1, **more: object) -> Traits:
    told: dict[str, object] = {"artist": "Aoife", "kind": "album", "tracks": 10, **more}
    return Traits(source, title, source_id=source or None, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (album(upc=UPC), album("Quite another", 2, artist="The Others", upc=UPC), "upc"),
        (album(upc=UPC), album("Another", 2, upc="0" + UPC), "upc"),
        (album(upc=EAN, kind="unknown"), album("Another", 2, upc=EAN), "upc"),
        (album(upc="036000291453"), album("Another", 2, upc="036000291453"), None),  # wrong last digit
        (album(upc="000000000000"), album("Another", 2, upc="000000000000"), None),
        (album(upc=UPC), album("Another", 2, upc=UPC, kind="track"), None),  # a track page tells its album's number
        (album(isrc="SE3AB2410001", kind="track"), album("Another", 2, isrc="SE3AB2410001", kind="track"), "isrc"),
        (album(isrc="SE3AB2410001"), album("Another", 2, isrc="SE3AB2410001"), None),
        (album(isrc="SE3AB24", kind="track"), album("Another", 2, isrc="SE3AB24", kind="track"), None),
        (album(), album(source=2), "same"),
        (album(), album("tall  SHIPS!", 2, artist="aoife"), "same"),
        (album(), album("Aoife – Tall Ships", 2), "same"),
        (album(), album("Tall Ships by Aoife", 2), "same"),
        (album("Ténèbres & Co"), album("tenebres and co", 2), "same"),
        (album(), album(source=2, tracks=11), "alike"),
        (album(), album(source=2, tracks=None), "alike"),
        (album(tracks=1), album(source=2, tracks=1), "alike"),
        (album(), album(source=2, kind="unknown"), "alike"),
        (album(), album(source=2, kind="episode"), "alike"),
        (album(upc=UPC), album(source=2, upc=EAN), "alike"),  # two numbers: perhaps two editions
        (album(), album("Tall Ships (full album)", 2), "alike"),
        (album(), album("Tall Ships [2026]", 2), None),
        (album(), album("Tall Ships (Deluxe)", 2), None),
        (album("Tall Ships (Deluxe Edition)"), album("Tall Ships: Deluxe Edition", 2), "same"),
        (album("Tall Ships (Deluxe Edition)"), album("Tall Ships (Deluxe Edition)", 2, tracks=14), "alike"),
        (album(), album("Tall Ships (Live)", 2), None),
        (album("Volume 1"), album("Volume 2", 2), None),
        (album("Part II"), album("Part III", 2), None),
        (album(), album(source=2, artist="Bran"), None),
        (album(), album(source=2, kind="track"), None),  # the title track is not the album
        (album(), album("Small Boats", 2), None),
        (album("Song (feat. Bran)", kind="track"), album("Song", 2, kind="track"), "alike"),
        (album("!!!"), album("???", 2), None),
        (album("!!!"), album("!!!", 2), "same"),
        (album("東京"), album("東京", 2), "same"),
        (album(""), album("", 2), None),
    ],
)
def test_what_is_one_and_what_is_not(one: Traits, other: Traits, why: str | None) -> None:
    assert alike(one, other) == alike(other, one) == why


def test_never_within_one_place() -> None:
    assert alike(album(upc=UPC), Traits(9, "Tall Ships", "Aoife", "album", 10, upc=UPC, source_id=1)) is None
    joined = Traits(9, "Tall Ships", "Aoife", "album", 10, source_id=2, listed_by=frozenset({1, 2}))
    assert alike(album(), joined) is None
    assert alike(album(source=0), album(source=0)) is None  # itself


def test_one_typed_by_hand_may_be_found_later() -> None:
    assert alike(Traits(9, "Tall Ships", "Aoife", "album"), album()) == "alike"


WORDS = st.text(st.sampled_from("aäA -–:()&'’!1Ⅱ東 "), max_size=14)
TRAITS = st.builds(
    Traits,
    st.integers(1, 5),
    st.one_of(WORDS, st.sampled_from(["Tall Ships", "Aoife - Tall Ships", "Tall Ships by Aoife", "Tall Ships (Live)"])),
    st.sampled_from(["Aoife", "The Aoife", "", "Bran & Co"]),
    st.sampled_from(["album", "track", "unknown", "episode", "video"]),
    st.sampled_from([None, 1, 10]),
    st.sampled_from(["", UPC, "0" + UPC, "12"]),
    st.sampled_from(["", "SE3AB2410001"]),
    st.none() | st.integers(1, 3),
)


@given(TRAITS, TRAITS)
def test_the_order_makes_no_difference_and_what_is_alike_is_found_by_its_key(one: Traits, other: Traits) -> None:
    why = alike(one, other)
    assert why == alike(other, one)
    if why in ("same", "alike") and artist_key(one.artist) == one.artist.casefold():
        assert alike_key(one.title, one.artist) == alike_key(other.title, other.artist) != ""


@given(TRAITS)
def test_a_title_keeps_something_to_know_it_by(one: Traits) -> None:
    assert (strict_key(one.title, one.artist) == "") == (not one.title.strip())


def test_each_pair_is_found_once() -> None:
    one, other = album(), album(source=2)
    assert pairs([one, other], [one, other]) == [(one, other, "same")]
