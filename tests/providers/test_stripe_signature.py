"""Only what Stripe signed, just now, is let in."""

import json
from datetime import timedelta

import pytest
import stripe

from creatorbot.errors import BadSignature
from creatorbot.providers import REGISTRY
from creatorbot.providers.base import Service
from tests.conftest import TestClock
from tests.providers.events import event, session

SECRET = "whsec_practice0123456789"
SERVICE = Service({"key": "rk_test_12345678", "signing_secret": SECRET})
BODY = json.dumps(event("checkout.session.completed", session()), indent=2).encode()
STRIPE = REGISTRY["stripe"]


def signed(body: bytes, at: float, secret: str = SECRET) -> dict[str, str]:
    text = body.decode("utf-8", "surrogateescape") if body.isascii() else body.decode()
    return {"stripe-signature": stripe.WebhookSignature.generate_signature_header(text, secret, int(at))}


def test_a_note_signed_just_now_is_taken_as_it_came(clock: TestClock) -> None:
    incoming = STRIPE.verify(signed(BODY, clock().timestamp()), BODY, SERVICE, clock())
    assert (incoming.external_id, incoming.body) == ("evt_1", BODY)


def test_names_beyond_ascii_are_signed_as_they_are(clock: TestClock) -> None:
    body = json.dumps(event("checkout.session.completed", session(note="Zoë 🎻")), ensure_ascii=False).encode()
    assert STRIPE.verify(signed(body, clock().timestamp()), body, SERVICE, clock()).body == body


@pytest.mark.parametrize("seconds", [-100_000, -301, 301, 100_000, 10**9])
def test_stale_notes_and_notes_from_the_future_are_refused(clock: TestClock, seconds: int) -> None:
    with pytest.raises(BadSignature, match="too long ago"):
        STRIPE.verify(signed(BODY, clock().timestamp() + seconds), BODY, SERVICE, clock())


@pytest.mark.parametrize("seconds", [-299, 0, 299])
def test_clocks_may_differ_by_five_minutes(clock: TestClock, seconds: int) -> None:
    assert STRIPE.verify(signed(BODY, (clock() + timedelta(seconds=seconds)).timestamp()), BODY, SERVICE, clock())


def test_a_note_signed_with_another_secret_is_refused(clock: TestClock) -> None:
    with pytest.raises(BadSignature):
        STRIPE.verify(signed(BODY, clock().timestamp(), "whsec_other"), BODY, SERVICE, clock())


@pytest.mark.parametrize("change", [BODY + b" ", BODY.replace(b"700", b"70000"), BODY[:-1], b""])
def test_a_changed_body_is_refused(clock: TestClock, change: bytes) -> None:
    with pytest.raises(BadSignature):
        STRIPE.verify(signed(BODY, clock().timestamp()), change, SERVICE, clock())


@pytest.mark.parametrize(
    "header",
    ["", "t=", "v1=abc", "t=1,v1=", "t=x,v1=abc", "nonsense", "t=1,v1=é", "t=" + "9" * 5000 + ",v1=a", "=,=,=", "t=1795176000,v0=abc"],
)
def test_broken_signatures_are_refused(clock: TestClock, header: str) -> None:
    with pytest.raises(BadSignature):
        STRIPE.verify({"stripe-signature": header}, BODY, SERVICE, clock())


def test_without_a_header_or_a_secret_nothing_is_let_in(clock: TestClock) -> None:
    for headers, service in (({}, SERVICE), (signed(BODY, clock().timestamp()), Service({"key": "rk_test_12345678"}))):
        with pytest.raises(BadSignature):
            STRIPE.verify(headers, BODY, service, clock())


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b"7",
        b'"evt_1"',
        b"{}",
        b"not json",
        b'{"object": "event"}',
        b'{"object": "event", "id": 7}',
        b"[" * 100_000,
        b'{"object": "event", "id": "evt_1\\n"}',
        b'{"object": "v2.core.event", "id": "evt_1"}',
    ],
)
def test_what_is_signed_but_no_event_is_refused(clock: TestClock, body: bytes) -> None:
    with pytest.raises(BadSignature):
        STRIPE.verify(signed(body, clock().timestamp()), body, SERVICE, clock())


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b"\x80" * 100, b"x" * 10_000_000])
def test_bytes_that_are_no_text_and_huge_bodies_are_refused(clock: TestClock, body: bytes) -> None:
    with pytest.raises(BadSignature):
        STRIPE.verify(signed(BODY, clock().timestamp()), body, SERVICE, clock())
