"""What stands in the Compose form, read and turned back; nothing is kept here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from flask import request

from creatorbot.announcements.wordings.mentions import EVERY_SIGN, mentions_in
from creatorbot.announcements.wordings.typed import OTHER_MARKS, OtherWords, TypedDraft
from creatorbot.models import Account
from creatorbot.networks.base import Poll

USABLE = ("ok", "unreachable")
# How long a question may stay open, in hours.
HOURS = (1, 6, 12, 24, 72, 168, 720)
FEWEST_ROWS = 2


@dataclass(frozen=True)
class Typed:
    """All that stands in the form. accounts: chosen ids. when: the artist's wall clock, as the browser writes it."""

    draft: TypedDraft
    accounts: tuple[int, ...]
    when: str = ""
    kept_name: str = ""


def from_form() -> Typed:
    """What the browser sent. Nothing of it is trusted or checked yet."""
    form = request.form
    chosen = _numbers(form.getlist("accounts"))
    draft = TypedDraft(
        wording=_text("wording"),
        look=form.get("look", "card"),
        alt_text=form.get("alt_text", ""),
        visibility=form.get("visibility", "public"),
        language=form.get("language", ""),
        content_warning=form.get("content_warning", ""),
        poll=_poll(),
        others=_others(),
    )
    return Typed(replace(draft, mentions=_mentions(draft)), chosen, form.get("when", ""), form.get("kept_name", ""))


def as_kept(draft: TypedDraft, accounts: Sequence[Account], backups: Collection[int]) -> Typed:
    """The form for a draft that was just opened: every account that can post is ticked, but for those that stand in for another."""
    usable = (account.id for account in accounts if account.id is not None and account.state in USABLE)
    return Typed(draft, tuple(one for one in usable if one not in backups))


def _others() -> tuple[OtherWords, ...]:
    form = request.form
    carried = {name.removeprefix("carries_"): form[name] for name in form if name.startswith("carries_")}
    return tuple(
        OtherWords(
            mark,
            _text(f"wording_{mark}"),
            form.get(f"language_{mark}", ""),
            _numbers([number for number, chosen in carried.items() if chosen == mark]),
        )
        for mark in OTHER_MARKS
        if f"wording_{mark}" in form
    )


def _mentions(draft: TypedDraft) -> tuple[str, ...]:
    """Names that are ticked and still stand in the words."""
    words = "\n".join((draft.wording, draft.content_warning, *(other.wording for other in draft.others)))
    there = {mention.name.lower() for mention in mentions_in(words, EVERY_SIGN)}
    return tuple(sorted(there & {name.lower() for name in request.form.getlist("mentions")}))


def _poll() -> Poll | None:
    answers = tuple(answer.strip() for answer in request.form.getlist("answer") if answer.strip())
    if not answers:
        return None
    hours = request.form.get("poll_hours", "")
    known = int(hours) if hours.isascii() and hours.isdigit() and len(hours) < 5 else 24
    return Poll(answers, known * 3600, "poll_many" in request.form)


def _text(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")


def _numbers(typed: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 18)
