"""Where each software keeps the feed of a page, and which software wrote a page."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

from creatorbot.sources.base import Fetched, Note
from creatorbot.sources.feed_link import tags
from creatorbot.wording import N_

_ACCOUNT = N_("We found the feed of this %(software)s account.")
_CHANNEL = N_("We found the feed of this %(software)s channel.")
_ARTIST = N_("We found the feed of this %(software)s artist.")
_PODCAST = N_("We found the feed of this %(software)s podcast.")
_SITE = N_("We found the feed of this %(software)s site.")
_STREAM = N_("We found where this %(software)s server says whether it is live.")

_NAME = r"(?P<name>[\w.-]{1,100})"
_PROFILE = re.compile(rf"^/(?:web/)?(?:@|users/){_NAME}(?:/.*)?$")
_BARE = re.compile(rf"^/(?:@|users/|i/web/profile/)?{_NAME}/?$")
_NAMED = re.compile(r"\b(?:name|property)\s*=\s*[\"']?(generator|application-name|og:platform)\b", re.I)
_CONTENT = re.compile(r"\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)

_LABELS: Mapping[str, tuple[str, str]] = {
    "mastodon": ("Mastodon", _ACCOUNT),
    "pleroma": ("Pleroma", _ACCOUNT),
    "akkoma": ("Akkoma", _ACCOUNT),
    "gotosocial": ("GoToSocial", _ACCOUNT),
    "misskey": ("Misskey", _ACCOUNT),
    "sharkey": ("Sharkey", _ACCOUNT),
    "friendica": ("Friendica", _ACCOUNT),
    "pixelfed": ("Pixelfed", _ACCOUNT),
    "peertube": ("PeerTube", _CHANNEL),
    "funkwhale": ("Funkwhale", _CHANNEL),
    "castopod": ("Castopod", _PODCAST),
    "mirlo": ("Mirlo", _ARTIST),
    "bandwagon": ("Bandwagon", _ARTIST),
    "faircamp": ("Faircamp", _SITE),
    "wordpress": ("WordPress", _SITE),
    "writefreely": ("WriteFreely", _SITE),
    "ghost": ("Ghost", _SITE),
    "owncast": ("Owncast", _STREAM),
}
_OTHER_NAMES = {
    "hometown": "mastodon",
    "glitchcafe": "mastodon",
    "firefish": "misskey",
    "calckey": "misskey",
    "foundkey": "misskey",
    "iceshrimp": "misskey",
    "cherrypick": "misskey",
    "emissary": "bandwagon",
}
_HOSTS = {"mirlo.space": "mirlo", "bandwagon.fm": "bandwagon"}


def known_software(told: str) -> str:
    """The name we know a software by: "Mastodon 4.5.1" and "hometown" are "mastodon"; "" for one we do not know."""
    first = re.split(r"[\s/@+,(-]", told.strip().lower(), maxsplit=1)[0]
    name = _OTHER_NAMES.get(first, first)
    return name if name in _LABELS else ""


def software_of(page: Fetched) -> str:
    """Which software wrote this web page: by its own mark, its headers or its host; "" when it bears no mark."""
    host = (urlsplit(page.address).hostname or "").removeprefix("www.")
    if host in _HOSTS:
        return _HOSTS[host]
    if "x-friendica-version" in page.headers:
        return "friendica"
    for told in (*_generators(page), page.headers.get("x-powered-by", ""), page.headers.get("server", "")):
        if known_software(told):
            return known_software(told)
    return ""


def how_found(software: str) -> Note | None:
    """The sentence that says what was found on a page of this software."""
    label = _LABELS.get(software)
    return Note(label[1], {"software": label[0]}) if label else None


def well_known(address: str, software: str) -> tuple[str, ...]:
    """Where the feed of this page is, by the habits of its software; the likeliest first."""
    parts = urlsplit(address)
    rule = _RULES.get(software)
    if rule is None or not parts.hostname:
        return ()
    return tuple(
        f"{parts.scheme}://{parts.netloc}{path}" if path.startswith("/") else path for path in rule(parts.path or "/", parts.netloc)
    )


def _generators(page: Fetched) -> list[str]:
    found = []
    for tag in tags(page.body[:300_000].decode("utf-8", "replace"), "meta", 100):
        content = _CONTENT.search(tag)
        if _NAMED.search(tag) and content:
            found.append(next(filter(None, content.groups()), ""))
    return found


def _profile(*feeds: str) -> Callable[[str, str], tuple[str, ...]]:
    """A rule for profile pages: "/@name", "/users/name" and below."""

    def rule(path: str, host: str) -> tuple[str, ...]:
        found = _PROFILE.match(path)
        return tuple(feed.format(name=quote(found["name"])) for feed in feeds) if found else ()

    return rule


def _bare(*feeds: str) -> Callable[[str, str], tuple[str, ...]]:
    """A rule for software whose profile is also at "/name"."""

    def rule(path: str, host: str) -> tuple[str, ...]:
        found = _BARE.match(path) or _PROFILE.match(path)
        return tuple(feed.format(name=quote(found["name"]), host=host) for feed in feeds) if found else ()

    return rule


def _fixed(*feeds: str) -> Callable[[str, str], tuple[str, ...]]:
    return lambda path, host: feeds


def _peertube(path: str, host: str) -> tuple[str, ...]:
    found = re.match(r"^/(c|video-channels|a|accounts|@)/?([\w.-]{1,100})(?:/|$)", path)
    if not found:
        return ()
    name = quote(found[2])
    channel, account = f"/feeds/videos.xml?videoChannelName={name}", f"/feeds/videos.xml?accountName={name}"
    return {"c": (channel,), "video-channels": (channel,), "@": (channel, account)}.get(found[1], (account,))


def _funkwhale(path: str, host: str) -> tuple[str, ...]:
    found = re.match(r"^/(?:channels/|@|federation/actors/)([\w.-]{1,100})(?:/|$)", path)
    return tuple(f"/api/v{number}/channels/{quote(found[1])}/rss" for number in (1, 2)) if found else ()


def _friendica(path: str, host: str) -> tuple[str, ...]:
    found = re.match(r"^/(?:profile/|u/|~)([\w.-]{1,100})(?:/|$)", path)
    return (f"/feed/{quote(found[1])}",) if found else ()


def _mirlo(path: str, host: str) -> tuple[str, ...]:
    """The feed is at the data service, which has a host of its own."""
    found = re.match(r"^/([\w.-]{1,100})(?:/|$)", path)
    return (f"https://api.{host}/v1/artists/{quote(found[1])}/feed?format=rss",) if found else ()


def _writefreely(path: str, host: str) -> tuple[str, ...]:
    found = re.match(r"^/([\w-]{1,100})/", path)
    return (f"/{quote(found[1])}/feed/", "/feed/") if found else ("/feed/",)


def _faircamp(path: str, host: str) -> tuple[str, ...]:
    """Beside the site's front page, which need not be at the top of the host. A release is one folder further down."""
    folder = path.rsplit("/", 1)[0]
    folders = dict.fromkeys((folder, folder.rsplit("/", 1)[0] if folder else ""))
    return tuple(f"{one}/feed.{kind}" for one in folders for kind in ("rss", "atom"))


_RULES: Mapping[str, Callable[[str, str], tuple[str, ...]]] = {
    "mastodon": _profile("/@{name}.rss"),
    "gotosocial": _profile("/@{name}/feed.rss"),
    "misskey": _profile("/@{name}.atom", "/@{name}.rss"),
    "sharkey": _profile("/@{name}.atom", "/@{name}.rss"),
    "castopod": _profile("/@{name}/feed.xml", "/@{name}/feed"),
    "bandwagon": _profile("/@{name}/feed?format=rss"),
    "pleroma": _bare("/users/{name}/feed.atom"),
    "akkoma": _bare("/users/{name}/feed.atom"),
    "pixelfed": _bare("/users/{name}.atom"),
    "peertube": _peertube,
    "funkwhale": _funkwhale,
    "friendica": _friendica,
    "mirlo": _mirlo,
    "writefreely": _writefreely,
    "faircamp": _faircamp,
    "wordpress": _fixed("/feed/"),
    "ghost": _fixed("/rss/"),
    "owncast": _fixed("/api/status"),
}
