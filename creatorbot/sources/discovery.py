"""From a page to the feeds it may have: what it names, and what its software is known for. Fetches nothing."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from creatorbot.sources.base import Fetched, Note
from creatorbot.sources.discovery_paths import how_found, known_software, software_of, well_known
from creatorbot.sources.feed_link import NamedFeed, named_feeds, same_site
from creatorbot.sources.feed_root import is_feed
from creatorbot.sources.loose import document, documents, parsed, string
from creatorbot.sources.plain import web_address
from creatorbot.wording import N_

_ONE = N_("We found the feed that this page names.")
_SEVERAL = N_("This page names several feeds. We took “%(taken)s”; there is also: %(others)s.")
_LINK = N_("We found a link to a feed on this page.")
_USUAL = N_("We found a feed at one of the usual places of this site.")
_USUAL_PLACES = ("/feed/", "/rss.xml", "/feed.xml")
_COMMENTS = re.compile(r"comment|kommentar|coment[aá]rio|commentaire|comentario|commento|reacties|/replies\b", re.I)
_RELEASES = re.compile(r"release|album|music|musik|discogra|track|song|podcast|episode|veröffentlich|sortie|lanzamiento", re.I)
_POSTS_ONLY = re.compile(r"\b(?:search|tags?|categor\w*|author)\b", re.I)
_SHOWN_OTHERS = 4


@dataclass(frozen=True)
class Candidate:
    """An address that may be the feed of a page. how: the sentence that says where it comes from, for when it is the one.

    named: the page itself calls this its feed; others are where one may well be.
    """

    address: str
    how: Note
    named: bool = False


def candidates(page: Fetched, software: str = "") -> tuple[Candidate, ...]:
    """Where the feed of this web page may be, the best first; none for a page that is a feed itself.

    software: what the server says it runs, when the page itself bears no mark.
    """
    if is_feed(page.body):
        return ()
    wrote = software_of(page) or software
    named = sorted(named_feeds(page), key=lambda feed: -_worth(feed, page))
    usual, note = well_known(page.address, wrote), how_found(wrote)
    found = [Candidate(address, note) for address in usual if note]
    told = [Candidate(feed.address, _how(feed, named, note if feed.address in usual else None), feed.where != "text") for feed in named]
    # A software's own place is that of exactly this page; what its pages name may be the feed of the whole server.
    ordered = [*found, *told] if wrote in _NAMES_ALL else [*told, *found]
    return tuple({one.address: one for one in reversed(ordered)}.values())[::-1]


_NAMES_ALL = frozenset(("peertube", "owncast", "funkwhale", "friendica"))


def usual_candidates(page: Fetched) -> tuple[Candidate, ...]:
    """The places where many sites keep their feed, for a page that gives no hint at all."""
    return tuple(Candidate(urljoin(page.address, place), Note(_USUAL)) for place in _USUAL_PLACES if page.address)


def _worth(feed: NamedFeed, page: Fetched) -> int:
    """How likely this is the feed the artist means. Never the comments; rather releases than everything; rather this page's own."""
    parts = urlsplit(feed.address)
    words = f"{feed.title} {parts.path} {parts.query}"
    worth = {"head": 10, "header": 9, "text": 0}[feed.where]
    if _COMMENTS.search(words):
        worth -= 20
    if _RELEASES.search(words):
        worth += 4
    if _POSTS_ONLY.search(words):
        worth -= 3
    own = urlsplit(page.address).path.rstrip("/")
    if own and parts.path.startswith(own):
        worth += 3
    return worth + (1 if same_site(feed.address, page.address) else 0)


def _how(feed: NamedFeed, named: list[NamedFeed], software: Note | None) -> Note:
    if feed.where == "text":
        return Note(_LINK)
    others = [_called(one) for one in named if one.where != "text" and one != feed and not _COMMENTS.search(f"{one.title} {one.address}")]
    others = [name for name in dict.fromkeys(others) if name != _called(feed)]
    if not others:
        return software or Note(_ONE)
    return Note(_SEVERAL, {"taken": _called(feed), "others": ", ".join(f"“{name}”" for name in others[:_SHOWN_OTHERS])})


def _called(feed: NamedFeed) -> str:
    return feed.title or urlsplit(feed.address).path


def nodeinfo_place(address: str) -> str:
    """Where a server tells where it tells which software it runs."""
    return urljoin(address, "/.well-known/nodeinfo")


def nodeinfo_address(page: Fetched) -> str | None:
    """The newest of the documents named there, on the same site; None when there is none."""
    links = documents(document(parsed(_text(page))).get("links"), 20)
    named = [(string(link.get("rel")), web_address(link.get("href"), page.address)) for link in links]
    there = [(rel, there) for rel, there in named if there and "nodeinfo" in rel and same_site(there, page.address)]
    return max(there)[1] if there else None


def nodeinfo_software(page: Fetched) -> str:
    """The software this server says it runs, as we know it; ""."""
    return known_software(string(document(document(parsed(_text(page))).get("software")).get("name")))


def webfinger_place(handle: str) -> str:
    """Where the server of "@name@server" tells where that account's page is."""
    name, _, host = handle.lstrip("@").partition("@")
    return f"https://{host}/.well-known/webfinger?resource={quote(f'acct:{name}@{host}', safe=':')}"


def is_webfinger(address: str) -> bool:
    """Whether this asks a server for one of its accounts."""
    return urlsplit(address).path == "/.well-known/webfinger"


def profile_of(page: Fetched) -> str | None:
    """The page of the account in a webfinger answer: the one for people, else the one for servers."""
    links = documents(document(parsed(_text(page))).get("links"), 50)
    for rel, kind in (("http://webfinger.net/rel/profile-page", ""), ("self", "application/activity+json")):
        for link in links:
            address = web_address(link.get("href"))
            if address and string(link.get("rel")) == rel and string(link.get("type")).startswith(kind):
                return address
    return None


def _text(page: Fetched) -> str:
    return page.body[:200_000].decode("utf-8", "replace")
