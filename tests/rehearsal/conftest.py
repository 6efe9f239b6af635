"""Both practice servers in a fresh folder, and a connected account on the practice fediverse."""

import base64
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from creatorbot.rehearsal.serve import Practice, start

BACK = "http://127.0.0.1:8080/back"
SCOPES = "read:accounts read:statuses write:statuses write:media"


@dataclass
class Client:
    """A program connected to the practice fediverse, knowing nothing but its public API."""

    base: str
    app: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def register(self, back: str = BACK) -> "Client":
        """Introduce the program, which wants people sent back to `back`."""
        answer = requests.post(
            f"{self.base}/api/v1/apps",
            timeout=5,
            data={"client_name": "Tests", "redirect_uris": back, "scopes": SCOPES, "website": "https://tests.example"},
        )
        answer.raise_for_status()
        self.app = answer.json()
        return self

    def allowed(self, answer: str = "yes", state: str = "kept", **more: str) -> tuple[dict[str, str], str]:
        """What comes back in the address after a person has decided, and the verifier that goes with it."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.app["client_id"],
            "redirect_uri": BACK,
            "scope": SCOPES,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **more,
        }
        shown = requests.get(f"{self.base}/oauth/authorize", params={**asked, "hint": "aoife"}, timeout=5)
        assert shown.status_code == 200, shown.text
        decided = requests.post(
            f"{self.base}/oauth/authorize", data={**asked, "person": "aoife", "answer": answer}, timeout=5, allow_redirects=False
        )
        assert decided.status_code == 302
        assert decided.headers["Location"].startswith(BACK + "?")
        return {name: values[0] for name, values in parse_qs(urlsplit(decided.headers["Location"]).query).items()}, verifier

    def redeem(self, code: str, verifier: str, **other: str) -> requests.Response:
        """Turn a code into a token."""
        return requests.post(
            f"{self.base}/oauth/token",
            timeout=5,
            data={
                "grant_type": "authorization_code",
                "code": code,
                "client_id": self.app["client_id"],
                "client_secret": self.app["client_secret"],
                "redirect_uri": BACK,
                "code_verifier": verifier,
                **other,
            },
        )

    def connect(self) -> "Client":
        """All of it."""
        given, verifier = self.register().allowed()
        self.token = self.redeem(given["code"], verifier).json()["access_token"]
        return self

    def call(self, method: str, path: str, **more: object) -> requests.Response:
        """One request with our token."""
        headers = {"Authorization": f"Bearer {self.token}", **dict(more.pop("headers", {}))}  # type: ignore[call-overload]
        return requests.request(method, self.base + path, headers=headers, timeout=5, allow_redirects=False, **more)  # type: ignore[arg-type]

    def post(self, text: str, key: str = "", **fields: object) -> requests.Response:
        """A post."""
        return self.call("POST", "/api/v1/statuses", data={"status": text, **fields}, headers={"Idempotency-Key": key} if key else {})

    def trouble(self, behaviour: str, times: int = 1, seconds: float | None = None) -> None:
        """Order something to go wrong."""
        requests.post(
            f"{self.base}/practice/faults",
            json={"behaviour": behaviour, "times": times, **({"seconds": seconds} if seconds else {})},
            timeout=5,
        ).raise_for_status()

    def keys(self, mode: str) -> None:
        """Choose how repeated keys are met."""
        requests.post(f"{self.base}/practice/keys", json={"mode": mode}, timeout=5).raise_for_status()

    def count(self) -> int:
        """How many posts really exist."""
        return int(requests.get(f"{self.base}/practice/statuses", timeout=5).json()["count"])


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """Both servers, running."""
    with start(tmp_path / "practice") as running:
        yield running


@pytest.fixture
def client(practice: Practice) -> Client:
    """A connected program."""
    return Client(practice.fediverse_url).connect()
