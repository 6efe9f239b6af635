"""How other software reads a page to draw a card of it, each as its own code does it: which request, and which tags in which order.

Sources: Mastodon 4.6 app/services/fetch_link_card_service.rb and app/lib/link_details_extractor.rb; Pleroma lib/pleroma/web/rich_media;
misskey-dev/summaly 5 src/general.ts; Lemmy 0.19 crates/api_common/src/request.rs; open-graph-scraper as Hollo 0.6 calls it;
Bluesky cardyb and Meta as their documentation says.
"""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

Get = Callable[[str, str, Mapping[str, str]], "Got"]  # method, address, headers


@dataclass(frozen=True)
class Got:
    """An answer: status code, headers with small letters, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text, unpacked."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


@dataclass(frozen=True)
class Card:
    """What is drawn."""

    title: str = ""
    description: str = ""
    image: str = ""
    image_alt: str = ""
    provider: str = ""
    author: str = ""
    author_address: str = ""
    creator: str = ""
    address: str = ""
    published: str = ""
    language: str = ""
    asked: list[str] = field(default_factory=list)


def _meta(tree: LexborHTMLParser, *names: str) -> str:
    for name in names:
        for node in tree.css("head meta"):
            if name in (node.attributes.get("property"), node.attributes.get("name")):
                return str(node.attributes.get("content") or "")
    return ""


def _title(tree: LexborHTMLParser) -> str:
    found = tree.css_first("head title")
    return found.text() if found else ""


def mastodon(get: Get, url: str) -> Card | None:
    """oEmbed first, of which "rich" is refused; then schema.org data of a WebPage or NewsArticle before the tags."""
    headers = {
        "User-Agent": "Mastodon/4.6.5 (http.rb/5.3.1; +https://social.example.org/) Bot",
        "Accept": "text/html",
        "Accept-Encoding": "gzip",
    }
    got = get("GET", url, headers)
    if got.status != 200 or not got.headers.get("content-type", "").startswith("text/html") or len(got.text) > 1_048_576:
        return None
    tree, asked = LexborHTMLParser(got.text), ["html"]
    offer = tree.css_first('head link[type="application/json+oembed"]')
    if offer is not None:
        plain = {"User-Agent": "Mastodon/4.6.5 (http.rb/5.3.1; +https://social.example.org/)"}
        told = json.loads(get("GET", urljoin(url, str(offer.attributes["href"])), plain).text)
        asked.append("oembed")
        if str(told["version"]) == "1.0" and told["type"] in ("link", "photo", "video"):
            return Card(title=told["title"], author=told["author_name"], provider=told["provider_name"], asked=asked)
    data = [json.loads(node.text()) for node in tree.css('script[type="application/ld+json"]')]
    page = next((one for one in data if one.get("@type") in ("NewsArticle", "WebPage")), {})
    canonical = tree.css_first('head link[rel="canonical"]')
    own = str(canonical.attributes["href"]) if canonical else _meta(tree, "og:url")
    html = tree.css_first("html")
    return Card(
        title=page.get("headline") or _meta(tree, "og:title") or _title(tree),
        description=page.get("description") or _meta(tree, "og:description", "description"),
        image=urljoin(url, _meta(tree, "og:image")),
        image_alt=_meta(tree, "og:image:alt"),
        provider=(page.get("publisher") or {}).get("name") or _meta(tree, "og:site_name"),
        author=(page.get("author") or {}).get("name", ""),
        author_address=(page.get("author") or {}).get("url", ""),
        creator=_meta(tree, "fediverse:creator"),
        address=own if urlsplit(own).hostname == urlsplit(url).hostname else url,
        published=page.get("datePublished") or _meta(tree, "article:published_time"),
        language=page.get("inLanguage") or str(html.attributes.get("lang") if html else ""),
        asked=asked,
    )


def pleroma(get: Get, url: str) -> Card | None:
    """HEAD first: only html of at most 5 MB is asked for; then twitter: and og: tags, and there has to be a title."""
    headers = {"User-Agent": "Pleroma 2.7.0; https://pleroma.example.org <admin@example.org>; Bot"}
    head = get("HEAD", url, headers)
    if (
        head.status != 200
        or "text/html" not in head.headers["content-type"]
        or int(head.headers["content-length"]) > 5_000_000
        or head.body
    ):
        return None
    tree = LexborHTMLParser(get("GET", url, headers).text)
    title = _meta(tree, "og:title", "twitter:title")
    return (
        Card(title=title, description=_meta(tree, "og:description", "twitter:description"), image=_meta(tree, "og:image"))
        if title
        else None
    )


def misskey(get: Get, url: str) -> Card | None:
    """summaly: follows no redirect; og: before twitter: before the title element; knows fediverse:creator."""
    got = get("GET", url, {"User-Agent": "SummalyBot/5.2.0", "Accept": "text/html,application/xhtml+xml", "Accept-Encoding": "gzip"})
    if got.status != 200:
        return None
    tree = LexborHTMLParser(got.text)
    return Card(
        title=_meta(tree, "og:title", "twitter:title") or _title(tree),
        description=_meta(tree, "og:description", "twitter:description", "description"),
        image=urljoin(url, _meta(tree, "og:image", "twitter:image")),
        provider=_meta(tree, "og:site_name", "application-name"),
        creator=_meta(tree, "fediverse:creator"),
    )


def lemmy(get: Get, url: str) -> Card | None:
    """The first megabyte by Range; whoever does not know Range answers whole."""
    got = get("GET", url, {"User-Agent": "Lemmy/0.19.12; +https://lemmy.example.org", "Range": "bytes=0-1048575"})
    if got.status not in (200, 206) or "text/html" not in got.headers["content-type"]:
        return None
    tree = LexborHTMLParser(got.text)
    return Card(
        title=_meta(tree, "og:title") or _title(tree),
        description=_meta(tree, "og:description", "description"),
        image=urljoin(url, _meta(tree, "og:image")),
    )


def hollo(get: Get, url: str) -> Card | None:
    """open-graph-scraper without a user agent of its own; the card leads where og:url says."""
    tree = LexborHTMLParser(get("GET", url, {"User-Agent": "undici", "Origin": url, "Accept": "text/html"}).text)
    return Card(
        title=_meta(tree, "og:title"),
        description=_meta(tree, "og:description"),
        image=_meta(tree, "og:image"),
        address=_meta(tree, "og:url"),
    )


def bluesky(get: Get, url: str) -> Card | None:
    """cardyb, when a person writes the post in the app."""
    named = "compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app"
    agent = f"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; {named}) Chrome/140.0.0.0 Safari/537.36"
    tree = LexborHTMLParser(get("GET", url, {"User-Agent": agent, "Accept-Encoding": "gzip"}).text)
    return Card(title=_meta(tree, "og:title"), description=_meta(tree, "og:description"), image=_meta(tree, "og:image"))


def threads(get: Get, url: str) -> Card | None:
    """Meta's crawler: a range, packed, og: tags; og:url is asked for again when it is another address."""
    agent = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
    got = get("GET", url, {"User-Agent": agent, "Range": "bytes=0-524287", "Accept-Encoding": "gzip, deflate"})
    if got.status not in (200, 206):
        return None
    tree = LexborHTMLParser(got.text)
    return Card(
        title=_meta(tree, "og:title"),
        description=_meta(tree, "og:description"),
        image=_meta(tree, "og:image"),
        address=_meta(tree, "og:url"),
    )
