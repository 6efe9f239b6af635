"""Posts changed on the practice fediverse: as strict and as forgetful as the real one."""

from .conftest import Client
from .test_posting import picture


def edit(client: Client, number: str, text: str, **more: object) -> int:
    return client.call("PUT", f"/api/v1/statuses/{number}", data={"status": text, **more}).status_code


def shown(client: Client, number: str) -> dict[str, object]:
    found: dict[str, object] = client.call("GET", f"/api/v1/statuses/{number}").json()
    return found


def versions(client: Client, number: str) -> list[str]:
    return [one["content"] for one in client.call("GET", f"/api/v1/statuses/{number}/history").json()]


def test_a_post_gets_new_words_and_keeps_its_first_ones(client: Client) -> None:
    number = client.post("One", language="de").json()["id"]
    assert shown(client, number)["edited_at"] is None
    assert versions(client, number) == ["<p>One</p>"]
    assert edit(client, number, "Two") == 200
    now = shown(client, number)
    assert (now["content"], now["language"], now["edited_at"] is None) == ("<p>Two</p>", "de", False)
    assert versions(client, number) == ["<p>One</p>", "<p>Two</p>"]
    assert client.call("GET", f"/api/v1/statuses/{number}/source").json() == {"id": number, "text": "Two", "spoiler_text": ""}
    assert client.count() == 1


def test_the_same_words_again_are_no_new_version(client: Client) -> None:
    number = client.post("One").json()["id"]
    assert edit(client, number, "One") == 200
    assert shown(client, number)["edited_at"] is None


def test_a_picture_that_is_not_named_again_is_dropped(client: Client) -> None:
    media = client.call("POST", "/api/v2/media", files={"file": picture()}, data={"description": "Teal"}).json()["id"]
    number = client.post("One", **{"media_ids[]": media}).json()["id"]
    assert edit(client, number, "Two", **{"media_ids[]": media}) == 200
    kept = shown(client, number)["media_attachments"]
    assert isinstance(kept, list)
    assert kept[0]["description"] == "Teal"
    assert edit(client, number, "Three") == 200
    assert shown(client, number)["media_attachments"] == []
    last = client.call("GET", f"/api/v1/statuses/{number}/history").json()
    assert [len(one["media_attachments"]) for one in last] == [1, 1, 0]


def test_what_mastodon_refuses_is_refused_and_nothing_changes(client: Client) -> None:
    number = client.post("One").json()["id"]
    assert edit(client, number, "") == 422
    assert edit(client, number, "x" * 501) == 422
    assert edit(client, number, "Two", **{"media_ids[]": "12345"}) == 422
    assert edit(client, "12345", "Two") == 404
    assert shown(client, number)["content"] == "<p>One</p>"
    assert versions(client, number) == ["<p>One</p>"]


def test_nobody_changes_what_is_anothers_or_gone(client: Client) -> None:
    number = client.post("One").json()["id"]
    stranger = Client(client.base)
    assert edit(stranger, number, "Two") == 401
    assert stranger.call("GET", f"/api/v1/statuses/{number}/source").status_code == 401
    client.call("DELETE", f"/api/v1/statuses/{number}")
    assert edit(client, number, "Two") == 404
    assert client.count() == 0


def test_servers_without_changes_and_servers_that_only_say_yes(client: Client) -> None:
    number = client.post("One").json()["id"]
    client.trouble("edits_off")
    assert edit(client, number, "Two") == 404
    client.trouble("edit_ignored")
    assert edit(client, number, "Two") == 200
    assert shown(client, number)["content"] == "<p>One</p>"
