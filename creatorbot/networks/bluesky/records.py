"""A post as a record (app.bsky.feed.post), written from a draft and read back. Pure."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import grapheme  # type: ignore[import-untyped]

from creatorbot.networks.answers import part, text
from creatorbot.networks.base import Card, Draft, Picture, Published
from creatorbot.networks.bluesky.words import written

COLLECTION = "app.bsky.feed.post"
_MOST_TITLE, _MOST_DESCRIPTION, _MOST_ALT = 300, 300, 2000
# What Bluesky knows to warn of (com.atproto.label.defs), by words people write. Anything else is told in the post's first line only.
_LABELS = {
    "sexual": ("sexual", "nsfw", "adult", "18+", "erotic"),
    "nudity": ("nudity", "nude", "naked"),
    "graphic-media": ("violence", "gore", "blood", "graphic"),
}

Record = Mapping[str, object]
Blob = Mapping[str, object]


def record_of(draft: Draft, now: datetime, blob: Blob | None, reply: Record | None = None) -> Record:
    """The record that shows this draft. blob: its picture, or its card's, as uploaded; without one the card has no picture.

    reply: the posts it goes on from, as app.bsky.feed.post#replyRef.
    """
    words = written(draft.text, draft.content_warning)
    record: dict[str, object] = {
        "$type": COLLECTION,
        "text": words.text,
        "createdAt": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    if words.facets:
        record["facets"] = [dict(facet) for facet in words.facets]
    if reply is not None:
        record["reply"] = reply
    if draft.language and re.fullmatch(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*", draft.language):
        record["langs"] = [draft.language]
    if labels := _labels(draft.content_warning):
        record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": label} for label in labels]}
    if draft.picture is not None and blob is not None:
        record["embed"] = _images(draft.picture, blob)
    elif draft.card is not None:
        record["embed"] = _external(draft.card, blob)
    return record


def _images(picture: Picture, blob: Blob) -> Record:
    image: dict[str, object] = {"image": blob, "alt": _cut(picture.description, _MOST_ALT)}
    if picture.width > 0 and picture.height > 0:
        image["aspectRatio"] = {"width": picture.width, "height": picture.height}
    return {"$type": "app.bsky.embed.images", "images": [image]}


def _external(card: Card, blob: Blob | None) -> Record:
    told = {"uri": card.address, "title": _cut(card.title, _MOST_TITLE), "description": _cut(card.description, _MOST_DESCRIPTION)}
    return {"$type": "app.bsky.embed.external", "external": {**told, "thumb": blob} if blob is not None else told}


def _labels(warning: str) -> list[str]:
    said = set(re.findall(r"[\w+]+", warning.lower()))
    return [label for label, words in _LABELS.items() if said.intersection(words)]


def _cut(words: str, most: int) -> str:
    return words if grapheme.length(words) <= most else f"{grapheme.slice(words, 0, most - 1)}…"


def published(did: str, key: str, record: object, draft: Draft | None = None) -> Published:
    """A record as it stands, compared with the draft."""
    images = part(record, "embed", "images")
    pictures = len(images) if isinstance(images, list) else 0
    differs = []
    if draft is not None:
        if text(part(record, "text"), 10_000) != written(draft.text, draft.content_warning).text.strip():
            differs.append("text")
        if pictures != (1 if draft.picture else 0) or (
            draft.card and draft.card.picture and not part(record, "embed", "external", "thumb")
        ):
            differs.append("pictures")
        if draft.reply_to and not part(record, "reply"):
            differs.append("reply")
    url = f"https://bsky.app/profile/{did}/post/{key}"
    return Published(key, url, "public", pictures, created(record), tuple(differs))


def created(record: object) -> datetime | None:
    """When a record says it was made."""
    try:
        moment = datetime.fromisoformat(text(part(record, "createdAt"), 100))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def key_in(uri: object) -> str:
    """The record key at the end of at://did/collection/key; "" for anything else."""
    parts = text(uri, 1000).split("/")
    return parts[4] if len(parts) == 5 and parts[0] == "at:" and parts[3] == COLLECTION else ""


def carries(record: object, marker: str) -> bool:
    """Whether the marker is in the post: in its words, in an address behind them, or in its card. Whole, not as a part of a longer code."""
    words = text(part(record, "text"), 10_000)
    if len(marker.split()) > 1:
        return "".join(marker.split()) in "".join(words.split())
    whole = re.compile(re.escape(marker) + r"(?![\w-])")
    return bool(marker) and any(whole.search(place) for place in (words, *_addresses(record)))


def _addresses(record: object) -> list[str]:
    facets = part(record, "facets")
    found = [text(part(record, "embed", "external", "uri"), 5000)]
    for facet in facets if isinstance(facets, list) else []:
        features = part(facet, "features")
        found += [text(part(feature, "uri"), 5000) for feature in features] if isinstance(features, list) else []
    return found
