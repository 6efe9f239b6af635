"""What goes wrong on demand at the practice fediverse: what the client sees, and what is really stored."""

import time
from datetime import UTC, datetime

import pytest
import requests

from creatorbot.rehearsal.fediverse.troubles import TABLE

from .conftest import Client


def test_a_lost_answer_leaves_the_post_and_no_byte(client: Client) -> None:
    client.trouble("executed_answer_lost")
    with pytest.raises(requests.ConnectionError):
        client.post("out", key="k")
    assert client.count() == 1
    assert client.post("out", key="k").status_code == 200
    assert client.count() == 1


def test_hanging_up_before_anything_is_done_leaves_nothing(client: Client) -> None:
    client.trouble("answer_lost")
    with pytest.raises(requests.ConnectionError):
        client.post("out")
    assert client.count() == 0


@pytest.mark.parametrize(
    ("behaviour", "code", "stored"),
    [
        ("executed_504", 504, 1),
        ("executed_html_200", 200, 1),
        ("not_executed_503", 503, 0),
        ("cloudflare_520", 520, 0),
        ("html_200", 200, 0),
        ("id_less_200", 200, 0),
        ("empty_list_200", 200, 0),
        ("forbidden_disabled", 403, 0),
        ("rate_limited", 429, 0),
        ("redirect_301", 301, 0),
        ("too_long_422", 422, 0),
        ("vanished", 200, 0),
        ("downgraded", 200, 1),
    ],
)
def test_an_ordered_trouble_strikes_once_and_stores_what_it_says(client: Client, behaviour: str, code: int, stored: int) -> None:
    client.trouble(behaviour)
    answer = client.post("out")
    assert (answer.status_code, client.count()) == (code, stored)
    assert client.post("and again").status_code == 200


def test_what_a_trouble_says(client: Client) -> None:
    client.trouble("rate_limited", seconds=90)
    until = datetime.fromisoformat(client.post("out").headers["X-RateLimit-Reset"])
    assert 30 < (until - datetime.now(UTC)).total_seconds() < 100
    client.trouble("downgraded")
    answer = client.post("out").json()
    assert answer["visibility"] == "unlisted"
    assert client.call("GET", f"/api/v1/statuses/{answer['id']}").json()["visibility"] == "unlisted"
    client.trouble("vanished")
    gone = client.post("out").json()
    assert client.call("GET", f"/api/v1/statuses/{gone['id']}").status_code == 404


def test_a_revoked_permission_stays_revoked(client: Client) -> None:
    client.trouble("revoked")
    for _ in range(2):
        assert client.post("out").status_code == 401


def test_a_slow_answer_comes_after_the_post_is_out(client: Client) -> None:
    client.trouble("executed_slow", seconds=20)
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{client.base}/api/v1/statuses", data={"status": "out"}, headers={"Authorization": f"Bearer {client.token}"}, timeout=(5, 0.3)
        )
    assert client.count() == 1


def test_a_lagging_list_hides_what_is_new(client: Client) -> None:
    me = client.call("GET", "/api/v1/accounts/verify_credentials").json()["id"]
    client.post("out")
    client.trouble("search_lags", seconds=600)
    assert client.call("GET", f"/api/v1/accounts/{me}/statuses").json() == []
    assert len(client.call("GET", f"/api/v1/accounts/{me}/statuses").json()) == 1


def test_a_server_that_is_switched_off_refuses_connections_and_comes_back(client: Client) -> None:
    client.trouble("refused", seconds=0.6)
    refused = 0
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            requests.get(f"{client.base}/api/v2/instance", timeout=2)
            if refused:
                break
        except requests.ConnectionError as why:
            refused += "refused" in str(why).lower()
            time.sleep(0.02)
    assert refused
    assert client.post("back again").status_code == 200


def test_hanging_up_on_everything_until_told_otherwise(client: Client) -> None:
    client.trouble("down", times=0)
    for _ in range(3):
        with pytest.raises(requests.ConnectionError):
            client.call("GET", "/api/v2/instance")
    assert requests.delete(f"{client.base}/practice/faults", timeout=5).json()["faults"] == []
    assert client.call("GET", "/api/v2/instance").status_code == 200


def test_every_trouble_can_be_ordered_from_the_page_and_unknown_ones_not(client: Client) -> None:
    page = requests.get(f"{client.base}/practice", timeout=5).text
    assert all(f'value="{name}"' in page for name in TABLE)
    done = requests.post(
        f"{client.base}/practice/faults", data={"behaviour": "html_200", "times": "2"}, headers={"Accept": "text/html"}, timeout=5
    )
    assert f"Nothing goes out, because: {TABLE['html_200'].words}" in done.text
    assert requests.post(f"{client.base}/practice/faults", json={"behaviour": "earthquake"}, timeout=5).status_code == 400
