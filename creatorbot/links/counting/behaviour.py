"""What one visitor does next: the page, then a button. Pure; the last part of the rules in links/classify.

A group is what one visitor did with one link on one UTC day, told by the day's hash. Whatever order its parts become known in, the
verdicts are those of the whole group: reading it again later, or at once, says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from creatorbot.links.classify import Classified

PRESSED = Classified("person", "pressed_button")
ALONE = Classified("uncertain", "button_alone")


@dataclass(frozen=True, slots=True)
class Deed:
    """An opening, or a press. verdict: what the request alone says. own: it says it came from one of our pages."""

    at_ms: int
    verdict: Classified
    pressed: bool
    own: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """verdict: the final one. known_ms: when it became known, for an opening by somebody who pressed a button later: then."""

    verdict: Classified
    known_ms: int


def like_a_browser(verdict: Classified) -> bool:
    """Whether what comes next can say more."""
    return verdict.kind in ("person", "uncertain")


def settle(deeds: Sequence[Deed], *, opened: bool = False) -> list[Settled]:
    """The verdicts of one group, all of them like a browser's. opened: it is known otherwise that the visitor opened the page that day.

    A visitor without a hash is a group of one.
    """
    opened = opened or any(not deed.pressed for deed in deeds)
    presses = [_press(deed, opened=opened) if deed.pressed else deed.verdict for deed in deeds]
    sure = sorted(deed.at_ms for deed, verdict in zip(deeds, presses, strict=True) if deed.pressed and verdict.kind == "person")
    settled = []
    for deed, verdict in zip(deeds, presses, strict=True):
        later = None if deed.pressed or verdict.kind == "person" else next((at for at in sure if at >= deed.at_ms), None)
        settled.append(Settled(verdict, deed.at_ms) if later is None else Settled(PRESSED, later))
    return settled


def _press(deed: Deed, *, opened: bool) -> Classified:
    if not (deed.own or opened):
        return ALONE
    if deed.verdict.kind == "person":
        return deed.verdict
    # A browser that tells nothing of itself, but opened the page and then came from it, as a program that follows addresses does not.
    return PRESSED if deed.own and opened and deed.verdict.reason in ("bare", "framed") else deed.verdict
