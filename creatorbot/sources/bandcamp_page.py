"""A Bandcamp page taken apart: the JSON in its attributes, its ld+json, its grid of releases. Nothing is interpreted yet."""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from urllib.parse import urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from creatorbot.errors import InvalidInput
from creatorbot.sources.base import Fetched
from creatorbot.sources.loose import Document, document, documents, identifier, parsed, string
from creatorbot.sources.plain import line, unique, web_address

_CHALLENGE = re.compile(rb"<title>\s*client challenge\s*</title>|/_fs-ch-")
_OURS = re.compile(
    rb"<meta\s+name=[\"']generator[\"']\s+content=[\"']Bandcamp[\"']|[\"']bc-page-properties[\"']|\bdata-tralbum=|\bdata-band=[\"']", re.I
)
_ITEM = re.compile(r"(album|track)-([1-9]\d{0,18})")
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_ART = re.compile(r"^(https?://[a-z0-9.]*bcbits\.com/img/a\d+)_\d+(\.\w+)?$", re.I)
_DAY = re.compile(r"\s*([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4})\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GRIDS = "#music-grid, ol.music-grid, ol.featured-grid"
_MOST_ITEMS = 2_000
# Real pages have 600 to 2,500. The parser's time grows with the square of the depth: 15,000 nested elements take a second.
_MOST_ELEMENTS = 15_000


@dataclass(frozen=True)
class GridItem:
    """One square of an artist page. guid: "album-<id>" or "track-<id>". artist: only where it differs from the page's."""

    guid: str
    title: str
    url: str | None
    artist: str = ""
    cover_url: str | None = None


@dataclass(frozen=True)
class Page:
    """address: base of relative links. grid: None where the page has none. licence: the deed's address, "commercial", or "".

    members: where the artists of a label have their own pages; None where the page lists none. heading, tags: as a person reads them.
    video: what its head offers to be shown elsewhere, which is its player.
    named_item: what Bandcamp's own mark in the head calls this page: {"item_type": "a", "item_id": 4001}.
    """

    address: str
    tralbum: Document = field(default_factory=dict)
    band: Document = field(default_factory=dict)
    linked: Document = field(default_factory=dict)
    band_currency: str = ""
    band_name: str = ""
    licence: str = ""
    image: str = ""
    video: str = ""
    button: str = ""
    grid: tuple[GridItem, ...] | None = None
    members: tuple[str, ...] | None = None
    named_item: Document = field(default_factory=dict)
    heading: str = ""
    tags: tuple[str, ...] = ()

    @property
    def current(self) -> Document:
        """The part of the page's data that the artist edits."""
        return document(self.tralbum.get("current"))


def is_challenge(body: bytes) -> bool:
    """Whether this is the page Bandcamp shows to programs it does not trust, with status 200."""
    start = body[:20_000].lower()  # every page is asked this: words first, the patterns for those that have them
    suspicious = b"client challenge" in start or b"/_fs-ch-" in start
    return suspicious and bool(_CHALLENGE.search(start)) and not _OURS.search(body)


def is_turned_away(page: Fetched) -> bool:
    """Whether Bandcamp wants to see a human: its challenge page, or a page where its data service should have answered."""
    if is_challenge(page.body):
        return True
    parts = urlsplit(web_address(page.address) or "")
    asked_for_data = (parts.hostname or "").endswith("bandcamp.com") and parts.path.startswith("/api/")
    return asked_for_data and page.body.lstrip()[:1] == b"<"


def is_bandcamp(body: bytes) -> bool:
    """Whether Bandcamp made this page, whatever its address: artists use their own domains."""
    return bool(_OURS.search(body))


def take_apart(page: Fetched) -> Page:
    """The facts on the page, each empty where it is missing or broken. Raises InvalidInput for a page built to be heavy."""
    if page.body.count(b"<") - page.body.count(b"</") > _MOST_ELEMENTS:
        raise InvalidInput("This page is too large to be read.", field="address")
    tree = LexborHTMLParser(page.body.decode("utf-8", errors="replace"))
    tralbum = document(parsed(_attribute(tree, "script[data-tralbum], [data-tralbum]", "data-tralbum")))
    band = document(parsed(_attribute(tree, "script[data-band], [data-band]", "data-band")))
    address = (
        web_address(page.address)
        or web_address(tralbum.get("url"))
        or web_address(_meta(tree, "og:url"))
        or web_address(band.get("url"))
        or web_address(band.get("local_url"))
        or ""
    )
    return Page(
        address=address,
        tralbum=tralbum,
        band=band,
        linked=_linked(tree),
        band_currency=string(parsed(_attribute(tree, "[data-band-currency]", "data-band-currency"))) or string(band.get("currency")),
        band_name=line(band.get("name")) or _text(tree, "#band-name-location .title"),
        licence=_licence(tree),
        image=_meta(tree, "og:image"),
        video=_meta(tree, "og:video"),
        button=_text(tree, "h4.compound-button, .compound-button"),
        grid=_grid(tree, address),
        members=_members(tree, address),
        named_item=document(parsed(_attribute(tree, 'meta[name="bc-page-properties"]', "content"))),
        heading=_text(tree, "h2.trackTitle, #name-section h2"),
        tags=unique([line(node.text(deep=True), 60) for node in tree.css(".tralbum-tags a.tag")[:100]]),
    )


def day_of(text: object) -> date | None:
    """The day in "17 Sep 2014 00:00:00 GMT". Read by hand: strptime's month names follow the machine's language."""
    found = _DAY.match(text) if isinstance(text, str) else None
    if not found or found.group(2) not in _MONTHS:
        return None
    try:
        return date(int(found.group(3)), _MONTHS.index(found.group(2)) + 1, int(found.group(1)))
    except ValueError:
        return None


def release_address(text: object, base: str) -> str | None:
    """The address of a release without what a label's page hangs on it (`?label=…&tab=music`)."""
    whole = web_address(text, base)
    return urlunsplit(urlsplit(whole)._replace(query="", fragment="")) if whole else None


def front_to_music(address: str) -> str:
    """The list of an artist's releases instead of their front page, which may show one release only. Other addresses stay."""
    parts = urlsplit(address)
    if (parts.hostname or "").endswith(".bandcamp.com") and parts.path in ("", "/"):
        return urlunsplit(parts._replace(path="/music", query="", fragment=""))
    return address


def cover_address(art_id: object) -> str | None:
    """The 1200-pixel cover of this art id; Bandcamp pads ids to ten digits."""
    known = identifier(art_id)
    return f"https://f4.bcbits.com/img/a{known:010d}_10.jpg" if known else None


def large(cover_url: str | None) -> str | None:
    """The 1200-pixel version of a cover shown smaller."""
    return _ART.sub(lambda match: f"{match.group(1)}_10{match.group(2) or '.jpg'}", cover_url) if cover_url else None


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str | None:
    node = tree.css_first(selector)
    return node.attributes.get(name) if node else None


def _meta(tree: LexborHTMLParser, name: str) -> str:
    return _attribute(tree, f'meta[property="{name}"]', "content") or ""


def _text(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return line(node.text(deep=True)) if node else ""


def _linked(tree: LexborHTMLParser) -> Document:
    for node in tree.css('script[type="application/ld+json"]'):
        for found in documents(parsed(node.text(deep=True))):
            kinds = found.get("@type")
            if {"MusicAlbum", "MusicRecording"} & set(kinds if isinstance(kinds, list) else [string(kinds)]):
                return found
    return {}


def _licence(tree: LexborHTMLParser) -> str:
    deed = _attribute(tree, "#license a.cc-icons[href]", "href") or _attribute(tree, '#license a[href*="creativecommons.org"]', "href")
    return deed or ("commercial" if tree.css_first("#license .cc-icons.commercial") else "")


def _grid(tree: LexborHTMLParser, base: str) -> tuple[GridItem, ...] | None:
    """Both grids of a page, featured and all: the squares that are shown, then those its script would add. Each release once."""
    grids = tree.css(_GRIDS)[:4]
    if not grids:
        return None
    # Only what lies in a grid itself: squares within squares, thousands deep, would each be searched through again.
    inside = (node for grid in grids for node in islice(grid.iter(), _MOST_ITEMS))
    shown = [_square(node, base) for node in inside if node.tag == "li" and "data-item-id" in node.attributes]
    lists = [documents(parsed(grid.attributes.get("data-client-items")), _MOST_ITEMS) for grid in grids]
    later = [_later(item, base) for items in lists for item in items]
    found: dict[str, GridItem] = {}
    for item in (*shown, *later):
        if item:
            found.setdefault(item.guid, item)
    return tuple(found.values())


def _square(node: LexborNode, base: str) -> GridItem | None:
    guid = node.attributes.get("data-item-id") or ""
    if not _ITEM.fullmatch(guid) or _HIDDEN.search(node.attributes.get("style") or ""):
        return None
    link, image, title = node.css_first("a[href]"), node.css_first(".art img, img"), node.css_first(".title")
    override = title.css_first(".artist-override") if title else None
    artist = line(override.text(deep=True)) if override else ""
    if override:
        override.decompose()
    picture = (image.attributes.get("data-original") or image.attributes.get("src")) if image else None
    shown = web_address(picture, base)
    return GridItem(
        guid,
        line(title.text(deep=True)) if title else "",
        release_address(link.attributes.get("href"), base) if link else None,
        artist,
        large(shown) if shown and "/img/0.gif" not in shown else None,
    )


def _later(item: Document, base: str) -> GridItem | None:
    guid = f"{string(item.get('type'))}-{identifier(item.get('id')) or ''}"
    if not _ITEM.fullmatch(guid) or item.get("filtered"):
        return None
    address, cover = release_address(item.get("page_url"), base), cover_address(item.get("art_id"))
    return GridItem(guid, line(item.get("title")), address, line(item.get("artist")), cover)


def _members(tree: LexborHTMLParser, base: str) -> tuple[str, ...] | None:
    """The lists of releases of a label's artists. Each has a site of their own; links to the label's own pages are not theirs."""
    grid = tree.css_first("ol.artists-grid, .artists-grid")
    if grid is None:
        return None
    own = urlsplit(base).hostname
    found = [web_address(node.attributes.get("href"), base) for node in grid.css("li a[href]")[:_MOST_ITEMS] if not _is_hidden(node)]
    return tuple(dict.fromkeys(urljoin(address, "/music") for address in found if address and urlsplit(address).hostname != own))


def _is_hidden(node: LexborNode) -> bool:
    square = node.parent
    return square is not None and bool(_HIDDEN.search(square.attributes.get("style") or ""))
