"""What fans see: paying against the practice shop, thanks; no cookie, whatever happens."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from selectolax.parser import HTMLParser
from sqlmodel import select
from werkzeug.test import TestResponse

from creatorbot.ledger.checkout import A_MINUTE
from creatorbot.ledger.services import connect_service
from creatorbot.links.codes import new_link
from creatorbot.models import Admission, Artist, Checkout, Link, Release
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.runtime import Runtime
from creatorbot.web.public import WAITING
from tests.web.desk import House, open_house, words


@pytest.fixture
def house(runtime: Runtime) -> House:
    return open_house(runtime)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with start(tmp_path / "practice") as running:
        yield running


@pytest.fixture
def shop(house: House, practice: Practice) -> House:
    """The house, paid through the practice shop."""
    parts = urlsplit(practice.shop_url)
    house.add(Admission(artist_id=house.artist_id, host=parts.hostname or "", port=parts.port or 0, browser_path="/rehearsal/shop"))
    connect_service(house.runtime, house.artist_id, "stripe", {"key": "rk_test_practice1234"}, practice.shop_url)
    return house


def code_of(house: House, **more: object) -> str:
    return house.code(house.post(house.release(**more), house.account())[1])


def fan(house: House, path: str, status: int = 200, **typed: str) -> TestResponse:
    client = house.app.test_client()
    answer = client.post(path, data=typed) if typed else client.get(path)
    assert answer.status_code == status, (answer.status_code, answer.text[:500])
    assert "Set-Cookie" not in answer.headers
    return answer


def checkouts(house: House) -> list[Checkout]:
    with house.runtime.reading() as session:
        return list(session.exec(select(Checkout)))


def test_the_page_suggests_and_says_the_least(shop: House) -> None:
    page = HTMLParser(fan(shop, f"/tip/{code_of(shop)}").text)
    chosen = page.css_first("input[name=amount][checked]")
    assert chosen is not None
    assert chosen.attributes["value"] == "700"
    shown = words(page)
    assert "Tall Ships" in shown
    assert "At least €1" in shown
    assert "Stripe" in shown
    assert not page.css("script, input[name=csrf_token]")


def test_the_amount_tapped_on_the_release_page_is_ticked(shop: House) -> None:
    page = HTMLParser(fan(shop, f"/tip/{code_of(shop)}?amount=1234").text)
    assert [node.attributes["value"] for node in page.css("input[checked]")] == ["1234"]
    assert not HTMLParser(fan(shop, f"/tip/{code_of(shop, title='B')}?amount=1").text).css("input[value='1']"), "below the least"


@pytest.mark.parametrize(("typed", "minor"), [({"amount": "700"}, 700), ({"amount": "700", "other": "12,50"}, 1250), ({"other": "3"}, 300)])
def test_paying_leads_to_the_payment_page_with_our_reference(shop: House, typed: dict[str, str], minor: int) -> None:
    code = code_of(shop)
    answer = fan(shop, f"/tip/{code}", 303, **typed)
    (made,) = checkouts(shop)
    assert answer.headers["Location"].startswith("/rehearsal/shop/")
    assert (made.asked_minor, made.state) == (minor, "open")
    assert made.link_id is not None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"other": "0.50"}, "The least here is"),
        ({"other": "abc"}, "is not an amount"),
        ({"other": "0"}, "above zero"),
        ({"other": "-5"}, "is not an amount"),
        ({"other": "99999999"}, "more than can be paid"),
        ({"amount": "x"}, "Choose an amount"),
        ({"amount": "5"}, "The least here is"),
        ({"amount": "", "other": ""}, "Choose an amount"),
    ],
)
def test_an_amount_that_cannot_be_is_explained_and_kept(shop: House, typed: dict[str, str], said: str) -> None:
    answer = fan(shop, f"/tip/{code_of(shop, minimum_minor=200)}", 422, **typed)
    assert said in answer.text
    assert f'value="{typed.get("other", "")}"' in answer.text
    assert not checkouts(shop)


def test_a_shop_that_does_not_answer_charges_nothing(shop: House, practice: Practice) -> None:
    code = code_of(shop)
    practice.stop()
    assert "Nothing was charged" in fan(shop, f"/tip/{code}", 502, amount="700").text


def test_an_artist_nobody_can_pay_yet(house: House) -> None:
    code = code_of(house)
    page = HTMLParser(fan(house, f"/tip/{code}").text)
    assert "cannot be paid here yet" in words(page)
    assert not page.css("form")
    assert "cannot be paid here yet" in fan(house, f"/tip/{code}", 409, amount="700").text


def test_a_tip_for_the_artist_without_a_release(shop: House) -> None:
    assert "Aoife Marsh" in fan(shop, "/tip/aoife-marsh").text
    fan(shop, "/tip/aoife-marsh", 303, amount="700")
    (made,) = checkouts(shop)
    assert (made.link_id, made.release_id) == (None, None)


def test_a_link_pays_for_the_release_it_shows(shop: House) -> None:
    code, other = code_of(shop), shop.release(title="Small Boats", suggested_minor=900)
    page = fan(shop, f"/tip/{code}.{other}")
    assert "Small Boats" in page.text
    assert f'href="/l/{code}.{other}"' in page.text
    fan(shop, f"/tip/{code}.{other}", 303, amount="900")
    fan(shop, f"/tip/{code}.0", 303, amount="700")
    fan(shop, f"/tip/{code}.999999", 303, amount="700")
    found = checkouts(shop)
    assert [checkout.release_id for checkout in found] == [other, None, None], "of another release, of the artist"
    assert len({checkout.link_id for checkout in found}) == 1, "all by the same link"


def test_a_bio_takes_tips_for_the_artist(shop: House) -> None:
    with shop.runtime.session() as session:
        bio = new_link(session, artist_id=shop.artist_id, release_id=None, kind="bio", now=shop.runtime.clock())
    assert "Back to Aoife" in fan(shop, f"/tip/{bio.code}").text
    fan(shop, f"/tip/{bio.code}", 303, amount="700")
    (found,) = checkouts(shop)
    assert (found.link_id, found.release_id) == (bio.id, None)


def test_nobody_is_paid_for_somebody_elses_release(shop: House) -> None:
    code = code_of(shop)
    with shop.runtime.session() as session:
        now = shop.runtime.clock()
        stranger = Artist(name="Somebody", slug="somebody", created_at=now)
        session.add(stranger)
        session.flush()
        release = Release(artist_id=stranger.id or 0, title="Theirs", artist_name="Somebody", first_seen_at=now, changed_at=now)
        session.add(release)
        session.flush()
        theirs = release.id
    assert "Theirs" not in fan(shop, f"/tip/{code}.{theirs}").text


def test_an_unknown_address(house: House) -> None:
    fan(house, "/tip/nothing", 404)
    fan(house, "/tip/nothing", 404, amount="700")
    fan(house, "/thanks/nothing", 404)


def test_thanks_wait_for_the_payment_and_then_say_so(shop: House) -> None:
    fan(shop, f"/tip/{code_of(shop)}", 303, amount="700")
    (made,) = checkouts(shop)
    waiting = fan(shop, f"/thanks/{made.reference}")
    assert "Aoife Marsh thanks you" in words(HTMLParser(waiting.text))
    assert "in a moment" in waiting.text
    assert waiting.headers["Refresh"].endswith(f"/thanks/{made.reference}?looked=1")
    assert "Refresh" not in fan(shop, f"/thanks/{made.reference}?looked=6").headers
    with shop.runtime.session() as session:
        session.get_one(Checkout, made.id).state = "paid"
    paid = fan(shop, f"/thanks/{made.reference}")
    assert "€7 arrived" in paid.text
    assert "Refresh" not in paid.headers
    assert "https://aoife.bandcamp.com/album/tall-ships" in paid.text


def test_pages_are_light_and_let_the_form_lead_out(shop: House) -> None:
    answer = fan(shop, f"/tip/{code_of(shop)}")
    assert len(answer.data) < 30_000
    assert "form-action 'self' https:" in answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_title_from_outside_is_only_text(shop: House) -> None:
    code = code_of(shop, title="<b>x</b>", url="javascript:alert(1)")
    page = fan(shop, f"/tip/{code}")
    assert "<b>x</b>" not in page.text
    fan(shop, f"/tip/{code}", 303, amount="700")
    (made,) = checkouts(shop)
    assert "javascript:" not in fan(shop, f"/thanks/{made.reference}").text
    with shop.runtime.reading() as session:
        assert session.exec(select(Link).where(Link.code == code)).one()
        assert session.get_one(Release, made.release_id)


def test_fans_do_not_wait_in_line_for_a_slow_payment_service(shop: House) -> None:
    code = code_of(shop)
    assert WAITING.acquire(blocking=False)
    assert WAITING.acquire(blocking=False)
    try:
        answer = fan(shop, f"/tip/{code}", 429, amount="700")
    finally:
        WAITING.release(2)
    assert "Nothing was charged" in answer.text
    assert answer.headers["Retry-After"]
    assert not checkouts(shop)
    for _ in range(4):  # each gives its place back, whether it went well or not
        fan(shop, f"/tip/{code}", 303, amount="700")
        fan(shop, f"/tip/{code}", 422, amount="1")


def test_a_script_is_told_to_come_back(shop: House) -> None:
    code = code_of(shop)
    fan(shop, f"/tip/{code}", 303, amount="700")
    (made,) = checkouts(shop)
    for number in range(A_MINUTE):
        shop.add(Checkout(**made.model_dump(exclude={"id", "reference"}), reference=f"other{number}"))
    assert "Nothing was charged" in fan(shop, f"/tip/{code}", 429, amount="700").text


def test_an_address_no_database_can_hold(both_runtime: Runtime) -> None:
    house = open_house(both_runtime)
    for path in ("/tip/%00", "/tip/a%00b", "/thanks/%00"):
        fan(house, path, 404)
    fan(house, "/tip/%00", 404, amount="700")
    fan(house, "/hooks/stripe/%00", 404, any="thing")
