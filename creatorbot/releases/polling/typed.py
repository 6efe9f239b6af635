"""What a person typed or pasted, understood as one address: a share text, a fediverse name, embedding code, or just a domain."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from creatorbot.errors import InvalidInput
from creatorbot.sources.bandcamp_page import front_to_music
from creatorbot.sources.discovery import webfinger_place
from creatorbot.sources.plain import web_address
from creatorbot.wording import N_

_LONGEST = 20_000
_ADDRESS = re.compile(r"https?://[^\s<>\"'“”„‘’«»\\^`{|}]{1,2000}", re.I)
_HOST = re.compile(r"(?<![\w@.-])(?:[\w-]{1,63}\.){1,8}[a-z][\w-]{1,62}(?::\d{1,5})?(?:/[^\s<>\"'“”]{0,2000})?", re.I)
_HANDLE = re.compile(r"(?:acct:)?@?([\w.-]{1,64})@((?:[\w-]{1,63}\.){1,8}[a-z][\w-]{1,62}(?::\d{1,5})?)", re.I)
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|igshid?|mc_[ce]id|si|from|search_\w+|label|tab|ref", re.I)
# What feed readers and podcast players call an address, and what their buttons copy.
_FOR_READERS = re.compile(r"(?:web\+)?(?:feed|rss|podcast|itpc|pcast):(?:/{0,2}(?=https?://)|//)", re.I)
_OPENING = tuple("\"'“”„‘’«([")
_PLAYER = "/EmbeddedPlayer/"
_NO_ADDRESS = N_("This is not a web address. It should look like https://example.com/music.")
_SEVERAL = N_("There is more than one address in this text. Paste only the one of your music.")
_SOURCE = N_("This is the source of a page, not an address. There is a field of its own for it.")


def typed_address(typed: str) -> str:
    """The web address a person meant: "aoife.bandcamp.com" is one, so is the one in "Listen to … https://…", so is "@aoife@example.social".

    Raises InvalidInput with what to write instead.
    """
    text = typed.strip()
    if reader := _FOR_READERS.match(text):
        text = text[reader.end() :]
    if len(text) > _LONGEST or re.match(r"<(?:!doctype|html|head)\b", text, re.I):
        raise InvalidInput(_SOURCE, field="address")
    if handle := _HANDLE.fullmatch(text):
        return webfinger_place(f"{handle[1]}@{handle[2].lower()}")
    address = web_address(_one_of(text))
    host = (urlsplit(address).hostname or "") if address else ""
    if address is None or ("." not in host and ":" not in host):
        raise InvalidInput(_NO_ADDRESS, field="address")
    return front_to_music(_plain(address))


def _one_of(text: str) -> str:
    """The one address in the text. In a text without "https://" it may be a bare domain."""
    if not re.search(r"[\s<>]", text) and text[:1] not in _OPENING:
        return text if "://" in text or not text else "https://" + text
    found = [_trimmed(one) for one in _ADDRESS.findall(text)]
    found = [one for one in dict.fromkeys(found) if _PLAYER not in one] or found[:1]
    if not found:
        found = list(dict.fromkeys("https://" + _trimmed(one) for one in _HOST.findall(text)))
    if len({_plain(one).rstrip("/") for one in found}) > 1:
        raise InvalidInput(_SEVERAL, field="address")
    return found[0] if found else ""


def _trimmed(address: str) -> str:
    """Without what belongs to the sentence around it: a full stop, a closing bracket that was opened before it."""
    address = address.rstrip(".,;:!?…*_~")
    while address.endswith((")", "]")) and address.count("(") + address.count("[") < address.count(")") + address.count("]"):
        address = address[:-1].rstrip(".,;:!?…")
    return address


def _plain(address: str) -> str:
    """Without its fragment, and without what shops and networks hang on it to follow people."""
    try:
        parts = urlsplit(address)._replace(fragment="")
    except ValueError:
        return address
    kept = parse_qsl(parts.query, keep_blank_values=True)
    if not any(_tracks(name, parts.netloc) for name, _ in kept):
        return urlunsplit(parts)
    return urlunsplit(parts._replace(query=urlencode([(name, value) for name, value in kept if not _tracks(name, parts.netloc)])))


def _tracks(name: str, host: str) -> bool:
    """`from`, `label` and the like are Bandcamp's; elsewhere they may mean something."""
    if not _TRACKING.fullmatch(name):
        return False
    return host.endswith("bandcamp.com") or bool(re.match(r"utm_|fbclid|gclid|igsh|mc_", name, re.I))
