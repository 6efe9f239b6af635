"""The kinds of servers that the practice server plays: ids, refusals and habits as a program without our adapter meets them."""

from uuid import UUID

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from creatorbot.rehearsal.fediverse.manners.ids import Ids, number_of, written
from creatorbot.rehearsal.fediverse.manners.table import MANNERS
from tests.rehearsal.conftest import Client

NUMBERS = st.integers(min_value=1, max_value=2**58)


@given(NUMBERS, NUMBERS, st.sampled_from(["number", "flake", "ulid", "uuid"]))
def test_an_id_comes_back_and_keeps_the_order(one: int, other: int, ids: Ids) -> None:
    assert number_of(written(one, ids)) == one
    if ids != "number":
        assert (written(one, ids) < written(other, ids)) == (one < other)


@pytest.mark.parametrize("typed", ["", "x", "-1", "1" * 30, "0" * 25 + "!", "not-a-uuid-at-all-but-of-that-length"])
def test_what_is_no_id_is_none(typed: str) -> None:
    with pytest.raises(ValueError):
        number_of(typed)


def play(client: Client, name: str) -> None:
    requests.post(f"{client.base}/practice/manner", json={"name": name}, timeout=5).raise_for_status()


def test_ids_look_as_they_do_there(client: Client) -> None:
    for name, length in (("gotosocial", 26), ("akkoma", 18), ("hollo", 36)):
        play(client, name)
        made = client.call("POST", "/api/v1/statuses", json={"status": f"out on {name}"}).json()
        assert len(made["id"]) == length
        assert client.call("GET", f"/api/v1/statuses/{made['id']}").json()["id"] == made["id"]
        listed = client.call("GET", f"/api/v1/accounts/{made['account']['id']}/statuses?limit=1").json()
        assert [one["id"] for one in listed] == [made["id"]]
    assert UUID(made["id"])


def test_pixelfed_wants_a_picture_and_says_no_in_its_own_way(client: Client) -> None:
    play(client, "pixelfed")
    answer = client.post("out")
    assert (answer.status_code, answer.json()) == (403, {"message": "Empty statuses are not allowed"})
    assert "error" not in client.call("GET", "/api/v1/statuses/7").json()
    asked = {"client_name": "Tests", "redirect_uris": "http://127.0.0.1:1/back", "scopes": "read:accounts"}
    assert requests.post(f"{client.base}/api/v1/apps", data=asked, timeout=5).status_code == 422


def test_forms_are_read_as_they_are_there(client: Client) -> None:
    play(client, "hollo")
    assert client.post("out", sensitive="0").status_code == 422
    assert client.post("out", **{"media_ids[]": "7"}).json()["media_attachments"] == []
    play(client, "takahe")
    assert client.post("out").json()["content"] == ""
    assert client.call("POST", "/api/v1/statuses", json={"status": "out"}).json()["content"] == "<p>out</p>"


def test_a_warning_is_a_title_on_friendica_unless_a_title_comes_along(client: Client) -> None:
    play(client, "friendica")
    made = client.post("out", spoiler_text="Loud").json()
    assert (made["spoiler_text"], made["content"]) == ("", "<p>Loud</p><p>out</p>")
    made = client.post("out", spoiler_text="Loud", **{"friendica[title]": ""}).json()
    assert (made["spoiler_text"], made["content"]) == ("Loud", "<p>out</p>")
    assert client.call("DELETE", f"/api/v1/statuses/{made['id']}").json() == []
    assert client.call("POST", "/api/v2/media").status_code == 404


def test_a_wrong_permission_is_refused_as_it_is_there(client: Client) -> None:
    for name, code in (("mastodon", 401), ("pleroma", 403), ("takahe", 400)):
        play(client, name)
        answer = requests.get(f"{client.base}/api/v1/accounts/verify_credentials", headers={"Authorization": "Bearer wrong"}, timeout=5)
        assert answer.status_code == code


def test_every_kind_can_be_chosen_on_the_page_and_no_other(client: Client) -> None:
    page = requests.get(f"{client.base}/practice", timeout=5).text
    assert all(f'value="{name}"' in page for name in MANNERS)
    done = requests.post(f"{client.base}/practice/manner", data={"name": "hollo"}, headers={"Accept": "text/html"}, timeout=5)
    assert 'value="hollo" selected' in done.text
    assert requests.get(f"{client.base}/practice/keys", timeout=5).json()["software"] == "hollo"
    assert requests.post(f"{client.base}/practice/manner", json={"name": "myspace"}, timeout=5).status_code == 400
