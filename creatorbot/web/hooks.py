"""Where payment services send their notices: the raw body goes to the ledger, which checks it and keeps it once."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from creatorbot.errors import BadSignature, NotFound
from creatorbot.ledger.receive import receive
from creatorbot.web.here import now, open_to_all, runtime

pages = Blueprint("hooks", __name__)
LARGEST = 1024 * 1024


@pages.post("/hooks/<provider>/<public_id>")
@open_to_all
def notice(provider: str, public_id: str) -> ResponseReturnValue:
    """The status the service waits for (204, or 200) once it is stored, also when it was before.

    No cookie, no form key: the signature on or in the body is the proof.
    """
    request.max_content_length = LARGEST  # 413 beyond it, whatever length was announced
    body = request.get_data(cache=False)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        taken = receive(runtime(), provider, public_id, headers, body, now())
    except BadSignature:
        return "", 400  # says nothing more: whoever forges learns nothing
    except NotFound:
        return "", 404
    return "", taken
