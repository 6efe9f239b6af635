"""Which amounts a page offers to tap: round ones around what the artist suggests."""

from creatorbot.amounts import LARGEST_MINOR, Money, exponent

_ROUND = (10, 12, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100)  # tenths of a power of ten
_WHOLE = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15)


def choices(suggested: Money | None, minimum: Money | None, currency: str) -> tuple[Money, ...]:
    """Three amounts, ascending, none below the minimum; the suggested one is among them, between about half and about
    1.7 times as much. Without a suggestion: three, five and ten of a small note."""
    floor = minimum.minor if minimum and minimum.currency == currency else 0
    note = 10 ** max(exponent(currency), 2)
    if suggested is None or suggested.currency != currency or suggested.minor <= 0:
        start = max(floor, 3 * note)
        wanted = [start, max(5 * note, _round(start * 5 // 3)), max(10 * note, _round(start * 10 // 3))]
    else:
        wanted = [_round(suggested.minor // 2), suggested.minor, _round(suggested.minor * 17 // 10)]
        if wanted[0] < max(floor, 1):
            wanted[0] = floor or 1
    kept = sorted({minor for minor in wanted if minor >= floor})
    while len(kept) < 3:
        kept.append(_round(kept[-1] * 17 // 10 + 1))
    return tuple(Money(min(minor, LARGEST_MINOR), currency) for minor in kept[:3])


def _round(minor: int) -> int:
    """The nearest amount people say without thinking: 3, 12, 25, 120."""
    if minor < 1:
        return 1
    power = int(10 ** (len(str(minor)) - 1))
    if power < 10:
        return min(_WHOLE, key=lambda whole: (abs(whole - minor), whole))
    return min((tenths * power // 10 for tenths in _ROUND), key=lambda near: (abs(near - minor), near))
