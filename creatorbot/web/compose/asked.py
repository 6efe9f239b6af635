"""The small buttons of the desk: each changes what is typed and shows the page again. Nothing is kept by them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from flask import request

from creatorbot.announcements.wordings.kept import get_kept
from creatorbot.announcements.wordings.tags import Better, with_better, with_tag
from creatorbot.announcements.wordings.typed import OTHER_MARKS, OWN, OtherWords, TypedDraft
from creatorbot.web.compose.form import Typed
from creatorbot.web.here import artist_id, runtime


def changed(typed: Typed, accounts: Sequence[int]) -> Typed:
    """What is typed, after the button that was pressed. accounts: ids of all that could carry another wording."""
    for name, act in _BUTTONS.items():
        value = request.form.get(name, "")
        if value:
            return act(typed, value, accounts)
    return typed


def _add_wording(typed: Typed, _value: str, accounts: Sequence[int]) -> Typed:
    """One more wording, for every second account that has none of its own yet."""
    draft = typed.draft
    if len(draft.others) >= len(OTHER_MARKS):
        return typed
    mark = next(mark for mark in OTHER_MARKS if all(other.mark != mark for other in draft.others))
    taken = {number for other in draft.others for number in other.account_ids}
    free = [number for number in accounts if number not in taken]
    other = OtherWords(mark, draft.wording, "", tuple(free[1::2]))
    return replace(typed, draft=replace(draft, others=tuple(sorted((*draft.others, other), key=lambda one: one.mark))))


def _drop_wording(typed: Typed, mark: str, _accounts: Sequence[int]) -> Typed:
    draft = typed.draft
    return replace(typed, draft=replace(draft, others=tuple(other for other in draft.others if other.mark != mark)))


def _next_message(typed: Typed, mark: str, _accounts: Sequence[int]) -> Typed:
    return _rewritten(typed, mark, lambda wording: f"{wording.rstrip()}\n---\n")


def _tag(typed: Typed, tag: str, _accounts: Sequence[int]) -> Typed:
    return _rewritten(typed, OWN, lambda wording: with_tag(wording, tag[:100]))


def _insert(typed: Typed, words: str, _accounts: Sequence[int]) -> Typed:
    return _rewritten(typed, OWN, lambda wording: f"{wording}{words[:100]}")


def _better(typed: Typed, pair: str, _accounts: Sequence[int]) -> Typed:
    """Large letters for a hashtag, in every wording. pair: as it is and as it should be, with a space between."""
    said, _, better = pair.partition(" ")
    if said.lower() != better.lower():
        return typed
    for mark in (OWN, *(other.mark for other in typed.draft.others)):
        typed = _rewritten(typed, mark, lambda wording: with_better(wording, Better(said, better)))
    return typed


def _use(typed: Typed, _value: str, _accounts: Sequence[int]) -> Typed:
    """The chosen kept wording in place of what stands there."""
    number = request.form.get("kept", "")
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return typed
    with runtime().reading() as session:
        row = get_kept(session, artist_id(), int(number))
    draft = replace(typed.draft, wording=row.text, language=row.language or typed.draft.language)
    return replace(typed, draft=draft)


def _rewritten(typed: Typed, mark: str, how: Callable[[str], str]) -> Typed:
    draft: TypedDraft = typed.draft
    if mark == OWN:
        return replace(typed, draft=replace(draft, wording=how(draft.wording)))
    others = tuple(replace(other, wording=how(other.wording)) if other.mark == mark else other for other in draft.others)
    return replace(typed, draft=replace(draft, others=others))


_BUTTONS: Mapping[str, Callable[[Typed, str, Sequence[int]], Typed]] = {
    "add_wording": _add_wording,
    "drop_wording": _drop_wording,
    "next_message": _next_message,
    "insert": _insert,
    "tag": _tag,
    "better": _better,
    "use": _use,
}
