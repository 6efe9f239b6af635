"""The list of links, one link's page, and the same links in Results: what came by each."""

from datetime import date

import pytest

from creatorbot.models import Visit, VisitTotal
from creatorbot.runtime import Runtime
from tests.web.desk import House, open_house, words
from tests.web.links.rows import BASE, code, link, poster, publish


@pytest.fixture
def house(runtime: Runtime) -> House:
    """Aoife's house."""
    return open_house(runtime)


def test_an_empty_list_says_what_will_be_there_and_offers_the_next_step(house: House) -> None:
    page = house.browser().get("/links")
    assert "Make one for your bio" in words(page)
    assert page.css_first(".empty a[href='/links/new']") is not None
    assert house.browser("viewer").get("/links").css_first(".empty a") is None
    assert "No post carries a link yet" in words(house.browser().get("/links?of=posts"))


def test_openings_by_kind_people_presses_and_money_stand_with_each_link(house: House) -> None:
    number = poster(house, house.release())
    quarter = house.runtime.clock()
    house.add(VisitTotal(link_id=number, quarter=quarter, people=5, person=7, preview=3, bot=2, uncertain=1, presses=4))
    service = house.service()
    house.payment(service, 900, link_id=number), house.payment(service, 500, link_id=number, currency="USD")
    (row,) = house.browser().get("/links").css("tbody tr")
    cells = [" ".join(cell.text(separator=" ").split()) for cell in row.css("td")]
    assert "Lido · Berlin, 12 June 2026" in cells[0]
    assert "Opened 13 times: 7 by people, 3 previews, 2 robots, 1 uncertain" in cells[0]
    assert cells[1:4] == ["5", "4", "2"]
    assert cells[4] == "€9 US$5"


def test_scans_and_tips_stand_under_their_gig_in_results(house: House) -> None:
    berlin, paris = poster(house, house.release()), poster(house, None, label="", place="Paris", on=date(2026, 7, 1))
    service = house.service()
    house.opened(berlin, people=3), house.opened(paris, people=2)
    house.payment(service, 900, link_id=paris)
    page = house.browser().get("/results")
    rows = {" ".join(row.css_first("td").text(separator=" ").split()): row for row in page.css("tbody tr")}
    assert any(name.startswith("Lido · Berlin, 12 June 2026 Tall Ships") for name in rows)
    (of_paris,) = (row for name, row in rows.items() if name.startswith("Paris, 1 July 2026 Your page"))
    assert of_paris.css_first("td.sum").text().strip() == "€9"
    assert of_paris.css_first("a").attributes["href"] == f"/links/{paris}"
    assert house.browser().get(f"/links/{paris}").css_first("#payments td") is not None
    assert "Paid through this link: Stripe" in words(house.browser().get(f"/links/{paris}"))


def test_a_link_to_the_artists_page_counts_in_the_sums_of_results(house: House) -> None:
    """Money by a link that opens no release is money all the same."""
    house.payment(house.service(), 700, link_id=link(house, "bio"))
    page = house.browser().get("/results")
    assert "In the bio" in words(page)
    assert page.css("tr.total td.sum")[-1].text().strip() == "€7"


def test_newest_first_by_pages(house: House) -> None:
    for number in range(53):
        link(house, "other", label=f"Number {number}")
        house.runtime.clock.forward(minutes=1)  # type: ignore[attr-defined]
    first, second = house.browser().get("/links"), house.browser().get("/links?page=1")
    names = [[node.text() for node in page.css("tbody a.name")] for page in (first, second)]
    assert names[0] == [f"Number {number}" for number in range(52, 2, -1)]
    assert names[1] == ["Number 2", "Number 1", "Number 0"]
    assert first.css_first("a[href='/links?page=1']") is not None
    assert second.css_first("a[href='/links?page=0']") is not None
    for strange in ("99", "-1", "x", "²"):
        assert house.browser().get(f"/links?page={strange}").css("tbody a.name")


def test_links_of_posts_are_seen_apart_and_lead_to_their_results(house: House) -> None:
    post, carried = house.post(house.release(), house.account())
    own = link(house, "bio")
    house.opened(carried, people=4)
    mine, theirs = house.browser().get("/links"), house.browser().get("/links?of=posts")
    assert [node.attributes["href"] for node in mine.css("tbody a.name")] == [f"/links/{own}"]
    assert [node.attributes["href"] for node in theirs.css("tbody a.name")] == [f"/results/posts/{post}"]
    assert "@aoife@folk.example" in words(theirs)
    assert code(house, carried) in words(theirs)
    assert mine.css_first("nav a[href='/links?of=posts']") is not None


def test_addresses_are_the_public_ones_once_there_is_one(house: House) -> None:
    number, page_link = link(house, "bio"), link(house, "page")
    before = house.browser().get("/links")
    assert "work on this computer only" in words(before)
    assert f"http://localhost/l/{code(house, number)}" in words(before)
    publish(house)
    after = house.browser().get("/links")
    assert "this computer" not in words(after)
    assert f"{BASE}/l/{code(house, number)}" in words(after)
    assert f"{BASE}/@aoife-marsh" in words(after)
    shown = house.browser().get(f"/links/{page_link}")
    assert shown.css_first("#link-address").text() == f"{BASE}/@aoife-marsh"


def test_one_links_page_has_the_kinds_the_visits_and_a_button_to_copy(house: House) -> None:
    publish(house)
    number = link(house, "button", label="Café", release_id=house.release(title='Tall & "Ships" <b>'))
    house.opened(number, people=2, servers=1)
    house.add(
        Visit(artist_id=house.artist_id, link_id=number, at=house.runtime.clock(), kind="bot", reason="names_itself", rules=1, button="x")
    )
    page = house.browser().get(f"/links/{number}")
    kinds = {
        " ".join(row.css_first("td").text().split()): row.css("td")[-1].text().strip() for row in page.css("#opened ~ table tr:has(td)")
    }
    assert kinds == {"people": "2", "previews": "1", "robots": "0", "uncertain": "0"}
    assert "it says itself that it is a program" in words(page)
    copies = {str(node.attributes["id"]): node.text() for node in page.css(".copy code")}
    assert copies["link-address"] == f"{BASE}/l/{code(house, number)}"
    assert 'Tall &amp; "Ships" &lt;b&gt;</a>' in copies["snippet-html"]
    assert f"{BASE}/badge/{code(house, number)}.svg" in copies["snippet-markdown"]
    for button in page.css("button[data-copy]"):
        assert button.attributes["data-copy"] == copies[str(button.attributes["data-from"])]


def test_a_posts_link_has_no_button_for_websites(house: House) -> None:
    _, carried = house.post(house.release(), house.account())
    page = house.browser().get(f"/links/{carried}")
    assert page.css_first("#snippet-html") is None
    assert "Tall Ships" in words(page, "h1")


def test_a_payment_names_the_link_it_came_by(house: House) -> None:
    number = poster(house)
    paid = house.payment(house.service(), 700, link_id=number)
    page = house.browser().get(f"/money/{paid}")
    named = page.css_first(f"main a[href='/links/{number}']")
    assert named is not None
    assert named.text() == "Lido · Berlin, 12 June 2026"


def test_a_tip_can_be_given_by_a_link_that_opens_the_artists_page(house: House) -> None:
    house.service()
    page = house.browser("nobody").get(f"/tip/{code(house, poster(house))}")
    assert "Aoife Marsh" in words(page, "h1")
    assert "Back to Aoife Marsh" in words(page)


def test_a_release_offers_its_poster_with_itself_chosen(house: House) -> None:
    release = house.release()
    href = str(house.browser().get(f"/releases/{release}").css_first("a[href*='kind=poster']").attributes["href"])
    form = house.browser().get(href)
    assert form.css_first(f"option[value='{release}'][selected]") is not None
