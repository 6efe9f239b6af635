"""A Bandcamp release page says what it costs, under which licence, when it came out and what it belongs to."""

from datetime import date
from typing import Any

import pytest

from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, FoundRelease, Reading
from tests.sources.pages import linked, offer, release_page, tralbum

ADDRESS = "https://aoife.bandcamp.com/album/tall-ships"


def reading(body: bytes, address: str = ADDRESS) -> Reading:
    return read_page(Fetched(address, body))


def found(data: object, ld: object = None, **page: Any) -> FoundRelease:
    (release,) = reading(release_page(data, ld, **page)).releases
    return release


def test_all_that_the_page_says() -> None:
    release = found(tralbum(), linked(offer(4001, "a", "EUR", {"minPrice": 0.0})), licence='<span class="cc-icons commercial"></span>')
    assert (release.title, release.artist, release.kind, release.guid) == ("Tall Ships", "Aoife", "album", "album-4001")
    assert (release.url, release.part_of, release.tracks) == (ADDRESS, None, 2)
    assert release.cover_url == "https://f4.bcbits.com/img/a0220866688_10.jpg"
    assert release.released_on == date(2026, 11, 6)
    assert release.tags == ("Folk", "shanty", "Galway")
    assert release.description == "Ten shanties.\nSung at sea."
    assert release.licence == "all-rights-reserved"


# The table of the price rule, in its order. Fields that are not in use hold old numbers: each row has some.
RULE: list[tuple[dict[str, Any], tuple[str, str | None]]] = [
    ({"download_pref": None, "minimum_price": 1.5, "set_price": 1.5}, ("not_sold", None)),
    ({"download_pref": 1, "minimum_price": 1.5, "set_price": 500.0}, ("free", None)),
    ({"download_pref": 2, "is_set_price": 1, "minimum_price": 0.0, "set_price": 4}, ("fixed", "4.00")),
    ({"download_pref": 2, "is_set_price": 1, "minimum_price": 7, "set_price": 5}, ("fixed", "5.00")),
    ({"download_pref": 2, "minimum_price": 0.0, "set_price": 9.0}, ("pay_what_you_want", None)),
    ({"download_pref": 2, "minimum_price": 7.0, "set_price": 9.0}, ("minimum", "7.00")),
    ({"download_pref": 2, "minimum_price": 9.99}, ("minimum", "9.99")),
    ({"download_pref": 2, "minimum_price": "7.5"}, ("minimum", "7.50")),
]


@pytest.mark.parametrize(("current", "said"), RULE)
def test_the_price_rule(current: dict[str, Any], said: tuple[str, str | None]) -> None:
    price = found(tralbum(**current)).price
    assert (price.model, price.amount and price.amount.plain) == said


def test_yen_have_no_decimals() -> None:
    price = found(tralbum(minimum_price=1980.0), linked(offer(4001, "a", "JPY", {"minPrice": 1980.0}))).price
    assert (price.model, price.amount and price.amount.plain, price.currency) == ("minimum", "1980", "JPY")


def test_the_offers_currency_wins_over_the_bands() -> None:
    assert found(tralbum(), linked(offer(4001, "a", "USD", {"minPrice": 0.0})), currency="GBP").price.currency == "USD"
    assert found(tralbum(), currency="GBP").price.currency == "GBP"


def test_a_currency_that_is_none_gives_no_amount() -> None:
    price = found(tralbum(minimum_price=7.0), currency="dollars").price
    assert (price.model, price.amount, price.currency) == ("minimum", None, None)


def test_the_first_offer_is_vinyl_and_not_taken() -> None:
    vinyl, bundle = offer(99, "p", "GBP", {"minPrice": 60.0}), offer(98, "b", "GBP", {"minPrice": 102.05})
    offers = [vinyl, bundle, offer(4001, "a", "GBP", {"price": 5.0})]
    page = tralbum(is_set_price=1, set_price=5.0)
    del page["current"]["download_pref"]  # the page's own word is missing: the second reading has to do
    price = found(page, linked(*offers)).price
    assert (price.model, price.amount and price.amount.plain, price.currency) == ("fixed", "5.00", "GBP")


def test_two_prices_on_one_page_are_told() -> None:
    quarrel = reading(release_page(tralbum(is_set_price=1, set_price=4.0), linked(offer(4001, "a", "EUR", {"minPrice": 7.0}))))
    assert quarrel.releases[0].price.amount is not None
    assert quarrel.releases[0].price.amount.plain == "4.00"
    assert "two different prices" in str(quarrel.notes[0])
    agreed = reading(release_page(tralbum(download_pref=1), linked(offer(4001, "a", "EUR", {"minPrice": 0.0}))))
    assert agreed.notes == ()


def test_without_the_pages_own_data_the_linked_data_is_read() -> None:
    release = found(None, linked(offer(4001, "a", "EUR", {"minPrice": 7.0}), image="https://f4.bcbits.com/img/a0000000042_10.jpg"))
    assert (release.guid, release.title, release.artist, release.url) == ("album-4001", "Tall Ships", "Aoife", ADDRESS)
    assert (release.price.model, release.price.amount and release.price.amount.plain) == ("minimum", "7.00")
    assert release.cover_url == "https://f4.bcbits.com/img/a0000000042_10.jpg"
    free = found(None, linked(offer(4001, "a", "EUR", {"minPrice": 0.0})), extra='<h4 class="ft compound-button">Free Download</h4>')
    assert free.price.model == "free"


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ('<a class="cc-icons" href="https://creativecommons.org/licenses/by/4.0/">some rights reserved</a>', "CC-BY-4.0"),
        ('<a class="cc-icons" href="http://creativecommons.org/licenses/by-nc-sa/3.0/">some rights reserved</a>', "CC-BY-NC-SA-3.0"),
        ('<a class="cc-icons" href="http://creativecommons.org/licenses/by-nc-sa/3.0/de/">some rights reserved</a>', "CC-BY-NC-SA-3.0-DE"),
        ('<a class="cc-icons" href="https://creativecommons.org/publicdomain/zero/1.0/">no rights reserved</a>', "CC0-1.0"),
        ('<a class="cc-icons" href="https://aoife.example/my-own-terms">some rights reserved</a>', None),
        ('<span class="cc-icons commercial"></span>all rights reserved', "all-rights-reserved"),
        ("", None),
    ],
)
def test_licences(box: str, said: str | None) -> None:
    assert found(tralbum(), licence=box).licence == said


def test_licences_told_in_data_only() -> None:
    named = {"additionalProperty": [{"name": "license_name", "value": "all_rights_reserved"}]}
    assert found(tralbum(), linked(**named)).licence == "all-rights-reserved"
    assert found(tralbum(license_type=1)).licence == "all-rights-reserved"
    various = {"additionalProperty": [{"name": "license_name", "value": "various"}]}
    assert found(tralbum(), linked(**various)).licence is None


def test_a_track_belongs_to_its_album() -> None:
    address = "https://aoife.bandcamp.com/track/wellerman"
    track = tralbum(item_type="track", id=77, url=address, album_url="/album/tall-ships", title="Wellerman")
    release = found(track)
    assert (release.guid, release.kind, release.part_of) == ("track-77", "track", ADDRESS)


@pytest.mark.parametrize(
    ("album_day", "own_day", "published", "said"),
    [
        ("06 Nov 2026 00:00:00 GMT", "01 Jan 2020 00:00:00 GMT", "02 Feb 2021 00:00:00 GMT", date(2026, 11, 6)),
        (None, "01 Jan 2020 00:00:00 GMT", "02 Feb 2021 00:00:00 GMT", date(2020, 1, 1)),
        (None, None, "02 Feb 2021 23:59:59 GMT", date(2021, 2, 2)),
        ("31 Feb 2026 00:00:00 GMT", "soon", "", None),
    ],
)
def test_the_day_of_release(album_day: str | None, own_day: str | None, published: str, said: date | None) -> None:
    data = tralbum(album_release_date=album_day, release_date=own_day)
    assert found(data, linked(datePublished=published)).released_on == said


def test_a_pre_order_is_told() -> None:
    notes = reading(release_page(tralbum(album_is_preorder=True))).notes
    assert [str(note) for note in notes] == ["“Tall Ships” can be ordered before it comes out on 2026-11-06."]


def test_a_domain_of_their_own() -> None:
    data = tralbum(url="https://music.aoife.example/album/tall-ships")
    assert reading(release_page(data), "").releases[0].url == "https://music.aoife.example/album/tall-ships"
