"""Kinds of things that are told, and how a member chooses among them."""

from dataclasses import dataclass, field
from datetime import datetime

from creatorbot.wording import N_

# What a member can tick, in this order: the words, and the kinds of told things it stands for.
CHOICES: dict[str, tuple[str, tuple[str, ...]]] = {
    "trouble": (N_("A post needs you, is late, or did not go out"), ("failed", "needs_you", "vanished", "late")),
    "posted": (N_("A post is out"), ("posted", "changed", "removed")),
    "account": (N_("An account has to be connected again"), ("account",)),
    "source": (N_("A place we watch cannot be read any more"), ("source",)),
    "release": (N_("A new release was found, or goes out by itself"), ("release", "planned")),
    "counting": (N_("Visits cannot be counted"), ("counting",)),
}
PACES: dict[str, str] = {"at_once": N_("At once"), "daily": N_("Once a day, in the morning")}
# Kinds that ask for something; shown with a mark on Home.
PRESSING = frozenset({"failed", "needs_you", "vanished", "late"})


@dataclass(frozen=True)
class Happening:
    """One thing to be told. about: what makes it one. values: names and reasons; moments as datetimes under MOMENTS' names."""

    artist_id: int
    about: str
    kind: str
    sentence: str
    at: datetime
    values: dict[str, object] = field(default_factory=dict)
    post_id: int | None = None
    account_id: int | None = None
    source_id: int | None = None
    release_id: int | None = None


MOMENTS = ("since", "again", "due")


def chosen_by(kind: str) -> str:
    """Which choice a kind belongs to."""
    return next(name for name, (_words, kinds) in CHOICES.items() if kind in kinds)
