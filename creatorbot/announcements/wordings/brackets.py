"""The words in brackets of a wording: {title}, {title|upper}, {if licence} … {else} … {end}. Found, checked and named by their place.

What stands in brackets is a small part of Jinja's language: names, conditions and a few filters. Its parser reads it, and what it
read is then compared with a list of what may be there: nothing can be called, reached into, repeated or computed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from creatorbot.announcements.wordings.filters import FILTERS, TAKES_NUMBER
from creatorbot.errors import InvalidInput
from creatorbot.wording import N_

VARIABLES: Mapping[str, str] = {
    "title": N_("the release’s title"),
    "artist": N_("the artist’s name"),
    "price line": N_("what it costs, in words"),
    "licence": N_("the Creative Commons licence, if there is one"),
    "link": N_("the address of the page, a different one in every post"),
    "tags": N_("its tags as #HashTags"),
    "kind": N_("album, track, video, episode, stream or post; nothing when it is not known"),
    "tracks": N_("how many tracks it has"),
    "network": N_("where it is posted: Mastodon, Bluesky …"),
    "server": N_("the server it is posted on"),
}
MOST_BRACKETS, DEEPEST, LONGEST = 200, 5, 160
# Signs of a private area stand for Jinja's own: whatever else is typed is text, whatever it looks like.
SIGNS = VALUE, VALUE_END, BLOCK, BLOCK_END, NOTE, NOTE_END, LINE = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005", "\ue006"
_BRACKETS = re.compile(r"\{\{(?P<twice>[^{}\n]*)\}\}|\{%(?P<block>[^{}\n]*)%\}|\{(?P<once>[^{}\n]*)\}")
_WORDS = {"if": "if", "elif": "elif", "else": "else", "endif": "endif", "end": "endif"}
_ALLOWED = (nodes.Name, nodes.Const, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Filter, nodes.CondExpr)
_COMPARED = ("eq", "ne", "in", "notin")
_YES_OR_NO = (nodes.Not, nodes.Compare)  # no words come of these: nothing can be done to them but ask them
_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " ", **dict.fromkeys(SIGNS)})

ENVIRONMENT = ImmutableSandboxedEnvironment(
    variable_start_string=VALUE,
    variable_end_string=VALUE_END,
    block_start_string=BLOCK,
    block_end_string=BLOCK_END,
    comment_start_string=NOTE,
    comment_end_string=NOTE_END,
    keep_trailing_newline=True,
    autoescape=False,
    cache_size=0,
)
ENVIRONMENT.globals.clear()
ENVIRONMENT.tests.clear()
ENVIRONMENT.filters.clear()
ENVIRONMENT.filters.update(FILTERS)


@dataclass(frozen=True)
class Bracket:
    """One pair of brackets. word: "if", "elif", "else", "endif", or "" for a value. said: as typed, brackets and all. line: from 1."""

    word: str
    expression: str
    said: str
    line: int
    start: int
    end: int

    @property
    def source(self) -> str:
        """What Jinja reads in its place. Spaces keep a typed minus from meaning anything."""
        if self.word:
            return f"{BLOCK} {self.word} {self.expression} {BLOCK_END}"
        return f"{VALUE} {self.expression} {VALUE_END}"


def brackets_of(wording: str) -> Iterator[Bracket]:
    """Every pair of brackets, in order, as it stands; nothing is checked yet."""
    for found in _BRACKETS.finditer(wording):
        inside = (found["twice"] or found["block"] or found["once"] or "").translate(_STRAIGHT).strip()
        word, _, rest = inside.partition(" ")
        block = _WORDS.get(word.lower(), "")
        expression = _with_one_word_names(rest.strip() if block else inside)
        yield Bracket(block, expression, found[0], wording.count("\n", 0, found.start()) + 1, found.start(), found.end())


def names_in(wording: str) -> list[str]:
    """The names that stand in brackets, as at VARIABLES; [] for each pair that cannot be read."""
    found: list[str] = []
    for bracket in brackets_of(wording):
        try:
            found += [name.name for name in _parsed(bracket).find_all(nodes.Name)] if bracket.expression else []
        except InvalidInput:
            continue
    return [spoken(name) for name in found if spoken(name) in VARIABLES]


def spoken(name: str) -> str:
    """A name as people write it: price_line is "price line"."""
    return name.lower().replace("_", " ")


def written(name: str) -> str:
    """A name as Jinja wants it."""
    return name.replace(" ", "_")


def check_brackets(wording: str, first_line: int = 1) -> tuple[Bracket, ...]:
    """All of them, each understood. first_line: the number of the wording's first line.

    Raises InvalidInput, field "wording", with its line and what to do about it.
    """
    found = tuple(brackets_of(wording))
    if len(found) > MOST_BRACKETS:
        raise _wrong(N_("These are too many words in brackets: %(most)s is the most."), first_line, most=MOST_BRACKETS)
    open_ifs: list[Bracket] = []
    for bracket in found:
        line = bracket.line + first_line - 1
        _check_place(bracket, open_ifs, line)
        if bracket.word in ("", "if", "elif"):
            _check_expression(bracket, line)
    if open_ifs:
        line = open_ifs[-1].line + first_line - 1
        raise _wrong(N_("Line %(line)s: %(said)s has no end. Write {end} where it should stop."), line, said=open_ifs[-1].said)
    return found


def _check_place(bracket: Bracket, open_ifs: list[Bracket], line: int) -> None:
    """Whether an if, else or end may stand here; open_ifs is brought up to date."""
    if bracket.word == "if":
        open_ifs.append(bracket)
        if len(open_ifs) > DEEPEST:
            raise _wrong(N_("Line %(line)s: too many {if …} stand inside one another. Make it simpler."), line)
    elif bracket.word and not open_ifs:
        raise _wrong(
            N_("Line %(line)s: there is no {if …} before %(said)s. Take it out, or write what it belongs to."), line, said=bracket.said
        )
    elif bracket.word == "endif":
        open_ifs.pop()
    elif bracket.word in ("else", "elif"):
        if open_ifs[-1].word == "else":
            raise _wrong(N_("Line %(line)s: nothing but {end} can follow {else}. Take %(said)s out."), line, said=bracket.said)
        open_ifs[-1] = Bracket(bracket.word, "", open_ifs[-1].said, open_ifs[-1].line, 0, 0)
    if bracket.word in ("else", "endif") and bracket.expression:
        raise _wrong(N_("Line %(line)s: in %(said)s nothing else may stand."), line, said=bracket.said)


def _check_expression(bracket: Bracket, line: int) -> None:
    if len(bracket.said) > LONGEST:
        raise _wrong(N_("Line %(line)s: %(said)s is too long for words in brackets."), line, said=f"{bracket.said[:20]}…}}")
    try:
        tree = _parsed(bracket)
    except InvalidInput:
        raise _unreadable(bracket, line) from None
    for node in _all(tree):
        _check_node(node, bracket, line)


def _check_node(node: nodes.Node, bracket: Bracket, line: int) -> None:
    if isinstance(node, nodes.Name) and spoken(node.name) not in VARIABLES:
        raise _unknown(node.name, line)
    if isinstance(node, nodes.Filter):
        _check_filter(node, bracket, line)
    plain = not isinstance(node, nodes.Const) or isinstance(node.value, str)
    compared = not isinstance(node, nodes.Operand) or node.op in _COMPARED
    wordless = isinstance(node, nodes.Filter | nodes.Compare) and any(isinstance(one, _YES_OR_NO) for one in _all(node))
    if not isinstance(node, _ALLOWED) or not plain or not compared or wordless:
        raise _unreadable(bracket, line)


def _check_filter(node: nodes.Filter, bracket: Bracket, line: int) -> None:
    if node.name not in FILTERS:
        known = ", ".join(FILTERS)
        raise _wrong(
            N_("Line %(line)s: we do not know “%(name)s” in %(said)s. There are: %(known)s."),
            line,
            name=node.name,
            said=bracket.said,
            known=known,
        )
    if any(spoken(name.name) == "link" for name in node.find_all(nodes.Name)):
        raise _wrong(N_("Line %(line)s: {link} has to stay as it is, or nobody could come."), line)
    numbers = [one.value for one in node.args if isinstance(one, nodes.Const) and type(one.value) is int]
    right = len(numbers) == len(node.args) == (node.name in TAKES_NUMBER) and not node.kwargs and not node.dyn_args and not node.dyn_kwargs
    if not right or any(not 1 <= number <= 5000 for number in numbers):
        if node.name in TAKES_NUMBER:
            raise _wrong(
                N_("Line %(line)s: in %(said)s a number is missing, such as {title|%(name)s(40)}."), line, said=bracket.said, name=node.name
            )
        raise _unreadable(bracket, line)


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every piece of an expression, but the numbers that filters take."""
    for node in tree.iter_child_nodes():
        yield node
        if isinstance(node, nodes.Filter):
            if node.node is not None:
                yield node.node
                yield from _all(node.node)
        else:
            yield from _all(node)


def _parsed(bracket: Bracket) -> nodes.Node:
    """Raises InvalidInput for what cannot be read; whoever calls says where."""
    try:
        (output,) = ENVIRONMENT.parse(f"{VALUE} {bracket.expression} {VALUE_END}").body
    except (TemplateSyntaxError, RecursionError, ValueError) as error:
        raise InvalidInput("Line %(line)s: we cannot read %(said)s.", field="wording", line=bracket.line, said=bracket.said) from error
    return output


def _with_one_word_names(expression: str) -> str:
    return re.sub(r"\bprice +line\b", "price_line", expression, flags=re.IGNORECASE)


def _unknown(name: str, line: int) -> InvalidInput:
    close = get_close_matches(spoken(name), VARIABLES, n=1, cutoff=0.6)
    if close:
        return _wrong(N_("Line %(line)s: we do not know {%(name)s}. Did you mean {%(close)s}?"), line, name=name, close=close[0])
    known = ", ".join(f"{{{one}}}" for one in VARIABLES)
    return _wrong(N_("Line %(line)s: we do not know {%(name)s}. You can use: %(known)s."), line, name=name, known=known)


def _unreadable(bracket: Bracket, line: int) -> InvalidInput:
    if bracket.word:
        return _wrong(N_("Line %(line)s: we cannot read %(said)s. Write it like {if licence} … {end}."), line, said=bracket.said)
    return _wrong(N_("Line %(line)s: we cannot read %(said)s. Write one name, such as {title}."), line, said=bracket.said)


def _wrong(message: str, line: int, **values: object) -> InvalidInput:
    return InvalidInput(message, field="wording", line=line, **values)
