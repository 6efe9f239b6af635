"""A short list of servers for a backup account, as data: long-lived ones, most of them for music. Kept by hand; the page names its date."""

from dataclasses import dataclass
from typing import Literal

from creatorbot.wording import N_

AS_OF = (2026, 11)  # year and month in which the list was last gone through


@dataclass(frozen=True)
class Suggestion:
    """A server one could join. about: a gettext id in our list, the server's own words from the directory. software: in lower case.

    joins: open (at once), asks (somebody looks at it first), check (it opens and closes: look there). languages: by their codes,
    () where unknown. people: members, 0 where unknown.
    """

    domain: str
    software: str
    about: str
    sign_up: str
    joins: Literal["open", "asks", "check"] = "check"
    languages: tuple[str, ...] = ()
    people: int = 0


OURS: tuple[Suggestion, ...] = (
    Suggestion("musician.social", "mastodon", N_("For musicians of every kind."), "https://musician.social/auth/sign_up"),
    Suggestion(
        "musicians.today", "mastodon", N_("For musicians, from beginners to professionals."), "https://musicians.today/auth/sign_up"
    ),
    Suggestion(
        "metalhead.club", "mastodon", N_("For metal and those who love it; run from Germany."), "https://metalhead.club/auth/sign_up"
    ),
    Suggestion(
        "sonomu.club", "mastodon", N_("For sound, noise and music; mostly electronic and experimental."), "https://sonomu.club/auth/sign_up"
    ),
    Suggestion("ravenation.club", "mastodon", N_("For electronic music and dancing."), "https://ravenation.club/auth/sign_up"),
    Suggestion("drumstodon.net", "mastodon", N_("For drummers. A small server."), "https://drumstodon.net/auth/sign_up"),
    Suggestion(
        "fe.disroot.org", "akkoma", N_("For everybody; run by the Disroot collective, which also offers mail."), "https://fe.disroot.org/"
    ),
    Suggestion("venera.social", "friendica", N_("For everybody; long posts are welcome."), "https://venera.social/register"),
    Suggestion("pixelfed.social", "pixelfed", N_("For pictures: every post there carries the cover."), "https://pixelfed.social/register"),
)
