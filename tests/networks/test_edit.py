"""Changing a status on Mastodon and its kin: what is sent, what is left alone, and what a failure means."""

from dataclasses import replace

import pytest

from creatorbot.errors import ServiceError
from creatorbot.networks.base import Draft, Profile, Published
from creatorbot.networks.profiles import profile
from tests.networks.mastodon_answers import MARKER, VERIFY, Meeting, linked, status
from tests.servers.scripted import Reply, data, moved, page, reset, silence

AT = "/api/v1/statuses/42"
OLD = status()
DRAFT = Draft(text=f"Free: Tall Ships\n\n{MARKER}", marker=MARKER, language="de")
NEW = status(content=linked(MARKER).replace("Out now", "Free"))


def edit(met: Meeting, draft: Draft = DRAFT, software: str = "mastodon") -> Published:
    return met.network.edit(draft, met.account(software), "42", door=met.door)


def failure(met: Meeting, software: str = "mastodon") -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        edit(met, software=software)
    assert "%(" not in str(caught.value)
    return caught.value


def test_only_words_and_language_are_sent(met: Meeting) -> None:
    met.server.on("GET", AT, data(OLD))
    met.server.on("PUT", AT, data(NEW))
    assert edit(met).differs == ()
    sent = met.server.asked[-1]
    assert sent.method == "PUT"
    assert sent.form == {"status": [DRAFT.text], "language": ["de"]}
    assert len(met.server.asked) == 2


def test_pictures_and_what_hides_them_are_named_again_or_they_would_be_dropped(met: Meeting) -> None:
    met.server.on("GET", AT, data(OLD | {"sensitive": True, "media_attachments": [{"id": "7", "url": "x"}, {"id": "9", "url": "x"}]}))
    met.server.on("PUT", AT, data(NEW | {"media_attachments": [{"id": "7", "url": "x"}, {"id": "9", "url": "x"}]}))
    changed = edit(met)
    assert (changed.pictures, changed.differs) == (2, ())
    assert met.server.asked[-1].form["media_ids[]"] == ["7", "9"]
    assert met.server.asked[-1].form["sensitive"] == ["1"]


def test_a_content_warning_stays(met: Meeting) -> None:
    met.server.on("GET", AT, data(OLD | {"sensitive": True, "spoiler_text": "Loud"}))
    met.server.on("PUT", AT, data(NEW | {"spoiler_text": "Loud"}))
    edit(met, replace(DRAFT, content_warning="Loud"))
    assert met.server.asked[-1].form["spoiler_text"] == ["Loud"]
    assert "sensitive" not in met.server.asked[-1].form


def test_words_that_stand_there_already_are_not_sent_again(met: Meeting) -> None:
    met.server.on("GET", AT, data(NEW))
    assert edit(met).remote_id == "42"
    assert met.server.times("PUT", AT) == 0


@pytest.mark.parametrize(
    ("answered", "source", "differs"),
    [
        (OLD, data({"id": "42", "text": "Out now: Tall Ships"}), ("text",)),
        (OLD, data({"id": "42", "text": DRAFT.text}), ()),  # rendered in its own way, but these are the words
        (status(content=f"<p>Free :) {MARKER}</p>"), page(404), ()),  # cannot be told; its link is there
        (status(content="<p>Free</p>"), page(404), ("text",)),
        (NEW | {"visibility": "unlisted"}, page(404), ("visibility",)),
    ],
)
def test_what_came_back_is_compared(met: Meeting, answered: dict[str, object], source: Reply, differs: tuple[str, ...]) -> None:
    met.server.on("GET", AT, data(OLD))
    met.server.on("PUT", AT, data(answered))
    met.server.on("GET", f"{AT}/source", source)
    assert edit(met).differs == differs


def test_a_lost_picture_is_told(met: Meeting) -> None:
    met.server.on("GET", AT, data(status(pictures=1)))
    met.server.on("PUT", AT, data(NEW))
    assert edit(met).differs == ("pictures",)


GONE = data({"error": "Record not found"}, 404)


@pytest.mark.parametrize(
    ("before", "reply", "after", "kind", "code"),
    [
        (GONE, data(NEW), GONE, "refused", 410),
        (page(404), data(NEW), GONE, "unknown", None),  # a page in front of the server proves nothing
        (data(OLD), GONE, GONE, "refused", 410),  # deleted meanwhile
        (data(OLD), data({"error": "Post editing is not enabled on this server."}, 404), data(OLD), "refused", 405),
        (data(OLD), page(405), data(OLD), "refused", 405),
        (data(OLD), page(501), data(OLD), "refused", 405),
        (data(OLD), data({"error": "Validation failed: Text character limit of 500 exceeded"}, 422), data(OLD), "refused", 422),
        (data(OLD), data({"error": "The access token is invalid"}, 401), data(OLD), "revoked", 401),
        (data(OLD), data({"error": "Your login is currently disabled"}, 403), data(OLD), "revoked", 403),
        (data(OLD), data({"error": "This action is not allowed"}, 403), data(OLD), "refused", 403),
        (data(OLD), data({"error": "Too many requests"}, 429), data(OLD), "busy", 429),
        (data(OLD), page(503), data(OLD), "unknown", 503),
        (data(OLD), page(520), data(OLD), "unknown", 520),
        (data(OLD), page(), data(OLD), "unknown", None),
        (data(OLD), data({"error": "x"}), data(OLD), "unknown", None),
        (data(OLD), data([]), data(OLD), "unknown", None),
        (data(OLD), silence(), data(OLD), "unknown", None),
        (data(OLD), reset(), data(OLD), "unknown", None),
        (data(OLD), moved("https://elsewhere.example/x", 301), data(OLD), "refused", None),
    ],
)
def test_a_failure_says_what_is_certain(met: Meeting, before: Reply, reply: Reply, after: Reply, kind: str, code: int | None) -> None:
    met.server.on("GET", AT, before, after)
    met.server.on("PUT", AT, reply)
    error = failure(met)
    assert error.kind == kind
    assert code is None or error.status == code


def test_where_a_bad_token_is_answered_with_400_one_question_settles_it(met: Meeting) -> None:
    met.server.on("GET", AT, data(OLD))
    met.server.on("PUT", AT, data({"error": "invalid"}, 400))
    assert failure(met, "takahe").kind == "refused"
    met.server.on("GET", VERIFY, data({"error": "invalid"}, 400))
    assert failure(met, "takahe").kind == "revoked"


@pytest.mark.parametrize(
    ("known", "version", "can"),
    [
        (profile("mastodon"), "4.6.5", True),
        (profile("mastodon"), "3.5.0", True),
        (profile("mastodon"), "3.4.10", False),
        (profile("mastodon"), "v3.3", False),
        (profile("mastodon"), "", True),
        (profile("mastodon"), "nightly", True),
        (profile("pixelfed"), "0.12.5", True),
        (Profile("stone", edits=False), "9.0", False),
    ],
)
def test_old_servers_cannot_change_posts(known: Profile, version: str, can: bool) -> None:
    assert known.can_edit(version) is can
