"""Stripe as the practice shop plays it, spoken to through Stripe's own library."""

import http.server
import json
import queue
import threading
from collections.abc import Iterator

import pytest
import requests
import stripe

from creatorbot.rehearsal.serve import Practice

KEY, SECRET = "rk_test_practice", "whsec_practice"


def stripe_at(practice: Practice, key: str = KEY) -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": practice.shop_url}, max_network_retries=0)


@pytest.fixture
def client(practice: Practice) -> stripe.StripeClient:
    return stripe_at(practice)


def session_for(client: stripe.StripeClient, **open_amount: int) -> stripe.checkout.Session:
    """A checkout with an amount the fan chooses, or of 7 EUR."""
    line: dict[str, object] = {"price_data": {"currency": "eur", "unit_amount": 700, "product_data": {"name": "Tall Ships"}}, "quantity": 1}
    if open_amount:
        price = client.v1.prices.create(
            params={"currency": "eur", "product_data": {"name": "Tall Ships"}, "custom_unit_amount": {"enabled": True, **open_amount}}
        )  # type: ignore[typeddict-item]
        line = {"price": price.id, "quantity": 1}
    return client.v1.checkout.sessions.create(
        params={
            "mode": "payment",
            "line_items": [line],
            "success_url": "http://127.0.0.1:8080/thanks/r?s={CHECKOUT_SESSION_ID}",
            # type: ignore[list-item]
            "cancel_url": "http://127.0.0.1:8080/tip",
            "client_reference_id": "ref-1",
            "metadata": {"reference": "ref-1"},
            "submit_type": "donate",
            "payment_intent_data": {"metadata": {"reference": "ref-1"}},
        }
    )


def pay(session: stripe.checkout.Session, amount: str = "", answer: str = "pay") -> requests.Response:
    assert session.url
    return requests.post(session.url, data={"amount": amount, "answer": answer}, timeout=5, allow_redirects=False)


def test_a_tip_from_session_to_refund(practice: Practice, client: stripe.StripeClient) -> None:
    session = session_for(client, minimum=200, preset=700, maximum=5000)
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 700)
    assert str(session.url).startswith(practice.shop_url + "/pay/")
    assert pay(session, "1,99").status_code == 422
    assert pay(session, "much").status_code == 422
    assert pay(session, "50.01").status_code == 422
    paid = pay(session, "12,50")
    assert (paid.status_code, paid.headers["Location"]) == (303, f"http://127.0.0.1:8080/thanks/r?s={session.id}")
    assert pay(session, "12,50").status_code == 200
    done = client.v1.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status, done.amount_total, done.client_reference_id) == ("complete", "paid", 1250, "ref-1")
    intent = client.v1.payment_intents.retrieve(str(done.payment_intent), params={"expand": ["latest_charge.balance_transaction"]})
    balance = intent.latest_charge.balance_transaction  # type: ignore[union-attr]
    assert (balance.amount, balance.fee, balance.net, balance.currency) == (1250, 44, 1206, "eur")  # type: ignore[union-attr]
    assert intent.metadata["reference"] == "ref-1"
    assert client.v1.checkout.sessions.list({"payment_intent": intent.id}).data[0].id == session.id
    charge = str(intent.latest_charge.id)  # type: ignore[union-attr]
    half = client.v1.refunds.create({"charge": charge, "amount": 500})
    assert client.v1.charges.retrieve(charge).amount_refunded == 500
    client.v1.refunds.create({"payment_intent": intent.id})
    whole = client.v1.charges.retrieve(charge)
    assert (whole.refunded, whole.amount_refunded) == (True, 1250)
    assert client.v1.balance_transactions.retrieve(str(half.balance_transaction)).net == -500
    assert [one.amount for one in client.v1.refunds.list({"charge": charge})] == [750, 500]
    with pytest.raises(stripe.InvalidRequestError, match="already been refunded"):
        client.v1.refunds.create({"charge": charge})
    kinds = [one.type for one in client.v1.events.list()]
    assert kinds == [
        "charge.refunded",
        "refund.created",
        "charge.refunded",
        "refund.created",
        "checkout.session.completed",
        "payment_intent.succeeded",
        "charge.succeeded",
    ]


def test_events_are_listed_in_pages_by_kind_and_time(client: stripe.StripeClient) -> None:
    for _ in range(4):
        pay(session_for(client))
    found = client.v1.events.list({"limit": 5})
    assert (len(found.data), found.has_more) == (5, True)
    every = [one.id for one in found.auto_paging_iter()]
    assert (len(every), len(set(every))) == (12, 12)
    completed = client.v1.events.list({"types": ["checkout.session.completed"], "limit": 100})
    assert [one.type for one in completed] == ["checkout.session.completed"] * 4
    newer = client.v1.events.list({"ending_before": every[6], "limit": 2})
    assert ([one.id for one in newer], newer.has_more) == ([every[4], every[5]], True)
    made = completed.data[0].created
    assert len(client.v1.events.list({"created": {"gte": made - 60}, "limit": 100}).data) == 12
    assert client.v1.events.list({"created": {"gt": made + 60}}).data == []
    about = completed.data[0].data.object
    assert (about["client_reference_id"], about["amount_total"], about["currency"]) == ("ref-1", 700, "eur")


def test_going_back_pays_nothing(client: stripe.StripeClient) -> None:
    session = session_for(client)
    assert pay(session, answer="back").headers["Location"] == "http://127.0.0.1:8080/tip"
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    assert "too old" in pay(session).text


@pytest.mark.parametrize("key", ["sk_live_something", "rk_live_something", "nonsense"])
def test_a_key_that_does_not_fit_is_refused(practice: Practice, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError, match="Invalid API Key"):
        stripe_at(practice, key).v1.balance.retrieve()
    with pytest.raises(stripe.PermissionError, match="required permissions"):
        session_for(stripe_at(practice, "rk_test_readonly"))


def test_the_same_key_makes_one_thing_and_never_two_different_ones(client: stripe.StripeClient) -> None:
    once = [client.v1.products.create({"name": "Tip"}, {"idempotency_key": "k"}).id for _ in range(2)]
    assert once[0] == once[1]
    with pytest.raises(stripe.IdempotencyError):
        client.v1.products.create({"name": "Another"}, {"idempotency_key": "k"})


def test_what_stripe_would_refuse_is_refused(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter"):
        client.v1.prices.create({"currency": "eur", "colour": "red"})  # type: ignore[typeddict-unknown-key]
    with pytest.raises(stripe.InvalidRequestError, match="minimum charge"):
        client.v1.prices.create({"currency": "eur", "product_data": {"name": "x"}, "custom_unit_amount": {"enabled": True, "minimum": 10}})
    with pytest.raises(stripe.InvalidRequestError, match="custom_unit_amount"):
        client.v1.checkout.sessions.create(
            {
                "mode": "payment",
                "success_url": "http://127.0.0.1/",
                "line_items": [{"price_data": {"currency": "eur", "product_data": {"name": "x"}, "custom_unit_amount": {"enabled": True}}}],
            }
        )  # type: ignore[typeddict-unknown-key]
    with pytest.raises(stripe.InvalidRequestError) as wrong:
        client.v1.checkout.sessions.create({"mode": "payment", "success_url": "http://127.0.0.1/", "line_items": [{"price": "price_none"}]})
    assert wrong.value.code == "resource_missing"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.retrieve("pi_none")


class Box(http.server.ThreadingHTTPServer):
    """Where notes arrive."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Slot)
        self.notes: queue.Queue[tuple[bytes, str]] = queue.Queue()
        self.answers: list[int] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hooks/stripe/abc"


class Slot(http.server.BaseHTTPRequestHandler):
    """Takes one note."""

    server: Box

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.notes.put((body, self.headers["Stripe-Signature"]))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@pytest.fixture
def box(practice: Practice) -> Iterator[Box]:
    server = Box()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    requests.post(f"{practice.shop_url}/practice/notify", json={"url": server.url, "secret": SECRET}, timeout=5).raise_for_status()
    yield server
    server.shutdown()
    server.server_close()


def notes(box: Box, number: int) -> list[tuple[str, str]]:
    """Kind of each note, or why it must not be believed."""
    found = []
    for _ in range(number):
        body, header = box.notes.get(timeout=10)
        try:
            stripe.Webhook.construct_event(body, header, SECRET)  # type: ignore[no-untyped-call]
            verdict = "true"
        except stripe.SignatureVerificationError as why:
            verdict = "stale" if "tolerance" in str(why) else "forged"
        found.append((json.loads(body)["type"], verdict))
    return found


KINDS = ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


@pytest.mark.parametrize(
    ("manner", "expected"),
    [
        ("", [(kind, "true") for kind in KINDS]),
        ("reorder", [(kind, "true") for kind in KINDS[::-1]]),
        ("repeat", [(kind, "true") for kind in KINDS for _ in range(2)]),
        ("forged", [(kind, verdict) for kind in KINDS for verdict in ("forged", "true")]),
        ("stale", [(kind, verdict) for kind in KINDS for verdict in ("stale", "true")]),
    ],
)
def test_notes_are_signed_and_go_wrong_when_told_to(
    practice: Practice, client: stripe.StripeClient, box: Box, manner: str, expected: list[tuple[str, str]]
) -> None:
    if manner:
        requests.post(f"{practice.shop_url}/practice/faults", json={"behaviour": manner}, timeout=5).raise_for_status()
    pay(session_for(client))
    assert notes(box, len(expected)) == expected


def test_a_note_that_was_not_taken_comes_again_with_the_same_id(client: stripe.StripeClient, box: Box) -> None:
    box.answers[:] = [500]
    pay(session_for(client))
    ids = [json.loads(box.notes.get(timeout=10)[0])["id"] for _ in range(4)]
    assert ids[3] == ids[0]
    assert len(set(ids)) == 3


def test_the_book_gives_back_and_sends_notes_again(practice: Practice, client: stripe.StripeClient, box: Box) -> None:
    pay(session_for(client))
    notes(box, 3)
    charge = client.v1.charges.list().data[0].id
    requests.post(f"{practice.shop_url}/practice/refund", data={"charge": charge, "part": "half"}, timeout=5)
    assert notes(box, 2) == [("refund.created", "true"), ("charge.refunded", "true")]
    assert requests.post(f"{practice.shop_url}/practice/refund", json={"charge": charge, "part": "all"}, timeout=5).json()["amount"] == 350
    assert [kind for kind, _ in notes(box, 2)] == ["refund.created", "charge.refunded"]
    assert requests.post(f"{practice.shop_url}/practice/refund", json={"charge": charge}, timeout=5).status_code == 400
    assert requests.post(f"{practice.shop_url}/practice/again", json={"charge": charge}, timeout=5).json()["sent"] == 7
    assert len(notes(box, 7)) == 7


def test_notes_go_to_this_machine_only(practice: Practice) -> None:
    for address in ("https://example.com/hook", "http://10.0.0.1/hook", "http://127.0.0.1.example.com/"):
        assert requests.post(f"{practice.shop_url}/practice/notify", json={"url": address, "secret": "x"}, timeout=5).status_code == 400


def test_the_payment_service_can_do_it_and_lose_the_answer(practice: Practice, client: stripe.StripeClient) -> None:
    requests.post(f"{practice.shop_url}/practice/faults", json={"behaviour": "stripe_answer_lost"}, timeout=5).raise_for_status()
    with pytest.raises(stripe.APIConnectionError):
        client.v1.products.create({"name": "Tip"}, {"idempotency_key": "k"})
    assert client.v1.products.create({"name": "Tip"}, {"idempotency_key": "k"}).name == "Tip"
    assert len(client.v1.products.list().data) == 1
