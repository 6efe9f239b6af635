"""Every way in which an entry can come back: guid, link, title, date and content, each the same, changed or missing.

The table was written from what three feed bots got wrong and what each case means to the artist, not from the code: an entry is never
announced twice because somebody edited, moved or renumbered it, and a different entry is never taken for an old one.
"""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from creatorbot.releases.decide import Decider, Known
from creatorbot.releases.keys import content_hash, content_key, entry_keys
from creatorbot.sources.base import FoundRelease

OLD = FoundRelease(
    title="Tall Ships",
    url="https://aoife.example/r/tall-ships",
    guid="urn:uuid:1",
    released_on=date(2026, 11, 6),
    description="Ten shanties, sung in the old harbour.",
)
OTHER = FoundRelease(title="Harbour Lights", url="https://aoife.example/r/harbour-lights", guid="urn:uuid:7", released_on=date(2026, 3, 1))

# One letter for each of guid, link, title, date, content: s same, c changed, m missing; letters together: any of them.
# A missing guid is the link then, as readers have it; without a link it is made of the words.
TABLE = (
    # The id is the same: whatever else happened, it is the entry we know. Never news.
    ("s  sm s s s", "same"),
    ("s  c  s s s", "moved"),
    ("s  scm s s cm", "changed"),
    ("s  scm s cm scm", "changed"),
    ("s  scm cm scm scm", "changed"),
    # The id is another one or none, and the old one is gone. Title and page are the same: the place renumbered its entries.
    ("cm s  s s s", "same"),
    ("cm s  s s cm", "changed"),
    ("cm s  s cm scm", "changed"),
    # Its page was renamed too, but title and day are the same: a site that moved.
    ("cm c  s s s", "moved"),
    ("cm c  s s cm", "changed"),
    # It has no link any more, but title and day are the same.
    ("cm m  s s s", "same"),
    ("cm m  s s cm", "changed"),
    # The title is another one or none, but its own page is the same: somebody edited it, in a program that makes ids from titles.
    ("cm s  cm scm scm", "changed"),
    # Title alone says nothing: "Live tonight" comes every week. So does the day alone, and the words alone.
    ("cm cm s cm scm", "new"),
    ("cm cm cm scm scm", "new"),
)


def expected(combination: str) -> str:
    """What the table says of this combination: exactly one of its rows may speak."""
    said = [verdict for row, verdict in TABLE if all(one in group for one, group in zip(combination, row.split(), strict=True))]
    assert len(said) == 1, (combination, said)
    return said[0]


def variant(combination: str) -> FoundRelease:
    guid, link, title, day, content = combination
    url = {"s": OLD.url, "c": "https://aoife.example/music/ships-tall", "m": None}[link]
    made = FoundRelease(
        title={"s": OLD.title, "c": "Small Boats", "m": ""}[title],
        url=url,
        guid={"s": OLD.guid, "c": "urn:uuid:2", "m": url or ""}[guid],
        released_on={"s": OLD.released_on, "c": date(2026, 12, 1), "m": None}[day],
        description={"s": OLD.description, "c": "Eleven shanties.", "m": ""}[content],
    )
    return made


def known(*releases: FoundRelease) -> list[Known]:
    return [
        Known(number, entry_keys(one)[0], content_key(one), content_hash(one), one.url or "", one.title, one.released_on)
        for number, one in enumerate(releases, 1)
    ]


ALL = ["".join(one) for one in product("scm", repeat=5)]


def test_the_table_says_one_thing_of_each_combination() -> None:
    assert len(ALL) == 3**5
    assert set(map(expected, ALL)) == {"same", "moved", "changed", "new"}
    assert all(expected(one) != "new" for one in ALL if one[0] == "s")


@pytest.mark.parametrize("combination", ALL)
def test_what_an_entry_that_came_back_is(combination: str) -> None:
    found = variant(combination)
    decisions = Decider(known(OLD, OTHER)).decide([found, OTHER])
    assert decisions[-1].verdict == "same"
    if not (found.guid or found.url or found.title or found.released_on or found.description):
        assert len(decisions) == 1  # it says nothing at all: there is nothing to announce and nothing to know it by
        return
    decision = decisions[0]
    assert decision.verdict == expected(combination)
    assert decision.item_id == (None if decision.verdict == "new" else 1)
    assert decision.why


@pytest.mark.parametrize("combination", ALL)
def test_beside_the_one_we_know_only_another_id_makes_another_entry(combination: str) -> None:
    """The old entry is still listed: what comes beside it is a second one, unless it is the same one listed twice."""
    found = variant(combination)
    decisions = Decider(known(OLD, OTHER)).decide([OLD, OTHER, found])
    assert [one.verdict for one in decisions[:2]] == ["same", "same"]
    # The same id, unless neither page nor title agree: some programs give all entries one id. Or title, page and day are the same.
    twice = (combination[0] == "s" and not (combination[1] == "c" and combination[2] != "s")) or combination[1:4] == "sss"
    silent = not (found.guid or found.url or found.title or found.released_on or found.description)
    assert [one.verdict for one in decisions[2:]] == ([] if twice or silent else ["new"])


@pytest.mark.parametrize("combination", ALL)
def test_dates_decide_nothing(combination: str) -> None:
    """Whatever day an entry tells, as long as it is another one: back-dated, undated or today, the verdict is the same."""
    if combination[3] != "c":
        return
    verdicts = {
        Decider(known(OLD, OTHER)).decide([replace(variant(combination), released_on=day), OTHER])[0].verdict
        for day in (date(1994, 6, 11), date(2026, 11, 7), date(2031, 1, 1))
    }
    assert len(verdicts) == 1
