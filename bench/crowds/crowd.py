"""Who comes when a post is boosted: ten thousand servers drawing their cards, and some people. Each request is as its program sends it.

Shapes after what the fetchers document and send: Mastodon asks for the page as "… Bot" and for the picture without that word, older ones
name http.rb first; Pleroma and Akkoma ask for the headers first and name an admin's address; Friendica looks at the kind first; Lemmy
wants the first megabyte; Misskey's preview does not say for which server it works, so it counts as none.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.crowds.answers import request
from bench.visits.labelled import BROWSERS
from bench.visits.stage import Seen

TAG = b"@@TAG@@"  # stands where the ETag of the caller's last page belongs
_AGAIN = f"If-None-Match: {TAG.decode()}"
_CLOSE = "Connection: close"
_PACKED = "Accept-Encoding: gzip, deflate, br"


@dataclass(frozen=True)
class Call:
    """One who comes. at: seconds from the beginning. source: the address it comes from. steps: requests, one after the other."""

    at: float
    source: str
    steps: tuple[bytes, ...]


@dataclass(frozen=True)
class Place:
    """What they come for. path: of the link. host: for the Host header."""

    path: str
    host: str
    seen: Seen

    def get(self, agent: str, *more: str, path: str = "", method: str = "GET") -> bytes:
        """A request here, for the page unless another path is given."""
        return request(path or self.path, agent, *more, method=method, host=self.host)

    @property
    def picture(self) -> str:
        """The card's picture."""
        return self.seen.pictures[0]


def _mastodon(place: Place, host: str, number: int) -> list[bytes]:
    named = f"Mastodon/4.{3 + number % 3}.{number % 7} (http.rb/5.3.1; +https://{host}/)"
    return [
        place.get(f"{named} Bot", "Accept: text/html", "Accept-Encoding: gzip", _CLOSE),
        place.get(named, "Accept-Encoding: gzip", _CLOSE, path=place.picture),
    ]


def _older_mastodon(place: Place, host: str, number: int) -> list[bytes]:
    named = f"http.rb/5.1.1 (Mastodon/4.{number % 3}.{number % 20}; +https://{host}/)"
    return [
        place.get(f"{named} Bot" if number % 2 else named, "Accept: text/html", "Accept-Encoding: gzip", _CLOSE),
        place.get(named, "Accept-Encoding: gzip", _CLOSE, path=place.picture),
    ]


def _akkoma(place: Place, host: str, number: int) -> list[bytes]:
    software = "Akkoma 3.15.2" if number % 2 else "Pleroma 2.7.0"
    agent = f"{software}; https://{host} <admin@{host}>; Bot"
    return [place.get(agent, method="HEAD"), place.get(agent), place.get(agent, path=place.picture)]


def _misskey(place: Place, host: str, number: int) -> list[bytes]:
    agent = f"Misskey/2025.{1 + number % 12}.0 (https://{host})"
    return [place.get(agent, "Accept: text/html, application/xhtml+xml", _PACKED), place.get(agent, path=place.picture)]


def _friendica(place: Place, host: str, _number: int) -> list[bytes]:
    named = "Friendica/2024.12 DatabaseVersion/1576 Request"
    return [
        place.get(f"{named}/ContentTypeChecker/1 +https://{host}", method="HEAD"),
        place.get(f"{named}/SiteInfo/1 +https://{host}", "Accept: text/html,application/xhtml+xml,*/*"),
        place.get(f"{named}/ProxyImage/1 +https://{host}", path=place.picture),
    ]


def _lemmy(place: Place, host: str, number: int) -> list[bytes]:
    agent = f"Lemmy/0.19.{number % 13}; +https://{host}"
    return [place.get(agent, "Range: bytes=0-1048575", "Accept: */*"), place.get(agent, path=place.picture)]


def _gotosocial(place: Place, host: str, _number: int) -> list[bytes]:
    agent = f"gotosocial/0.20.1 (+https://{host})"
    return [place.get(agent, "Accept: text/html", "Accept-Encoding: gzip"), place.get(agent, path=place.picture)]


_KINDS: tuple[tuple[int, Callable[[Place, str, int], list[bytes]]], ...] = (
    (64, _mastodon),
    (12, _older_mastodon),
    (10, _akkoma),
    (5, _misskey),
    (3, _friendica),
    (2, _lemmy),
    (4, _gotosocial),
)


def servers(place: Place, count: int, over_s: float, chance: random.Random) -> Iterator[Call]:
    """So many, each a host of its own; one in ten comes back and asks whether the page has changed; and a few that name no host."""
    kinds = [kind for weight, kind in _KINDS for _ in range(weight)]
    for number in range(count):
        host = f"s{number}.{chance.choice(('social', 'music', 'town', 'garden'))}.example"
        steps = chance.choice(kinds)(place, host, number)
        if number % 10 == 0:
            page = steps[1] if steps[0].startswith(b"HEAD") else steps[0]
            steps.append(page.replace(b"\r\n\r\n", f"\r\n{_AGAIN}\r\n\r\n".encode()))
        yield Call(over_s * chance.random(), f"127.{10 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}", tuple(steps))
    for number in range(count // 50):
        steps = [place.get("SummalyBot/5.2.5", "Accept: text/html", _PACKED), place.get("SummalyBot/5.2.5", path=place.picture)]
        yield Call(over_s * chance.random(), f"127.90.{number // 250}.{1 + number % 250}", tuple(steps))


def people(place: Place, count: int, over_s: float, chance: random.Random) -> Iterator[Call]:
    """So many, each from an address of their own, with what belongs to the page. Some look again, some press a button, some ask not to be
    followed; those come once, for nobody can know them again."""
    for number in range(count):
        agent, shy = BROWSERS[number % len(BROWSERS)], number % 10 == 3
        more = ["Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language: de-DE,de;q=0.9", _PACKED]
        if "Firefox" in agent or "Chrome/1" in agent:
            more += ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-Site: cross-site"]
        more += ["Sec-GPC: 1"] if shy else []
        steps = [place.get(agent, *more)]
        steps += [place.get(agent, _PACKED, path=path) for path in (*place.seen.styles[:1], place.picture)]
        if not shy and number % 5 == 0:
            steps.append(place.get(agent, *more, _AGAIN))
        if place.seen.buttons and number % 7 == 0:
            steps.append(place.get(agent, *more, path=place.seen.buttons[number % len(place.seen.buttons)]))
        yield Call(over_s * chance.random(), f"127.{100 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}", tuple(steps))


def visits_of(calls: list[Call], path: str) -> int:
    """How many of the requests are visits to the link: for the page or one of its buttons, whatever the answer."""
    marks = tuple(f" {path}{end}".encode() for end in (" ", "/", "."))
    return sum(any(mark in step[: len(path) + 16] for mark in marks) for call in calls for step in call.steps)
