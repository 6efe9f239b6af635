"""What a Bandcamp release costs. The order of the questions matters: fields that are not in use keep old numbers."""

from dataclasses import dataclass

from creatorbot.amounts import Money
from creatorbot.sources.base import Price
from creatorbot.sources.loose import Document, document, documents, identifier, is_one, money, number, string


@dataclass(frozen=True)
class Offer:
    """The digital offer in the page's ld+json. found: the release is listed there, with or without an offer."""

    found: bool = False
    currency: str | None = None
    fixed: Money | None = None
    floor: Money | None = None


def offer_of(linked: Document, item_id: int | None) -> Offer:
    """The offer of exactly this item. The first offer of a page is often vinyl or the whole discography."""
    releases = documents(linked.get("albumRelease")) or documents(document(linked.get("inAlbum")).get("albumRelease"))
    for release in releases:
        marks = {string(mark.get("name")): mark.get("value") for mark in documents(release.get("additionalProperty"))}
        if marks.get("item_type") in ("a", "t") and item_id and identifier(marks.get("item_id")) == item_id:
            offers = documents(release.get("offers"))
            return _read_offer(offers[0]) if offers else Offer(found=True)
    return Offer()


def _read_offer(offer: Document) -> Offer:
    currency = string(offer.get("priceCurrency")).upper() or None
    exact = document(offer.get("priceSpecification"))
    marks = {string(mark.get("name")): mark.get("value") for mark in documents(offer.get("additionalProperty"))}
    fixed, floor = money(exact.get("price"), currency), money(exact.get("minPrice"), currency)
    if fixed is None and floor is None:
        told = money(offer.get("price"), currency)
        fixed, floor = (told, None) if is_one(marks.get("is_set_price")) else (None, told)
    return Offer(True, currency, fixed, floor)


def price_of(current: Document, currency: str | None) -> Price | None:
    """The price by the page's own data (`tralbum.current`); None when it does not say."""
    if "download_pref" not in current:
        return None
    preference = current["download_pref"]
    if preference is None:
        return Price("not_sold")
    if is_one(preference):
        return Price("free", currency=currency)
    if is_one(current.get("is_set_price")):
        return _with_amount("fixed", current.get("set_price"), currency)
    floor = number(current.get("minimum_price"))
    if floor is None:
        return None
    if floor == 0:
        return Price("pay_what_you_want", currency=currency)
    return _with_amount("minimum", floor if isinstance(floor, str) else str(floor), currency)


def _with_amount(model: str, value: object, currency: str | None) -> Price | None:
    if number(value) is None:
        return None
    amount = money(value, currency)
    kept = amount.currency if amount else currency
    return Price("fixed", amount, currency=kept) if model == "fixed" else Price("minimum", amount, currency=kept)


def price_by_offer(offer: Offer) -> Price:
    """The price by ld+json alone. An offer of 0 can be a free download too: the page's button decides, see bandcamp.py."""
    if offer.fixed is not None:
        return Price("fixed", offer.fixed, currency=offer.currency)
    if offer.floor is not None and offer.floor.minor:
        return Price("minimum", offer.floor, currency=offer.currency)
    return Price("pay_what_you_want", currency=offer.currency) if offer.floor is not None else Price()
