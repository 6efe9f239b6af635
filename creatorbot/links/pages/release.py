"""The release page: rendered once per release, with marks where the code and the artist's other releases come.

Its policy lets shops see the page's full address, code included (Referrer-Policy: unsafe-url): browsers send only our origin by
default, and a shop such as Bandcamp writes the referring address down with a sale. The path names nothing but the post.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from babel.dates import format_date

from creatorbot.amounts import Money, is_currency
from creatorbot.links.choices import choices
from creatorbot.links.licence import read_licence
from creatorbot.links.pages.parts import CODE, MORE, OWN, ArtistFacts, Page, Shown, as_data, cover_path, of_artist, render, tag_of
from creatorbot.links.pages.shops import buttons, host_of
from creatorbot.models import Cover, Release
from creatorbot.wording import N_, catalogue, licence_name, locale, money_text, price_line, say

LONGEST_ABOUT = 6000
SHOWN_ABOUT = 480  # about as much as fits beside the buttons on a phone
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors "
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]{1,253}(:\d{1,5})?")


def build(
    artist: ArtistFacts,
    release: Release,
    cover: Cover | None,
    *,
    base: str,
    shops: Sequence[tuple[str, str]] = (),
    player: str = "",
    sound: str = "",
) -> Page:
    """Render one release. base: what absolute addresses begin with.

    shops: where it can be had, the release's own place first: each address as a browser reaches it, and the kind of source, which
    names the shop. player, sound: what plays it, as a browser reaches them: a page made to be shown inside ours, and a file.
    """
    language, by = artist.language, release.artist_name or artist.name
    values = {"title": release.title, "artist": by}
    price, facts = price_of(artist, release), _facts(language, release, by)
    offered = buttons(language, () if release.availability == "withdrawn" else shops, preorder=release.availability == "preorder")
    picture = _picture(cover, base, say(language, N_("Cover of %(title)s by %(artist)s"), values))
    about: dict[str, object] = {
        "title": release.title,
        "price": price,
        "facts": facts,
        "heading": say(language, N_("%(title)s, by %(artist)s"), values),
        "summary": " · ".join(part for part in (price, facts, licence_name(release.licence)) if part),
        "address": f"{base}{OWN}",
        "tip": f"/tip/{CODE}",
        "published": release.released_on.isoformat() if release.released_on else "",
        "cover": picture,
        "licence": _licence(language, release.licence),
        "shops": offered,
        "way": f"/l/{CODE}/",
        "withdrawn": release.availability == "withdrawn",
        "player": None if release.availability in ("withdrawn", "coming") else _player(player, sound),
        "about": _in_two(release.description),
        "more": MORE,
        "embeddable": True,
        **of_artist(artist, base),
        "by": by,
        **_amounts(artist, release),
    }
    about["data"] = as_data(_described(language, about))
    html = render("public/release.html", language, about)
    exits = {one["word"]: one["address"] for one in offered}
    shown = Shown(release.title, by, str(about["by_address"]), (cover_path(cover), cover.card_width, cover.card_height) if cover else None)
    return Page(html, tag_of(html), artist.id, release.id or 0, exits, _below(about, artist, release, exits), "", shown)


def _below(about: Mapping[str, object], artist: ArtistFacts, release: Release, exits: Mapping[str, str]) -> dict[str, Page]:
    """What plays, where something does, and what others may show inside their own pages."""
    found: dict[str, Page] = {}
    for word, policy in (("embed", _POLICY + "*"), ("play", _POLICY + "'none'")):
        player = about["player"]
        if word == "play" and not isinstance(player, dict):
            continue
        html = render(f"public/{word}.html", artist.language, about)
        allowed = player["policy"] if word == "play" and isinstance(player, dict) else ""
        found[word] = Page(html, tag_of(html), artist.id, release.id or 0, exits, policy=allowed + policy)
    return found


def _player(frame: str, sound: str) -> dict[str, str] | None:
    """What plays it and what the policy must allow for it. None where the source told neither."""
    if frame and (origin := _origin(frame)):
        if "/videos/embed/" in frame and "?" not in frame:
            frame += "?p2p=0"  # PeerTube's player would show its visitors' addresses to one another
        return {"kind": "frame", "address": frame, "host": host_of(frame), "policy": f"frame-src {origin}; "}
    if sound and (origin := _origin(sound)):
        # Files of sound are often handed on from one host to the next, and a policy is asked at each step.
        return {"kind": "sound", "address": sound, "host": host_of(sound), "policy": f"media-src {origin} https:; "}
    return None


def _origin(url: str) -> str:
    """What a policy calls the place of this address; 'self' for a path of ours, "" for what a policy cannot name."""
    if url.startswith("/") and not url.startswith("//"):
        return "'self'"
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if _ORIGIN.fullmatch(origin) else ""


def _described(language: str, about: Mapping[str, object]) -> dict[str, object]:
    """The same once more as schema.org data: Mastodon believes a WebPage before it believes the page's other tags."""
    author = {"@type": "MusicGroup", "name": about["by"], **({"url": about["by_address"]} if about["by_address"] else {})}
    cover = about["cover"]
    picture = {"image": cover["address"]} if isinstance(cover, dict) else {}
    dated = {"datePublished": about["published"]} if about["published"] else {}
    told = {"headline": about["heading"], "name": about["heading"], "description": about["summary"], "inLanguage": language}
    return {"@context": "https://schema.org", "@type": "WebPage", **told, "url": about["address"], "author": author, **picture, **dated}


def _in_two(description: str) -> tuple[str, str]:
    """What the artist says about it: what is seen at once, and what somebody opens; never cut within a word."""
    text = description.strip()
    if len(text) > LONGEST_ABOUT:
        text = text[:LONGEST_ABOUT].rpartition(" ")[0].rstrip() + " …"
    if len(text) <= SHOWN_ABOUT * 1.3:  # nobody opens something for a few words
        return text, ""
    first = text[:SHOWN_ABOUT]
    ends = (first.rfind("\n\n"), first.rfind(". ") + 1, first.rfind(" "))  # of a paragraph, a sentence, a word
    cut = next((end for end in ends if end > SHOWN_ABOUT // 3), 0)
    return (text[:cut].rstrip(), text[cut:].strip()) if cut > 0 else (text, "")


def price_of(artist: ArtistFacts, release: Release, *, suggesting: bool = True) -> str:
    """What it costs, in words; "" where there is nothing to say. suggesting: with what the artist suggests."""
    if release.price_model == "not_sold":
        return ""  # the page offers what there is to do; what there is not would only put people off
    known = is_currency(release.price_currency)
    amount = Money(release.price_minor, release.price_currency) if known and release.price_minor is not None else None
    suggested = _suggested(artist, release) if suggesting else None
    if suggested and known and suggested.currency != release.price_currency:
        suggested = None
    return price_line(artist.language, release.price_model, amount, suggested)


def _suggested(artist: ArtistFacts, release: Release) -> Money | None:
    minor = artist.suggested_minor if release.suggested_minor is None else release.suggested_minor
    least = artist.minimum_minor if release.minimum_minor is None else release.minimum_minor
    # Never below what is taken at least: that would suggest what the till refuses.
    return Money(max(minor, least), artist.currency) if minor else None


def _amounts(artist: ArtistFacts, release: Release) -> dict[str, object]:
    """What can be tapped to pay us; nothing while no payment service is connected."""
    if not artist.takes_tips:
        return {"amounts": (), "suggested": None}
    suggested = _suggested(artist, release)
    minimum = Money(artist.minimum_minor if release.minimum_minor is None else release.minimum_minor, artist.currency)
    offered = [
        {"minor": amount.minor, "text": money_text(artist.language, amount, short=True), "suggested": amount == suggested}
        for amount in choices(suggested, minimum, artist.currency)
    ]
    return {"amounts": offered, "suggested": next((amount for amount in offered if amount["suggested"]), None)}


def _facts(language: str, release: Release, by: str) -> str:
    parts = [by]
    if release.tracks and release.kind in ("album", "unknown"):
        songs = catalogue(language).ngettext("%(count)s song", "%(count)s songs", release.tracks)
        parts.append(songs % {"count": release.tracks})
    if release.released_on:
        parts.append(format_date(release.released_on, "long", locale=locale(language)))
    return " · ".join(parts)


def _picture(cover: Cover | None, base: str, alt: str) -> dict[str, object] | None:
    if cover is None:
        return None
    path = cover_path(cover)
    return {"path": path, "address": base + path, "width": cover.card_width, "height": cover.card_height, "alt": alt}


def _licence(language: str, spdx: str) -> dict[str, object] | None:
    found = read_licence(spdx)
    if found is None:
        return None
    return {"name": found.name, "url": found.url, "meaning": say(language, found.meaning), "named": found.named}
