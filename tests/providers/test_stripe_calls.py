"""How we call Stripe, and what its bad days mean for us."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from creatorbot.amounts import Money
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.providers import REGISTRY
from creatorbot.providers.base import Order, Service
from creatorbot.security.http import Door
from tests.providers.events import AT, OURS, charge, event, intent, refund, session
from tests.servers.scripted import Reply, Scripted, answer, data, page, reset, scripted

STRIPE = REGISTRY["stripe"]
KEY = "rk_test_practice1234"
SINCE = datetime.fromtimestamp(AT - 86_400, UTC)
ORDER = Order(
    reference=OURS,
    title="Low Tide",
    description="",
    amount=Money(700, "EUR"),
    kind="tip",
    success_url="https://a.example/thanks",
    cancel_url="https://a.example/tip",
    minimum=Money(100, "EUR"),
    suggested=Money(700, "EUR"),
    language="de",
)
EMPTY: dict[str, Any] = {"object": "list", "data": [], "has_more": False, "url": "/v1/events"}
OPEN = {"id": "cs_test_1", "object": "checkout.session", "url": "https://checkout.stripe.com/c/pay/cs_test_1"}


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as running:
        yield running


@pytest.fixture
def door(server: Scripted) -> Door:
    return Door(connect_timeout=2, read_timeout=2, total_timeout=4).admitting(server.place)


def service(server: Scripted, **secrets: str) -> Service:
    return Service({"key": KEY} | secrets, server.url)


def stripe_error(status: int, kind: str, message: str = "No.", **more: Any) -> Reply:
    return data({"error": {"type": kind, "message": message, **more}}, status)


def test_a_good_key_connects_and_is_told_apart_from_real_money(server: Scripted, door: Door) -> None:
    server.on("GET", "/v1/events", data(EMPTY))
    server.on("GET", "/v1/checkout/sessions", data(EMPTY))
    connected = STRIPE.connect(service(server), door)
    assert (connected.live, connected.name) == (False, "Stripe …1234")
    assert connected.notes
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("sk_live_abcdefghijkl", "secret key"),
        ("pk_live_abcdefghijkl", "publishable"),
        ("whsec_abcdefghijkl", "other field"),
        ("", "does not look like"),
        ("rk_live_", "does not look like"),
        ("rk_live_ä" * 4, "does not look like"),
        ("hello", "does not look like"),
    ],
)
def test_keys_of_the_wrong_kind_never_leave_the_house(server: Scripted, door: Door, key: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as caught:
        STRIPE.connect(Service({"key": key}, server.url), door)
    assert caught.value.field == "key"
    assert server.asked == []


def test_a_wrong_signing_secret_is_told_at_its_field(server: Scripted, door: Door) -> None:
    with pytest.raises(InvalidInput) as caught:
        STRIPE.connect(service(server, signing_secret="hello"), door)
    assert caught.value.field == "signing_secret"


def test_a_checkout_carries_our_reference_three_times(server: Scripted, door: Door) -> None:
    server.on("POST", "/v1/checkout/sessions", data(OPEN))
    opened = STRIPE.start(ORDER, service(server), door)
    assert (opened.external_id, opened.url) == ("cs_test_1", OPEN["url"])
    (asked,) = server.asked
    form = {name: values[0] for name, values in asked.form.items()}
    assert form["client_reference_id"] == form["metadata[creatorbot_reference]"] == OURS
    assert form["payment_intent_data[metadata][creatorbot_reference]"] == OURS
    assert (form["mode"], form["submit_type"], form["locale"]) == ("payment", "pay", "de")
    assert (form["line_items[0][price_data][unit_amount]"], form["line_items[0][price_data][currency]"]) == ("700", "eur")
    assert "line_items[0][price_data][product_data][description]" not in form
    assert asked.headers["idempotency-key"] == f"{OURS}-session"


def test_an_adjustable_amount_is_a_price_of_its_own(server: Scripted, door: Door) -> None:
    server.on("POST", "/v1/prices", data({"id": "price_1", "object": "price"}))
    server.on("POST", "/v1/checkout/sessions", data(OPEN))
    STRIPE.start(Order(**{**vars(ORDER), "adjustable": True, "language": "tlh"}), service(server), door)
    price, opened = ({name: values[0] for name, values in asked.form.items()} for asked in server.asked)
    assert (price["custom_unit_amount[enabled]"], price["custom_unit_amount[preset]"]) == ("true", "700")
    assert price["custom_unit_amount[minimum]"] == "100"
    assert (opened["line_items[0][price]"], opened["line_items[0][quantity]"], opened["locale"]) == ("price_1", "1", "auto")
    assert server.asked[0].headers["idempotency-key"] != server.asked[1].headers["idempotency-key"]


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (stripe_error(401, "invalid_request_error", "Invalid API Key"), "revoked", "does not accept the key"),
        (
            stripe_error(403, "invalid_request_error", "Having the 'rak_checkout_session_write' permission would allow this."),
            "refused",
            "“checkout session” must be set to write",
        ),
        (stripe_error(403, "invalid_request_error", "This account is closed."), "refused", "This account is closed"),
        (stripe_error(429, "invalid_request_error", code="rate_limit"), "busy", "slow down"),
        (stripe_error(400, "invalid_request_error", "No such currency"), "refused", "No such currency"),
        (stripe_error(400, "invalid_request_error", code="amount_too_small"), "refused", "as small as"),
        (stripe_error(400, "idempotency_error"), "refused", "refused"),
        (stripe_error(402, "card_error", code="card_declined", param="x"), "refused", "refused"),
        (stripe_error(409, "invalid_request_error", code="lock_timeout"), "unknown", "trouble"),
        (stripe_error(500, "api_error"), "unknown", "trouble"),
        (page(503), "unknown", "trouble"),
        (page(), "unknown", ""),
        (data([]), "unknown", ""),
        (data({"id": "cs_1", "object": "checkout.session", "url": None}), "unknown", "cannot be read"),
        (data({"hello": "world"}), "unknown", ""),
        (answer(200, b""), "unknown", ""),
        (reset(), "unknown", ""),
    ],
)
def test_every_bad_day_is_a_service_error_of_its_kind(server: Scripted, door: Door, reply: Reply, kind: str, says: str) -> None:
    server.on("POST", "/v1/checkout/sessions", reply)
    with pytest.raises(ServiceError) as caught:
        STRIPE.start(ORDER, service(server), door)
    assert caught.value.kind == kind
    assert says in str(caught.value)
    assert KEY not in str(caught.value)
    assert len(server.asked) == 1


def test_being_asked_to_wait_says_how_long(server: Scripted, door: Door) -> None:
    server.on("GET", "/v1/events", data({"error": {"type": "x", "message": "Slow"}}, 429, {"Retry-After": "17"}))
    with pytest.raises(ServiceError) as caught:
        STRIPE.fetch(service(server), "", SINCE, door)
    assert caught.value.retry_after == 17


def test_a_stripe_that_is_not_there_was_sent_nothing(door: Door, server: Scripted) -> None:
    with pytest.raises(ServiceError) as caught:
        STRIPE.start(ORDER, Service({"key": KEY}, "http://127.0.0.1:9"), door)
    assert caught.value.kind == "unreached"


def listed(names: list[int], more: bool) -> Reply:
    events = [event("checkout.session.completed", session(f"pi_{number}"), f"evt_{number}", AT + number) for number in names]
    return data({"object": "list", "url": "/v1/events", "data": events, "has_more": more})


def test_fetching_pages_through_and_then_looks_back_an_hour(server: Scripted, door: Door) -> None:
    server.on("GET", "/v1/events", listed([9, 8], True), listed([7], False), listed([9], False))
    first = STRIPE.fetch(service(server), "", SINCE, door)
    assert ([one.external_id for one in first.notices], first.more) == (["evt_9", "evt_8"], True)
    second = STRIPE.fetch(service(server), first.cursor, SINCE, door)
    assert ([one.external_id for one in second.notices], second.more) == (["evt_7"], False)
    STRIPE.fetch(service(server), second.cursor, SINCE, door)
    asked = [{name: values[0] for name, values in one.query.items()} for one in server.asked]
    assert asked[0]["created[gte]"] == asked[1]["created[gte]"] == str(AT - 86_400)
    assert "starting_after" not in asked[0]
    assert asked[1]["starting_after"] == "evt_8"
    assert asked[2]["created[gte]"] == str(AT + 9 - 3600)
    types = [value for name, values in server.asked[0].query.items() if name.startswith("types") for value in values]
    assert "checkout.session.completed" in types


def test_a_fetched_note_is_read_as_the_pushed_one_is(server: Scripted, door: Door) -> None:
    server.on("GET", "/v1/events", listed([1], False))
    server.on("GET", "/v1/payment_intents/pi_1", data(intent()))
    (notice,) = STRIPE.fetch(service(server), "", SINCE, door).notices
    pushed = orjson.dumps(event("checkout.session.completed", session(), "evt_1", AT + 1))
    assert STRIPE.read(notice.body, service(server), door) == STRIPE.read(pushed, service(server), door)
    (fact,) = STRIPE.read(pushed, service(server), door)
    assert (fact.fee, fact.net) == (Money(46, "EUR"), Money(654, "EUR"))
    assert notice.happened_at == datetime.fromtimestamp(AT + 1, UTC)


def test_when_the_event_to_go_on_from_is_gone_the_round_starts_again(server: Scripted, door: Door) -> None:
    server.on("GET", "/v1/events", stripe_error(400, "invalid_request_error", "No such event", param="starting_after"), listed([1], False))
    again = STRIPE.fetch(service(server), f"{AT}:{AT - 3600}:evt_0", SINCE, door)
    assert (again.notices, again.more) == ((), True)
    assert [one.external_id for one in STRIPE.fetch(service(server), again.cursor, SINCE, door).notices] == ["evt_1"]


def test_refunds_are_asked_for_one_by_one_when_only_their_sum_is_told(server: Scripted, door: Door) -> None:
    server.on("GET", "/v1/refunds", data(EMPTY | {"data": [refund("re_1"), refund("re_2")]}))
    facts = STRIPE.read(orjson.dumps(event("charge.refunded", charge(refunded=400))), service(server), door)
    assert [fact.external_id for fact in facts] == ["re_1", "re_2"]
    assert server.asked[0].query["charge"] == ["ch_1"]


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'"x"'])
def test_a_stored_note_that_is_no_event_cannot_be_read(server: Scripted, door: Door, body: bytes) -> None:
    with pytest.raises(InvalidInput):
        STRIPE.read(body, service(server), door)
