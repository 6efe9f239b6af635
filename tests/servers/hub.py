"""A practice hub on loopback: it verifies, signs, repeats, forges, denies, keeps silent, breaks, sends on, or takes its time."""

import hashlib
import hmac
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode

CHALLENGE = "kx3-challenge"


@dataclass
class Subscriber:
    """One callback for one topic, as the hub remembers it."""

    callback: str
    secret: str
    lease: int


@dataclass
class Hub:
    """manner: how it takes a request: verify (answers 202, then asks back), at_once (asks back before it answers), deny, silent
    (202 and nothing more), broken (500), busy (429 with Retry-After), no (400), elsewhere (307 to `other`).
    lease: what it grants, None for what was asked for. told: requests as they came. asked_back: (what it asked, status, body).
    """

    url: str = ""
    manner: str = "verify"
    lease: int | None = None
    other: str = ""
    reason: str = ""
    told: list[dict[str, str]] = field(default_factory=list)
    asked_back: list[tuple[dict[str, str], int, str]] = field(default_factory=list)
    subscribers: dict[tuple[str, str], Subscriber] = field(default_factory=dict)
    _later: list[threading.Thread] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.url.rpartition(":")[2].partition("/")[0])

    def settle(self) -> None:
        """Wait until it has asked back."""
        while self._later:
            self._later.pop().join(10)

    def publish(self, topic: str, body: bytes, *, method: str = "sha256", secret: str | None = None, kind: str = "") -> list[int]:
        """Send this to everybody who asked for the topic; the statuses that came back. secret: to sign with another one; "" for none."""
        statuses = []
        for (wanted, _), one in list(self.subscribers.items()):
            if wanted != topic:
                continue
            headers = {"Content-Type": kind or "application/rss+xml"}
            using = one.secret if secret is None else secret
            if using:
                headers["X-Hub-Signature"] = signed(using, body, method)
            statuses.append(call(one.callback, body, headers)[0])
        return statuses

    def verify(self, form: dict[str, str]) -> None:
        """Ask the callback whether it was really it who asked."""
        mode, callback, topic = form["hub.mode"], form["hub.callback"], form["hub.topic"]
        lease = self.lease if self.lease is not None else int(form.get("hub.lease_seconds", "86400"))
        asked = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": CHALLENGE, "hub.lease_seconds": str(lease)}
        status, body = self.ask_back(callback, asked)
        if not (200 <= status < 300 and body == CHALLENGE):
            return
        if mode == "unsubscribe":
            self.subscribers.pop((topic, callback), None)
        else:
            self.subscribers[topic, callback] = Subscriber(callback, form.get("hub.secret", ""), lease)

    def ask_back(self, callback: str, asked: dict[str, str]) -> tuple[int, str]:
        """One GET to a callback."""
        status, body = call(f"{callback}?{urlencode(asked)}")
        self.asked_back.append((asked, status, body))
        return status, body

    def take(self, form: dict[str, str]) -> tuple[int, dict[str, str]]:
        """Answer one request."""
        self.told.append(form)
        if self.manner in ("broken", "busy", "no"):
            wait = {"Retry-After": "7200"} if self.manner == "busy" else {}
            return {"broken": 500, "busy": 429, "no": 400}[self.manner], wait
        if self.manner == "elsewhere":
            return 307, {"Location": self.other}
        if self.manner == "at_once":
            self.verify(form)
        elif self.manner == "verify":
            self._soon(self.verify, form)
        elif self.manner == "deny":
            asked = {"hub.mode": "denied", "hub.topic": form["hub.topic"], "hub.reason": self.reason}
            self._soon(lambda _form: self.ask_back(form["hub.callback"], asked), form)
        return 202, {}

    def _soon(self, act: object, form: dict[str, str]) -> None:
        thread = threading.Thread(target=act, args=(form,), daemon=True)  # type: ignore[arg-type]
        self._later.append(thread)
        thread.start()


def signed(secret: str, body: bytes, method: str = "sha256") -> str:
    """An X-Hub-Signature."""
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


def call(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and body; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


@contextmanager
def practice_hub() -> Iterator[Hub]:
    """A hub on a free port, gone afterwards."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        """Takes forms."""

        def do_POST(self) -> None:
            """One request."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            status, headers = hub.take(form)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}/hub"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.settle()
        server.shutdown()
        server.server_close()
        thread.join(5)
