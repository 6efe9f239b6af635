"""The practice servers' pages under our own address: an iPad cannot open the service's loopback."""

from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, request

from creatorbot.errors import NotAllowed, NotFound, ServiceError
from creatorbot.models import Rehearsal
from creatorbot.security.http import Answer
from creatorbot.web import here
from creatorbot.web.rehearsal import stage

pages = Blueprint("practice", __name__)
_TYPES = ("text/html", "text/css", "text/plain", "image/png", "image/jpeg", "image/webp", "image/svg+xml")
_POLICY = "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


@pages.route("/rehearsal/<any(fediverse, shop, second):place>/", defaults={"path": ""}, methods=["GET", "POST"])
@pages.route("/rehearsal/<any(fediverse, shop, second):place>/<path:path>", methods=["GET", "POST"])
@here.needs("viewer", artist=False)
def show(place: str, path: str) -> Response:
    """Passes one page through. Nothing but the practice servers can be reached this way, and no cookie passes."""
    base = _base(place, "viewer" if request.method in ("GET", "HEAD") else "manager")
    door = here.runtime().door.admitting(frozenset({(stage.HOST, urlsplit(base).port or 0)}))
    address = f"{base}/{quote(path, safe='/@:+~')}" + (f"?{request.query_string.decode('latin-1')}" if request.query_string else "")
    headers = {"X-Forwarded-Prefix": stage.PATHS[place], "Referer": request.referrer or ""}
    if request.method == "POST":
        _own_page_only()
        answer = door.post(address, form=request.form.to_dict(), headers=headers)
    else:
        answer = door.get(address, headers=headers, redirects=0)
    return _passed_on(answer, base, place)


def _base(place: str, needed: str) -> str:
    with here.runtime().reading() as rows:
        if not stage.may_enter(rows, here.person().id or 0, needed):
            raise NotFound("There is no rehearsal of yours.")
        row = rows.get(Rehearsal, 1)
    if row is None or row.state != "running":
        raise ServiceError("The practice servers are not running. Open the rehearsal page and start them.", kind="unreached")
    port = stage.ports(row).get(place)
    if port is None:
        raise NotFound("There is no such practice server.")
    return f"http://{stage.HOST}:{port}"


def _own_page_only() -> None:
    """Their forms carry no secret of ours, so the browser itself has to say that our own page sent this."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "")
    if site != "same-origin" and not (site is None and origin and urlsplit(origin).netloc == request.host):
        raise NotAllowed("That button was not pressed on one of our pages. Nothing was changed.")


def _passed_on(answer: Answer, base: str, place: str) -> Response:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    passed = Response(status=answer.status)
    if kind in _TYPES:
        passed.set_data(answer.body)
        passed.headers["Content-Type"] = answer.headers["content-type"]
    target = answer.headers.get("location", "")
    if target.startswith(base + "/"):
        target = stage.PATHS[place] + target.removeprefix(base)
    if target:
        passed.headers["Location"] = target
    passed.headers["Content-Security-Policy"] = _POLICY
    return passed
