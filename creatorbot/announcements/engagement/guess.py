"""What one boost did, as far as it can be guessed: only when exactly one new booster appeared between two looks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True)
class Look:
    """One look at a post. boosts: as its server counts them, None where it does not tell."""

    at: datetime
    boosts: int | None


@dataclass(frozen=True)
class BoostGuess:
    """The servers that fetched the post's link for the first time between two looks, in which this one person boosted it."""

    handle: str
    since: datetime
    until: datetime
    servers: int


def guesses(looks: Sequence[Look], boosters: Sequence[tuple[str, datetime]], first_seen: Sequence[datetime]) -> list[BoostGuess]:
    """One for each pair of looks between which exactly one booster was new and the count rose by exactly one; oldest first.

    looks: oldest first. boosters: handle and the look it was first seen at. first_seen: when each server fetched the link first.
    A pair with no new server says nothing, so it is left out. The time before the first look holds the post's own arrival: no guess.
    """
    found = []
    for before, after in pairwise(looks):
        new = [handle for handle, seen_at in boosters if seen_at == after.at]
        if len(new) != 1 or before.boosts is None or after.boosts is None or after.boosts - before.boosts != 1:
            continue
        servers = sum(before.at < moment <= after.at for moment in first_seen)
        if servers:
            found.append(BoostGuess(new[0], before.at, after.at, servers))
    return found
