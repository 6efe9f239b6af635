"""The words for a source's states, its looks and its items. All are gettext ids, said by the page."""

from creatorbot.wording import N_

# state -> (what the tag says, its kind)
STATES: dict[str, tuple[str, str]] = {
    "new": (N_("first look under way"), ""),
    "ok": (N_("watched"), "good"),
    "empty": (N_("nothing there now"), ""),
    "busy": (N_("asks us to wait"), "warn"),
    "failing": (N_("does not answer"), "warn"),
    "robot_check": (N_("asks for a human"), "warn"),
    "broken": (N_("cannot be read"), "bad"),
    "refused": (N_("does not let us in"), "bad"),
    "missing": (N_("no longer found"), "bad"),
    "gone": (N_("gone for good"), "bad"),
}
# state -> how it is grouped: healthy, tired (it mends itself), broken (it needs somebody)
HEALTH: dict[str, str] = {
    "new": "healthy",
    "ok": "healthy",
    "empty": "healthy",
    "busy": "tired",
    "failing": "tired",
    "robot_check": "broken",
    "broken": "broken",
    "refused": "broken",
    "missing": "broken",
    "gone": "broken",
}
# Said when the last look left no sentence of its own.
LEADS: dict[str, str] = {
    "new": N_("We have not looked there yet. The first look comes in a moment."),
    "empty": N_("The page is the right one, but nothing is on it yet. What appears there will be in your releases."),
    "busy": N_("It asks us to come back later. We do, by ourselves."),
    "failing": N_("It does not answer at present. We try again by ourselves."),
    "robot_check": N_("It asks our robot to prove that it is human, and it is not. There are other ways in."),
    "broken": N_("It answers, but what it sends cannot be read. We try again by ourselves."),
    "refused": N_("It shows this page only to people who are logged in there, so we cannot see what is new."),
    "missing": N_("There is no page at this address any more. Perhaps it has another one now."),
    "gone": N_("It says that this page is gone for good. Perhaps it has another address now."),
}
SAFE = N_("Your releases from here stay, with their posts and results.")
# state -> the one button on the overview: its words, and where on the source's page it leads ("" for a look at once)
HELPS: dict[str, tuple[str, str]] = {
    "busy": (N_("Try now"), ""),
    "failing": (N_("Try now"), ""),
    "robot_check": (N_("Other ways in"), "#help"),
    "broken": (N_("See what is wrong"), "#help"),
    "refused": (N_("See what helps"), "#help"),
    "missing": (N_("Say where it is now"), "#help"),
    "gone": (N_("Say where it is now"), "#help"),
}
OUTCOMES: dict[str, tuple[str, str]] = {
    "changed": (N_("something to read"), "good"),
    "unchanged": (N_("nothing new"), ""),
    "robot_check": (N_("asked for a human"), "warn"),
    "failed": (N_("failed"), "bad"),
}
HOW: dict[str, str] = {
    "polled": N_("we looked"),
    "asked": N_("you asked"),
    "pushed": N_("it told us"),
}
DECISIONS: dict[str, tuple[str, str]] = {
    "baseline": (N_("was already out"), ""),
    "new": (N_("new"), "good"),
    "held": (N_("waits for you"), "warn"),
    "waits": (N_("waits for its day"), ""),
    "same": (N_("nothing new"), ""),
    "changed": (N_("changed"), ""),
    "moved": (N_("moved"), ""),
    "with_album": (N_("part of its album"), ""),
    "merged": (N_("known from elsewhere"), ""),
}
# Said when the decision left no reason of its own.
WHYS: dict[str, str] = {
    "baseline": N_("It was there when we first looked, so it is no news."),
    "new": N_("It was not there before."),
    "held": N_("It came together with many others, so we ask you first."),
    "waits": N_("Its date lies in the future. It counts as new on that day."),
    "same": N_("It is known already."),
    "changed": N_("It was known already; its words changed."),
    "moved": N_("It was known already; its address changed."),
    "with_album": N_("It is a song of an album that is known."),
    "merged": N_("It is the same as one that came from another place."),
}
