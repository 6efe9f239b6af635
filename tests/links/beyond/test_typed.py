"""Links made by hand, on both databases."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.errors import InvalidInput, NotFound
from creatorbot.links.beyond.heading import KINDS, link_heading
from creatorbot.links.beyond.typed import LONGEST, TypedLink, change_link, count_links, get_link, links_of, make_link, typed_of
from creatorbot.links.codes import PRINTED
from creatorbot.models import Artist, Link
from creatorbot.runtime import Runtime
from tests.links.rows import make_artist, make_release


def test_made_changed_and_listed_newest_first(both_runtime: Runtime) -> None:
    now = both_runtime.clock()
    artist = make_artist(both_runtime)
    release = make_release(both_runtime, artist)
    with both_runtime.session() as session:
        poster = make_link(session, artist, TypedLink("poster", " Lido\u0000 \n ", str(release), "Köln  am Rhein", "2020-02-29"), now)
        make_link(session, artist, TypedLink("bio"), now + timedelta(minutes=1))
        poster_id = poster.id or 0
    with both_runtime.reading() as session:
        rows = links_of(session, artist, of_posts=False, start=0, most=10)
        assert [(row.kind, row.label, row.gig_place) for row in rows] == [("bio", "", ""), ("poster", "Lido", "Köln am Rhein")]
        assert links_of(session, artist, of_posts=False, start=1, most=10)[0].id == poster_id
        assert (count_links(session, artist, of_posts=False), count_links(session, artist, of_posts=True)) == (2, 0)
        assert link_heading(rows[1], "de") == "Lido · Köln am Rhein, 29. Februar 2020"
        before = rows[1].code
        assert set(before) <= set(PRINTED)
    with both_runtime.session() as session:
        link = get_link(session, artist, poster_id)
        change_link(session, link, TypedLink("bio", "SO36", "", "", ""))
    with both_runtime.reading() as session:
        link = get_link(session, artist, poster_id)
        assert (link.code, link.kind, link.release_id, typed_of(link)) == (before, "poster", None, TypedLink("poster", "SO36"))


def test_of_another_artist_nothing_is_found_or_opened(both_runtime: Runtime) -> None:
    mine, other = make_artist(both_runtime), make_artist(both_runtime, slug="dora", name="Dora")
    theirs = make_release(both_runtime, other)
    with both_runtime.session() as session:
        link = make_link(session, other, TypedLink("bio"), both_runtime.clock()).id or 0
        with pytest.raises(InvalidInput) as refused:
            make_link(session, mine, TypedLink("bio", opens=str(theirs)), both_runtime.clock())
        assert refused.value.field == "opens"
        for wrong in (link, link + 99, 2**63, 2**80):
            with pytest.raises(NotFound):
                get_link(session, mine, wrong)
        assert session.get_one(Artist, mine).name
        assert links_of(session, mine, of_posts=False, start=0, most=9) == []


def test_links_of_posts_and_the_own_page_are_not_changed_by_hand(runtime: Runtime) -> None:
    artist = make_artist(runtime)
    with runtime.session() as session:
        for kind in ("post", "page"):
            with pytest.raises(InvalidInput):
                make_link(session, artist, TypedLink(kind, "x"), runtime.clock())
            with pytest.raises(InvalidInput):
                change_link(session, Link(artist_id=artist, code="abcd", kind=kind, created_at=runtime.clock()), TypedLink(kind, "x"))


@given(
    kind=st.sampled_from(["poster", "other", "bio"]),
    label=st.text(),
    place=st.text(),
    on=st.text(max_size=12) | st.dates().map(str),
    opens=st.text(max_size=25),
)
def test_whatever_is_typed_is_kept_plain_or_refused_at_its_field(kind: str, label: str, place: str, on: str, opens: str) -> None:
    link = Link(artist_id=1, code="abcdefgh", kind=kind)
    refused: InvalidInput | None = None
    try:
        change_link(_NOTHING, link, TypedLink(kind, label, opens if not opens.strip().isdigit() else "", place, on))  # type: ignore[arg-type]
    except InvalidInput as error:
        refused = error
    if refused is not None:
        assert refused.field in ("label", "gig_place", "gig_on", "opens")
        assert str(refused)
        return
    assert len(link.label) <= LONGEST
    assert not {"\0", "\n", "\r"} & set(link.label + link.gig_place)
    assert link_heading(link, "en")
    assert kind == "poster" or link.gig_on is None


class _Nothing:
    """A session in which there is no row."""

    def add(self, _row: object) -> None:
        """Kept nowhere."""


_NOTHING = _Nothing()


def test_a_link_without_words_is_called_by_its_kind() -> None:
    for kind, words in KINDS.items():
        assert link_heading(Link(artist_id=1, code="abcdefgh", kind=kind), "en") == words
