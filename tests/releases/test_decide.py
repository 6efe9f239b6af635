"""What is new and what is not: nothing twice, nothing missed, whatever a feed does to its ids, links, titles and dates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.releases.decide import Decider, Known
from creatorbot.releases.keys import content_hash, content_key, entry_keys, guid_key
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
    return [
        Known(
            number,
            entry_keys(one)[0],
            content_key(one),
            content_hash(one),
            one.url or "",
            one.title,
            one.released_on,
            entry_keys(one)[1:] and entry_keys(one),
        )
        for number, one in enumerate(releases, 1)
    ]


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
    later = replace(OLD, guid="x2", released_on=date(2026, 11, 13))
    assert sorted(verdicts([OLD], [replace(OLD, guid="x1"), later])) == ["new", "same"]


def test_an_entry_listed_twice_under_two_ids_is_one_and_known_by_either() -> None:
    twice = [replace(SEVENTH, guid="x1"), replace(SEVENTH, guid="x2")]
    assert verdicts([OLD], [OLD, *twice]) == ["same", "new"]
    found = Decider(known(OLD)).decide([OLD, *twice])[1]
    assert found.keys == ("x1", "x2")
    joined = replace(known(SEVENTH)[0], item_id=2, guid_key="x1", parts=found.keys)
    for listed in (twice, twice[:1], twice[1:]):
        assert [one.verdict for one in Decider([*known(OLD), joined]).decide(listed)] == ["same"]


def test_an_id_that_all_entries_share_tells_nothing_apart() -> None:
    def song(number: int) -> FoundRelease:
        return FoundRelease(title=f"Song {number}", url=f"https://aoife.example/s/{number}", guid="https://aoife.example/")

    first = Decider((), first=True).decide([song(2), song(1)])
    assert [one.verdict for one in first] == ["baseline", "baseline"]
    seen = [replace(known(one.found)[0], item_id=number, guid_key=one.keys[0]) for number, one in enumerate(first)]
    assert [one.verdict for one in Decider(seen).decide([song(3), song(2), song(1)])] == ["new", "same", "same"]
    assert [one.verdict for one in Decider(known(song(1))).decide([song(2), song(1)])] == ["new", "same"]


def test_a_page_all_entries_share_tells_nothing_apart() -> None:
    def episode(number: int, title: str = "") -> FoundRelease:
        return FoundRelease(
            title=title or f"Episode {number}",
            url="https://aoife.example/podcast",
            guid=f"e{number}",
            released_on=date(2026, 11, number),
        )

    assert verdicts([episode(1), episode(2)], [episode(3)]) == ["new"]
    live = [episode(number, "Live tonight") for number in (1, 2, 3)]
    assert verdicts(live[:2], live[2:]) == ["new"]
    assert verdicts(live[:2], [replace(live[1], guid="another")]) == ["same"]


def test_one_entry_alone_does_not_show_that_its_page_is_its_own() -> None:
    latest = FoundRelease(title="Song 1", url="https://aoife.example/latest", guid="1")
    assert verdicts([latest], [replace(latest, title="Song 2", guid="2")]) == ["new"]


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
    decided = Decider((), first=True).decide(listed)
    seen = [
        replace(known(one.found)[0], item_id=number, guid_key=one.keys[0], parts=one.keys if len(one.keys) > 1 else ())
        for number, one in enumerate(decided)
    ]
    again = Decider(seen).decide(listed)
    assert {decision.verdict for decision in again} <= {"same"}
    assert len(again) == len(decided)


@given(RELEASES, RELEASES)
def test_no_known_entry_is_taken_twice(before: list[FoundRelease], listed: list[FoundRelease]) -> None:
    seen = [decision.found for decision in Decider((), first=True).decide(before)]
    taken = [decision.item_id for decision in Decider(known(*seen)).decide(listed) if decision.item_id]
    assert len(taken) == len(set(taken))


TODAY = date(2026, 11, 20)
COMING = replace(SEVENTH, released_on=date(2026, 12, 1))
WAITING = replace(known(COMING)[0], item_id=7, waits=True, not_before=date(2026, 12, 1))


def on(day: date, found: FoundRelease, seen: Known = WAITING) -> tuple[str, date | None]:
    decision = Decider([*known(OLD), seen], today=day).decide([OLD, found])[1]
    assert decision.item_id == 7
    return decision.verdict, decision.not_before


@pytest.mark.parametrize("first", [False, True])
def test_what_is_dated_in_the_future_waits(first: bool) -> None:
    decision = Decider(() if first else known(OLD), first=first, today=TODAY).decide([COMING])[0]
    assert (decision.verdict, decision.not_before, decision.item_id) == ("waits", date(2026, 12, 1), None)
    told = Decider(known(OLD), today=TODAY).decide([replace(COMING, released_on=None, availability="coming")])[0]
    assert (told.verdict, told.not_before) == ("waits", None)


def test_what_waits_is_news_when_its_day_has_come_and_again_waits_when_the_day_moves() -> None:
    assert on(TODAY, COMING) == ("waits", date(2026, 12, 1))
    assert on(date(2026, 12, 1), COMING) == ("new", None)
    assert on(date(2026, 12, 1), replace(COMING, released_on=date(2026, 12, 8))) == ("waits", date(2026, 12, 8))
    assert on(TODAY, replace(COMING, released_on=date(2026, 11, 20))) == ("new", None)
    assert on(TODAY, replace(COMING, title="Another name")) == ("waits", date(2026, 12, 1))
    assert on(TODAY, replace(COMING, released_on=None)) == ("waits", date(2026, 12, 1))
    assert on(date(2026, 12, 2), replace(COMING, released_on=None)) == ("new", None)
    assert on(TODAY, replace(COMING, availability="withdrawn"))[0] == "waits"


def test_what_can_be_bought_before_its_day_is_news_at_once() -> None:
    before = replace(COMING, availability="preorder")
    assert Decider(known(OLD), today=TODAY).decide([OLD, before])[1].verdict == "new"
    assert on(TODAY, before) == ("new", None)


def test_a_date_that_moves_takes_nothing_back() -> None:
    assert Decider(known(OLD), today=TODAY).decide([replace(OLD, released_on=date(2027, 1, 1))])[0].verdict == "changed"


def test_too_many_days_that_come_at_once_are_held() -> None:
    songs = [replace(COMING, guid=f"s{n}", title=f"Song {n}", url=f"https://aoife.example/s/{n}") for n in range(4)]
    seen = [replace(one, item_id=number, waits=True) for number, one in enumerate(known(*songs), 10)]
    assert {one.verdict for one in Decider(seen, today=date(2026, 12, 1)).decide(songs)} == {"held"}
    assert {one.verdict for one in Decider(seen, today=date(2026, 12, 1)).decide(songs[:3])} == {"new"}


def test_whether_it_is_out_may_come_from_its_own_page() -> None:
    listed = replace(SEVENTH, released_on=None)
    decision = Decider(known(OLD), today=TODAY).decide([listed], {"g7": replace(listed, released_on=date(2026, 12, 24))})[0]
    assert (decision.verdict, decision.not_before) == ("waits", date(2026, 12, 24))


def test_what_cannot_be_had_any_more_is_no_news() -> None:
    assert verdicts([OLD], [replace(SEVENTH, availability="withdrawn")]) == ["baseline"]


def joined(*parts: str) -> FoundRelease:
    return FoundRelease(title="Tall Ships", url="https://f.example/a", guid=parts[0], parts=parts, tracks=len(parts))


def test_a_release_joined_of_parts_is_known_by_any_of_them_and_grows() -> None:
    assert verdicts([joined("a", "b")], [joined("a", "b")]) == ["same"]
    assert verdicts([joined("a", "b")], [joined("c", "b", "a")]) == ["changed"]
    assert verdicts([joined("a", "b")], [joined("b", "c")]) == ["changed"]


def test_parts_that_are_no_longer_listed_take_nothing_away() -> None:
    assert verdicts([joined("a", "b", "c")], [joined("c")]) == ["same"]
    assert verdicts([joined("a", "b", "c")], [joined("b", "a")]) == ["same"]


def test_parts_listed_apart_are_still_the_one_we_know() -> None:
    apart = [FoundRelease(title=name, url=f"https://f.example/{name}", guid=name) for name in ("a", "b")]
    assert len(verdicts([joined("a", "b")], apart)) == 1


@pytest.mark.parametrize("silent", [FoundRelease(title="", url=None, guid=""), FoundRelease(title=" ", url="", guid="\x00 ")])
def test_an_entry_that_says_nothing_is_left_out(silent: FoundRelease) -> None:
    assert verdicts([OLD], [OLD, silent, silent]) == ["same"]


@pytest.mark.parametrize(
    "poor",
    [
        FoundRelease(title="Only a title", url=None, guid=""),
        FoundRelease(title="", url="https://aoife.example/r/9", guid=""),
        FoundRelease(title="", url=None, guid="g9"),
        FoundRelease(title="", url=None, guid="", released_on=date(2026, 11, 1)),
        FoundRelease(title="", url=None, guid="", description="Only words"),
    ],
)
def test_an_entry_that_says_little_is_news_once(poor: FoundRelease) -> None:
    assert verdicts([OLD], [OLD, poor]) == ["same", "new"]
    assert verdicts([OLD, poor], [OLD, poor]) == ["same", "same"]


def test_keys_fit_an_index() -> None:
    assert len(guid_key("https://a.example/" + "x" * 10_000)) < 300
    assert guid_key("x" * 5_000) != guid_key("x" * 5_001)
