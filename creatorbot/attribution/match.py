"""Pure decisions: where may this payment have come from, and how is it shared out. Shares always add up to the payment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Grade = Literal["exact", "strong", "probable", "stated", "none"]
RULES = 1


@dataclass(frozen=True)
class PaymentTrace:
    """What is known of where a payment came from. link_id: of the checkout whose reference came back. amount in minor units."""

    amount_minor: int
    link_id: int | None = None
    reference: str = ""
    seconds_before: int = 0


@dataclass(frozen=True)
class Found:
    """A link a payment may have come from. seconds_before: between the fan's first step on the way and the payment."""

    link_id: int
    grade: Grade
    evidence: Mapping[str, str] = field(default_factory=dict)
    seconds_before: int = 0


@dataclass(frozen=True)
class Share:
    """A part of a payment, in minor units. link_id None: credited to nothing."""

    link_id: int | None
    amount_minor: int
    grade: Grade


def candidates(trace: PaymentTrace) -> tuple[Found, ...]:
    """Links this payment may have come from, surest first."""
    if trace.link_id is None:
        return ()
    return (Found(trace.link_id, "exact", {"how": "reference", "reference": trace.reference}, trace.seconds_before),)


def credit(amount_minor: int, found: Sequence[Found]) -> tuple[Share, ...]:
    """The default model, last touch: all of it to the surest candidate nearest to the payment, or to nothing."""
    if not found:
        return (Share(None, amount_minor, "none"),)
    order = ("exact", "strong", "stated", "probable", "none")
    best = min(found, key=lambda one: (order.index(one.grade), one.seconds_before, one.link_id))
    return (Share(best.link_id, amount_minor, best.grade),)


def inherit(parent: Sequence[Share], before: Mapping[int | None, int], amount_minor: int) -> tuple[Share, ...]:
    """A refund's shares: what it takes back is taken from those who were credited, in their proportion.

    parent: the payment's own shares. before: minor units already taken back (negative) by link. Shares are worked out on the whole
    sum taken back so far, so that a payment refunded in pieces ends at exactly nothing for every link.
    """
    if not parent:
        return (Share(None, amount_minor, "none"),)
    together = split(sum(before.values()) + amount_minor, [share.amount_minor for share in parent])
    return tuple(
        Share(share.link_id, part - before.get(share.link_id, 0), share.grade) for share, part in zip(parent, together, strict=True)
    )


def split(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of an amount in proportion to weights (0 or more), adding up to it exactly: largest remainder, earlier first.

    Negative amounts are split as positive ones are. When no weight is above zero the first part gets all.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("a split needs weights, none of them negative")
    total, size = sum(weights), abs(amount_minor)
    if total == 0:
        return [amount_minor, *([0] * (len(weights) - 1))]
    parts = [size * weight // total for weight in weights]
    remainders = [size * weight % total for weight in weights]
    for index in sorted(range(len(weights)), key=lambda place: (-remainders[place], place))[: size - sum(parts)]:
        parts[index] += 1
    return [part if amount_minor >= 0 else -part for part in parts]
