"""Notes of Ko-fi that others recorded are read right."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from creatorbot.providers.base import PaymentFacts, Service
from creatorbot.providers.kofi import Kofi
from creatorbot.security.http import Door
from tests.providers.notes import posted

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "payments" / "kofi"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded Ko-fi notes are not on this machine")
SERVICE = Service({"token": "00000000-0000-4000-8000-000000000000"})


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / f"kofi_{name}.json").read_text(encoding="utf-8"))
    return found


def read(body: bytes) -> tuple[PaymentFacts, ...]:
    incoming = Kofi().verify({}, body, SERVICE, datetime.now(UTC))
    assert incoming.doubt == ""
    return Kofi().read(body, SERVICE, Door())


@pytest.mark.parametrize(
    ("name", "kind", "amount", "currency", "country", "things"),
    [
        ("subscription_first", "subscription", "10.00", "USD", None, 0),
        ("shop_order", "sale", "12.00", "AUD", "AU", 2),
        ("commission", "sale", "50.00", "USD", None, 0),
    ],
)
def test_each_recorded_note(name: str, kind: str, amount: str, currency: str, country: str | None, things: int) -> None:
    note = load(name)
    (fact,) = read(posted(note))
    assert (fact.kind, fact.amount.plain, fact.amount.currency, fact.country) == (kind, amount, currency, country)
    assert (fact.external_id, len(fact.bought)) == (note["kofi_transaction_id"], things)
    assert fact.paid_at == datetime.fromisoformat(note["timestamp"])


def test_the_recorded_bytes_of_a_test_are_taken_and_count_nowhere() -> None:
    body = (DATA / "kofi_donation_test_raw_body.txt").read_bytes().strip()
    assert Kofi().verify({}, body, SERVICE, datetime.now(UTC)).external_id == load("donation_test")["message_id"]
    assert read(body) == ()


def test_a_recorded_donation_under_another_number_is_a_tip() -> None:
    (fact,) = read(posted(load("donation_test") | {"kofi_transaction_id": "11111111-0000-0000-0000-000000000001"}))
    assert (fact.kind, fact.amount.plain, fact.amount.currency) == ("tip", "3.00", "USD")
