"""A release typed in by hand, and corrections to one that was found."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import Session

from creatorbot.errors import InvalidInput, NotFound
from creatorbot.models import Artist, Release
from creatorbot.releases.by_hand import TypedRelease, add_release, edit_release, typed_of
from creatorbot.releases.queries import get_release, releases_of
from creatorbot.runtime import Runtime
from tests.releases.rows import new_artist

TYPED = TypedRelease(
    title=" Tall  Ships ",
    kind="album",
    url="aoife.example/tall-ships",
    released_on="2026-11-20",
    price_model="minimum",
    amount="7,50",
    currency="usd",
    suggested="12",
    minimum="5",
    licence="https://creativecommons.org/licenses/by-sa/4.0/",
    tags="#Folk, sea shanty, folk",
    description="Ten\r\nshanties",
)


def artist_of(session: Session, artist_id: int) -> Artist:
    artist = session.get(Artist, artist_id)
    assert artist is not None
    return artist


def test_a_suggestion_below_what_the_artist_takes_at_least_is_refused(runtime: Runtime) -> None:
    artist_id = new_artist(runtime)
    with runtime.session() as session:
        artist = artist_of(session, artist_id)
        artist.minimum_minor = 500
        with pytest.raises(InvalidInput) as refused:
            add_release(session, artist, replace(TYPED, suggested="4", minimum=""), runtime.clock())
        assert refused.value.field == "suggested"
        assert add_release(session, artist, replace(TYPED, suggested="4", minimum="3"), runtime.clock()).suggested_minor == 400


def test_all_that_can_be_typed(both_runtime: Runtime) -> None:
    artist_id = new_artist(both_runtime)
    with both_runtime.session() as session:
        made = add_release(session, artist_of(session, artist_id), TYPED, both_runtime.clock())
    with both_runtime.reading() as session:
        row = get_release(session, artist_id, made.id or 0)
    assert (row.title, row.artist_name, row.kind, row.state) == ("Tall Ships", "Aoife", "album", "new")
    assert (row.url, row.released_on) == ("https://aoife.example/tall-ships", date(2026, 11, 20))
    assert (row.price_model, row.price_minor, row.price_currency) == ("minimum", 750, "USD")
    assert (row.suggested_minor, row.minimum_minor) == (1200, 500)  # in the artist's own currency
    assert (row.licence, row.tags, row.description) == ("CC-BY-SA-4.0", ["Folk", "sea shanty"], "Ten\nshanties")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": "  "}, "title"),
        ({"kind": "record"}, "kind"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "ftp://a.example/"}, "url"),
        ({"released_on": "20.11.2026"}, "released_on"),
        ({"price_model": "cheap"}, "price_model"),
        ({"amount": "seven"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"currency": "EURO"}, "currency"),
        ({"suggested": "-1"}, "suggested"),
        ({"minimum": "x"}, "minimum"),
        ({"suggested": "4"}, "suggested"),
        ({"licence": "mine"}, "licence"),
    ],
)
def test_what_cannot_be_used_names_its_field(runtime: Runtime, changed: dict[str, str], field: str) -> None:
    artist_id = new_artist(runtime)
    with pytest.raises(InvalidInput) as caught, runtime.session() as session:
        add_release(session, artist_of(session, artist_id), replace(TYPED, **changed), runtime.clock())
    assert caught.value.field == field
    with runtime.reading() as session:
        assert releases_of(session, artist_id) == []


@pytest.mark.parametrize("model", ["pay_what_you_want", "free", "not_sold", "unknown"])
def test_models_without_an_amount(runtime: Runtime, model: str) -> None:
    artist_id = new_artist(runtime)
    with runtime.session() as session:
        row = add_release(session, artist_of(session, artist_id), TypedRelease("X", price_model=model, amount="5"), runtime.clock())
    assert row.price_minor is None
    assert row.price_currency == ("EUR" if model in ("pay_what_you_want", "free") else "")


def test_a_correction_is_remembered_as_typed_by_hand(runtime: Runtime) -> None:
    artist_id, now = new_artist(runtime), runtime.clock()
    with runtime.session() as session:
        artist = artist_of(session, artist_id)
        row = Release(artist_id=artist_id, title="Tall ships", artist_name="Aoife", kind="album", first_seen_at=now, changed_at=now)
        session.add(row)
        session.flush()
        edit_release(session, row, typed_of(row, artist), now)
        assert row.edited == []
        edit_release(session, row, replace(typed_of(row, artist), title="Tall Ships", tags="folk"), now)
        assert row.edited == ["tags", "title"]


def test_a_form_filled_from_a_release_changes_nothing(runtime: Runtime) -> None:
    artist_id, now = new_artist(runtime), runtime.clock()
    with runtime.session() as session:
        artist = artist_of(session, artist_id)
        row = add_release(session, artist, TYPED, now)
        edit_release(session, row, typed_of(row, artist), now)
        assert row.edited == []


def test_another_artists_release_is_not_there(runtime: Runtime) -> None:
    mine, theirs = new_artist(runtime), new_artist(runtime, "Bea")
    with runtime.session() as session:
        row = add_release(session, artist_of(session, mine), TYPED, runtime.clock())
        with pytest.raises(NotFound):
            get_release(session, theirs, row.id or 0)


def test_the_newest_first(runtime: Runtime) -> None:
    artist_id = new_artist(runtime)
    with runtime.session() as session:
        for title, day in (("old", "2001-01-01"), ("newest", "2026-12-24"), ("seen today", "")):
            add_release(session, artist_of(session, artist_id), TypedRelease(title, released_on=day), runtime.clock())
        assert [row.title for row in releases_of(session, artist_id)] == ["newest", "seen today", "old"]
