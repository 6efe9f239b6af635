"""Posters as files. The painters take some 20 MB, so they are loaded when the first poster is asked for, and paint one at a time."""

import importlib
import re
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from flask import Blueprint, request, send_file
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from creatorbot.errors import InvalidInput, NotFound
from creatorbot.links.beyond.heading import link_heading
from creatorbot.links.beyond.typed import get_link
from creatorbot.links.posters.layout import Words
from creatorbot.links.posters.lettering import lettering
from creatorbot.links.posters.papers import FORMATS, SHOWN
from creatorbot.links.posters.words import missing, without_missing, words_of
from creatorbot.models import Artist, Cover, Link, Release
from creatorbot.releases.covers import upload_file
from creatorbot.web.here import artist, artist_id, needs, now, runtime
from creatorbot.web.links.shown import Place, address_of, place
from creatorbot.wording import N_

pages = Blueprint("posters", __name__)

_ONE_AT_A_TIME = Lock()
_PAINTERS = "creatorbot.links.posters.make"
KINDS = {"pdf": "application/pdf", "png": "image/png"}
NAMES: dict[str, str] = {
    "a6.pdf": N_("A6, to print"),
    "four-a6-on-a4.pdf": N_("Four A6 on one sheet of A4"),
    "a4.pdf": N_("A4, to print"),
    "a6.png": N_("A6 as a picture"),
    "a4.png": N_("A4 as a picture"),
}


@dataclass(frozen=True)
class Files:
    """What the link's page offers. names: each file with its words; none while there is no address to print.

    missing: signs no typeface here draws. joined: some of them would be wrong in any.
    """

    names: dict[str, str]
    missing: str
    joined: bool


def files_of(of: Artist, release: Release | None, link: Link, where: Place) -> Files:
    """The files of this poster."""
    if where.to_print is None:
        return Files({}, "", False)
    letters = lettering()
    lacking = missing(letters, words_of(letters, of, release, link, where.to_print))
    return Files(NAMES, lacking, letters.joined(lacking))


@pages.get("/links/<int:link_id>/poster/<name>")
@needs("viewer")
def poster(link_id: int, name: str) -> ResponseReturnValue:
    """One file; "shown.png" is the small one on the page. `without=1` leaves out the signs that cannot be drawn."""
    form = SHOWN if name == "shown.png" else FORMATS.get(name)
    with runtime().reading() as session:
        link = get_link(session, artist_id(), link_id)
        release = session.get(Release, link.release_id) if link.release_id else None
        where = place(session, artist())
        cover = _cover(session, release)
    if form is None or link.kind != "poster":
        raise NotFound("There is no such poster.")
    if where.to_print is None:
        raise InvalidInput("A poster needs the public address first: a code that leads to this computer opens on no phone.")
    words = _words(release, link, where.to_print)
    address = address_of(link, artist(), where.to_print)
    painters = importlib.import_module(_PAINTERS)
    asked = painters.Poster(words, address, artist().accent, artist().language, cover)
    with _ONE_AT_A_TIME:
        body: bytes = painters.make(asked, form, lettering(), now())
    answer = send_file(
        BytesIO(body), mimetype=KINDS[name.rpartition(".")[2]], as_attachment=form is not SHOWN, download_name=_file_name(link, name)
    )
    answer.headers["Cache-Control"] = "no-store"  # the next one may carry another gig
    return answer


def _words(release: Release | None, link: Link, base: str) -> Words:
    letters = lettering()
    words = words_of(letters, artist(), release, link, base)
    return without_missing(letters, words) if request.args.get("without") == "1" else words


def _cover(session: Session, release: Release | None) -> bytes | None:
    cover = session.get(Cover, release.cover_id) if release is not None and release.cover_id else None
    try:
        return upload_file(runtime().covers, cover).read_bytes() if cover is not None else None
    except OSError:
        return None


def _file_name(link: Link, name: str) -> str:
    """In letters every computer takes: "poster-lido-berlin-12-june-2026-a6.pdf"."""
    simple = unicodedata.normalize("NFKD", link_heading(link, "en")).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", simple).strip("-")[:60].strip("-")
    return f"poster-{words or link.code}-{name}"
