"""At which ages a post is looked at, and what follows from a look. Pure."""

from datetime import datetime, timedelta

AGES = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)
NAMES_KEPT = timedelta(days=30)
MOST_TRIES = 6  # looks in a row that were not possible, before an age is given up


def moment_of(step: int, published_at: datetime, scale: float) -> datetime | None:
    """When the post has this age; None after the last. scale: as in waits."""
    return published_at + AGES[step] * scale if step < len(AGES) else None


def step_at(now: datetime, published_at: datetime, scale: float) -> int:
    """The age to look at now: the latest that has come, so that one after a long pause is looked at once and not seven times."""
    come = [step for step, age in enumerate(AGES) if published_at + age * scale <= now]
    return come[-1] if come else 0


def pause(tries: int, scale: float) -> timedelta:
    """After the n-th look in a row that was not possible: 2, 4, 8 … minutes, at most an hour."""
    return timedelta(minutes=min(2 ** min(max(tries, 1), 6), 60)) * scale
