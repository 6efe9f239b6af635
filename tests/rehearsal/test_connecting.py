"""Registering, authorising and ending a permission at the practice fediverse."""

from pathlib import Path

import pytest
import requests

from creatorbot.rehearsal.serve import Practice, start

from .conftest import BACK, SCOPES, Client


def test_a_code_becomes_a_token_once_and_state_comes_back(practice: Practice) -> None:
    client = Client(practice.fediverse_url).register()
    given, verifier = client.allowed(state="a&b=c")
    assert given["state"] == "a&b=c"
    first = client.redeem(given["code"], verifier)
    assert first.json()["scope"] == SCOPES
    client.token = first.json()["access_token"]
    me = client.call("GET", "/api/v1/accounts/verify_credentials").json()
    assert (me["acct"], me["source"]["privacy"]) == ("aoife", "public")
    again = client.redeem(given["code"], verifier)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("other", [{"code_verifier": "x" * 43}, {"redirect_uri": "http://127.0.0.1:8080/elsewhere"}, {"code": "made-up"}])
def test_a_wrong_verifier_address_or_code_gives_nothing(practice: Practice, other: dict[str, str]) -> None:
    client = Client(practice.fediverse_url).register()
    given, verifier = client.allowed()
    assert client.redeem(other.pop("code", given["code"]), other.pop("code_verifier", verifier), **other).status_code == 400


def test_a_code_is_good_for_ten_minutes(tmp_path: Path) -> None:
    now = [1_800_000_000.0]
    with start(tmp_path, clock=lambda: now[0]) as practice:
        client = Client(practice.fediverse_url).register()
        (fresh, one), (old, two) = client.allowed(), client.allowed()
        now[0] += 599
        assert client.redeem(fresh["code"], one).status_code == 200
        now[0] += 2
        assert client.redeem(old["code"], two).status_code == 400


def test_a_person_can_say_no(practice: Practice) -> None:
    given, _verifier = Client(practice.fediverse_url).register().allowed(answer="no")
    assert (given["error"], given["state"]) == ("access_denied", "kept")


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "http://127.0.0.1:9/evil"},
        {"client_id": "unknown"},
        {"scope": SCOPES + " follow"},
        {"code_challenge_method": "plain"},
    ],
)
def test_a_wrong_question_is_not_sent_anywhere(practice: Practice, wrong: dict[str, str]) -> None:
    app = Client(practice.fediverse_url).register().app
    asked = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": BACK,
        "scope": SCOPES,
        "code_challenge": "x",
        "code_challenge_method": "S256",
        **wrong,
    }
    for method in ("GET", "POST"):
        answer = requests.request(
            method,
            f"{practice.fediverse_url}/oauth/authorize",
            params=asked,
            data={**asked, "answer": "yes"},
            timeout=5,
            allow_redirects=False,
        )
        assert answer.status_code == 400


def test_the_same_person_and_scopes_get_the_same_token_until_it_is_revoked(client: Client) -> None:
    given, verifier = client.allowed()
    assert client.redeem(given["code"], verifier).json()["access_token"] == client.token
    gone = requests.post(f"{client.base}/oauth/revoke", data={**client.app, "token": client.token}, timeout=5)
    assert (gone.status_code, gone.json()) == (200, {})
    answer = client.call("GET", "/api/v1/accounts/verify_credentials")
    assert (answer.status_code, answer.json()["error"]) == (401, "The access token was revoked")
    given, verifier = client.allowed()
    assert client.redeem(given["code"], verifier).json()["access_token"] != client.token


def test_a_wrong_secret_and_a_wrong_token_are_refused_as_mastodon_does(client: Client) -> None:
    given, verifier = client.allowed()
    answer = client.redeem(given["code"], verifier, client_secret="guessed")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    client.token = "guessed"
    assert client.post("hello").json() == {"error": "The access token is invalid"}


def test_scopes_are_kept(practice: Practice) -> None:
    client = Client(practice.fediverse_url).register()
    given, verifier = client.allowed(scope="read:accounts")
    client.token = client.redeem(given["code"], verifier).json()["access_token"]
    assert client.call("GET", "/api/v1/accounts/verify_credentials").status_code == 200
    assert client.post("hello").status_code == 403
    assert client.count() == 0


def test_the_server_describes_itself(practice: Practice) -> None:
    base = practice.fediverse_url
    doors = requests.get(f"{base}/.well-known/oauth-authorization-server", timeout=5).json()
    assert doors["authorization_endpoint"] == f"{base}/oauth/authorize"
    assert doors["code_challenge_methods_supported"] == ["S256"]
    about = requests.get(f"{base}/api/v2/instance/", timeout=5).json()
    assert about["configuration"]["statuses"]["characters_reserved_per_url"] == 23
    assert len(about["rules"]) == 3
    assert requests.get(f"{base}/api/v1/instance", timeout=5).json()["uri"] == "practice.example"
    place = requests.get(f"{base}/.well-known/nodeinfo", timeout=5).json()["links"][0]["href"]
    assert requests.get(place, timeout=5).json()["software"]["name"] == "mastodon"


def test_a_link_keeps_the_prefix_under_which_a_page_is_shown(practice: Practice) -> None:
    html = requests.get(practice.fediverse_url, headers={"X-Forwarded-Prefix": "/rehearsal/fediverse"}, timeout=5).text
    assert 'href="/rehearsal/fediverse/practice"' in html
    assert 'href="/practice"' not in html
    back = requests.post(
        f"{practice.fediverse_url}/practice/keys",
        data={"mode": "same"},
        timeout=5,
        allow_redirects=False,
        headers={"X-Forwarded-Prefix": "/rehearsal/fediverse", "Accept": "text/html"},
    )
    assert back.headers["Location"] == "/rehearsal/fediverse/practice"


def test_a_killed_server_comes_back_as_it_was_on_its_port(tmp_path: Path) -> None:
    with start(tmp_path) as practice:
        client = Client(practice.fediverse_url).connect()
        client.post("still here")
        before = practice.ports
    with start(tmp_path) as practice:
        assert practice.ports == before
        assert client.count() == 1
        assert client.call("GET", "/api/v1/accounts/verify_credentials").status_code == 200
