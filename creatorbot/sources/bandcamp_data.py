"""The answers of Bandcamp's own data service (what its app asks), handed over by a person or found at a pasted address."""

from datetime import UTC, date, datetime

from creatorbot.errors import InvalidInput
from creatorbot.sources.bandcamp_page import cover_address, day_of, release_address
from creatorbot.sources.bandcamp_player import player_address
from creatorbot.sources.base import Fetched, FoundRelease, Note, Price, Reading
from creatorbot.sources.loose import Document, document, documents, identifier, is_one, money, number, parsed, string
from creatorbot.sources.plain import line, paragraphs, unique
from creatorbot.sources.standard_codes import isrc, upc
from creatorbot.wording import N_

_NO_SUCH = N_("Bandcamp says that there is no such artist or release.")
_WITHOUT_ADDRESSES = Note(
    N_("This list does not tell the addresses of the releases. Paste the artist's page instead, then their prices are found too.")
)
_EMPTY = Note(N_("This Bandcamp page shows no releases yet. As soon as there is one, it appears here."))
_LABEL = Note(N_("This page lists the artists of a label, but none of their pages. Paste the page of one artist instead."))
_MARKS = (b'"discography"', b'"tralbum_artist"', b'"error_message"')
_LARGEST = 5_000_000


def data_of(page: Fetched) -> Document:
    """The answer as an object, when it is one of Bandcamp's data service; else an empty one."""
    body = page.body.lstrip()
    if body[:1] != b"{" or len(body) > _LARGEST or not any(mark in body for mark in _MARKS):
        return {}
    answer = document(parsed(page.body.decode("utf-8", errors="replace")))
    band = "discography" in answer and "bandcamp_url" in answer
    release = "tralbum_artist" in answer and string(answer.get("type")) in ("a", "t")
    return answer if band or release or _is_refusal(answer) else {}


def _is_refusal(answer: Document) -> bool:
    return answer.keys() == {"error", "error_message"} and is_one(answer.get("error"))


def read_data(name: str, answer: Document) -> Reading:
    """What such an answer says. Raises InvalidInput when it is a refusal. name: the source's."""
    if _is_refusal(answer):
        raise InvalidInput(_NO_SUCH, field="address")
    if "discography" not in answer:
        release = _release(answer)
        return Reading(name, (release,), title=release.artist or "")
    listed = [_listed(item) for item in documents(answer.get("discography"))]
    found = tuple({item.guid: item for item in listed if item}.values())
    return Reading(
        name,
        found,
        notes=(_WITHOUT_ADDRESSES if found else _LABEL if documents(answer.get("artists")) else _EMPTY,),
        state="ok" if found else "empty",
        title=line(answer.get("name")),
    )


def _listed(item: Document) -> FoundRelease | None:
    kind, number_ = string(item.get("item_type")), identifier(item.get("item_id"))
    if kind not in ("album", "track") or not number_:
        return None
    guid = f"{kind}-{number_}"
    return FoundRelease(
        title=line(item.get("title")) or guid,
        url=None,
        guid=guid,
        artist=line(item.get("artist_name")) or line(item.get("band_name")) or None,
        kind="album" if kind == "album" else "track",
        released_on=day_of(item.get("release_date")),
        cover_url=cover_address(item.get("art_id")),
    )


def _release(answer: Document) -> FoundRelease:
    item_id = identifier(answer.get("id"))
    if not item_id:
        raise InvalidInput(_NO_SUCH, field="address")
    kind = "album" if string(answer.get("type")) == "a" else "track"
    guid, tracks = f"{kind}-{item_id}", documents(answer.get("tracks"))
    return FoundRelease(
        title=line(answer.get("title")) or guid,
        url=release_address(answer.get("bandcamp_url"), ""),
        guid=guid,
        artist=line(answer.get("tralbum_artist")) or line(document(answer.get("band")).get("name")) or None,
        kind="album" if kind == "album" else "track",
        released_on=_day(answer.get("release_date")),
        price=_price(answer),
        cover_url=cover_address(answer.get("art_id")),
        tags=unique([line(tag.get("name"), 60) for tag in documents(answer.get("tags"), 100)]),
        description=paragraphs(answer.get("about")),
        tracks=len(tracks) or None,
        upc=upc(answer.get("upc")) or None,
        isrc=isrc(answer.get("isrc")) or None,
        availability="preorder" if is_one(answer.get("is_preorder")) else "out",
        player_url=player_address(kind, item_id) if any(is_one(track.get("is_streamable")) for track in tracks) else "",
    )


def _price(answer: Document) -> Price:
    """Here the price is the one that counts, unlike on the page: no old numbers."""
    currency = string(answer.get("currency")).upper() or None
    if is_one(answer.get("free_download")):
        return Price("free", currency=currency)
    if answer.get("is_purchasable") is False or answer.get("has_digital_download") is False:
        return Price("not_sold")
    told = number(answer.get("price"))
    if told is None:
        return Price()
    amount = money(told and str(told), currency)
    kept = amount.currency if amount else currency
    if is_one(answer.get("is_set_price")):
        return Price("fixed", amount, currency=kept)
    return Price("minimum", amount, currency=kept) if told else Price("pay_what_you_want", currency=currency)


def _day(value: object) -> date | None:
    """Seconds since 1970, or a day in words."""
    seconds = number(value)
    if seconds is None or seconds > 10**11:
        return day_of(value)
    return datetime.fromtimestamp(int(seconds), UTC).date()
