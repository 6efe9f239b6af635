"""What is new and what is not: nothing twice, nothing missed, whatever a feed does to its ids, links, titles and dates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.releases.decide import Decider, Known
from creatorbot.releases.keys import content_hash, content_key, guid_key
from creatorbot.sources.base import FoundRelease

OLD = FoundRelease(
    title="Tall Ships",
    url="https://aoife.example/r/1",
    guid="https://aoife.example/r/1",
    released_on=date(2026, 11, 6),
    description="Ten shanties",
)
SEVENTH = FoundRelease(title="Other", url="https://aoife.example/r/7", guid="g7")


def known(*releases: FoundRelease) -> list[Known]:
    return [Known(number, guid_key(one.guid), content_key(one), content_hash(one), one.url or "") for number, one in enumerate(releases, 1)]


def verdicts(seen: Sequence[FoundRelease], listed: Sequence[FoundRelease], *, first: bool = False) -> list[str]:
    return [decision.verdict for decision in Decider(known(*seen), first=first).decide(listed)]


def test_the_first_look_is_where_we_start_from() -> None:
    assert verdicts([], [OLD, SEVENTH], first=True) == ["baseline", "baseline"]


def test_an_unseen_entry_is_new_with_any_date() -> None:
    for day in (None, date(1994, 6, 11), date(2026, 11, 20), date(2031, 1, 1)):
        assert verdicts([OLD], [replace(SEVENTH, released_on=day), OLD]) == ["new", "same"]


def test_three_at_once_are_news_four_are_held() -> None:
    many = [FoundRelease(title=f"Song {number}", url=f"https://aoife.example/s/{number}", guid=f"s{number}") for number in range(4)]
    assert verdicts([OLD], [OLD, *many[:3]]) == ["same", "new", "new", "new"]
    assert verdicts([OLD], [OLD, *many]) == ["same", "held", "held", "held", "held"]


MATRIX = list(product([False, True], repeat=4))


@pytest.mark.parametrize(("link", "title", "day", "text"), MATRIX)
def test_an_entry_with_its_old_id_is_never_new(link: bool, title: bool, day: bool, text: bool) -> None:
    edited = replace(
        OLD,
        url="https://aoife.example/new-place/1" if link else OLD.url,
        title="Tall Ships (remaster)" if title else OLD.title,
        released_on=date(2026, 12, 1) if day else OLD.released_on,
        description="Eleven shanties" if text else OLD.description,
    )
    expected = "changed" if title or day or text else "moved" if link else "same"
    assert verdicts([OLD, SEVENTH], [edited, SEVENTH]) == [expected, "same"]


@pytest.mark.parametrize(("link", "title", "day", "text"), MATRIX)
def test_an_entry_with_another_id_is_known_by_title_and_path(link: bool, title: bool, day: bool, text: bool) -> None:
    renumbered = replace(
        OLD,
        guid="urn:uuid:1",
        url="https://aoife.example/elsewhere" if link else OLD.url,
        title="Another" if title else OLD.title,
        released_on=None if day else OLD.released_on,
        description="Eleven" if text else OLD.description,
    )
    expected = "new" if link or title else "changed" if day or text else "same"
    assert verdicts([OLD, SEVENTH], [renumbered, SEVENTH]) == [expected, "same"]


@pytest.mark.parametrize(
    "guid",
    [
        "http://aoife.example/r/1",
        "https://aoife.example/r/1/",
        "https://AOIFE.example/r/1",
        "https://www.aoife.example/r/1",
        " https://aoife.example:443/r/1",
    ],
)
def test_an_id_written_differently_is_the_same_id(guid: str) -> None:
    assert verdicts([OLD], [replace(OLD, guid=guid)]) == ["same"]


def test_ids_that_only_look_alike_are_different() -> None:
    for guid in ("https://aoife.example/R/1", "https://aoife.example/r/1?x=2", "https://aoife.example/r/11", "https://other.example/r/1"):
        listed = [OLD, replace(SEVENTH, guid=guid, title=guid, url=guid)]
        assert verdicts([OLD], listed) == ["same", "new"]


def test_a_site_that_moved_to_another_domain_is_recognised() -> None:
    old = [
        FoundRelease(title=f"Song {number}", url=f"https://old.example/s/{number}", guid=f"https://old.example/s/{number}")
        for number in range(9)
    ]
    new = [replace(one, url=(one.url or "").replace("old", "new"), guid=one.guid.replace("old", "new")) for one in old]
    assert verdicts(old, new) == ["moved"] * 9


def test_a_weekly_entry_with_the_same_title_and_front_page_is_new_each_week() -> None:
    first = FoundRelease(title="Live tonight", url="https://aoife.example/", guid="a", released_on=date(2026, 11, 6))
    second = replace(first, guid="b", released_on=date(2026, 11, 13))
    assert verdicts([first], [second]) == ["new"]
    assert verdicts([first], [second, first]) == ["new", "same"]


def test_one_old_entry_stands_for_one_entry_only() -> None:
    assert sorted(verdicts([OLD], [replace(OLD, guid="x1"), replace(OLD, guid="x2")])) == ["new", "same"]


def test_an_id_twice_in_one_feed_is_one_entry() -> None:
    assert verdicts([], [OLD, replace(OLD, title="Again")], first=True) == ["baseline"]


def test_a_shrunken_feed_says_nothing_about_the_rest() -> None:
    assert verdicts([OLD, SEVENTH], []) == []
    assert verdicts([OLD, SEVENTH], [SEVENTH]) == ["same"]


def test_tracks_come_with_their_album() -> None:
    album = FoundRelease(title="Tall Ships", url="https://a.bandcamp.com/album/tall-ships", guid="album-1", kind="album")
    tracks = [
        FoundRelease(
            title=f"Track {number}", url=f"https://a.bandcamp.com/track/{number}", guid=f"track-{number}", kind="track", part_of=album.url
        )
        for number in range(8)
    ]
    assert verdicts([OLD], [OLD, album, *tracks]) == ["same", "new", *["with_album"] * 8]
    assert verdicts([OLD, album], [*tracks]) == ["with_album"] * 8
    assert verdicts([OLD], [OLD, tracks[0]]) == ["same", "new"]


def test_what_an_entry_belongs_to_may_come_from_its_own_page() -> None:
    album = FoundRelease(title="Tall Ships", url="https://a.bandcamp.com/album/tall-ships", guid="album-1", kind="album")
    listed = FoundRelease(title="Track", url="https://a.bandcamp.com/track/1", guid="track-1", kind="track")
    decider = Decider(known(album))
    assert [one.guid for one in decider.unseen([album, listed])] == ["track-1"]
    decided = decider.decide([album, listed], {"track-1": replace(listed, part_of=album.url)})
    assert [(one.verdict, one.found) for one in decided] == [("same", album), ("with_album", listed)]


RELEASES = st.lists(
    st.builds(
        FoundRelease,
        title=st.sampled_from(["A", "B", "", "Ä " * 200]),
        url=st.none() | st.sampled_from(["https://a.example/", "https://a.example/1", "http://a.example/1/", "https://b.example/1"]),
        guid=st.sampled_from(["1", "2", "http://a.example/1", "https://a.example/1/", "x" * 5_000]),
        released_on=st.none() | st.just(date(2026, 1, 1)),
    ),
    max_size=6,
)


@given(RELEASES)
def test_looking_twice_finds_nothing_the_second_time(listed: list[FoundRelease]) -> None:
    once = [decision.found for decision in Decider((), first=True).decide(listed)]
    again = Decider(known(*once)).decide(listed)
    assert {decision.verdict for decision in again} <= {"same"}
    assert len(again) == len(once) == len({guid_key(one.guid) for one in listed})


@given(RELEASES, RELEASES)
def test_no_known_entry_is_taken_twice(before: list[FoundRelease], listed: list[FoundRelease]) -> None:
    seen = [decision.found for decision in Decider((), first=True).decide(before)]
    taken = [decision.item_id for decision in Decider(known(*seen)).decide(listed) if decision.item_id]
    assert len(taken) == len(set(taken))


def test_keys_fit_an_index() -> None:
    assert len(guid_key("https://a.example/" + "x" * 10_000)) < 300
    assert guid_key("x" * 5_000) != guid_key("x" * 5_001)
