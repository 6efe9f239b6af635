"""A Mastodon server made of recorded answers: each request gets a body that a real server once gave, with only its own words put in."""

import copy
import html
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from threading import Event
from urllib.parse import parse_qs

from tests.servers.scripted import Asked, Reply, Scripted, data, scripted

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "fediverse" / "mastodon"
Body = dict[str, object]


def recorded(name: str, method: str, path: str) -> tuple[int, Body]:
    """Status and body of the first recorded answer to a request whose path begins so."""
    for one in json.loads((DATA / name).read_text()):
        asked, answered = one["request"], one["response"]
        if asked["method"] == method and asked["uri"].split("/", 3)[-1].startswith(path):
            return answered["status"]["code"], answered["body"]
    raise LookupError(f"{method} {path} in {name}")


class Replayed:
    """What one such server remembers: its statuses."""

    def __init__(self, server: Scripted) -> None:
        self.server, self.statuses, self.number = server, list[Body](), 117020585907693810
        self.me = recorded("recorded/account.json", "GET", "api/v1/accounts/verify_credentials")[1]
        token = json.loads((DATA / "bigbone/access_token.json").read_text())
        server.on("GET", "/api/v2/instance", self._same("recorded/instance.json", "GET", "api/v2/instance"))
        server.on("GET", "/.well-known/nodeinfo", self._same("recorded/nodeinfo.json", "GET", ".well-known/nodeinfo"))
        server.on("GET", "/nodeinfo/2.0", self._same("recorded/nodeinfo.json", "GET", "nodeinfo/2.0"))
        server.on("GET", "/.well-known/oauth-authorization-server", self._same("recorded/log_in_password.json", "GET", ".well-known/oauth"))
        server.on("POST", "/api/v1/apps", self._same("recorded/app_account_create_invalid.json", "POST", "api/v1/apps"))
        server.on("POST", "/oauth/token", self._token(token))
        server.on("GET", "/api/v1/accounts/verify_credentials", self._as_me(lambda asked: (200, self.me)))
        server.on("GET", f"/api/v1/accounts/{self.me['id']}/statuses", self._as_me(self._list))
        server.on("POST", "/api/v1/statuses", self._as_me(self._post))
        waiting, ready = (recorded("recorded/media_post_False.json", *what) for what in (("POST", "api/v2/media"), ("GET", "api/v1/media")))
        server.on("POST", "/api/v2/media", self._as_me(lambda asked: waiting))
        server.on("GET", f"/api/v1/media/{ready[1]['id']}", self._as_me(lambda asked: ready))
        server.on("GET", "/api/v1/statuses/99999999", self._same("recorded/status_missing.json", "GET", "api/v1/statuses/0"))

    def _same(self, name: str, method: str, path: str) -> Reply:
        """The recorded answer, at this server's address."""
        status, body = recorded(name, method, path)
        return data(json.loads(json.dumps(body).replace("http://localhost:3000", self.server.url)), status)

    def _as_me(self, answer: "object") -> Reply:
        """Only with the right token; else the recorded refusal."""
        refusal = recorded("recorded/revoke.json", "POST", "api/v1/statuses")

        def reply(connection: socket, asked: Asked, closing: Event) -> None:
            mine = asked.headers.get("authorization") == "Bearer test"
            status, body = answer(asked) if mine else refusal  # type: ignore[operator]
            data(body, status)(connection, asked, closing)

        return reply

    def _token(self, token: Body) -> Reply:
        used: set[str] = set()
        refusal = recorded("recorded/log_in_password_incorrect.json", "POST", "oauth/token")

        def reply(connection: socket, asked: Asked, closing: Event) -> None:
            code = asked.form["code"][0]
            good = code.startswith("code-") and code not in used
            used.add(code)
            data(token if good else refusal[1], 200 if good else refusal[0])(connection, asked, closing)

        return reply

    def _post(self, asked: Asked) -> tuple[int, object]:
        """The recorded status with this one's words, as the server would have written them."""
        form = parse_qs(asked.body.decode())
        pictures = "media_ids[]" in form
        source = "recorded/media_post_False.json" if pictures else "recorded/status_post_None-unlisted.json"
        made = copy.deepcopy(recorded(source, "POST", "api/v1/statuses")[1])
        self.number += 1
        made |= _told(form) | {
            "id": str(self.number),
            "visibility": form["visibility"][0],
            "in_reply_to_id": form.get("in_reply_to_id", [None])[0],
            "created_at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        self.statuses.insert(0, made)
        self.server.on("GET", f"/api/v1/statuses/{self.number}", self._as_me(lambda asked: (200, made)))
        self.server.on("PUT", f"/api/v1/statuses/{self.number}", self._as_me(lambda asked: self._change(made, asked)))
        return 200, made

    def _change(self, made: Body, asked: Asked) -> tuple[int, object]:
        """The words and the warning of a status; its pictures go when they are not named."""
        form = parse_qs(asked.body.decode())
        named = form.get("media_ids[]", [])
        kept = [one for one in made["media_attachments"] if one["id"] in named]  # type: ignore[attr-defined]
        made |= _told(form) | {"media_attachments": kept}
        return 200, made

    def _list(self, asked: Asked) -> tuple[int, object]:
        before = int(asked.query.get("max_id", [str(10**20)])[0])
        return 200, [one for one in self.statuses if int(str(one["id"])) < before][:40]


def _told(form: dict[str, list[str]]) -> Body:
    """What a status says, as the server would have written it."""
    words = [html.escape(one, quote=False) for one in form["status"][0].split("\n\n")]
    content = "".join(f'<p><a href="{one}">{one}</a></p>' if one.startswith("https://") else f"<p>{one}</p>" for one in words)
    return {"content": content, "spoiler_text": form.get("spoiler_text", [""])[0]}


@contextmanager
def replayed_mastodon() -> Iterator[Scripted]:
    """A server of recorded answers, while it runs."""
    with scripted() as server:
        Replayed(server)
        yield server
