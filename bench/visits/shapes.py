"""The same browser asking in different ways, and what each way means: who only looks ahead, or fetches by a script, opened nothing."""

from dataclasses import dataclass

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
BROWSED = {"HTTP_ACCEPT": _PAGE, "HTTP_ACCEPT_LANGUAGE": "en-GB,en;q=0.5"}
FOLLOWED = {**BROWSED, "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_SEC_FETCH_DEST": "document", "HTTP_SEC_FETCH_SITE": "cross-site"}


@dataclass(frozen=True)
class Shape:
    """A way of asking. expected: the kinds that are right."""

    name: str
    headers: dict[str, str]
    expected: tuple[str, ...]
    method: str = "GET"


SHAPES = (
    Shape("a link followed", FOLLOWED, ("person",)),
    Shape("a link followed, from a reader without a referrer", {**FOLLOWED, "HTTP_SEC_FETCH_SITE": "none"}, ("person",)),
    Shape("an old tablet, which tells no more than it accepts", BROWSED, ("person",)),
    Shape("only the headers", FOLLOWED, ("bot",), "HEAD"),
    Shape("looked ahead (Sec-Purpose)", {**FOLLOWED, "HTTP_SEC_PURPOSE": "prefetch;prerender"}, ("preview",)),
    Shape("looked ahead (Purpose)", {**BROWSED, "HTTP_PURPOSE": "prefetch"}, ("preview",)),
    Shape("looked ahead (X-Moz)", {**BROWSED, "HTTP_X_MOZ": "prefetch"}, ("preview",)),
    Shape("in a frame of another page", {**FOLLOWED, "HTTP_SEC_FETCH_DEST": "iframe"}, ("uncertain",)),
    Shape("fetched by a script", {**BROWSED, "HTTP_SEC_FETCH_MODE": "cors", "HTTP_SEC_FETCH_DEST": "empty"}, ("uncertain", "bot")),
    Shape("fetched as a picture", {**BROWSED, "HTTP_SEC_FETCH_MODE": "no-cors", "HTTP_SEC_FETCH_DEST": "image"}, ("uncertain", "bot")),
    Shape("a browser's name and nothing else", {}, ("uncertain", "bot")),
    Shape("a browser's name, accepting anything", {"HTTP_ACCEPT": "*/*"}, ("uncertain", "bot")),
)
