"""What Bluesky's lexicons demand of a post (app.bsky.feed.post and what it refers to), for the counterpart that plays Bluesky."""

import base64
import hashlib
import re
from datetime import datetime
from typing import Any

import grapheme  # type: ignore[import-untyped]

Json = dict[str, Any]


class Refused(Exception):
    """An XRPC error."""

    def __init__(self, error: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.error, self.message, self.status = error, message, status


def is_tid(key: object) -> bool:
    """Whether this is a timestamp identifier."""
    return isinstance(key, str) and re.fullmatch(r"[234567abcdefghij][234567a-z]{12}", key) is not None


def cid(body: bytes, codec: int) -> str:
    """A content identifier (version 1, SHA-256) of these bytes."""
    whole = bytes((1, codec, 0x12, 0x20)) + hashlib.sha256(body).digest()
    return "b" + base64.b32encode(whole).decode().lower().rstrip("=")


def valid_post(record: Json, blobs: dict[str, Json]) -> None:
    """Raises Refused as the reference server does."""
    text = record.get("text")
    _demand(record.get("$type") == "app.bsky.feed.post", "Record/$type must be app.bsky.feed.post")
    _demand(isinstance(text, str), "Record must have the property text")
    assert isinstance(text, str)
    _demand(len(text.encode()) <= 3000, "Record/text must not be longer than 3000 characters")
    _demand(grapheme.length(text) <= 300, "Record/text must not be longer than 300 graphemes")
    made = record.get("createdAt")
    _demand(
        isinstance(made, str) and made.endswith("Z") and datetime.fromisoformat(made) is not None, "Record/createdAt must be a datetime"
    )
    _demand(len(record.get("langs", [])) <= 3, "Record/langs must not have more than 3 elements")
    for facet in record.get("facets", []):
        _valid_facet(facet, text.encode())
    for label in record.get("labels", {}).get("values", []):
        _demand(len(label["val"]) <= 128, "Record/labels/values/val must not be longer than 128 characters")
    for which in ("root", "parent") if "reply" in record else ():
        named = record["reply"].get(which, {})
        _demand(re.fullmatch(r"at://did:[^/]+/app\.bsky\.feed\.post/\S+", named.get("uri", "")) is not None, f"Record/reply/{which}/uri")
        _demand(re.fullmatch(r"b[a-z2-7]{50,}", named.get("cid", "")) is not None, f"Record/reply/{which}/cid must be a cid string")
    if embed := record.get("embed"):
        _valid_embed(embed, blobs)


def _valid_facet(facet: Json, text: bytes) -> None:
    """The reference server checks the numbers only; clients drop marks that cut a letter in two, so we refuse those."""
    begins, ends = facet["index"]["byteStart"], facet["index"]["byteEnd"]
    _demand(0 <= begins < ends <= len(text), "Record/facets/index is outside of the text")
    try:
        marked = text[begins:ends].decode()
    except UnicodeDecodeError:
        raise Refused("InvalidRequest", "Record/facets/index cuts a letter in two") from None
    for feature in facet["features"]:
        kind = feature["$type"].rpartition("#")[2]
        _demand(kind in ("link", "tag", "mention"), "Record/facets/features is of no known kind")
        if kind == "tag":
            _demand(marked == f"#{feature['tag']}" and grapheme.length(feature["tag"]) <= 64, "Record/facets/features/tag does not fit")
        if kind == "link":
            _demand(re.match(r"https?://", feature["uri"]) is not None, "Record/facets/features/uri must be a uri")


def _valid_embed(embed: Json, blobs: dict[str, Json]) -> None:
    if embed["$type"] == "app.bsky.embed.external":
        for name in ("uri", "title", "description"):
            _demand(isinstance(embed["external"].get(name), str), f"Record/embed/external must have the property {name}")
        if thumb := embed["external"].get("thumb"):
            _valid_blob(thumb, blobs, 1_000_000)
        return
    _demand(embed["$type"] == "app.bsky.embed.images", "Record/embed is of no known kind")
    _demand(1 <= len(embed["images"]) <= 4, "Record/embed/images must not have more than 4 elements")
    for image in embed["images"]:
        _demand(isinstance(image.get("alt"), str), "Record/embed/images/alt must be a string")
        _valid_blob(image["image"], blobs, 2_000_000)
        if ratio := image.get("aspectRatio"):
            _demand(all(isinstance(ratio[side], int) and ratio[side] >= 1 for side in ("width", "height")), "aspectRatio must be positive")


def _valid_blob(blob: Json, blobs: dict[str, Json], most: int) -> None:
    _demand(blobs.get(blob["ref"]["$link"]) == blob, f"Could not find blob: {blob['ref']['$link']}")
    _demand(blob["mimeType"].startswith("image/"), "Wrong type of file")
    _demand(blob["size"] <= most, f"This file is too large. It is {blob['size']} but the maximum size is {most}.")


def _demand(met: bool, message: str) -> None:
    if not met:
        raise Refused("InvalidRequest", f"Invalid app.bsky.feed.post record: {message}")
