"""The table of server software that the practice server can play. To add one: one row here.

From the servers' own sources (2024 to 2026). Each row holds only what a program that posts can notice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from creatorbot.rehearsal.fediverse.manners.ids import Ids

# How a repeated Idempotency-Key is met -> the software whose habit that is, its version, and how a person reads it.
KEY_MODES: dict[str, tuple[str, str, str]] = {
    "same": ("mastodon", "4.5.3", "It answers with the first post again, as Mastodon does"),
    "ignored": ("gotosocial", "0.20.1", "It posts a second time, as most other servers do"),
    "refused400": ("pixelfed", "0.12.5", "It refuses, even when the first try failed, as Pixelfed does"),
    "error500": ("mastodon", "4.6.5", "It breaks down, as Mastodon 4.6 does"),
    "replay": ("akkoma", "3.15.2", "It repeats its first answer word for word, as Akkoma does"),
}


@dataclass(frozen=True)
class Manner:
    """One software. words: as a person chooses it. says: the version in its own description, where that is another.

    newer_description, newer_media: whether it has Mastodon's second addresses. login_described: whether it tells where its doors
    are. checks_verifier, codes_once: how careful its log-in is. coarse: knows only the scopes read, write, follow, push.
    plain_length: counts signs instead of weighing addresses. no_good: the code for a post it does not take. bad_token: the code
    for a wrong permission. bare: its refusals hold no "error". forms: how it reads a form. plain_links: shows addresses whole.
    warning_is_title: unless a field of its own comes along. delete_silent: its answer to deleting is an empty list.
    counters, cards, limit_headers: whether it tells them. boosts_with: the scope for it.
    """

    software: str
    version: str
    words: str
    says: str = ""
    keys: str = "same"
    ids: Ids = "number"
    newer_description: bool = True
    newer_media: bool = True
    login_described: bool = True
    checks_verifier: bool = True
    codes_once: bool = True
    coarse: bool = False
    characters: int = 500
    plain_length: bool = False
    needs_picture: bool = False
    visibilities: tuple[str, ...] = ("public", "unlisted", "private", "direct")
    no_good: int = 422
    bad_token: tuple[int, str] = (401, "The access token is invalid")
    bare: bool = False
    forms: Literal["read", "lists_dropped", "all_dropped"] = "read"
    plain_links: bool = False
    warning_is_title: bool = False
    delete_silent: bool = False
    counters: bool = True
    cards: bool = True
    limit_headers: bool = True
    polls: bool = True
    boosts_with: str = "write:statuses"


_NO_CREDENTIALS = (403, "Invalid credentials.")
MANNERS: Mapping[str, Manner] = {
    "mastodon": Manner("mastodon", "4.5.3", "Mastodon"),
    "mastodon-4.6": Manner("mastodon", "4.6.5", "Mastodon 4.6, which breaks down when a post is repeated", keys="error500"),
    "glitch": Manner("mastodon", "4.7.4+glitch", "Mastodon with glitch-soc’s changes", characters=5000),
    "hometown": Manner("hometown", "4.2.20+hometown-1.1.3", "Hometown, an older Mastodon", login_described=False, checks_verifier=False),
    "pixelfed": Manner(
        "pixelfed",
        "0.12.5",
        "Pixelfed, where every post needs a picture",
        says="3.5.3 (compatible; Pixelfed 0.12.5)",
        keys="refused400",
        login_described=False,
        checks_verifier=False,
        coarse=True,
        plain_length=True,
        needs_picture=True,
        visibilities=("public", "unlisted", "private"),
        bare=True,
        plain_links=True,
        cards=False,
        limit_headers=False,
        polls=False,
    ),
    "friendica": Manner(
        "friendica",
        "2024.12",
        "Friendica, where a warning is a title",
        says="2.8.0 (compatible; Friendica 2024.12)",
        keys="ignored",
        newer_media=False,
        login_described=False,
        checks_verifier=False,
        coarse=True,
        characters=200_000,
        plain_length=True,
        plain_links=True,
        warning_is_title=True,
        delete_silent=True,
        limit_headers=False,
        polls=False,
    ),
    "gotosocial": Manner(
        "gotosocial",
        "0.20.1+git-0c0d51d",
        "GoToSocial, which shows no previews",
        keys="ignored",
        ids="ulid",
        login_described=False,
        checks_verifier=False,
        characters=5000,
        plain_length=True,
        no_good=400,
        plain_links=True,
        cards=False,
    ),
    "pleroma": Manner(
        "pleroma",
        "2.7.0",
        "Pleroma",
        says="2.7.2 (compatible; Pleroma 2.7.0)",
        keys="replay",
        ids="flake",
        login_described=False,
        checks_verifier=False,
        characters=5000,
        plain_length=True,
        bad_token=_NO_CREDENTIALS,
        plain_links=True,
        limit_headers=False,
    ),
    "akkoma": Manner(
        "akkoma",
        "3.15.2",
        "Akkoma",
        says="2.7.2 (compatible; Akkoma 3.15.2)",
        keys="replay",
        ids="flake",
        login_described=False,
        checks_verifier=False,
        characters=5000,
        plain_length=True,
        bad_token=_NO_CREDENTIALS,
        plain_links=True,
        limit_headers=False,
    ),
    "takahe": Manner(
        "takahe",
        "0.11.0",
        "Takahē, which reads no forms",
        keys="ignored",
        login_described=False,
        checks_verifier=False,
        codes_once=False,
        plain_length=True,
        no_good=400,
        bad_token=(400, "invalid_access_token"),
        forms="all_dropped",
        plain_links=True,
        cards=False,
        limit_headers=False,
        boosts_with="write:favourites",
    ),
    "hollo": Manner(
        "hollo",
        "0.7.18",
        "Hollo, which drops pictures out of forms",
        ids="uuid",
        characters=10_000,
        forms="lists_dropped",
        limit_headers=False,
    ),
    "quillpad": Manner(
        "quillpad",
        "0.3",
        "A kind of server that nobody has heard of",
        says="0.3",
        keys="ignored",
        ids="uuid",
        newer_description=False,
        newer_media=False,
        login_described=False,
        checks_verifier=False,
        coarse=True,
        plain_length=True,
        visibilities=("public", "unlisted"),
        plain_links=True,
        counters=False,
        cards=False,
        limit_headers=False,
        polls=False,
    ),
}
