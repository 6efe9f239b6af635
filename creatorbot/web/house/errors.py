"""From exceptions to pages: what happened, what is safe, one thing to do."""

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from creatorbot.errors import BadSignature, Conflict, CreatorbotError, InvalidInput, NotAllowed, NotFound, ServiceError
from creatorbot.web import here
from creatorbot.wording import N_, explain, say

_log = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[CreatorbotError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (InvalidInput, 422),
    (ServiceError, 502),
    (BadSignature, 400),
)
_TITLES = {
    400: N_("That did not work"),
    403: N_("Not with your role"),
    404: N_("Nothing here"),
    405: N_("Not this way"),
    409: N_("Somebody was quicker"),
    413: N_("That is too big"),
    422: N_("Something is missing"),
    502: N_("The other side did not answer"),
}
_SENTENCES = {
    403: N_("You may not open this page. Nothing was changed."),
    404: N_("There is nothing at this address, or it belongs to another artist. Nothing is lost."),
    405: N_("This address is used by a button, not by a link. Nothing was changed. Go back and press the button."),
    413: N_("What you sent is larger than we take (12 MB). Nothing was stored. Try a smaller file."),
}
FAILED = N_("Something went wrong on our side, and it was noted. What you had saved is safe. Try again in a moment.")
UNREADABLE = N_("We could not read that request. Nothing was changed. Go back and try again.")
OLD_FORM = N_(
    "This page was open for too long, or a cookie was blocked, so we did not take what you sent. "
    "Nothing was changed. Go back, reload the page and press again."
)


def status_of(error: CreatorbotError) -> int:
    """The HTTP status that goes with this error."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def page(status: int, sentence: str) -> Response:
    """The page that says so; plain text for machines. sentence: already in the reader's language."""
    if request.path.startswith(("/hooks/", "/push/")):
        return Response(sentence + "\n", status, mimetype="text/plain")
    title = say(here.language(), _TITLES.get(status, N_("That did not work")))
    member = not here.is_public() and here.present() is not None
    return make_response(render_template("errors/sentence.html", title=title, sentence=sentence, status=status, member=member), status)


def install(app: Flask) -> None:
    """Every error becomes a page in the house style."""

    @app.errorhandler(CreatorbotError)
    def on_purpose(error: CreatorbotError) -> Response:
        return page(status_of(error), explain(here.language(), error))

    @app.errorhandler(CSRFError)
    def old_form(_error: CSRFError) -> Response:
        return page(400, say(here.language(), OLD_FORM))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        if status < 400:
            return Response(response=error.get_response().response, status=status, headers=error.get_response().headers)
        answer = page(status, say(here.language(), _SENTENCES.get(status, FAILED if status >= 500 else UNREADABLE)))
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                answer.headers[name] = value
        return answer

    @app.errorhandler(Exception)
    def by_accident(error: Exception) -> Response:
        _log.error("a page failed: %s %s", request.method, request.endpoint, exc_info=error)
        try:
            return page(500, say(here.language(), FAILED))
        except Exception:  # the page itself may need what is broken
            _log.exception("the page for a failure failed")
            return Response(FAILED + "\n", 500, mimetype="text/plain")
