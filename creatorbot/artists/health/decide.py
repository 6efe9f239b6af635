"""What a look at an account proves. Pure: no database, no clock, no network.

One answer is a blip. What the server says in so many words (it moved, it is suspended) counts at once; what it only seems to say needs
to be seen again: a permission that is refused twice, an account that is not found on two different days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from creatorbot.networks.base import Health
from creatorbot.networks.returning import Seen
from creatorbot.wording import N_

State = Literal["ok", "unreachable", "reconnect", "disabled", "suspended", "moved", "gone"]
BROKEN: tuple[str, ...] = ("reconnect", "disabled", "suspended", "moved", "gone")

DAY = timedelta(hours=24)
SOON = timedelta(minutes=10)
AFTER_A_BLIP = timedelta(hours=1)
ANOTHER_DAY = timedelta(hours=20)
# So often, at least so far apart, before it is believed.
# What its owner may mend on the server itself is looked at again soon; the rest once a day.
AGAIN: Mapping[str, timedelta] = {"disabled": AFTER_A_BLIP}
PROOF: Mapping[str, tuple[int, timedelta]] = {"gone": (2, ANOTHER_DAY), "reconnect": (2, SOON), "disabled": (2, SOON)}

SENTENCES: Mapping[str, str] = {
    "moved": N_("Your account moved to %(there)s. Connect it, and what waits goes out from there."),
    "suspended": N_(
        "The people who run %(host)s have suspended this account. What waits is kept; write to them, or post from another one."
    ),
    "disabled": N_("%(host)s does not let you log in at present. What waits is kept. Log in there yourself: it says why."),
    "refused": N_("%(reason)s Log in there yourself: it says what to do. What waits is kept."),
    "gone": N_("%(host)s says that there is no such account any more, on two days in a row. What was posted stays in your results."),
    "reconnect": N_("%(host)s no longer accepts our permission. What waits is kept until you connect again."),
    "unreachable": N_("%(host)s does not answer at present. What is due waits and goes out when it is back."),
}


@dataclass(frozen=True)
class Doubt:
    """A state seen but not proven yet: which, since when, how often in a row."""

    state: str = ""
    since: datetime | None = None
    times: int = 0


@dataclass(frozen=True)
class Verdict:
    """What follows from one look. state: None where nothing is proven, so that all stays as it was. again: when to look next."""

    state: State | None
    doubt: Doubt
    again: timedelta
    there: str = ""
    there_url: str = ""


def understood(seen: Seen | None, health: Health | None) -> tuple[State | None, str]:
    """What one look says, and where an account went. seen: None where nobody answered; health: None where it was not asked.

    None for a look that says nothing (the server did not answer sensibly).
    """
    if seen is not None and seen.state in ("moved", "suspended", "gone"):
        states: dict[str, State] = {"moved": "moved", "suspended": "suspended", "gone": "gone"}
        return states[seen.state], seen.moved_to
    if health is None or health.state == "unreachable":
        return ("unreachable", "") if seen is None else (None, "")
    if health.state == "moved":
        return "moved", str(health.values.get("there", ""))
    if health.state == "ok":
        return "ok", ""
    # A server that merely says no has taken nothing back: an address to be confirmed, an approval to come.
    return ("reconnect" if health.state == "revoked" else "disabled"), ""


def decide(seen: Seen | None, health: Health | None, doubt: Doubt, now: datetime) -> Verdict:
    """What is proven by this look together with the doubt that stood before it."""
    state, there = understood(seen, health)
    url = seen.moved_url if seen is not None else ""
    if state is None:
        return Verdict(None, doubt, AFTER_A_BLIP)
    if state == "unreachable":
        return Verdict("unreachable", doubt, AFTER_A_BLIP)
    if state not in PROOF:
        return Verdict(state, Doubt(), DAY, there, url)
    times, apart = PROOF[state]
    if doubt.state != state or doubt.since is None:
        return Verdict(None, Doubt(state, now, 1), apart if apart == SOON else DAY)
    if now - doubt.since < apart:
        return Verdict(None, doubt, apart - (now - doubt.since))
    grown = Doubt(state, doubt.since, doubt.times + 1)
    return Verdict(state, grown, AGAIN.get(state, DAY)) if grown.times >= times else Verdict(None, grown, apart)
