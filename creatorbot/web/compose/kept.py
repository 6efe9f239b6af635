"""The artist's kept wordings: named, tried on a release while they are typed, and what new announcements begin with."""

from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.announcements.compose import default_wording
from creatorbot.announcements.wordings.brackets import VARIABLES
from creatorbot.announcements.wordings.filters import MEANINGS
from creatorbot.announcements.wordings.kept import forget, get_kept, keep_wording, kept_wordings
from creatorbot.announcements.wordings.trying import Tried, tried
from creatorbot.errors import InvalidInput
from creatorbot.models import KeptWording, Release
from creatorbot.networks import REGISTRY
from creatorbot.releases.queries import releases_of
from creatorbot.web.compose.desk import FRAGMENT
from creatorbot.web.compose.faulty import Faulty, faulty_line
from creatorbot.web.compose.languages import languages_to_choose
from creatorbot.web.here import artist, artist_id, language, may, needs, now, runtime
from creatorbot.web.house.forms import tell
from creatorbot.wording import N_, explain

pages = Blueprint("wordings", __name__)
MOST_RELEASES = 30


@dataclass
class Bench:
    """What the page of one wording is drawn from. release_id: which release it is tried on."""

    row: KeptWording
    releases: list[Release]
    release: Release
    shown: list[Tried] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    faulty: dict[str, Faulty] = field(default_factory=dict)


@pages.get("/wordings")
@needs("viewer")
def listing() -> ResponseReturnValue:
    """All of them."""
    with runtime().reading() as session:
        rows = kept_wordings(session, artist_id())
    return render_template("compose/kept.html", rows=rows, networks=REGISTRY, editable=may("manager"))


@pages.get("/wordings/new")
@needs("manager")
def new() -> ResponseReturnValue:
    """A new one begins with what we propose."""
    with runtime().reading() as session:
        releases = releases_of(session, artist_id())
    release = releases[0] if releases else _sample()
    return _page(KeptWording(artist_id=artist_id(), name="", text=default_wording(artist(), release), changed_at=now()))


@pages.get("/wordings/<int:kept_id>")
@needs("manager")
def one(kept_id: int) -> ResponseReturnValue:
    """One of them, to change."""
    with runtime().reading() as session:
        row = get_kept(session, artist_id(), kept_id)
    return _page(row)


@pages.post("/wordings/preview")
@needs("manager")
def preview() -> ResponseReturnValue:
    """As it reads now; only that for our script, else the whole page. Keeps nothing."""
    return _page(_typed(), fragment=request.headers.get(FRAGMENT) == "previews")


@pages.post("/wordings")
@needs("manager")
def save() -> ResponseReturnValue:
    """Keep it, anew or in place of what it was."""
    row = _typed()
    try:
        with runtime().session() as session:
            keep_wording(session, artist_id(), row, now(), row.id)
    except InvalidInput as error:
        return _page(row, error)
    tell(N_("Kept. New announcements begin with it.") if row.starts else N_("Kept."))
    return redirect("/wordings", 303)


@pages.post("/wordings/<int:kept_id>/forget")
@needs("manager")
def throw_away(kept_id: int) -> ResponseReturnValue:
    """Throw it away."""
    with runtime().session() as session:
        forget(session, artist_id(), kept_id)
    tell(N_("Thrown away. Announcements that were begun with it keep their words."))
    return redirect("/wordings", 303)


def _typed() -> KeptWording:
    form = request.form
    number = form.get("id", "")
    insert = form.get("insert", "")
    return KeptWording(
        id=int(number) if number.isascii() and number.isdigit() and len(number) < 18 else None,
        artist_id=artist_id(),
        name=form.get("name", ""),
        network=form.get("network", ""),
        language=form.get("language", ""),
        text=form.get("wording", "").replace("\r\n", "\n") + insert[:100],
        starts="starts" in form,
        changed_at=now(),
    )


def _page(row: KeptWording, error: InvalidInput | None = None, *, fragment: bool = False) -> ResponseReturnValue:
    with runtime().reading() as session:
        releases = releases_of(session, artist_id())[:MOST_RELEASES]
    wanted = request.form.get("release", "")
    release = next((one for one in releases if str(one.id) == wanted), releases[0] if releases else _sample())
    bench = Bench(row, releases, release)
    if error is not None:
        _note(bench, error)
    try:
        bench.shown = tried(runtime(), artist(), release, row.text, row.network)
    except InvalidInput as wrong:
        _note(bench, wrong)
    if fragment:
        return render_template("compose/kept_preview.html", desk=bench, live=True)
    page = render_template(
        "compose/kept_one.html",
        desk=bench,
        networks=REGISTRY,
        languages=languages_to_choose(artist().language),
        variables=VARIABLES,
        changes=MEANINGS,
        live=False,
    )
    return page, 422 if bench.errors and request.method == "POST" else 200


def _note(bench: Bench, error: InvalidInput) -> None:
    where = error.field or "wording"
    if where not in bench.errors:
        bench.errors[where] = explain(language(), error)
        if found := faulty_line(bench.row.text, error):
            bench.faulty[where] = found


def _sample() -> Release:
    """Something to try it on as long as nothing of the artist's is known."""
    return Release(
        artist_id=artist_id(),
        title="Tall Ships",
        artist_name=artist().name,
        kind="album",
        price_model="pay_what_you_want",
        price_currency=artist().currency,
        licence="CC-BY-SA-4.0",
        tags=["folk", "new wave"],
        tracks=8,
        first_seen_at=now(),
        changed_at=now(),
    )
