"""Notices of a payment service: kept once, or refused without a word."""

import json

import pytest
import stripe
from sqlmodel import select

from creatorbot.models import Notice
from creatorbot.runtime import Runtime
from creatorbot.web.hooks import LARGEST
from tests.application import application
from tests.ledger.books import SIGNING, Books, open_books


@pytest.fixture
def books(runtime: Runtime) -> Books:
    return open_books(runtime)


def push(books: Books, body: bytes, headers: dict[str, str], path: str = "") -> tuple[int, str]:
    answer = application(books.runtime).test_client().post(path or f"/hooks/stripe/{books.public_id}", data=body, headers=headers)
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, answer.text


def signed(books: Books, body: bytes) -> dict[str, str]:
    at = int(books.runtime.clock().timestamp())
    return {"Stripe-Signature": stripe.WebhookSignature.generate_signature_header(body.decode(), SIGNING, at)}


BODY = json.dumps({"id": "evt_1", "object": "event", "type": "charge.refunded", "created": 1, "data": {"object": {}}}).encode()


def kept(books: Books) -> int:
    with books.runtime.reading() as session:
        return len(session.exec(select(Notice)).all())


def test_a_signed_notice_is_kept_once_however_often_it_comes(books: Books) -> None:
    for _ in range(3):
        assert push(books, BODY, signed(books, BODY)) == (204, "")
    assert kept(books) == 1


def test_a_forged_one_is_refused_without_a_word(books: Books) -> None:
    assert push(books, BODY, {"Stripe-Signature": "t=1,v1=00"}) == (400, "")
    assert push(books, BODY, {}) == (400, "")
    assert push(books, BODY.replace(b"evt_1", b"evt_2"), signed(books, BODY))[0] == 400
    assert kept(books) == 0


def test_an_unknown_address_says_nothing(books: Books) -> None:
    assert push(books, BODY, signed(books, BODY), "/hooks/stripe/nobody") == (404, "")
    assert push(books, BODY, signed(books, BODY), f"/hooks/kofi/{books.public_id}") == (404, "")


def test_a_body_that_is_too_large_is_not_read(books: Books) -> None:
    body = b'{"pad": "' + b"x" * LARGEST + b'"}'
    assert push(books, body, signed(books, body))[0] == 413
    assert kept(books) == 0


def test_looking_at_the_address_gives_nothing_away(books: Books) -> None:
    assert application(books.runtime).test_client().get(f"/hooks/stripe/{books.public_id}").status_code == 405
