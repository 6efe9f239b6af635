"""Making links by hand, changing them, seeing them again; and what cannot be typed."""

import pytest
from selectolax.parser import HTMLParser
from sqlmodel import select

from creatorbot.links.codes import PRINTED
from creatorbot.models import Artist, Link
from creatorbot.runtime import Runtime
from tests.web.desk import House, fields, open_house, stored, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    """Aoife's house."""
    return open_house(runtime)


def made(house: House, **typed: str) -> int:
    """Make a link by the form; its id."""
    browser = house.browser()
    browser.get(f"/links/new?kind={typed['kind']}")
    answer = browser.post("/links/new", **{"label": "", "opens": "", "gig_place": "", "gig_on": "", **typed})
    return int(str(answer.location).rpartition("/")[2])


def test_a_poster_for_a_gig_has_a_code_that_can_be_typed(house: House) -> None:
    release = house.release()
    link = house.read(Link, made(house, kind="poster", label=" Lido ", gig_place="Berlin", gig_on="2026-06-12", opens=str(release)))
    assert (link.kind, link.label, link.gig_place, str(link.gig_on), link.release_id) == ("poster", "Lido", "Berlin", "2026-06-12", release)
    assert set(link.code) <= set(PRINTED)
    page = house.browser().get("/links")
    assert "Lido · Berlin, 12 June 2026" in words(page)
    assert f"/l/{link.code}" in words(page)


def test_what_the_link_is_for_is_asked_first(house: House) -> None:
    page = house.browser().get("/links/new")
    offered = [node.attributes["href"] for node in page.css("main a[href*='kind=']")]
    assert offered == [f"/links/new?kind={kind}" for kind in ("poster", "bio", "newsletter", "button", "other")]
    for address in offered:
        assert house.browser().get(str(address)).css_first("input[name=label]") is not None


@pytest.mark.parametrize(
    ("kind", "label"), [("bio", ""), ("bio", "Mastodon"), ("newsletter", "Summer"), ("button", ""), ("other", "Flyer")]
)
def test_every_kind_opens_the_artists_page_unless_told_otherwise(house: House, kind: str, label: str) -> None:
    link = house.read(Link, made(house, kind=kind, label=label, gig_place="nowhere", gig_on="2026-06-12"))
    assert (link.kind, link.label, link.release_id) == (kind, label, None)
    assert (link.gig_place, link.gig_on) == ("", None)  # only posters have a gig
    assert "opens your page" in words(house.browser().get("/links"))


def test_changing_keeps_the_code_and_the_kind(house: House) -> None:
    release = house.release()
    number = made(house, kind="poster", label="Lido", gig_on="2025-01-02")
    before = house.read(Link, number)
    browser = house.browser()
    form = fields(browser.get(f"/links/{number}/edit"), "main form")
    assert (form["label"], form["gig_on"], form["opens"]) == ("Lido", "2025-01-02", "")
    browser.post(f"/links/{number}/edit", kind="bio", label="SO36", gig_place="Berlin", gig_on="", opens=str(release))
    after = house.read(Link, number)
    assert (after.code, after.kind) == (before.code, "poster")
    assert (after.label, after.gig_place, after.gig_on, after.release_id) == ("SO36", "Berlin", None, release)


BAD = [
    ("label", {"kind": "poster", "label": "  "}, "which gig"),
    ("label", {"kind": "newsletter", "label": ""}, "give it a name"),
    ("label", {"kind": "other", "label": "\u0000"}, "give it a name"),
    ("label", {"kind": "bio", "label": "x" * 5000}, "5000 letters long; 120 are the most"),
    ("gig_place", {"kind": "poster", "label": "Lido", "gig_place": "y" * 121}, "121 letters"),
    ("gig_on", {"kind": "poster", "label": "Lido", "gig_on": "next Friday"}, "not a day"),
    ("gig_on", {"kind": "poster", "label": "Lido", "gig_on": "2026-02-30"}, "not a day"),
    ("gig_on", {"kind": "poster", "label": "Lido", "gig_on": "0026-06-12"}, "year 26 cannot be right"),
    ("opens", {"kind": "poster", "label": "Lido", "opens": "999999"}, "one of your releases"),
    ("opens", {"kind": "poster", "label": "Lido", "opens": "9" * 40}, "one of your releases"),
    ("opens", {"kind": "poster", "label": "Lido", "opens": "²"}, "one of your releases"),
]


@pytest.mark.parametrize(("field", "typed", "says"), BAD)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(house: House, field: str, typed: dict[str, str], says: str) -> None:
    browser = house.browser()
    browser.get(f"/links/new?kind={typed['kind']}")
    given = {"label": "", "opens": "", "gig_place": "Berlin", "gig_on": "2026-06-12", **typed}
    browser.post("/links/new", 422, **given)
    assert browser.last is not None
    page = HTMLParser(browser.last.text)
    assert says in words(page, f"#w-{field}")
    kept = fields(page, "main form")
    for name in ("label", "gig_place", "gig_on"):
        if name in kept:
            assert kept[name].replace("\ufffd", "\0") == given[name]  # a null is shown as what browsers show for it
    with house.runtime.reading() as session:
        assert session.exec(select(Link)).all() == []


def test_a_kind_that_does_not_exist_asks_again_what_for(house: House) -> None:
    browser = house.browser()
    browser.get("/links/new")
    browser.post("/links/new", 422, kind="page", label="mine")
    browser.post("/links/new", 422, kind="", label="mine")
    browser.get("/links/new?kind=post")


def test_another_artists_release_and_links_are_not_there(house: House) -> None:
    with house.runtime.session() as session:
        other = stored(session, Artist(name="Dora", slug="dora", created_at=house.runtime.clock()))
    theirs = House(house.runtime, house.app, other)
    release = theirs.release()
    link = made(house, kind="poster", label="Lido")
    browser = house.browser()
    browser.get("/links/new?kind=bio")
    browser.post("/links/new", 422, kind="bio", label="", opens=str(release))
    browser.get(f"/links/{link}/edit")
    browser.post(f"/links/{link}/edit", 422, label="Lido", opens=str(release))
    assert house.read(Link, link).release_id is None
    stranger = theirs.browser()
    for path in (f"/links/{link}", f"/links/{link}/edit", f"/links/{link}/poster/a6.pdf", "/links/99", f"/links/{2**70}"):
        stranger.get(path, 404)
    assert "Lido" not in words(stranger.get("/links"))


def test_viewers_look_and_managers_make(house: House) -> None:
    link = made(house, kind="bio")
    viewer, manager = house.browser("viewer"), house.browser("manager")
    assert viewer.get("/links").css_first("main a[href='/links/new']") is None
    assert viewer.get(f"/links/{link}").css_first("main a[href$='/edit']") is None
    for path in ("/links/new", f"/links/{link}/edit"):
        viewer.get(path, 403)
    assert manager.get("/links").css_first("main a[href='/links/new']") is not None
    manager.get(f"/links/{link}/edit")
    manager.post(f"/links/{link}/edit", label="Bluesky", opens="")
    assert house.read(Link, link).label == "Bluesky"


def test_a_posts_link_and_the_own_page_cannot_be_changed_here(house: House) -> None:
    _, link = house.post(house.release(), house.account())
    page = house.add(Link(artist_id=house.artist_id, code="pagelink", kind="page", created_at=house.runtime.clock()))
    for number in (link, page):
        house.browser().get(f"/links/{number}/edit", 422)
        assert house.browser().get(f"/links/{number}").css_first("main a[href$='/edit']") is None
