"""What pages say about the reach of one post, put together: sentences' figures, both plots, the table under them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from creatorbot.attribution.report import PostResult
from creatorbot.links.drain import MOST_SERVERS
from creatorbot.links.reaching.arrivals import HERD, Arrivals, arrivals_of
from creatorbot.links.reaching.boosts import OtherBoosts, OwnBoost, after_others, after_ours, looks_at, own_boosts
from creatorbot.links.reaching.earlier import COMPARED, ENOUGH, EarlierPost, Usual, medians, usual_servers
from creatorbot.web.house import plots

SAMPLES = [timedelta(seconds=one) for one in (0, 15, 30, 60, 120, 300, 600, 1800)] + [timedelta(hours=one) for one in (1, 3, 6, 12, 24, 48)]
LATER_SAMPLES = [timedelta(days=one) for one in (4, 7, 14, 30, 90, 365)]
USUAL_FROM = timedelta(hours=1)  # before, who is missing may simply be late


@dataclass(frozen=True)
class Row:
    """One line of the table under the plot: what had come at this age. usual: None where there is nothing to compare with."""

    age: timedelta
    servers: int
    new: int
    usual: float | None


@dataclass(frozen=True)
class Reached:
    """The reach of one post that is out.

    herd: how many came in the first two minutes. own, others: what came after boosts. usual: what earlier posts had reached at the
    same age, in the middle, None without enough of them; compared: how many those were, on_account: all by the same account.
    missing: None while it is too early to say. full: as many servers as are kept for one link.
    """

    arrivals: Arrivals
    age: timedelta
    herd: int
    own: Sequence[OwnBoost]
    others: Sequence[OtherBoosts]
    usual: float | None
    compared: int
    on_account: bool
    missing: Usual | None
    rows: Sequence[Row]
    plots: Sequence[plots.ArrivalPlot]
    full: bool

    @property
    def servers(self) -> int:
        """How many servers it reached."""
        return self.arrivals.servers

    @property
    def new(self) -> int:
        """How many of them had received no post of the artist yet."""
        return self.arrivals.fresh


def reached(session: Session, result: PostResult, results: Sequence[PostResult], now: datetime) -> Reached | None:
    """The reach of this post, one of these; None where it cannot be measured, is not out or has reached nobody yet."""
    if result.servers is None or result.published_at is None:
        return None
    published_at = result.published_at
    arrivals = arrivals_of(session, result.link_id, published_at)
    if not arrivals.ages:
        return None
    own = own_boosts(session, result.post_id)
    ours = after_ours(own, arrivals, published_at, now)
    others = after_others(looks_at(session, result.post_id), own, arrivals, published_at)
    earlier, on_account = earlier_posts(result, results)
    age = max(timedelta(0), now - published_at)
    counted = _counted(arrivals, age, ours, others, published_at)
    shown = min(age, timedelta(seconds=plots.end_of(counted)))
    ages = [one for one in [*SAMPLES, *LATER_SAMPLES] if one < shown] + [shown]
    middles = medians(session, earlier, [*ages, age])
    usual = list(zip((one.total_seconds() for one in ages), middles, strict=False))
    counted = plots.Counted(**{**vars(counted), "usual": usual})
    return Reached(
        arrivals=arrivals,
        age=age,
        herd=arrivals.reached(HERD)[0],
        own=ours,
        others=others,
        usual=middles[-1] if middles else None,
        compared=min(len(earlier), COMPARED),
        on_account=on_account,
        missing=usual_servers(session, result.link_id, earlier) if age >= USUAL_FROM else None,
        rows=[Row(one, *arrivals.reached(one), middles[number] if middles else None) for number, one in enumerate(ages) if one],
        plots=[plots.arrivals(counted, plots.WIDE), plots.arrivals(counted, plots.NARROW)],
        full=arrivals.servers >= MOST_SERVERS,
    )


def earlier_posts(result: PostResult, results: Sequence[PostResult]) -> tuple[list[EarlierPost], bool]:
    """The measured posts that went out before this one, newest first: of the same account where there are enough, else all; and which."""
    before = [
        one
        for one in results
        if one.post_id != result.post_id
        and one.servers is not None
        and one.published_at is not None
        and result.published_at is not None
        and one.published_at < result.published_at
    ]
    same = [one for one in before if one.account_handle == result.account_handle]
    chosen = same if len(same) >= ENOUGH else before
    found = [EarlierPost(one.link_id, one.published_at) for one in chosen if one.published_at is not None]
    return sorted(found, key=lambda one: one.published_at, reverse=True), len(chosen) == len(same)


def _counted(
    arrivals: Arrivals, age: timedelta, own: Sequence[OwnBoost], others: Sequence[OtherBoosts], published_at: datetime
) -> plots.Counted:
    def since(at: datetime) -> float:
        return (at - published_at).total_seconds()

    return plots.Counted(
        ages=arrivals.ages,
        total=arrivals.total,
        new=arrivals.new,
        now=age.total_seconds(),
        marks=[since(one.at) for one in own],
        brackets=[(since(one.since), since(one.until), one.more) for one in others],
        shaded=HERD.total_seconds(),
    )
