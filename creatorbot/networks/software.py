"""What a kind of server software does and accepts, as data: what the Network port tells of it."""

import re
from dataclasses import dataclass
from typing import Literal

from creatorbot.wording import N_

Visibility = Literal["public", "unlisted", "private"]
RepeatedKey = Literal["same", "replay", "refused", "ignored"]
Counting = Literal["weighted", "plain", "either"]
NO_EDITS_YET = N_("This server is too old for it: posts that are out cannot be changed there.")


@dataclass(frozen=True)
class Limits:
    """What the server accepts. Lengths in graphemes, sizes in bytes; url_length: what each address counts as, 0 for as many as it has.

    poll_options, poll_option: how many answers a poll may have, and how long each.
    """

    characters: int = 500
    url_length: int = 23
    pictures: int = 4
    picture_bytes: int = 8_000_000
    picture_pixels: int = 16_000_000
    description: int = 1500
    picture_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/gif", "image/webp")
    poll_options: int = 4
    poll_option: int = 50


@dataclass(frozen=True)
class Profile:
    """What a kind of server software does, as data. key_window_s: how long a repeated key is remembered (0: not to be trusted).

    key_names_post: the key is what the post is called or made of there, so it may be repeated as often as one likes. label: as
    users name it. limits: what holds where a server does not say. counting: how it measures a post: with addresses weighted,
    plainly by its signs, or (nobody knows) the longer of the two. speaks_json: understands lists only in a JSON body. extra: fields
    that always go along with a post. sends_card: whether the preview under a post must come from us; its pages are then fetched by
    nobody. one_place: whether all who read it do so at one service, so that servers reached say nothing. edits: whether a post that
    is out can be changed there; edits_since: from which version on, where older ones are about. polls: whether it takes one.
    fetches_pictures: whether it takes pictures only from their public address. mentions: the signs before a name that tell its
    owner of the post, "" where none does. tried: what our side was tried with, and cannot: what does not work there, each a gettext
    id without places for values.
    """

    software: str
    label: str = ""
    repeated_key: RepeatedKey = "ignored"
    key_window_s: int = 0
    key_names_post: bool = False
    needs_picture: bool = False
    visibilities: tuple[Visibility, ...] = ("public", "unlisted", "private")
    media_v2: bool = True
    scopes: tuple[str, ...] = ("read:accounts", "read:statuses", "read:search", "write:statuses", "write:media")
    sends_card: bool = False
    one_place: bool = False
    revoked_status: tuple[int, ...] = (401,)
    edits: bool = True
    edits_since: tuple[int, ...] = ()
    polls: bool = False
    fetches_pictures: bool = False
    mentions: str = "@"
    counting: Counting = "weighted"
    speaks_json: bool = False
    extra: tuple[tuple[str, str], ...] = ()
    limits: Limits = Limits()
    tried: str = ""
    cannot: tuple[str, ...] = ()

    def can_edit(self, version: str) -> bool:
        """Whether posts can be changed on a server of this software and version. A version that cannot be read counts as new."""
        found = re.match(r"\D{0,2}(\d{1,6}(?:\.\d{1,6})*)", version)
        known = tuple(int(part) for part in found[1].split(".")) if found else self.edits_since
        return self.edits and known >= self.edits_since

    def cannot_on(self, version: str) -> tuple[str, ...]:
        """What does not work on a server of this software and version, in sentences (gettext ids)."""
        return (*self.cannot, NO_EDITS_YET) if self.edits and not self.can_edit(version) else self.cannot
