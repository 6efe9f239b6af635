"""Posters as files: what is offered, what comes, and what stands in the way."""

from io import BytesIO

import pytest
from PIL import Image

from creatorbot.links.posters.papers import FORMATS
from creatorbot.models import Artist, Cover, Release
from creatorbot.releases.covers import store_cover, upload_file
from creatorbot.runtime import Runtime
from tests.links.posters.seen import code_in_png, pdf_text
from tests.web.desk import House, open_house, words
from tests.web.links.rows import code, link, poster, publish


@pytest.fixture
def house(runtime: Runtime) -> House:
    """Aoife's house, on the internet."""
    made = open_house(runtime)
    publish(made)
    return made


def covered(house: House) -> int:
    """A release with a cover; its id."""
    release = house.release()
    body = BytesIO()
    Image.new("RGB", (900, 900), "#2f4b43").save(body, "JPEG")
    with house.runtime.session() as session:
        cover = store_cover(session, house.runtime.covers, body.getvalue(), house.runtime.clock())
        session.flush()
        session.get_one(Release, release).cover_id = cover.id
    return release


def test_every_file_the_page_offers_comes_as_what_it_is(house: House) -> None:
    number = poster(house, covered(house))
    page = house.browser("viewer").get(f"/links/{number}")
    files = [str(node.attributes["href"]) for node in page.css(".files a")]
    assert {path.rpartition("/")[2] for path in files} == set(FORMATS)
    for path in files:
        answer = house.browser("viewer").client.get(path)
        name = path.rpartition("/")[2]
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == ("application/pdf" if name.endswith("pdf") else "image/png")
        assert answer.headers["Content-Disposition"] == f"attachment; filename=poster-lido-berlin-12-june-2026-{name}"
        assert answer.data.startswith(b"%PDF-" if name.endswith("pdf") else b"\x89PNG")
    shown = str(page.css_first("img.sheet").attributes["src"])
    answer = house.browser().client.get(shown)
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_the_code_and_the_words_lead_to_the_link(house: House) -> None:
    number = poster(house, house.release())
    short = f"music.example.org/l/{code(house, number)}"
    client = house.browser().client
    assert code_in_png(client.get(f"/links/{number}/poster/a6.png").data, f"https://{short}", 300)
    said = pdf_text(client.get(f"/links/{number}/poster/a6.pdf").data)
    for part in ("Aoife Marsh", "Tall Ships", "Lido", "Friday, 12 June 2026", "we suggest €7", "Scan to listen and give", short):
        assert part in said.replace("\u00a0", " "), part


def test_a_poster_without_a_release_speaks_of_the_artist_alone(house: House) -> None:
    said = pdf_text(house.browser().client.get(f"/links/{poster(house, on=None, place='')}/poster/a4.pdf").data)
    assert "Aoife Marsh" in said
    assert "Lido" in said
    assert "Pay" not in said


def test_without_a_public_address_no_poster_is_offered_and_why(runtime: Runtime) -> None:
    house = open_house(runtime)
    number = poster(house)
    page = house.browser().get(f"/links/{number}")
    assert "no phone in the room could open that" in words(page)
    assert page.css_first("main a.go[href='/settings/address']") is not None
    assert page.css(".files a") == []
    assert page.css_first("img.sheet") is None
    house.browser().get(f"/links/{number}/poster/a6.pdf", 422)


def test_practice_may_print_its_own_computers_address_and_says_so(runtime: Runtime) -> None:
    house = open_house(runtime, badge="Practice")
    number = poster(house)
    assert "This is practice" in words(house.browser().get(f"/links/{number}"))
    said = pdf_text(house.browser().client.get(f"/links/{number}/poster/a6.pdf").data)
    assert runtime.settings.own_url.removeprefix("http://") in said


@pytest.mark.parametrize("harm", ["gone", "empty", "no picture", "cut"])
def test_a_broken_cover_does_not_stop_the_poster(house: House, harm: str) -> None:
    release = covered(house)
    cover = house.read(Cover, house.read(Release, release).cover_id)
    file = upload_file(house.runtime.covers, cover)
    body = file.read_bytes()
    file.unlink()
    if harm != "gone":
        file.write_bytes({"empty": b"", "no picture": b"<html>" * 99, "cut": body[: len(body) // 2]}[harm])
    for name in ("a6.png", "a6.pdf"):
        assert house.browser().client.get(f"/links/{poster(house, release)}/poster/{name}").status_code == 200


def test_signs_nobody_can_draw_are_named_and_left_out_only_when_asked(house: House) -> None:
    number = poster(house, label="Lido \U0001f3b8 بيت")
    page = house.browser().get(f"/links/{number}")
    assert "cannot draw these signs: \U0001f3b8" in words(page)
    assert "right to left" in words(page)
    assert {str(node.attributes["href"]).rpartition("?")[2] for node in page.css(".files a")} == {"without=1"}
    house.browser().get(f"/links/{number}/poster/a6.pdf", 422)
    said = pdf_text(house.browser().client.get(f"/links/{number}/poster/a6.pdf?without=1").data)
    assert "Lido" in said
    assert "\U0001f3b8" not in said


def test_a_language_nobody_can_draw_prints_our_own_words_in_english(house: House) -> None:
    with house.runtime.session() as session:
        session.get_one(Artist, house.artist_id).language = "fa"
    said = pdf_text(house.browser().client.get(f"/links/{poster(house)}/poster/a6.pdf").data)
    assert "Friday, 12 June 2026" in said


def test_dates_and_prices_are_in_the_artists_language(house: House) -> None:
    with house.runtime.session() as session:
        session.get_one(Artist, house.artist_id).language = "de"
    said = pdf_text(house.browser().client.get(f"/links/{poster(house, house.release())}/poster/a6.pdf").data).replace("\u00a0", " ")
    assert "Freitag, 12. Juni 2026" in said
    assert "7 €" in said


def test_only_posters_are_printed_and_only_in_the_formats_there_are(house: House) -> None:
    number = poster(house)
    for name in ("a3.pdf", "a6.svg", "a6", "shown.pdf"):
        house.browser().get(f"/links/{number}/poster/{name}", 404)
    house.browser().get(f"/links/{link(house, 'bio')}/poster/a6.pdf", 404)


def test_a_name_no_computer_writes_still_gives_a_file_name(house: House) -> None:
    number = poster(house, label="Γειά σου", place="", on=None)
    answer = house.browser().client.get(f"/links/{number}/poster/a6.pdf")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=poster-{code(house, number)}-a6.pdf"
    assert answer.headers["Cache-Control"] == "no-store"
