"""What every payment service of the registry must do, against whichever counterpart plays it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Protocol

import pytest

from creatorbot.amounts import Money
from creatorbot.errors import BadSignature, CreatorbotError, InvalidInput, ServiceError
from creatorbot.providers.base import Asked, Incoming, Order, PaymentFacts, Provider, Service, Till
from creatorbot.security.http import Door

_numbers = count(1)


@dataclass(frozen=True)
class Pushed:
    """A note as it arrived at a hook. headers: lower-case names."""

    headers: Mapping[str, str]
    body: bytes


class TillProvider(Provider, Till, Asked, Protocol):
    """A service that opens pages and can be asked."""


@dataclass(frozen=True)
class Counterpart:
    """pay: does what a fan does on the payment page. give_back: refunds so many minor units of a reference's payment.

    pushed: the notes about a reference that arrived at our hook, waited for. wrong_keys: pasted by mistake.
    """

    provider: "TillProvider"
    service: Service
    door: Door
    pay: Callable[[str], None]
    give_back: Callable[[str, int], None]
    pushed: Callable[[str], list[Pushed]]
    wrong_keys: tuple[Mapping[str, str], ...]
    refused_keys: Mapping[str, str]
    closed: str


def order(minor: int = 700, currency: str = "EUR", **more: object) -> Order:
    """A tip with a reference of its own."""
    reference = f"Reference0{next(_numbers)}-_x"
    return replace(
        Order(
            reference,
            "Low Tide",
            "A tip",
            Money(minor, currency),
            "tip",
            "https://a.example/thanks",
            "https://a.example/tip",
            minimum=Money(100, currency),
            suggested=Money(700, currency),
            language="en",
        ),
        **more,
    )  # type: ignore[arg-type]


class ProviderContract:
    """Give it a fixture `counterpart`."""

    def everything(self, here: Counterpart) -> list[Incoming]:
        """All notes, by asking."""
        found: list[Incoming] = []
        cursor, more = "", True
        while more:
            page = here.provider.fetch(here.service, cursor, datetime.now(UTC) - timedelta(hours=1), here.door)
            found, cursor, more = [*found, *page.notices], page.cursor, page.more
        return found

    def facts(self, here: Counterpart, reference: str) -> dict[str, PaymentFacts]:
        """What all notes together say of one reference, each row once."""
        read = [fact for notice in self.everything(here) for fact in here.provider.read(notice.body, here.service, here.door)]
        rows: dict[str, PaymentFacts] = {}
        for fact in (fact for fact in read if fact.reference == reference):
            known = rows.setdefault(fact.external_id, fact)
            assert (known.kind, known.amount, known.refund_of) == (fact.kind, fact.amount, fact.refund_of)
        return rows

    def test_good_keys_connect(self, counterpart: Counterpart) -> None:
        connected = counterpart.provider.connect(counterpart.service, counterpart.door)
        assert connected.name
        assert not connected.live

    def test_wrong_keys_are_told_at_their_field(self, counterpart: Counterpart) -> None:
        for wrong in counterpart.wrong_keys:
            with pytest.raises(InvalidInput) as caught:
                counterpart.provider.connect(replace(counterpart.service, secrets=wrong), counterpart.door)
            assert caught.value.field in {field.name for field in counterpart.provider.fields}

    def test_refused_keys_are_refused_for_good(self, counterpart: Counterpart) -> None:
        with pytest.raises(ServiceError) as caught:
            counterpart.provider.start(order(), replace(counterpart.service, secrets=counterpart.refused_keys), counterpart.door)
        assert caught.value.permanent
        assert not any(value in str(caught.value) for value in counterpart.refused_keys.values())

    def test_a_service_that_is_not_there_was_sent_nothing(self, counterpart: Counterpart) -> None:
        with pytest.raises(ServiceError) as caught:
            counterpart.provider.start(order(), replace(counterpart.service, base_url=counterpart.closed), counterpart.door)
        assert caught.value.kind == "unreached"

    def test_what_a_fan_pays_comes_back_with_our_reference_fee_and_net(self, counterpart: Counterpart) -> None:
        wanted = order(725)
        opened = counterpart.provider.start(wanted, counterpart.service, counterpart.door)
        assert self.facts(counterpart, wanted.reference) == {}
        counterpart.pay(opened.url)
        (fact,) = self.facts(counterpart, wanted.reference).values()
        assert (fact.kind, fact.amount, fact.refund_of) == ("tip", Money(725, "EUR"), None)
        assert fact.fee is not None
        assert fact.net is not None
        assert fact.fee + fact.net == fact.amount
        assert abs((fact.paid_at - datetime.now(UTC)).total_seconds()) < 600

    def test_the_same_order_again_opens_the_same_page(self, counterpart: Counterpart) -> None:
        wanted = order()
        first, second = (counterpart.provider.start(wanted, counterpart.service, counterpart.door) for _ in range(2))
        assert first == second

    def test_an_adjustable_order_and_other_currencies_can_be_paid(self, counterpart: Counterpart) -> None:
        for wanted, expected in (
            (order(adjustable=True), Money(700, "EUR")),
            (order(1980, "JPY"), Money(1980, "JPY")),
            (order(kind="sale"), Money(700, "EUR")),
        ):
            counterpart.pay(counterpart.provider.start(wanted, counterpart.service, counterpart.door).url)
            (fact,) = self.facts(counterpart, wanted.reference).values()
            assert (fact.amount, fact.kind) == (expected, wanted.kind)

    def test_what_is_given_back_in_pieces_is_told_piece_by_piece(self, counterpart: Counterpart) -> None:
        wanted = order(700)
        counterpart.pay(counterpart.provider.start(wanted, counterpart.service, counterpart.door).url)
        counterpart.give_back(wanted.reference, 200)
        counterpart.give_back(wanted.reference, 500)
        rows = self.facts(counterpart, wanted.reference)
        (paid,) = (name for name, fact in rows.items() if fact.kind == "tip")
        assert sorted(fact.amount.minor for fact in rows.values() if fact.kind == "refund") == [-500, -200]
        assert {fact.refund_of for fact in rows.values() if fact.kind == "refund"} == {paid}
        assert all(fact.net is not None for fact in rows.values())

    def test_pushed_notes_are_the_asked_ones(self, counterpart: Counterpart) -> None:
        wanted = order(333)
        counterpart.pay(counterpart.provider.start(wanted, counterpart.service, counterpart.door).url)
        arrived = counterpart.pushed(wanted.reference)
        asked = {notice.external_id: notice for notice in self.everything(counterpart)}
        told: dict[str, PaymentFacts] = {}
        for letter in arrived:
            incoming = counterpart.provider.verify(letter.headers, letter.body, counterpart.service, datetime.now(UTC))
            assert incoming.body == letter.body
            facts = counterpart.provider.read(letter.body, counterpart.service, counterpart.door)
            if incoming.external_id in asked:
                assert facts == counterpart.provider.read(asked[incoming.external_id].body, counterpart.service, counterpart.door)
            told |= {fact.external_id: fact for fact in facts}
        assert told == self.facts(counterpart, wanted.reference)
        first, now = arrived[0], datetime.now(UTC)
        for body, at in ((first.body, now - timedelta(hours=1)), (first.body, now + timedelta(hours=1)), (first.body + b" ", now)):
            with pytest.raises(BadSignature):
                counterpart.provider.verify(first.headers, body, counterpart.service, at)

    def test_nonsense_is_never_anything_but_our_own_errors(self, counterpart: Counterpart) -> None:
        for body in (b"", b"[]", b"null", b"\xff\xfe", b"{}", b'{"object":"event","type":7}', b"x" * 2_000_000):
            with pytest.raises(BadSignature):
                counterpart.provider.verify({}, body, counterpart.service, datetime.now(UTC))
            try:
                assert counterpart.provider.read(body, counterpart.service, counterpart.door) == ()
            except CreatorbotError:
                pass
