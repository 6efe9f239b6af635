"""Hashtags that can be read aloud."""

import grapheme  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.announcements.wordings.filters import FILTERS, hashtag, hashtags, shorten
from creatorbot.announcements.wordings.tags import Better, badly_written, suggested, with_better, with_tag
from creatorbot.clock import now
from creatorbot.models import Release


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        (["new wave", "folk", "Folk", "2026", "post-rock"], "#NewWave #Folk #PostRock"),
        (["чарівна музика", "東京"], "#ЧарівнаМузика #東京"),
        (["<b>", "@admin", "#", ""], "#B #Admin"),
        (["a", "b", "c", "d", "e"], "#A #B #C #D"),
        (["pay what you want"], "#PayWhatYouWant"),
    ],
)
def test_tags_become_camel_case_hashtags(tags: list[str], said: str) -> None:
    assert hashtags(tags) == said


def test_a_long_word_is_seen_and_mended() -> None:
    wording = "Out now #paywhatyouwant #folk #NewMusic https://a.example/#newmusic"
    (one,) = badly_written(wording)
    assert one == Better("#paywhatyouwant", "#PayWhatYouWant")
    assert with_better(wording, one) == "Out now #PayWhatYouWant #folk #NewMusic https://a.example/#newmusic"


def test_words_of_the_title_are_known_too() -> None:
    assert badly_written("#tallships sail", ["Tall Ships"]) == (Better("#tallships", "#TallShips"),)


def test_what_would_fit_is_suggested_and_not_twice() -> None:
    release = Release(
        artist_id=1,
        title="Tall Ships",
        artist_name="Aoife",
        kind="album",
        price_model="pay_what_you_want",
        licence="CC-BY-4.0",
        tags=["folk"],
        first_seen_at=now(),
        changed_at=now(),
    )
    assert suggested(release, "{title} #newalbum") == ("#PayWhatYouWant", "#CreativeCommons", "#NewMusic", "#Folk")
    assert "#Folk" not in suggested(release, "{title} {tags}")


def test_a_hashtag_goes_beside_the_others_or_below() -> None:
    assert with_tag("Out now\n\n#Folk", "#NewMusic") == "Out now\n\n#Folk #NewMusic"
    assert with_tag("Out now\n\n{tags}", "#NewMusic") == "Out now\n\n{tags} #NewMusic"
    assert with_tag("Out now", "#NewMusic") == "Out now\n\n#NewMusic"


@given(st.text(max_size=80))
def test_a_hashtag_is_one_word_with_a_letter_in_it_or_nothing(words: str) -> None:
    made = hashtag(words)
    assert made == "" or (made[0] == "#" and made[1:].isalnum() and any(letter.isalpha() for letter in made))


@given(st.text(max_size=80), st.integers(1, 50))
def test_what_is_shortened_fits(value: str, most: int) -> None:
    assert grapheme.length(shorten(value, most)) <= most


@given(st.text(max_size=40))
def test_no_change_makes_much_more_of_a_value(value: str) -> None:
    for name, change in FILTERS.items():
        made = change(value, 10) if name == "shorten" else change(value)
        assert len(made) <= 3 * len(value) + 1
