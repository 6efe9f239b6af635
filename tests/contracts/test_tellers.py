"""What every service that only tells must do: notes pushed to us are all there is of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from creatorbot.errors import BadSignature, CreatorbotError, InvalidInput
from creatorbot.providers import REGISTRY
from creatorbot.providers.base import Asked, Provider, Service, Till
from creatorbot.security.http import Door
from tests.providers import notes

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Teller:
    """note: the n-th payment's note, headers and body, made with these secrets. rehearsed: a note that the service's test button sends.

    wrong_keys: pasted by mistake. other: keys of the right shape that are not ours.
    """

    name: str
    secrets: Mapping[str, str]
    other: Mapping[str, str]
    note: Callable[[int, Mapping[str, str]], tuple[Mapping[str, str], bytes]]
    rehearsed: Callable[[Mapping[str, str]], tuple[Mapping[str, str], bytes]]
    wrong_keys: tuple[Mapping[str, str], ...]

    @property
    def provider(self) -> Provider:
        """The one of the registry."""
        return REGISTRY[self.name]

    @property
    def service(self) -> Service:
        """Connected with the right keys."""
        return Service(self.secrets)


TELLERS = {
    "kofi": Teller(
        name="kofi",
        secrets={"token": notes.TOKEN},
        other={"token": "00000000-0000-4000-8000-00000000beef"},
        note=lambda number, keys: (notes.FORM, notes.body(number, verification_token=keys["token"])),
        rehearsed=lambda keys: (
            notes.FORM,
            notes.body(1, verification_token=keys["token"], kofi_transaction_id="00000000-1111-2222-3333-444444444444"),
        ),
        wrong_keys=({"token": ""}, {"token": "rk_live_12345678"}, {"token": "https://ko-fi.com/aoife"}),
    )
}


@pytest.fixture(params=sorted(TELLERS))
def teller(request: pytest.FixtureRequest) -> Teller:
    return TELLERS[request.param]


def test_it_says_that_it_only_tells_and_how_to_connect_it(teller: Teller) -> None:
    assert not isinstance(teller.provider, Till | Asked)
    manner = teller.provider.manner
    assert manner.lead
    assert manner.before
    assert manner.after
    assert manner.tried
    assert manner.whole_account, "nothing it tells carries a reference of ours"
    assert teller.provider.name == teller.name


def test_keys_are_checked_by_their_shape(teller: Teller) -> None:
    assert teller.provider.connect(teller.service, Door()).live
    for wrong in teller.wrong_keys:
        with pytest.raises(InvalidInput) as caught:
            teller.provider.connect(Service(wrong), Door())
        assert caught.value.field in {field.name for field in teller.provider.fields}


def test_each_payment_is_told_by_the_same_names_however_often(teller: Teller) -> None:
    seen = set()
    for number in (1, 2, 1):
        headers, body = teller.note(number, teller.secrets)
        incoming = teller.provider.verify(headers, body, teller.service, NOW)
        assert (incoming.body, incoming.doubt) == (body, "")
        (fact,) = teller.provider.read(body, teller.service, Door())
        assert fact.amount.minor > 0
        assert abs(fact.paid_at - NOW) < timedelta(days=30)
        seen.add((incoming.external_id, fact.external_id))
    assert len(seen) == 2


def test_a_note_with_other_keys_is_refused_or_in_doubt_under_a_name_of_its_own(teller: Teller) -> None:
    headers, body = teller.note(1, teller.other)
    try:
        doubted = teller.provider.verify(headers, body, teller.service, NOW)
    except BadSignature:
        return
    assert doubted.doubt
    assert teller.provider.verify({}, body, replace(teller.service, secrets=teller.other), NOW).doubt == "", "from the body alone"
    proven = teller.provider.verify(*teller.note(1, teller.secrets), teller.service, NOW)
    assert doubted.external_id != proven.external_id


def test_what_the_test_button_sends_arrives_and_counts_nowhere(teller: Teller) -> None:
    headers, body = teller.rehearsed(teller.secrets)
    assert teller.provider.verify(headers, body, teller.service, NOW).doubt == ""
    assert teller.provider.read(body, teller.service, Door()) == ()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"\xff\xfe", b"{}", b"data=", b"data=[]", b"data={}", b"data=1&data=2", b"x" * 2_000_000]
)
def test_nonsense_is_never_anything_but_our_own_errors(teller: Teller, body: bytes) -> None:
    with pytest.raises(BadSignature):
        teller.provider.verify({}, body, teller.service, NOW)
    with pytest.raises(CreatorbotError):
        teller.provider.read(body, teller.service, Door())
