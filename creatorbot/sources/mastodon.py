"""Accounts on Mastodon and the servers like it: posts, mostly without titles, some behind a warning, some only pictures."""

import re
from dataclasses import replace

from creatorbot.sources.base import Fetched, FoundRelease, Kind
from creatorbot.sources.feed import Feed
from creatorbot.sources.feed_entry import Entry, FeedDocument
from creatorbot.sources.head import Head, head_of
from creatorbot.sources.plain import line_of_markup
from creatorbot.wording import N_

_SOFTWARE = (
    *(
        "mastodon",
        "hometown",
        "glitch",
        "pleroma",
        "akkoma",
        "soapbox",
        "misskey",
        "sharkey",
        "iceshrimp",
        "firefish",
        "calckey",
        "foundkey",
    ),
    *("gotosocial", "friendica", "snac", "takahe", "hollo", "mitra", "hubzilla", "smithereen", "cherrypick", "catodon"),
)
_WORD = re.compile(r"[a-z]+")
_OSTATUS = re.compile(r"http://ostatus\.org/schema/1\.0")
_PLEROMA_FEED = re.compile(r"/users/[\w.-]+/feed\.(?:atom|rss)(?:[?#]|$)")
_GOTOSOCIAL_FEED = re.compile(r"/@[\w.-]+/feed\.rss(?:[?#]|$)")
_GOTOSOCIAL_POST = re.compile(r"/@[\w.-]+/statuses/[0-9A-HJKMNP-TV-Z]{26}$")
_MISSKEY_FEED = re.compile(r"/@[\w.-]+\.(?:json|atom|rss)(?:[?#]|$)")
_NOTE = re.compile(r"/notes/[0-9a-z]{8,36}/?$")
_TO_SOMEBODY = re.compile(r"\s*(?:<p[^<>]*>\s*)?(?:<span[^<>]*>\s*)?<a\s[^<>]*\bclass=[\"'][^\"'<>]*\bmention\b(?![^\"'<>]*hashtag)", re.I)
_MISSKEY_SPAN = re.compile(r"<span class=[\"'](?:reply|renote)_note\b")
_MISSKEY_TITLE = re.compile(r"(?:Boost|Renote|Reply) by ")
_WARNING = re.compile(r"(<strong>[^<>]{1,80}</strong>)(?=\S)", re.I)


class Mastodon(Feed):
    """An account's posts. Answers to others and posts of others that were passed on are left out."""

    name = "mastodon"
    label = N_("Fediverse account")

    def recognise(self, page: Fetched) -> float:
        """How sure we are: by the generator, the old namespaces of Pleroma, or the addresses of GoToSocial and Misskey."""
        head = head_of(page)
        return 0.9 if head.is_feed and _software(head.generator, head) else 0.0

    def keeps(self, entry: Entry, feed: FeedDocument) -> bool:
        """Whether the account itself says this to everybody."""
        if entry.marks & {"answer", "boost"} or _MISSKEY_SPAN.search(entry.text):
            return False
        return not _MISSKEY_TITLE.match(entry.title) and not _TO_SOMEBODY.match(entry.text[:2_000])

    def kind(self, entry: Entry, feed: FeedDocument) -> Kind:
        """A post."""
        return "post"

    def named(self, title: str, entry: Entry, feed: FeedDocument) -> tuple[str, str]:
        """The feed bears the account's name."""
        return title, line_of_markup(entry.artist) or line_of_markup(feed.artist) or self.called(feed)

    def release(self, entry: Entry, feed: FeedDocument, base: str) -> FoundRelease:
        """A warning in front of a post keeps its distance from the words it warns with."""
        return super().release(replace(entry, text=_WARNING.sub(r"\1 ", entry.text, count=1)), feed, base)

    def software(self, feed: FeedDocument) -> str:
        """Which of them it is, as far as the feed tells."""
        entries = tuple(entry.link for entry in feed.entries[:3])
        head = Head("feed", addresses=(feed.id, feed.link, feed.linked("self")), entries=entries)
        return _software(feed.generator.strip().lower(), head) or "mastodon"


def _software(generator: str, head: Head) -> str:
    word = _WORD.match(generator)
    if word and word.group() in _SOFTWARE:
        return word.group()
    if generator.startswith("gnu social"):
        return "gnusocial"
    if any(_PLEROMA_FEED.search(address) for address in head.addresses) or (not generator and _OSTATUS.search(head.top)):
        return "pleroma"
    if any(map(_GOTOSOCIAL_FEED.search, head.addresses)) or (not generator and any(map(_GOTOSOCIAL_POST.search, head.entries[:3]))):
        return "gotosocial"
    if any(_MISSKEY_FEED.search(address) for address in head.addresses) and (not head.entries or any(map(_NOTE.search, head.entries))):
        return "misskey"
    return ""
