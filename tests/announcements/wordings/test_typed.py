"""A wording cut into the messages of a thread, several wordings, and which one an account carries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.announcements.wordings.typed import OtherWords, TypedDraft, check_poll, check_words, mark_for, message, messages_of
from creatorbot.errors import InvalidInput
from creatorbot.networks.base import Poll


@pytest.mark.parametrize("dashes", ["---", "-----", "—-", "——", "  ---  ", "–––"])
def test_a_line_of_dashes_begins_the_next_message(dashes: str) -> None:
    assert [one.wording for one in messages_of(f"one\n{dashes}\n\ntwo\n")] == ["one", "two"]


@pytest.mark.parametrize("line", ["--", "-", "—", "a --- b", "- item", "--- no"])
def test_other_dashes_are_text(line: str) -> None:
    assert len(messages_of(f"one\n{line}\ntwo")) == 1


def test_empty_messages_do_not_count() -> None:
    assert [one.wording for one in messages_of("---\none\n---\n \n---\ntwo\n---")] == ["one", "two"]


def test_an_error_names_the_line_of_the_whole_wording() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_words(TypedDraft("one\n---\n\ntwo\n{titel}"))
    assert caught.value.values["line"] == 5


def test_an_error_names_the_wording_it_stands_in() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_words(TypedDraft("fine", others=(OtherWords("B", "{titel}"),)))
    assert caught.value.field == "wording_B"


def test_a_thread_has_an_end() -> None:
    with pytest.raises(InvalidInput, match="10"):
        check_words(TypedDraft("\n---\n".join("abcdefghijk")))


def test_each_account_carries_one_wording_in_its_language() -> None:
    typed = TypedDraft("one", language="de", others=(OtherWords("B", "two", "en", (2,)), OtherWords("C", "three", "", (3,))))
    assert [mark_for(typed, number) for number in (1, 2, 3)] == ["A", "B", "C"]
    assert (message(typed, "B").wording, message(typed, "B").language) == ("two", "en")
    assert message(typed, "C").language == "de"
    assert mark_for(TypedDraft("one"), 1) == ""


def test_later_messages_carry_neither_picture_nor_question() -> None:
    typed = TypedDraft("one\n---\ntwo", look="picture", alt_text="A ship", poll=Poll(("a", "b")))
    first, second = message(typed), message(typed, part=1)
    assert (first.look, first.poll) == ("picture", typed.poll)
    assert (second.wording, second.look, second.poll, second.alt_text) == ("two", "card", None, "")
    with pytest.raises(InvalidInput):
        message(typed, part=2)


@pytest.mark.parametrize("poll", [Poll(("one",)), Poll(("a", " A ")), Poll(("a", "")), Poll(("a", "b"), 60), Poll(("a", "b"), 99_999_999)])
def test_a_question_nobody_could_answer(poll: Poll) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_poll(poll)
    assert caught.value.field == "poll"


@given(st.lists(st.sampled_from(["a", "b {title}", "", "---", "—-", " "]), max_size=12).map("\n".join))
def test_no_word_is_lost_and_every_line_keeps_its_number(wording: str) -> None:
    lines = wording.split("\n")
    for one in messages_of(wording):
        first = one.wording.split("\n")[0]
        assert lines[one.first_line - 1].startswith(first)
    said = [line for one in messages_of(wording) for line in one.wording.split("\n") if line.strip()]
    assert said == [line.rstrip() for line in lines if line.strip() and line not in ("---", "—-")]
