"""Shares of a payment always add up to it, also when it is taken back in pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.attribution.match import Found, PaymentTrace, Share, candidates, credit, inherit, split

amounts = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=8)


@given(amounts, weights)
def test_parts_add_up_to_the_whole(amount: int, given_weights: list[int]) -> None:
    parts = split(amount, given_weights)
    assert sum(parts) == amount
    assert all(part * amount >= 0 for part in parts)
    assert split(-amount, given_weights) == [-part for part in parts]


@given(amounts, weights)
def test_no_part_is_a_whole_unit_away_from_its_due(amount: int, given_weights: list[int]) -> None:
    total = sum(given_weights)
    for part, weight in zip(split(amount, given_weights), given_weights, strict=True) if total else ():
        assert abs(part * total - amount * weight) < total


@pytest.mark.parametrize(
    ("amount", "given_weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [1, 1], [1, 0]),
        (7, [0, 0], [7, 0]),
        (10, [1, 2, 2], [2, 4, 4]),
        (0, [3, 4], [0, 0]),
        (11, [1, 3], [3, 8]),
    ],
)
def test_the_leftover_goes_to_the_largest_remainder_and_then_to_the_first(amount: int, given_weights: list[int], parts: list[int]) -> None:
    assert split(amount, given_weights) == parts


def test_a_split_without_sense_is_refused() -> None:
    for bad in ([], [1, -1]):
        with pytest.raises(ValueError):
            split(100, bad)


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=5), st.lists(st.integers(1, 10_000), max_size=6))
def test_a_payment_taken_back_in_pieces_ends_at_nothing_for_everyone(credited: list[int], pieces: list[int]) -> None:
    parent = [Share(number, minor, "exact") for number, minor in enumerate(credited)]
    left, before = sum(credited), dict[int | None, int]()
    for piece in [*(piece for piece in pieces), 10**9]:
        taken = -min(piece, left)
        shares = inherit(parent, before, taken)
        assert sum(share.amount_minor for share in shares) == taken
        for share in shares:
            before[share.link_id] = before.get(share.link_id, 0) + share.amount_minor
        left += taken
    assert before == {share.link_id: -share.amount_minor for share in parent}


def test_what_comes_back_after_a_dispute_goes_to_whom_it_was_taken_from() -> None:
    parent = [Share(1, 400, "exact"), Share(None, 300, "none")]
    taken = inherit(parent, {}, -700)
    back = inherit(parent, {share.link_id: share.amount_minor for share in taken}, 700)
    assert [(share.link_id, share.amount_minor) for share in back] == [(1, 400), (None, 300)]


def test_our_reference_is_exact_and_nothing_is_nothing() -> None:
    (found,) = candidates(PaymentTrace(700, link_id=5, reference="abc", seconds_before=60))
    assert (found.link_id, found.grade, found.evidence["how"]) == (5, "exact", "reference")
    assert credit(700, [found]) == (Share(5, 700, "exact"),)
    assert credit(700, candidates(PaymentTrace(700))) == (Share(None, 700, "none"),)


def test_the_surest_and_then_the_nearest_candidate_gets_it() -> None:
    found = [Found(1, "probable", seconds_before=1), Found(2, "exact", seconds_before=900), Found(3, "exact", seconds_before=60)]
    assert credit(700, found) == (Share(3, 700, "exact"),)
