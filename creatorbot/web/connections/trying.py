"""“Try now”: a look while somebody watches. Without scripts the page waits for it; with them its steps are told as they happen."""

from collections.abc import Iterator
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread

from flask import Blueprint, Response, redirect, request, stream_with_context
from flask.typing import ResponseReturnValue

from creatorbot.models import Fetch, Source
from creatorbot.releases.holding import held_in
from creatorbot.releases.poll import poll_source
from creatorbot.releases.queries import fetches_of, get_source
from creatorbot.runtime import Runtime
from creatorbot.web import here
from creatorbot.web.connections.watched import pace, words
from creatorbot.web.connections.watched.handed import host_of
from creatorbot.web.connections.watched.steps import Telling
from creatorbot.web.house import forms, showing
from creatorbot.wording import N_, say

pages = Blueprint("trying", __name__)
FRAGMENT = "X-Fragment"
# So many looks at once in one process: the others are told to wait a little, and the pages go on answering.
WATCHED = BoundedSemaphore(2)
PATIENCE_S = 120.0
TOO_MANY = N_("Other looks are still under way. Try again in a moment; by itself it is looked at anyway.")
ANOTHER = N_("Somebody is looking there just now. What they find will be shown here.")


@pages.post("/connections/sources/<int:source_id>/look")
@here.needs("manager")
def look(source_id: int) -> ResponseReturnValue:
    """Looks now. Lines of text, one a step, when a script asks; the page again otherwise."""
    with here.runtime().reading() as rows:
        get_source(rows, here.artist_id(), source_id)
        before = _last(fetches_of(rows, source_id))
    if FRAGMENT in request.headers:
        lines = stream_with_context(_lines(source_id, before))
        return Response(lines, mimetype="text/plain", headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"})
    kind, sentence = _wait(source_id, before)
    forms.tell(sentence, kind)
    return redirect(f"/connections/sources/{source_id}", 303)


def _wait(source_id: int, before: int) -> tuple[str, str]:
    if not WATCHED.acquire(blocking=False):
        return "warn", TOO_MANY
    try:
        poll_source(here.runtime(), source_id, here.now(), how="asked")
    finally:
        WATCHED.release()
    return _outcome(source_id, before)[-1]


def _lines(source_id: int, before: int) -> Iterator[str]:
    """A step a line: its kind (now, good, warn, bad), a tab, its sentence."""
    if not WATCHED.acquire(blocking=False):
        yield _line("warn", say(here.language(), TOO_MANY))
        return
    told: SimpleQueue[tuple[str, str] | None] = SimpleQueue()
    Thread(target=_look, args=(here.runtime(), source_id, here.language(), told), daemon=True).start()
    while (step := _next(told)) is not None:
        yield _line(*step)
    for step in _outcome(source_id, before):
        yield _line(*step)


def _next(told: SimpleQueue[tuple[str, str] | None]) -> tuple[str, str] | None:
    try:
        return told.get(timeout=PATIENCE_S)
    except Empty:
        return None


def _look(runtime: Runtime, source_id: int, language: str, told: SimpleQueue[tuple[str, str] | None]) -> None:
    """In a thread of its own: a reader who goes away does not break it off."""
    try:
        telling = Telling.of(runtime.door, lambda kind, message, values: told.put((kind, say(language, message, values))))
        poll_source(replace(runtime, door=telling), source_id, runtime.clock(), how="asked")
    finally:
        WATCHED.release()
        told.put(None)


def _outcome(source_id: int, before: int) -> list[tuple[str, str]]:
    """What the look left in its row, in sentences."""
    with here.runtime().reading() as rows:
        source, fetches = get_source(rows, here.artist_id(), source_id), fetches_of(rows, source_id)
        held = held_in(rows, source_id)
    if _last(fetches) == before:
        return [("warn", say(here.language(), ANOTHER))]
    return _sentences(source, fetches[0], sum(item.first_seen_at >= fetches[0].at for item in held))


def _sentences(source: Source, fetch: Fetch, held: int) -> list[tuple[str, str]]:
    """held: how many of those that were found wait for the artist's answer."""
    language = here.language()
    if fetch.outcome in ("failed", "robot_check"):
        lead = fetch.sentence or source.sentence or words.LEADS.get(source.state, "")
        return [("bad" if fetch.outcome == "failed" else "warn", say(language, lead))]
    said = []
    if fetch.status:
        values = {"host": host_of(source.address), "time": pace.took(fetch.milliseconds), "size": pace.size(fetch.bytes)}
        said.append(("good", say(language, N_("%(host)s answered after %(time)s with %(size)s."), values)))
    if fetch.outcome == "unchanged" and not fetch.found:
        return [*said, ("good", say(language, N_("Nothing has changed there since the last look.")))]
    found = showing.ngettext("We read it: one release is listed.", "We read it: %(num)s releases are listed.", fetch.found)
    said.append(("good", found % {"num": fetch.found}))
    if not fetch.fresh:
        return [*said, ("good", say(language, N_("Nothing of it is new.")))]
    if held:
        asked = showing.ngettext("One of them waits for your answer.", "%(num)s of them wait for your answer.", held)
        return [*said, ("warn", asked % {"num": held})]
    fresh = showing.ngettext("One of them is new.", "%(num)s of them are new.", fetch.fresh)
    return [*said, ("good", fresh % {"num": fetch.fresh})]


def _line(kind: str, sentence: str) -> str:
    return f"{kind}\t{' '.join(sentence.split())}\n"


def _last(fetches: list[Fetch]) -> int:
    return fetches[0].id or 0 if fetches else 0
