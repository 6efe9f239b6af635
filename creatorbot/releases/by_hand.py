"""A release typed in by hand, and what the artist corrects in one that was found."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from creatorbot.amounts import Money, is_currency, parse
from creatorbot.errors import InvalidInput
from creatorbot.models import Artist, Release
from creatorbot.releases.likeness.alike import alike_key
from creatorbot.releases.places import keep_place
from creatorbot.sources import licences
from creatorbot.sources.plain import line, paragraphs, unique, web_address

KINDS = ("album", "track", "video", "episode", "stream", "post", "unknown")
PRICE_MODELS = ("pay_what_you_want", "minimum", "fixed", "free", "not_sold", "unknown")


@dataclass(frozen=True)
class TypedRelease:
    """The form as it was typed. released_on: "2026-11-20" or "". tags: separated by commas or spaces with #."""

    title: str
    artist_name: str = ""
    kind: str = "album"
    url: str = ""
    released_on: str = ""
    price_model: str = "pay_what_you_want"
    amount: str = ""
    currency: str = ""
    suggested: str = ""
    minimum: str = ""
    licence: str = ""
    tags: str = ""
    description: str = ""


def add_release(session: Session, artist: Artist, typed: TypedRelease, now: datetime) -> Release:
    """A new release of this artist. Raises InvalidInput naming the field."""
    columns = _columns(artist, typed)
    release = Release(
        artist_id=artist.id or 0,
        title=str(columns["title"]),
        artist_name=str(columns["artist_name"]),
        state="new",
        first_seen_at=now,
        changed_at=now,
    )
    for name, value in columns.items():
        setattr(release, name, value)
    release.alike_key = alike_key(release.title, release.artist_name)
    session.add(release)
    keep_place(session, release, now)
    return release


def edit_release(session: Session, release: Release, typed: TypedRelease, now: datetime) -> None:
    """Write what was typed into the release. What was changed by hand is never overwritten by its source. Raises InvalidInput."""
    artist = session.get(Artist, release.artist_id)
    if artist is None:
        raise InvalidInput("There is no such artist.")
    changed = {name: value for name, value in _columns(artist, typed).items() if getattr(release, name) != value}
    left = release.url
    for name, value in changed.items():
        setattr(release, name, value)
    if changed:
        release.changed_at = now
        release.edited = sorted({*release.edited, *changed})
        session.add(release)
        release.alike_key = alike_key(release.title, release.artist_name)
        keep_place(session, release, now, left=left)


def typed_of(release: Release, artist: Artist) -> TypedRelease:
    """The form's fields filled with what is known of a release."""

    def plain(minor: int | None, currency: str) -> str:
        return "" if minor is None else Money(minor, currency).plain

    return TypedRelease(
        title=release.title,
        artist_name=release.artist_name,
        kind=release.kind,
        url=release.url,
        released_on=release.released_on.isoformat() if release.released_on else "",
        price_model=release.price_model,
        amount=plain(release.price_minor, release.price_currency or artist.currency),
        currency=release.price_currency or artist.currency,
        suggested=plain(release.suggested_minor, artist.currency),
        minimum=plain(release.minimum_minor, artist.currency),
        licence=release.licence,
        tags=", ".join(release.tags),
        description=release.description,
    )


def _columns(artist: Artist, typed: TypedRelease) -> dict[str, object]:
    title = line(typed.title)
    if not title:
        raise InvalidInput("Please give the release a title.", field="title")
    if typed.kind not in KINDS:
        raise InvalidInput("Please choose what kind of release it is.", field="kind")
    model, minor, currency = _price(artist, typed)
    suggested, minimum = _own(artist, typed.suggested, "suggested"), _own(artist, typed.minimum, "minimum")
    least = artist.minimum_minor if minimum is None else minimum
    if suggested is not None and suggested < least:
        raise InvalidInput("The suggested amount is lower than the lowest you accept. Raise it, or lower the other.", field="suggested")
    return {
        "title": title,
        "artist_name": line(typed.artist_name) or artist.name,
        "kind": typed.kind,
        "url": _url(typed.url),
        "released_on": _day(typed.released_on),
        "price_model": model,
        "price_minor": minor,
        "price_currency": currency,
        "suggested_minor": suggested,
        "minimum_minor": minimum,
        "licence": _licence(typed.licence),
        "tags": _tags(typed.tags),
        "description": paragraphs(typed.description),
    }


def _price(artist: Artist, typed: TypedRelease) -> tuple[str, int | None, str]:
    if typed.price_model not in PRICE_MODELS:
        raise InvalidInput("Please choose how it is sold.", field="price_model")
    if typed.price_model in ("unknown", "not_sold"):
        return typed.price_model, None, ""
    currency = typed.currency.strip().upper() or artist.currency
    if not is_currency(currency):
        raise InvalidInput("“%(text)s” is not a currency we know.", field="currency", text=typed.currency[:10])
    if typed.price_model not in ("minimum", "fixed"):
        return typed.price_model, None, currency
    if not typed.amount.strip():
        raise InvalidInput("Please say how much it costs.", field="amount")
    return typed.price_model, parse(typed.amount, currency).minor, currency


def _own(artist: Artist, text: str, field: str) -> int | None:
    """An amount in the artist's own currency, or nothing."""
    if not text.strip():
        return None
    try:
        return parse(text, artist.currency).minor
    except InvalidInput as error:
        raise InvalidInput(error.message, field=field, **error.values) from error


def _url(text: str) -> str:
    if not text.strip():
        return ""
    address = web_address(text.strip() if "://" in text else f"https://{text.strip()}")
    if address is None:
        raise InvalidInput("This is not a web address. It should look like https://example.com/music.", field="url")
    return address


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInput("This is not a day. Write it like 2026-11-20.", field="released_on") from error


def _licence(text: str) -> str:
    told = text.strip()
    if not told or licences.is_known(told):
        return told
    found = licences.from_text(told)
    if found is None:
        raise InvalidInput("We do not know this licence. Paste its address, or choose one from the list.", field="licence")
    return found


def _tags(text: str) -> list[str]:
    words = text.split(",") if "," in text else re.split(r"\s+(?=#)", text)
    return list(unique([line(word, 60).lstrip("#").strip() for word in words]))
