"""Two releases that may be one: side by side, joined when the artist says so, and taken apart again."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from creatorbot.announcements.planning.twins import give_way
from creatorbot.errors import NotFound
from creatorbot.models import Cover, MergeSuggestion, Release, ReleasePlace
from creatorbot.releases.merging import keep_apart, kept, merge, suggestions_of, take_apart
from creatorbot.releases.places import places_of
from creatorbot.web.here import artist_id, needs, now, person, runtime
from creatorbot.web.house.forms import tell
from creatorbot.web.releases import shown
from creatorbot.wording import N_

pages = Blueprint("same", __name__)

WHYS: dict[str, str] = {
    "upc": N_("Both carry the same number on their sleeve (UPC)."),
    "isrc": N_("Both carry the same recording number (ISRC)."),
    "same": N_("Title, artist and number of songs are the same."),
    "alike": N_("Their titles are alike."),
}


@dataclass(frozen=True)
class Side:
    """One of the two."""

    release: Release
    cover: Cover | None
    places: list[ReleasePlace]


@dataclass(frozen=True)
class Pair:
    """A suggestion with both its sides; kept is the one that stays."""

    suggestion: MergeSuggestion
    kept: Side
    other: Side


@pages.get("/releases/same")
@needs("viewer")
def listing() -> ResponseReturnValue:
    """All pairs that wait for an answer."""
    with runtime().reading() as session:
        pairs = [_pair(session, one) for one in suggestions_of(session, artist_id())]
    return render_template("releases/same.html", pairs=pairs, shown=shown, whys=WHYS, decided=False)


@pages.get("/releases/same/<int:suggestion_id>")
@needs("viewer")
def one(suggestion_id: int) -> ResponseReturnValue:
    """One pair, answered or not."""
    with runtime().reading() as session:
        pair = _pair(session, _mine(session, suggestion_id))
    return render_template("releases/same.html", pairs=[pair], shown=shown, whys=WHYS, decided=pair.suggestion.state != "open")


@pages.post("/releases/same/<int:suggestion_id>/<any('one', 'two', 'apart'):said>")
@needs("manager")
def decide(suggestion_id: int, said: str) -> ResponseReturnValue:
    """They are the same, they are two, or what was joined is taken apart."""
    act, words = {
        "one": (merge, N_("They are one release now, with all its places. You can take them apart again.")),
        "two": (keep_apart, N_("Good: they stay two.")),
        "apart": (take_apart, N_("They are two releases again.")),
    }[said]
    with runtime().session() as session:
        kept = _mine(session, suggestion_id).kept_id
        act(session, artist_id(), suggestion_id, now(), person().name)
        give_way(session, now())
    tell(words)
    with runtime().reading() as session:
        more = suggestions_of(session, artist_id())
    return redirect("/releases/same" if more and said != "apart" else f"/releases/{kept}", 303)


@dataclass(frozen=True)
class Merges:
    """joined: what was joined into a release, by which suggestion. open: what may be the same."""

    joined: list[tuple[MergeSuggestion, Release]]
    open: list[tuple[MergeSuggestion, Release]]


def merges_of(session: Session, release: Release) -> Merges:
    """What a release's page says about its likes."""
    into_it = select(MergeSuggestion).where(MergeSuggestion.kept_id == release.id, MergeSuggestion.state == "merged")
    joined = [(row, session.get_one(Release, row.other_id)) for row in session.exec(into_it.order_by(col(MergeSuggestion.id)))]
    waiting = []
    for row in suggestions_of(session, release.artist_id):
        pair = [kept(session, row.kept_id), kept(session, row.other_id)]
        if release.id in pair:
            pair.remove(release.id)
            waiting.append((row, session.get_one(Release, pair[0])))
    return Merges(joined, waiting)


def _mine(session: Session, suggestion_id: int) -> MergeSuggestion:
    row = session.get(MergeSuggestion, suggestion_id)
    if row is None or row.artist_id != artist_id():
        raise NotFound("There is no such pair.")
    return row


def _pair(session: Session, suggestion: MergeSuggestion) -> Pair:
    sides = [suggestion.kept_id, suggestion.other_id]
    if suggestion.state == "open":  # one of them may have been joined with a third meanwhile
        sides = [kept(session, one) for one in sides]
    return Pair(suggestion, _side(session, sides[0]), _side(session, sides[1]))


def _side(session: Session, release_id: int) -> Side:
    release = session.get_one(Release, release_id)
    cover = session.get(Cover, release.cover_id) if release.cover_id else None
    return Side(release, cover, places_of(session, release_id))
