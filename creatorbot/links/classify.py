"""Who opened a link: a person, a preview, a bot, or uncertain. Pure; run when the journal is drained, never while answering.

    kind       reason             because
    preview    fediverse_server   the user agent names fediverse software (its host, where told, is a server reached)
    preview    link_preview       a chat, mail or search service that draws a card
    preview    prefetch           a browser looked ahead; nobody has opened the page yet
    bot        no_user_agent      nothing at all was said
    bot        names_itself       the user agent says it is a program, or is no browser's
    bot        only_head          a browser's name, but only the headers were asked for
    person     navigation         the browser says that somebody followed a link
    person     browser_headers    no fetch metadata (older tablets, some in-app browsers), but a browser's other headers
    uncertain  framed             shown inside another page
    uncertain  by_script          a browser's name, fetched by a program in a page
    uncertain  bare               a browser's name and none of a browser's headers

Then what the visitor does next on that UTC day is looked at (links/counting/behaviour), for all that is no preview and no bot:

    person     pressed_button     was uncertain, and a button on the page was pressed afterwards; that press, too, where it tells little
    uncertain  button_alone       a button was pressed by somebody who never opened the page and does not come from it

Addresses play no part, so people behind a VPN count like others. Change RULES with any rule: visits keep the number they were read by,
and jobs/reclassify_visits brings those that are still kept to the present rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from creatorbot.links.agents import read_agent

RULES = 2
Kind = Literal["person", "preview", "bot", "uncertain"]


@dataclass(frozen=True)
class VisitFacts:
    """What the rules read. user_agent: as kept by agents.read_agent. fetch_mode, fetch_dest: Sec-Fetch-Mode and -Dest, "" when
    not sent. ahead: the request said it was a prefetch. accepts_html, has_language: from Accept and Accept-Language. own: the request
    said that it came from one of our own pages."""

    user_agent: str
    method: str = "GET"
    fetch_mode: str = ""
    fetch_dest: str = ""
    ahead: bool = False
    accepts_html: bool = False
    has_language: bool = False
    own: bool = False


@dataclass(frozen=True)
class Classified:
    """The verdict. host: the fediverse server's public name, "" when unknown; software: what it runs."""

    kind: Kind
    reason: str
    host: str = ""
    software: str = ""


@lru_cache(maxsize=32_768)
def classify(facts: VisitFacts) -> Classified:
    """Apply the rules above, the first that fits."""
    agent = read_agent(facts.user_agent)
    if agent.kind == "server":
        return Classified("preview", "fediverse_server", agent.host, agent.software)
    if agent.kind == "preview":
        return Classified("preview", "link_preview")
    if agent.kind == "none":
        return Classified("bot", "no_user_agent")
    if agent.kind == "bot":
        return Classified("bot", "names_itself")
    return _browser(facts)


def _browser(facts: VisitFacts) -> Classified:
    if facts.method != "GET":
        return Classified("bot", "only_head")
    if facts.ahead:
        return Classified("preview", "prefetch")
    if facts.fetch_mode == "navigate":
        return Classified("person", "navigation") if facts.fetch_dest in ("document", "") else Classified("uncertain", "framed")
    if facts.fetch_mode:
        return Classified("uncertain", "by_script")
    if facts.accepts_html and facts.has_language:
        return Classified("person", "browser_headers")
    return Classified("uncertain", "bare")


@dataclass(frozen=True)
class Rules:
    """A set of rules. number: what visits read by it are marked with. read: what one request alone says."""

    number: int
    read: Callable[[VisitFacts], Classified]


PRESENT = Rules(RULES, classify)
