"""Where other servers tell us that something is new, and where an artist's own bookmark hands a page over. No cookie, nobody logged in."""

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from creatorbot.errors import InvalidInput, NotAllowed, NotFound
from creatorbot.releases.pushing import handover
from creatorbot.releases.pushing.receive import LARGEST, receive
from creatorbot.releases.pushing.verify import kind_at, verify
from creatorbot.web.here import language, now, open_to_all, runtime
from creatorbot.web.house import errors
from creatorbot.wording import N_, explain, say

pages = Blueprint("pushes", __name__)
# A page sent as a form grows by up to three: every byte that is no letter takes three characters.
LARGEST_FORM = 3 * handover.LARGEST + 10_000
WORKS = N_("This address works. It is for a server that tells us when something is new; there is nothing to see here.")
TOO_LARGE = N_("This page is larger than we take (2 MB). Nothing was stored.")


@pages.get("/push/<public_id>")
@open_to_all
def answer_hub(public_id: str) -> ResponseReturnValue:
    """A hub asks whether it was us; what it gave us to repeat is said back as plain text, and as nothing else."""
    asked = request.args.to_dict()
    with runtime().reading() as session:
        kind = kind_at(session, public_id)
    if kind and "hub.mode" not in asked:
        return Response(say(language(), WORKS) + "\n", mimetype="text/plain")
    try:
        if kind != "websub":
            raise NotFound("There is nothing at this address.")
        with runtime().session() as session:
            return Response(verify(session, public_id, asked, now()), mimetype="text/plain")
    except NotFound:
        return "", 404


@pages.post("/push/<public_id>")
@open_to_all
def take_note(public_id: str) -> ResponseReturnValue:
    """204 once it is on disk; also when nobody we know signed it: whoever forges learns nothing."""
    request.max_content_length = LARGEST  # 413 beyond it, whatever length was announced
    body = request.get_data(cache=False)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        outcome = receive(runtime(), public_id, headers, body, now())
    except NotFound:
        return "", 404
    except InvalidInput as error:
        return Response(explain(language(), error) + "\n", 422, mimetype="text/plain")
    return "", 410 if outcome == "gone" else 204


@pages.post("/hand-over")
@open_to_all
def take_page() -> ResponseReturnValue:
    """Keep what the bookmark sent and lead on to where its artist, logged in, says what to do with it."""
    request.max_content_length = request.max_form_memory_size = LARGEST_FORM
    request.max_form_parts = 20
    try:
        payload = request.form.get("payload", "").encode("utf-8", "replace")
        with runtime().reading() as session:
            artist_id = handover.artist_of(session, request.form.get("secret", ""))
        with runtime().session() as session:
            code = handover.keep(session, artist_id, payload, now())
    except RequestEntityTooLarge:
        return errors.page(413, say(language(), TOO_LARGE))
    except (NotAllowed, InvalidInput) as error:
        return errors.page(errors.status_of(error), explain(language(), error))
    return redirect(f"/connections/sources/hand-over/{code}", 303)
