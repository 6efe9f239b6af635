"""What single servers ask of accounts that post by themselves, as data, read from the rules they publish."""

from collections.abc import Mapping
from dataclasses import dataclass

from creatorbot.wording import N_


@dataclass(frozen=True)
class Etiquette:
    """most_a_day: automated and scheduled posts on one account, None when it says nothing. hashtag: has to be in every one, or "".

    bot_flag: the profile has to say that it is automated. sentences: what else the artist should know, gettext ids.
    """

    most_a_day: int | None = None
    hashtag: str = ""
    bot_flag: bool = False
    sentences: tuple[str, ...] = ()


_FLAG = N_("Tick “This is an automated account” in your profile there: this server asks for it when posts go out by themselves.")
# hachyderm.io: community documentation, "Rule explainer: bots"; toot.wales: "Automated and bot content policy".
KNOWN: Mapping[str, Etiquette] = {
    "hachyderm.io": Etiquette(
        most_a_day=5,
        hashtag="#hachybots",
        bot_flag=True,
        sentences=(
            _FLAG,
            N_("This server wants to approve accounts that post by themselves: write to its moderators first."),
            N_("This server does not want posts that ask for donations."),
        ),
    ),
    "toot.wales": Etiquette(
        bot_flag=True,
        sentences=(_FLAG, N_("This server does not want the same words on several accounts: give it a wording of its own.")),
    ),
}
_NOTHING = Etiquette()


def etiquette_of(domain: str) -> Etiquette:
    """What this server asks; nothing for one that we know nothing about."""
    return KNOWN.get(domain.lower().rstrip("."), _NOTHING)


def with_hashtag(text: str, hashtag: str) -> str:
    """The text with the hashtag this server asks for: beside the last ones, or in its own line; once only."""
    words = [word.strip(".,;:!?()").casefold() for word in text.split()]
    if not hashtag or hashtag.casefold() in words:
        return text
    last = text.rstrip().rpartition("\n")[2].split()
    beside = bool(last) and all(word.startswith("#") for word in last)
    return f"{text.rstrip()}{' ' if beside else chr(10) * 2}{hashtag}".lstrip()
