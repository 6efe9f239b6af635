"""Posting to Mastodon when things go wrong: what is certain not to have happened, what may have, and what came back different."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from creatorbot.errors import ServiceError
from creatorbot.networks.base import Draft, Picture, Published
from creatorbot.security.http import Door
from tests.networks.mastodon_answers import HTTPDATE, MARKER, MEDIA, STATUSES, VERIFY, Meeting, linked, status
from tests.servers.scripted import Reply, answer, data, drip, flood, moved, page, raw, reset, silence

DRAFT = Draft(text=f"Out now: Tall Ships\n\n{MARKER}", marker=MARKER, language="en")
WITH_PICTURE = replace(DRAFT, picture=Picture(b"\xff\xd8 a picture", "image/jpeg", "A tall ship"))


def publish(met: Meeting, draft: Draft = DRAFT, software: str = "mastodon") -> Published:
    return met.network.publish(draft, met.account(software), key="key-1", door=met.door)


def failure(met: Meeting, draft: Draft = DRAFT, software: str = "mastodon") -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        publish(met, draft, software)
    assert "%(" not in str(caught.value)
    return caught.value


def test_a_post_carries_all_that_was_asked(met: Meeting) -> None:
    met.server.on("POST", STATUSES, data(status(visibility="unlisted", spoiler_text="Loud")))
    made = publish(met, replace(DRAFT, visibility="unlisted", content_warning="Loud"))
    assert made.remote_id == "42"
    assert made.url == "https://social.example/@alice/42"
    assert made.differs == ()
    sent = met.server.asked[0]
    assert sent.headers["idempotency-key"] == "key-1"
    assert sent.headers["authorization"] == "Bearer a-token"
    assert sent.headers["user-agent"].startswith("creatorbot/")
    assert sent.form == {"status": [DRAFT.text], "visibility": ["unlisted"], "spoiler_text": ["Loud"], "language": ["en"]}
    assert len(met.server.asked) == 1


@pytest.mark.parametrize("number", ["9f3kX2Flake0001", "01HXYZULID00000000000000AB", "018f0a1b-7c9d-7def-8123-456789abcdef"])
def test_ids_of_any_shape_come_through(met: Meeting, number: str) -> None:
    met.server.on("POST", STATUSES, data(status(number)))
    assert publish(met).remote_id == number


UNKNOWN: dict[str, Reply] = {
    "answer too late": silence(),
    "reset after the request": reset(),
    "closed after the request": raw(b""),
    "cut in the middle": raw(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"id": "42"'),
    "slow drip": drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b" " * 500),
    "100 MB": flood(100),
    "200 with HTML": page(),
    "200 and nothing": answer(200),
    "200 with an error": data({"error": "something"}),
    "200 with a list": data([]),
    "200 with null": data(None),
    "200 without id": data({"content": "<p>x</p>"}),
    "200 with an empty id": data(status("")),
    "408 of a proxy": page(408),
    "500": data({"error": "An unexpected error occurred"}, 500),
    "502 HTML": page(502),
    "503": data({"error": "There was a temporary problem"}, 503),
    "504 HTML": page(504),
    "520 of Cloudflare": page(520),
    "530 of Cloudflare": page(530),
    "200 with an odd rate limit": data(status(), 200, {"X-RateLimit-Reset": "soon"}),
}


@pytest.mark.parametrize("reply", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_may_have_happened_is_unknown_and_sent_once(met: Meeting, reply: Reply) -> None:
    met.server.on("POST", STATUSES, reply)
    assert failure(met).kind == "unknown"
    assert met.server.times("POST", STATUSES) == 1


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (data({"error": "Validation failed: Text character limit of 500 exceeded"}, 422), "refused", "character limit of 500"),
        (data({"error": "Duplicate idempotency key."}, 400), "refused", "Duplicate"),
        (data({"error": "This action is not allowed"}, 403), "refused", "not allowed"),
        (page(403), "refused", "code 403"),
        (page(404), "refused", "did not accept"),
        (page(413), "refused", "too large"),
        (data({"error": "Gone"}, 410), "refused", "Gone"),
        (data({"error": "The access token is invalid"}, 401), "revoked", "connect the account again"),
        (data({"error": "The access token was revoked"}, 401), "revoked", "connect the account again"),
        (data({"error": "Your login is currently disabled"}, 403), "revoked", "locked this account"),
        (data({"error": "This action is outside the authorized scopes"}, 403), "revoked", "connect the account again"),
        (moved("https://www.social.example/api/v1/statuses", 301), "refused", "another address"),
        (moved("https://elsewhere.example/api/v1/statuses", 308), "refused", "another address"),
    ],
)
def test_a_clear_no_is_certain(met: Meeting, reply: Reply, kind: str, words: str) -> None:
    met.server.on("POST", STATUSES, reply)
    error = failure(met)
    assert (error.kind, words in str(error)) == (kind, True)
    assert len(met.server.asked) == 1


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({}, 300, 300),
        ({"X-RateLimit-Reset": "2001-01-01T00:00:00.123456Z"}, 300, 300),
        ({"X-RateLimit-Reset": "soon"}, 300, 300),
        ({"Retry-After": "30"}, 30, 30),
        ({"Retry-After": "99999999"}, 86400, 86400),
    ],
)
def test_a_busy_server_says_when_to_come_back(met: Meeting, headers: dict[str, str], least: float, most: float) -> None:
    met.server.on("POST", STATUSES, data({"error": "Too many requests"}, 429, headers))
    error = failure(met)
    assert error.kind == "busy"
    assert error.retry_after is not None
    assert least <= error.retry_after <= most


@pytest.mark.parametrize("written", [lambda at: at.isoformat(), lambda at: str(int(at.timestamp()))])
def test_a_busy_server_says_until_when(met: Meeting, written: Callable[[datetime], str]) -> None:
    until = {"X-RateLimit-Reset": written(datetime.now(UTC) + timedelta(minutes=50))}
    met.server.on("POST", STATUSES, data({"error": "Too many requests"}, 429, until))
    error = failure(met)
    assert error.retry_after is not None
    assert 2800 <= error.retry_after <= 3000


def test_a_wrong_clock_in_the_answer_does_no_harm(met: Meeting) -> None:
    wrong = (datetime.now(UTC) - timedelta(minutes=40)).strftime(HTTPDATE)
    met.server.on("POST", STATUSES, data(status(), 200, {"Date": wrong}))
    assert publish(met).remote_id == "42"


def test_nobody_there_is_unreached(met: Meeting) -> None:
    account = replace(met.account(), base_url="https://nowhere.invalid")
    with pytest.raises(ServiceError) as caught:
        met.network.publish(DRAFT, account, key="k", door=met.door)
    assert caught.value.kind == "unreached"
    with pytest.raises(ServiceError) as caught:
        met.network.publish(DRAFT, met.account(), key="k", door=Door())
    assert (caught.value.kind, met.server.asked) == ("unreached", [])


@pytest.mark.parametrize(
    ("answered", "draft", "differs"),
    [
        (status(visibility="unlisted"), DRAFT, ("visibility",)),
        (status(), WITH_PICTURE, ("pictures",)),
        (status(pictures=1), DRAFT, ("pictures",)),
        (status(content=""), DRAFT, ("text",)),
        (status(content="<p>Something else</p>", visibility="private"), WITH_PICTURE, ("visibility", "pictures", "text")),
        (status(content=linked(MARKER + "x")), DRAFT, ("text",)),
        (status(content=f"<p>{MARKER}</p>"), DRAFT, ()),
        (status(content="", card={"url": MARKER}), DRAFT, ()),
        (status(content="", text=DRAFT.text), DRAFT, ()),
        (status(content="<p>hello</p>"), replace(DRAFT, text="hello", marker=""), ()),
        (status(content=linked("https://shop.example/?a=1&amp;b=2")), replace(DRAFT, marker="https://shop.example/?a=1&b=2"), ()),
    ],
)
def test_what_came_back_is_compared(met: Meeting, answered: dict[str, object], draft: Draft, differs: tuple[str, ...]) -> None:
    met.server.on("POST", MEDIA, data({"id": "5", "type": "image", "url": "https://files.example/a.jpg"}))
    met.server.on("POST", STATUSES, data(answered))
    assert publish(met, draft).differs == differs


def test_a_picture_goes_first_and_is_waited_for(met: Meeting) -> None:
    waiting: dict[str, object] = {"id": "5", "type": "image", "url": None}
    met.server.on("POST", MEDIA, data(waiting, 202))
    met.server.on("GET", "/api/v1/media/5", data(waiting, 206), data(waiting, 206), data(waiting | {"url": "https://files.example/a.jpg"}))
    met.server.on("POST", STATUSES, data(status(pictures=1)))
    assert publish(met, WITH_PICTURE).differs == ()
    assert [one.path for one in met.server.asked] == [MEDIA, *["/api/v1/media/5"] * 3, STATUSES]
    assert met.server.asked[-1].form["media_ids[]"] == ["5"]
    assert b"A tall ship" in met.server.asked[0].body
    assert len(met.waited.seconds) == 3


def test_a_long_description_is_cut_to_the_limit(met: Meeting) -> None:
    met.server.on("POST", MEDIA, data({"id": "5", "url": "https://files.example/a.jpg"}))
    met.server.on("POST", STATUSES, data(status(pictures=1)))
    long = replace(WITH_PICTURE, picture=Picture(b"x", "image/png", "👩🏽‍💻" * 30))
    met.network.publish(long, met.account(description=20), key="k", door=met.door)
    assert ("👩🏽‍💻" * 19 + "…").encode() in met.server.asked[0].body
    assert ("👩🏽‍💻" * 20).encode() not in met.server.asked[0].body


def test_a_server_with_the_old_upload_gets_it_there(met: Meeting) -> None:
    met.server.on("POST", "/api/v1/media", data({"id": "5", "url": "https://files.example/a.jpg"}))
    met.server.on("POST", STATUSES, data(status(pictures=1)))
    assert publish(met, WITH_PICTURE, "friendica").pictures == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (silence(), "busy"),
        (reset(), "busy"),
        (page(503), "busy"),
        (page(), "busy"),
        (data({"error": "x"}), "busy"),
        (data({"error": "Too many requests"}, 429), "busy"),
        (data({"error": "Validation failed: File is not supported"}, 422), "refused"),
        (page(413), "refused"),
        (data({"error": "The access token is invalid"}, 401), "revoked"),
    ],
)
def test_a_failed_upload_is_never_unknown(met: Meeting, reply: Reply, kind: str) -> None:
    met.server.on("POST", MEDIA, reply)
    assert failure(met, WITH_PICTURE).kind == kind
    assert met.server.times("POST", STATUSES) == 0


def test_a_picture_that_is_never_ready_is_tried_later(met: Meeting) -> None:
    met.server.on("POST", MEDIA, data({"id": "5", "url": None}, 202))
    met.server.on("GET", "/api/v1/media/5", data({"id": "5", "url": None}, 206))
    error = failure(met, WITH_PICTURE)
    assert (error.kind, error.retry_after) == ("busy", 60)
    assert sum(met.waited.seconds) < 60


NOT_READY = data({"error": "Cannot attach files that have not finished processing. Try again in a moment!"}, 422)


def test_a_status_whose_picture_is_not_ready_is_tried_again_with_the_same_key(met: Meeting) -> None:
    met.server.on("POST", MEDIA, data({"id": "5", "url": "https://files.example/a.jpg"}))
    met.server.on("POST", STATUSES, NOT_READY, NOT_READY, data(status(pictures=1)))
    assert publish(met, WITH_PICTURE).remote_id == "42"
    assert {one.headers["idempotency-key"] for one in met.server.asked if one.path == STATUSES} == {"key-1"}


@pytest.mark.parametrize(("software", "times"), [("mastodon", 3), ("pixelfed", 1), ("akkoma", 1)])
def test_but_not_for_ever_and_not_where_keys_are_burnt(met: Meeting, software: str, times: int) -> None:
    met.server.on("POST", MEDIA, data({"id": "5", "url": "https://files.example/a.jpg"}))
    met.server.on("POST", STATUSES, NOT_READY)
    assert failure(met, WITH_PICTURE, software).kind == "busy"
    assert met.server.times("POST", STATUSES) == times


def test_words_in_any_language_are_understood_by_asking_for_the_picture(met: Meeting) -> None:
    met.server.on("POST", MEDIA, data({"id": "5", "url": "https://files.example/a.jpg"}))
    met.server.on("POST", STATUSES, data({"error": "Die Datei wird noch verarbeitet"}, 422), data(status(pictures=1)))
    met.server.on("GET", "/api/v1/media/5", data({"id": "5", "url": None}, 206))
    assert publish(met, WITH_PICTURE).remote_id == "42"
    met.server.on("POST", STATUSES, data({"error": "Text ist zu lang"}, 422))
    met.server.on("GET", "/api/v1/media/5", data({"id": "5", "url": "https://files.example/a.jpg"}))
    assert failure(met, WITH_PICTURE).kind == "refused"


def test_where_a_bad_token_is_answered_with_400_one_question_settles_it(met: Meeting) -> None:
    met.server.on("POST", STATUSES, data({"error": "invalid"}, 400))
    assert failure(met, software="takahe").kind == "refused"
    met.server.on("GET", VERIFY, data({"error": "invalid"}, 400))
    assert failure(met, software="takahe").kind == "revoked"
    assert failure(met, software="mastodon").kind == "refused"


def test_a_token_is_never_taken_for_the_name_of_a_file(met: Meeting) -> None:
    met.server.on("POST", STATUSES, data(status()))
    met.network.publish(DRAFT, replace(met.account(), token="/etc/hostname"), key="k", door=met.door)
    assert met.server.asked[0].headers["authorization"] == "Bearer /etc/hostname"
