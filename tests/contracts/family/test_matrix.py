"""Every kind of server in every trouble: how a post ends, that it is there once or not at all, and that its artist is told.

One kind of server meets every trouble here, the others every fourth, each a different one; `python -m bench faults` plays all of them.
"""

import os
from dataclasses import dataclass, replace

import pytest

from creatorbot.announcements.send import send_post
from creatorbot.rehearsal.fediverse.manners.table import MANNERS
from creatorbot.security.http import Door
from tests.contracts.family.conftest import Met

EVERY = "CREATORBOT_EVERY" in os.environ
SLOW = 40.0
Orders = tuple[tuple[str, int, float | None], ...]


@dataclass(frozen=True)
class Case:
    """ends: the state a post comes to. told: whether its artist reads a sentence. others: posts of one's own that come after it.

    hasty: we wait only a moment for an answer. own: on an account of its own, which does not survive it.
    """

    orders: Orders
    ends: str = "confirmed"
    told: bool = False
    look: str = "card"
    hasty: bool = False
    own: bool = False
    others: int = 0


def once(*names: str, **more: object) -> Case:
    return Case(tuple((name, 1, None) for name in names), **more)  # type: ignore[arg-type]


def always(*names: str, **more: object) -> Case:
    return Case(tuple((name, 0, None) for name in names), **more)  # type: ignore[arg-type]


def lost(*while_: str, **more: object) -> Case:
    """The post is out and its answer lost, while something else is wrong all the time."""
    return Case((("executed_504", 1, None), *((name, 0, None) for name in while_)), **more)  # type: ignore[arg-type]


CASES: dict[str, Case] = {
    "all is well": Case(()),
    "all is well, with a picture": Case((), look="picture"),
    "out, answer lost": once("executed_answer_lost"),
    "out, answer cut in half": once("executed_half"),
    "out, answer late": Case((("executed_slow", 1, SLOW),), hasty=True),
    "out, answer in drops": Case((("executed_drip", 1, SLOW),), hasty=True),
    "out, answer without end": once("executed_flood"),
    "out, 504 page": once("executed_504"),
    "out, 408 page": once("executed_408"),
    "out, 500 page": once("executed_500"),
    "out, unreadable 200": once("executed_html_200"),
    "out, and its list lags": lost("search_lags"),
    "out, and its list has one post a page": lost("search_pages", others=2),
    "out, and its list is away twice": Case((("executed_504", 1, None), ("search_503", 2, None))),
    "out, and the clock is behind": lost("clock_behind"),
    "out, and the clock is ahead": lost("clock_ahead"),
    "out, and the answers are sparse": lost("sparse"),
    "sparse answers": always("sparse"),
    "made quieter": once("downgraded", told=True),
    "rewritten": once("rewritten", told=True),
    "picture left out": once("picture_dropped", told=True, look="picture"),
    "picture prepared slowly": once("upload_prepares", look="picture"),
    "picture not ready, twice": Case((("not_ready_422", 2, None),), look="picture"),
    "picture no good after all": always("upload_fails", ends="failed", told=True, look="picture"),
    "picture refused": always("media_refused_422", ends="failed", told=True, look="picture"),
    "no pictures at the moment": once("upload_503", look="picture"),
    "503": once("not_executed_503"),
    "503, come back later": once("overloaded_503"),
    "hung up too early": once("answer_lost"),
    "520": once("cloudflare_520"),
    "maintenance page with 200": once("html_200"),
    "error with 200": once("id_less_200"),
    "empty list with 200": once("empty_list_200"),
    "429": once("rate_limited"),
    "429 without a time": once("rate_limited_silent"),
    "429 with a time gone by": once("rate_limited_past"),
    "429 with a number": once("rate_limited_number"),
    "dropped in silence": once("vanished", ends="vanished", told=True),
    "too long": always("too_long_422", ends="failed", told=True),
    "301": always("redirect_301", ends="failed", told=True),
    "308 to another server": always("redirect_308", ends="failed", told=True),
    "permission taken back": once("revoked", ends="held", told=True, own=True),
    "login disabled": always("forbidden_disabled", ends="held", told=True, own=True),
    "hangs up on everything, three times": Case((("down", 3, None),)),
    "switched off": once("refused"),
}


def _played(kind: str, name: str) -> bool:
    """Whether this is among the troubles this kind of server meets in each build. All kinds together meet each of them three times."""
    number = list(MANNERS).index(kind)
    return EVERY or number == 0 or (list(CASES).index(name) + number) % 4 == 0


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in MANNERS for name in CASES if _played(kind, name)], indirect=["kind"], scope="module"
)
def test_every_trouble_ends_with_one_post_or_none_and_never_in_silence(kind: Met, met: Met, name: str) -> None:
    case = CASES[name]
    if case.own:
        met.join(name)
    if case.hasty:
        hasty = replace(met.runtime, door=Door(total_timeout=0.7))
        met.stage = replace(met.stage, runtime=hasty)
    for order in case.orders:
        met.order(*order)
    post_id = met.stage.approve(look=case.look)
    if case.others:
        send_post(met.runtime, post_id)
        met.clock.forward(seconds=5)
        for _ in range(case.others):
            send_post(met.runtime, met.stage.approve(look=case.look))
    post = met.until_settled(post_id)
    assert post.state == case.ends, f"{met.name}: {post.state} {post.sentence}"
    assert met.copies() == (1 + case.others if post.state == "confirmed" else 0), met.name
    assert bool(post.sentence) == case.told, f"{met.name}: {post.sentence}"
