"""A wording with its values in place: Jinja's sandbox, of which only values, conditions and our filters are left; bounded in size."""

import re
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Template, nodes

from creatorbot.announcements import text as texts
from creatorbot.announcements.wordings.brackets import (
    BLOCK,
    ENVIRONMENT,
    LINE,
    SIGNS,
    VARIABLES,
    brackets_of,
    check_brackets,
    names_in,
    spoken,
    written,
)
from creatorbot.errors import InvalidInput

LONGEST_WORDING, LONGEST_TEXT, LONGEST_VALUE = 20_000, 60_000, 2_000
_SIGNS = re.compile(f"[{SIGNS[0]}-{SIGNS[-1]}]")


def check_wording(wording: str, first_line: int = 1) -> None:
    """Raises InvalidInput, field "wording", when it says nothing, is far too long, or something in brackets cannot be understood.

    first_line: the number its first line has for the reader. The error's values carry the line.
    """
    if not wording.strip():
        raise InvalidInput("Write a few words first.", field="wording")
    if len(wording) > LONGEST_WORDING:
        raise InvalidInput("That is far too long.", field="wording")
    check_brackets(_clean(wording), first_line)


def fill(wording: str, values: Mapping[str, str], *, needs_link: bool = True) -> str:
    """The text. A line of which nothing is left but empty brackets disappears; conditions leave no gaps.

    values: by the names in VARIABLES, already `harmless`; missing ones are empty. needs_link: the link is added at the end where it does
    not come by itself, for without it nobody could come. Raises InvalidInput, as `check_wording`, and nothing else.
    """
    made = _rendered(_clean(wording), values)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(_lines(made))).strip()
    link = values.get("link", "")
    return f"{text}\n{link}".strip() if needs_link and link and link not in text else text


def brackets(text: str) -> list[str]:
    """What stands in brackets with a name of ours in it: in a text that is out nothing fills it in any more."""
    return [bracket.said for bracket in brackets_of(text) if bracket.word or names_in(bracket.said)]


def _clean(wording: str) -> str:
    return _SIGNS.sub("", texts.plain(wording))


def _lines(made: str) -> list[str]:
    kept = []
    for line in made.split("\n"):
        filled = LINE in line
        bare = line.replace(LINE, "")
        if bare.strip() or not filled:
            kept.append(re.sub(r"[ \t]{2,}", " ", bare).rstrip() if filled else bare.rstrip())
    return kept


def _rendered(wording: str, values: Mapping[str, str]) -> str:
    template = _compiled(wording)
    given = {written(name): _SIGNS.sub("", values.get(name, ""))[:LONGEST_VALUE] for name in VARIABLES}
    made, length = list[str](), 0
    pieces = template.generate(given)
    while length <= LONGEST_TEXT:
        try:
            piece = next(pieces, None)
        except Exception as error:  # whatever a template may come up with: the page says a sentence
            raise InvalidInput("The words in brackets cannot be filled in. Make them simpler.", field="wording") from error
        if piece is None:
            return "".join(made)
        length += len(piece)
        made.append(piece)
    raise InvalidInput("That is far too long.", field="wording")


@lru_cache(maxsize=256)
def _compiled(wording: str) -> Template:
    """Raises InvalidInput for what `check_brackets` refuses: nothing else is ever compiled."""
    source, at = [], 0
    for bracket in check_brackets(wording):
        source += [wording[at : bracket.start], bracket.source]
        at = bracket.end
    source.append(wording[at:])
    tree = ENVIRONMENT.parse("\n".join(_marked(line) for line in "".join(source).split("\n")))
    for name in tree.find_all(nodes.Name):
        name.name = written(spoken(name.name))
    code = ENVIRONMENT.compile(tree)
    return Template.from_code(ENVIRONMENT, code, {})


def _marked(line: str) -> str:
    """A line with brackets in it is remembered as one: if nothing is left of it, it goes."""
    return f"{LINE}{line}" if any(sign in line for sign in (SIGNS[0], BLOCK)) else line
