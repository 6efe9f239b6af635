"""What an announcement says, as typed or kept, and the one message of it that goes to one account. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from creatorbot.announcements.wordings.fill import check_wording
from creatorbot.errors import InvalidInput
from creatorbot.networks.base import Poll
from creatorbot.wording import N_

OWN, OTHER_MARKS = "A", ("B", "C", "D")
MOST_MESSAGES = 10
# Tablets make one long dash of two short ones.
_BREAK = re.compile(r"^[ \t]*(?:-{3,}|[–—][-–—]+)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class OtherWords:
    """Another wording for these accounts. language: "" for the announcement's own."""

    mark: str
    wording: str
    language: str = ""
    account_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class TypedDraft:
    """The wording and its circumstances as typed, not yet checked. mentions: names with their @ that may be told, lower case.

    wording: with its words in brackets; a line of dashes begins the next message of a thread. others: further wordings.
    part: which message of the thread this is, once `message` has cut it out.
    """

    wording: str
    look: str = "card"
    alt_text: str = ""
    visibility: str = "public"
    language: str = "en"
    content_warning: str = ""
    mentions: tuple[str, ...] = ()
    poll: Poll | None = None
    others: tuple[OtherWords, ...] = ()
    part: int = 0


@dataclass(frozen=True)
class Message:
    """One message of a thread, not filled in yet. first_line: the number of its first line in the whole wording."""

    wording: str
    first_line: int


def messages_of(wording: str) -> tuple[Message, ...]:
    """The messages of a thread; one for a wording without a line of dashes. Empty ones are left out."""
    found, at = [], 0
    for cut in [*_BREAK.finditer(wording), None]:
        piece = wording[at : cut.start() if cut else len(wording)]
        bare = piece.lstrip("\n")
        if piece.strip():
            found.append(Message(bare.rstrip(), wording.count("\n", 0, at + len(piece) - len(bare)) + 1))
        at = cut.end() if cut else at
    return tuple(found) or (Message("", 1),)


def mark_for(typed: TypedDraft, account_id: int) -> str:
    """Which wording this account carries; "" where there is only one."""
    if not typed.others:
        return ""
    return next((other.mark for other in typed.others if account_id in other.account_ids), OWN)


def wording_with(typed: TypedDraft, mark: str) -> tuple[str, str]:
    """The wording with this mark, and its language; the announcement's own for a mark that is not there (any more)."""
    other = next((one for one in typed.others if one.mark == mark), None)
    return (other.wording, other.language or typed.language) if other else (typed.wording, typed.language)


def message(typed: TypedDraft, mark: str = "", part: int = 0) -> TypedDraft:
    """One message of the wording with this mark, alone. Later ones carry neither picture nor question.

    Raises InvalidInput when there is no such message.
    """
    wording, language = wording_with(typed, mark)
    messages = messages_of(wording)
    if part >= len(messages):
        raise InvalidInput("There is no message %(number)s in this thread.", field="wording", number=part + 1)
    alone = replace(typed, wording=messages[part].wording, language=language, others=(), part=part)
    return alone if part == 0 else replace(alone, look="card", alt_text="", poll=None)


def check_words(typed: TypedDraft) -> None:
    """Raises InvalidInput, with its field ("wording", "wording_B" …), for words that cannot be filled in or say nothing."""
    _check_thread(typed.wording, "wording")
    taken: Mapping[int, str] = {}
    for other in typed.others:
        _check_thread(other.wording, f"wording_{other.mark}")
        twice = next((one for one in other.account_ids if one in taken), None)
        if twice is not None:
            raise InvalidInput("An account can carry only one of the wordings.", field="accounts")
        taken = {**taken, **dict.fromkeys(other.account_ids, other.mark)}


def _check_thread(wording: str, field: str) -> None:
    messages = messages_of(wording)
    try:
        if len(messages) > MOST_MESSAGES:
            raise InvalidInput("A thread of more than %(most)s messages is too long.", most=MOST_MESSAGES)
        for one in messages:
            check_wording(one.wording, one.first_line)
    except InvalidInput as error:
        raise InvalidInput(error.message, field=field, **error.values) from error


FEWEST_CHOICES = 2
SHORTEST_POLL, LONGEST_POLL = 300, 2_629_746  # seconds, as Mastodon has them; others allow more


def check_poll(poll: Poll) -> None:
    """Raises InvalidInput, field "poll", for a question that no network takes."""
    choices = [choice.strip().casefold() for choice in poll.options]
    if len(choices) < FEWEST_CHOICES or not all(choices):
        raise InvalidInput("A question needs at least two answers to choose from.", field="poll")
    if len(set(choices)) < len(choices):
        raise InvalidInput("Two of the answers are the same.", field="poll")
    if not SHORTEST_POLL <= poll.seconds <= LONGEST_POLL:
        raise InvalidInput("A question stays open for at most 30 days.", field="poll")


THREAD = N_("Message %(number)s of %(total)s")
