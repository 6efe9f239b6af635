"""Posts on the practice fediverse: what is accepted, refused, listed, and what a repeated key does."""

import io

import pytest
from PIL import Image

from creatorbot.rehearsal.fediverse.text import as_html, graphemes, length, links, tags

from .conftest import Client


def picture(width: int = 60) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, 40), "teal").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("hello", 5),
        ("http://127.0.0.1:3000/health", 28),
        ("https://very.long.tld.example.museum/collection/item", 23),
        ("http://user:pass@example.com:8080/path", 38),
        ("(see https://example.com.)", 30),
        ("@bob@example.com", 4),
        ("hi @charlie and @dora@example.social!", 22),
        ("ftp://files.example.net/resource", 32),
        ("a\r\nb", 3),
        ("family: \U0001f468\u200d\U0001f469\u200d\U0001f467", 9),
        ("flags \U0001f1ee\U0001f1ea\U0001f1ee\U0001f1ea", 8),
        ("e\u0301", 1),
        ("fist \u270a\U0001f3ff", 6),
    ],
)
def test_length_is_counted_as_mastodon_counts(text: str, expected: int) -> None:
    assert length(text) == expected


def test_graphemes_of_an_empty_text() -> None:
    assert (graphemes(""), length("abc", "warning")) == (0, 10)


def test_a_text_becomes_paragraphs_links_and_tags() -> None:
    html = as_html("Tall Ships & <b>more</b>\nhttp://127.0.0.1:1/l/abc?x=1&y=2.\n\n#TallShips", "http://base")
    assert html.startswith(
        '<p>Tall Ships &amp; &lt;b&gt;more&lt;/b&gt;<br /><a href="http://127.0.0.1:1/l/abc?x=1&amp;y=2" target="_blank" '
        'rel="nofollow noopener"'
    )
    assert html.endswith(
        '</a>.</p><p><a href="http://base/tags/TallShips" class="mention hashtag" rel="tag">#<span>TallShips</span></a></p>'
    )
    assert links("at http://127.0.0.1:1/l/abc.") == ["http://127.0.0.1:1/l/abc"]
    assert tags("#One and #one2, not(#three) nor http://x.example/#four #123") == ["One", "one2"]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_post_is_stored_as_asked(client: Client, as_json: bool) -> None:
    fields = {"status": "Out now http://127.0.0.1:9/l/abc", "visibility": "unlisted", "spoiler_text": "music", "language": "ga"}
    answer = client.call("POST", "/api/v1/statuses", **({"json": fields} if as_json else {"data": fields})).json()
    assert isinstance(answer["id"], str)
    assert (answer["visibility"], answer["spoiler_text"], answer["language"]) == ("unlisted", "music", "ga")
    assert answer["application"]["name"] == "Tests"
    assert 'href="http://127.0.0.1:9/l/abc"' in answer["content"]
    assert answer["url"] == f"{client.base}/@aoife/{answer['id']}"
    assert client.call("GET", f"/api/v1/statuses/{answer['id']}").json()["id"] == answer["id"]
    assert client.call("GET", answer["url"].removeprefix(client.base)).status_code == 200


def test_pictures_need_to_be_pictures_and_keep_their_description(client: Client) -> None:
    refused = client.call("POST", "/api/v2/media", files={"file": ("cover.jpg", b"<html>not a picture</html>", "image/jpeg")})
    assert refused.status_code == 422
    made = client.call(
        "POST", "/api/v2/media", files={"file": ("cover.jpg", picture(), "image/jpeg")}, data={"description": "Two ships"}
    ).json()
    assert made["meta"]["original"]["width"] == 60
    assert client.call("GET", f"/api/v1/media/{made['id']}").json()["description"] == "Two ships"
    answer = client.call("POST", "/api/v1/statuses", data={"status": "Look", "media_ids[]": [made["id"]]}).json()
    assert [one["description"] for one in answer["media_attachments"]] == ["Two ships"]
    assert client.call("GET", f"/media/{made['id']}").content == picture()
    assert client.call("GET", f"/api/v1/media/{made['id']}").status_code == 404
    again = client.call("POST", "/api/v1/statuses", data={"status": "Again", "media_ids[]": [made["id"]]})
    assert (again.status_code, client.count()) == (422, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": ""},
        {"status": "x" * 501},
        {"status": "x", "visibility": "secret"},
        {"status": "x", "language": "gaelic"},
        {"status": "x" * 490, "spoiler_text": "y" * 11},
        {"status": "x", "media_ids[]": "12345"},
    ],
)
def test_what_mastodon_would_not_take_is_refused_and_not_stored(client: Client, fields: dict[str, str]) -> None:
    answer = client.call("POST", "/api/v1/statuses", data=fields)
    assert answer.status_code == 422
    assert answer.json()["error"]
    assert client.count() == 0


def test_own_posts_are_listed_newest_first_in_pages_and_private_ones_only_for_their_author(client: Client) -> None:
    ids = [client.post(f"post {number}", visibility="private" if number == 2 else "public").json()["id"] for number in range(5)]
    me = client.call("GET", "/api/v1/accounts/verify_credentials").json()["id"]
    path = f"/api/v1/accounts/{me}/statuses"

    def listed(query: str = "") -> list[str]:
        return [one["id"] for one in client.call("GET", f"{path}?{query}").json()]

    assert listed() == ids[::-1]
    assert listed("limit=2") == ids[:2:-1]
    assert listed(f"limit=2&max_id={ids[3]}") == [ids[2], ids[1]]
    assert listed(f"limit=2&min_id={ids[0]}") == [ids[2], ids[1]]
    assert listed(f"limit=2&since_id={ids[0]}") == [ids[4], ids[3]]
    boost = client.call("POST", f"/api/v1/statuses/{ids[0]}/reblog").json()
    assert boost["reblog"]["id"] == ids[0]
    assert client.call("POST", f"/api/v1/statuses/{ids[0]}/reblog").json()["id"] == boost["id"]
    assert listed()[0] == boost["id"]
    assert listed("exclude_reblogs=1") == ids[::-1]
    client.token = ""
    assert ids[2] not in [one["id"] for one in client.call("GET", path, headers={"Authorization": ""}).json()]


def test_a_deleted_post_is_gone_and_gives_its_text_back(client: Client) -> None:
    number = client.post("plain text").json()["id"]
    assert client.call("DELETE", f"/api/v1/statuses/{number}").json()["text"] == "plain text"
    assert client.call("GET", f"/api/v1/statuses/{number}").status_code == 404
    assert client.count() == 0


@pytest.mark.parametrize(
    ("mode", "code", "count"), [("same", 200, 1), ("ignored", 200, 2), ("refused400", 400, 1), ("error500", 500, 1), ("replay", 200, 1)]
)
def test_a_repeated_key_is_met_as_chosen(client: Client, mode: str, code: int, count: int) -> None:
    client.keys(mode)
    first = client.post("hello", key="one")
    second = client.post("hello", key="one")
    assert (first.status_code, second.status_code, client.count()) == (200, code, count)
    if mode in ("same", "replay"):
        assert second.json()["id"] == first.json()["id"]
    assert client.post("hello", key="two").status_code == 200
    assert client.count() == count + 1


def test_pixelfed_burns_a_key_even_when_it_refuses_the_post_and_akkoma_repeats_its_refusal(client: Client) -> None:
    client.keys("refused400")
    assert client.post("x" * 600, key="burnt").status_code == 422
    assert client.post("short", key="burnt").status_code == 400
    client.keys("replay")
    assert client.post("x" * 600, key="again").status_code == 422
    answer = client.post("short", key="again")
    assert (answer.status_code, answer.headers["idempotent-replayed"], client.count()) == (422, "true", 0)
    client.keys("same")
    assert client.post("x" * 600, key="third").status_code == 422
    assert client.post("short", key="third").status_code == 200
