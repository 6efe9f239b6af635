"""Each class of failure, what follows from it, and what an answer of a server means: two tables."""

from datetime import timedelta

import pytest

from creatorbot.announcements.sending.failures import Failure, follows
from creatorbot.announcements.waits import Waits
from creatorbot.networks.mastodon.answers import refusal

MINUTE = timedelta(minutes=1)

# signal; the post's state; what the try counts as; until it goes on by itself; the account; one more try that reached nobody
TABLE: list[tuple[Failure, str, str, timedelta | None, str, bool]] = [
    (Failure("unknown"), "unknown", "unknown", timedelta(seconds=20), "", False),
    (Failure("unknown", 500), "unknown", "unknown", timedelta(seconds=20), "", False),
    (Failure("unknown", 504, retry_after=900), "unknown", "unknown", timedelta(seconds=20), "", False),
    (Failure("unknown", 520, repeated=True), "unknown", "unknown", timedelta(seconds=20), "", False),
    (Failure("refused", 422), "failed", "refused", None, "", False),
    (Failure("refused", 404), "failed", "refused", None, "", False),
    (Failure("refused", 413, repeated=True), "failed", "refused", None, "", False),
    (Failure("refused", 400, repeated=True), "unknown", "unknown", timedelta(seconds=20), "", False),
    (Failure("refused", 422, repeated=True), "unknown", "unknown", timedelta(seconds=20), "", False),
    (Failure("revoked", 401, health="revoked"), "held", "revoked", None, "reconnect", False),
    (Failure("revoked", 403, health="locked"), "held", "revoked", None, "reconnect", False),
    (Failure("revoked", 403, health="moved"), "held", "revoked", None, "reconnect", False),
    (Failure("revoked", 401, health="ok"), "failed", "revoked", None, "", False),
    (Failure("revoked", 403, health="ok"), "held", "revoked", None, "narrow", False),
    (Failure("revoked", 401, health="unreachable"), "due", "revoked", MINUTE, "", True),
    (Failure("busy", 429, retry_after=600), "due", "busy", 10 * MINUTE, "", False),
    (Failure("busy", 429, retry_after=3), "due", "busy", MINUTE, "", False),
    (Failure("busy", 429), "due", "busy", 2 * MINUTE, "", False),
    (Failure("busy", 429, retry_after=86_400), "due", "busy", 60 * MINUTE, "", False),
    (Failure("unreached"), "due", "unreached", MINUTE, "unreachable", True),
]


@pytest.mark.parametrize(("failure", "state", "outcome", "wait", "account", "counts"), TABLE)
def test_what_follows(failure: Failure, state: str, outcome: str, wait: timedelta | None, account: str, counts: bool) -> None:
    found = follows(failure, 0, Waits())
    assert (found.state, found.outcome, found.wait, found.account, found.counts) == (state, outcome, wait, account, counts)
    assert found.why
    assert found.sentence


def test_tries_that_reach_nobody_come_further_and_further_apart() -> None:
    waits = [follows(Failure("unreached"), tries, Waits()).wait for tries in range(8)]
    assert waits == [MINUTE * minutes for minutes in (1, 2, 5, 15, 30, 60, 60, 60)]


def test_only_failures_after_which_something_may_be_out_are_unknown() -> None:
    """Whatever is told as "nothing was sent" or "nothing was posted" must never be sent a second time by mistake, and the reverse."""
    for failure, state, *_ in TABLE:
        sentence = follows(failure, 0, Waits()).sentence
        assert ("may or may not be out" in sentence) == (state == "unknown")


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        *((code, "", "unknown") for code in (408, 500, 501, 502, 503, 504, 511, 520, 522, 530)),
        *((code, "Validation failed", "refused") for code in (400, 404, 409, 410, 413, 422)),
        (401, "The access token was revoked", "revoked"),
        (403, "Your login is currently disabled", "revoked"),
        (403, "This action is outside the authorized scopes", "revoked"),
        (403, "This action is not allowed", "refused"),
        (429, "Too many requests", "busy"),
    ],
)
def test_the_class_of_an_answer(status: int, said: str, kind: str) -> None:
    assert refusal("social.example", status, said).kind == kind
