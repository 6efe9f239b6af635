"""Behind a web server set up as the document says: the visitor's address, name and https arrive, and nothing a visitor made up."""

import json
import re
from dataclasses import replace
from http.client import HTTPConnection
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from creatorbot.runtime import Runtime
from creatorbot.web import LARGEST_FORM
from creatorbot.web.frontdoor import FrontDoor
from tests.servers.front import KINDS, in_front_of, lines_for
from tests.web.conftest import House

VISITOR = "203.0.113.7"
FORGED = [
    ("X-Forwarded-For", "6.6.6.6"),
    ("X-Forwarded_For", "6.6.6.7"),
    ("X_Forwarded_For", "6.6.6.8"),
    ("X-Forwarded-Proto", "http"),
    ("X-Forwarded-Host", "evil.example"),
    ("Forwarded", "for=6.6.6.9;host=evil.example"),
]


def telling(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """An application that says what it believes of a request."""
    body = json.dumps([environ["REMOTE_ADDR"], environ["wsgi.url_scheme"], environ["HTTP_HOST"]]).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def asked(port: int, path: str, *fields: tuple[str, str], host: str = "music.example.org") -> tuple[int, bytes, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    for name, value in (("Host", host), *fields):
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.read(), answer.getheader("Location") or ""
    connection.close()
    return found


@pytest.fixture
def behind(runtime: Runtime) -> Runtime:
    return replace(runtime, settings=runtime.settings.model_copy(update={"behind_https": True}))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_true_arrives_and_what_is_forged_does_not(behind: Runtime, kind: str) -> None:
    with in_front_of(FrontDoor(telling, behind), kind, VISITOR) as port:
        for fields in ([], FORGED):
            assert json.loads(asked(port, "/x", *fields)[1]) == [VISITOR, "https", "music.example.org"]


@pytest.mark.parametrize(
    ("kind", "without", "lost"),
    [
        ("Caddy", "request_header", VISITOR),
        ("Apache", "unset", VISITOR),
        ("nginx", "X-Forwarded-For", VISITOR),
        ("nginx", "Host $", "music.example.org"),
    ],
)
def test_each_line_of_the_document_is_needed(behind: Runtime, kind: str, without: str, lost: str) -> None:
    with in_front_of(FrontDoor(telling, behind), kind, VISITOR, without=without) as port:
        assert lost not in json.loads(asked(port, "/x", *FORGED)[1])


def test_without_the_name_apaches_second_header_is_read(behind: Runtime) -> None:
    with in_front_of(FrontDoor(telling, behind), "Apache", VISITOR, without="ProxyPreserveHost") as port:
        assert json.loads(asked(port, "/x")[1]) == [VISITOR, "https", "music.example.org"]


@pytest.mark.parametrize("kind", KINDS)
def test_members_pages_and_links_behind_it(house: House, behind: Runtime, kind: str) -> None:
    house.app.extensions["creatorbot"] = replace(
        behind, settings=behind.settings.model_copy(update={"public_url": "https://music.example.org"})
    )
    with in_front_of(FrontDoor(house.app, behind), kind, VISITOR) as port:
        assert asked(port, "/login")[0] == 200
        assert asked(port, "/settings")[::2] == (303, "/login?next=/settings")
        assert asked(port, "/login", host="evil.example")[0] == 421
        assert asked(port, "/login", ("X-Forwarded-Host", "evil.example"))[0] == 200
        assert asked(port, "/l/nothing", host="old.example.net")[0] == 404


def test_the_documents_sizes_let_a_cover_through() -> None:
    nginx = next(re.fullmatch(r"client_max_body_size (\d+)m", line) for line in lines_for("nginx") if "body_size" in line)
    apache = next(re.fullmatch(r"LimitRequestBody (\d+)", line) for line in lines_for("Apache") if "RequestBody" in line)
    assert nginx
    assert apache
    assert int(nginx[1]) * 1024 * 1024 == int(apache[1]) > LARGEST_FORM
