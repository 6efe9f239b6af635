"""User agents: what they are, and what may be kept of them. Knows nothing else of a request.

Sources: the fetchers' own code and recorded lists (Mastodon since 4.3 `Mastodon/4.6.5 (http.rb/5.3.1; +https://host/) Bot`, before it
the two parts swapped; Pleroma and Akkoma with their admin's e-mail address; Misskey's SummalyBot without a host).
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from creatorbot.links.address import is_public_name

AgentKind = Literal["none", "server", "preview", "bot", "browser"]

LONGEST = 512
_SOFTWARE = re.compile(
    r"(?<![a-z])(mastodon|hometown|pleroma|akkoma|friendica|lemmy|piefed|mbin|kbin|misskey|sharkey|iceshrimp|firefish|calckey|foundkey"
    r"|gotosocial|pixelfed|loops|takahe|hollo|funkwhale|peertube|owncast|mobilizon|bookwyrm|hubzilla|streams|smithereen|writefreely"
    r"|wafrn|mitra|snac|bonfire|castopod|gancio|catodon|ktistec|neodb|vocata|lotide|socialhome|activitypub|ghost(?=[/;])|wordpress(?=[/;])|summalybot|fedineko|fedify)"
    r"(?![a-z])"
)
_VERSION = re.compile(r"[/ ]v?(\d[a-z0-9.+_-]{0,40})")
_ADDRESS = re.compile(r"https?://([^\s/;)>,<\"']{1,261})")
_MAKERS = frozenset(("joinmastodon.org", "pixelfed.org", "fedify.dev", "joinpeertube.org", "github.com"))
_ALSO_ALONE = frozenset(("ghost", "wordpress"))  # much that runs these is no fediverse server; one that is tells its address
_PREVIEW = re.compile(
    r"facebookexternal|meta-external|meta-webindexer|facebot|twitterbot|discordbot|slack-?(?:bot|imgproxy)|telegrambot|^whatsapp|linkedinbot"
    r"|redditbot|pinterest(?:bot|/0)|skypeuripreview|^bluesky|cardyb|embedly|iframely|mattermost|onebox|matrix-media-repo|synapse \("
    r"|opengraph|linkexpand|unfurl|richlink|preview|kakaotalk-scrap|vkshare|^viber|^signal|steamchaturllookup|hatena|camo \(|^camo"
    r"|flipboardproxy|metatagfetcher|image ?fetcher|^undici$"
)
_BOT = re.compile(
    r"(?<!cu)bot(?![a-z])|robot|crawl|spider|slurp|scann?(?:er|ing|\b)|fetch|monitor|headless|phantom|puppeteer|playwright|selenium|jsdom|python"
    r"|curl|wget|\bjava/\d|jakarta|go-http|okhttp|undici|\bnode(?:\.js)?/|\bruby/|\bperl|libwww(?!-fm)|http-?client|axios|http\.rb|guzzle"
    r"|feed|rss|archiv|lighthouse|pagespeed|https?://|@|%40|\(at\)"
    r"|\bcompatible;"
    r"(?!\s*(?:u;\s*)?(?:msie|konqueror|icab|omniweb|netsurf|opera|i?browse|abrowse|dillo|amiga|avantgo|haiku|beos))"
    r"|proxy|\bshare\b|harvest|scraper|check(?:er|ing)?\b|validat|verif(?:y|ier)|uptime|pingdom|synthetic|ptst/|gtmetrix|hardenize|collapsify"
    r"|prefetch|retriever|prerender|optimi[sz]er|analy[sz]er|watcher|finder\b|favicon|thumbnail|agent\b|nikto|openvas|httrack"
    r"|google-|-google|googleother|-user/|semrush|ahrefs|nutch|censys|zgrab|metadata|screenshot|\bemail|mailchimp|security|inspect"
    r"|\b[a-z0-9-]{3,}\.(?:com|net|org|io|co|eu|de|fr)(?![a-z0-9.-])"  # a program that says whose it is; apps begin with com.
)
# What begins like a browser: Mozilla alone, without its brackets, is what programs write that know no better.
_BROWSER = re.compile(
    r"mozilla/\d[^(]*\(|opera/\d|lynx/|w3m/|e?links(?:/| \()|netsurf/|dillo/|konqueror|blackberry\d|nokia|sonyericsson|samsung-|ucweb/"
    r"|docomo/|emacs-w3m?/|amaya/"
)
# What only a phone of old, a console or a television says, wherever it stands.
_DEVICE = re.compile(
    r"profile/midp|configuration/cldc|\bmidp-\d|up\.browser/|obigo|netfront/|\bucweb|iemobile|windows ce"
    r"|hbbtv/|nintendo|amigaos|morphos|\bamiga-"
)
# A telephone's name may be any word, "Spider A5", too: it stands behind the version of Android.
_NAMED = re.compile(r"(\bandroid [\d.]+(?:-\w+)?;(?: [a-z]{2}[-_][a-z]{2};)?)([^;)/]*)(?= build/|;|\))")
_NAMES_A_BOT = re.compile(r"(?<!cu)(?<!ro)bot\b|crawl|http|preview|headless")
_NOT_MAIL = re.compile(r"\b(ios|android)@(?=\d)", re.IGNORECASE)  # a browser's way to write its version

_MAIL = re.compile(r"[^\s<>()\[\];,\"']*(?:@|%40)[^\s<>()\[\];,\"']*")
_VERSION_LIKE_IPV4 = re.compile(r"(?<=[A-Za-z]/)(\d+)(?:\.\d+){3,}(?![\w])")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![\w:])")


@dataclass(frozen=True)
class Agent:
    """What a user agent is. kept: all that may be written down of it, no e-mail, no address of anybody; reading `kept` again
    gives the same agent. kind "server": a fediverse server; host: its public name, "" where it does not tell."""

    kind: AgentKind
    kept: str = ""
    software: str = ""
    host: str = ""


@lru_cache(maxsize=8192)
def read_agent(user_agent: str) -> Agent:
    """Read a User-Agent header; only its first 512 characters."""
    text = " ".join(user_agent[:LONGEST].split())
    if not text.isprintable():  # a database may refuse them, and no browser sends them
        text = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not text:
        return Agent("none")
    scrubbed = _scrubbed(text)
    # Twice: what is left after scrubbing must read the same, or reading it again later would say something else.
    return _server(text.lower()) or _server(scrubbed.lower()) or _other(scrubbed)


def _server(low: str) -> Agent | None:
    found = _SOFTWARE.search(low)
    # A browser's device may be called anything; a server that says Mozilla also says where it lives.
    if found is None or (low.startswith("mozilla/") and "http" not in low):
        return None
    software = "misskey" if found.group(1) == "summalybot" else found.group(1)
    version = _VERSION.match(low, found.end())
    host = _host(low)
    shown = version.group(1) if version else ""
    shown = "" if _IPV4.search(shown) else shown
    if not host and found.group(1) in _ALSO_ALONE:
        return None
    kept = found.group(1) + (f"/{shown}" if shown else "") + (f"; +https://{host}" if host else "")
    return Agent("server", kept, software, host)


def _host(low: str) -> str:
    for place in reversed(_ADDRESS.findall(low)):
        host = place.rpartition(":")[0] if place.rpartition(":")[2].isdigit() else place
        if is_public_name(host) and host not in _MAKERS:
            return str(host)
    return ""


def _scrubbed(text: str) -> str:
    text = _NOT_MAIL.sub(r"\1 ", text)
    if "@" in text or "%40" in text:
        text = _MAIL.sub("@", text)
    text = _VERSION_LIKE_IPV4.sub(r"\1", text)
    return _IPV6.sub("-", _IPV4.sub("-", text))


def _other(kept: str) -> Agent:
    low = kept.lower()
    if _PREVIEW.search(low):
        return Agent("preview", kept)
    if "android" in low:
        low = _NAMED.sub(lambda found: found[0] if _NAMES_A_BOT.search(found[2]) else found[1], low)
    if _BOT.search(low) or not (_BROWSER.match(low) or _DEVICE.search(low)):
        return Agent("bot", kept)
    return Agent("browser", kept)
