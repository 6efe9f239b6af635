"""The provider contract against the practice shop, which plays Stripe as its own library speaks to it."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from creatorbot.providers import REGISTRY
from creatorbot.providers.base import Service
from creatorbot.providers.stripe import Stripe
from creatorbot.rehearsal.serve import Practice, start
from creatorbot.security.http import Door
from tests.contracts.provider_contract import Counterpart, ProviderContract, Pushed
from tests.contracts.test_tellers import TELLERS
from tests.servers.scripted import Scripted, answer, scripted

SIGNING = "whsec_practice0123456789"


def pay(address: str) -> None:
    """What a browser does on the hosted page, with the amount it suggests."""
    page = requests.get(address, timeout=5).text
    typed = page.partition('name="amount"')[2].partition('value="')[2].partition('"')[0]
    answered = requests.post(address, data={"amount": typed}, timeout=5, allow_redirects=False)
    assert answered.status_code == 303, answered.text


def give_back(shop_url: str, reference: str, minor: int) -> None:
    """What the artist does in Stripe's dashboard."""
    paid = requests.get(f"{shop_url}/practice/payments", timeout=5).json()["payments"]
    charge = next(one["id"] for one in paid if one["metadata"].get("creatorbot_reference") == reference)
    answered = requests.post(
        f"{shop_url}/v1/refunds",
        data={"charge": charge, "amount": minor},
        timeout=5,
        headers={"Authorization": "Bearer rk_test_practice1234"},
    )
    assert answered.status_code == 200, answered.text


def arrived(hook: Scripted, reference: str) -> list[Pushed]:
    """The notes at our hook about this reference, the one about the whole checkout among them."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = [one for one in hook.asked if reference.encode() in one.body]
        if any(b"checkout.session.completed" in one.body for one in found):
            return [Pushed(one.headers, one.body) for one in found]
        time.sleep(0.02)
    raise AssertionError("no note arrived")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    folder: Path = tmp_path_factory.mktemp("practice")
    with start(folder) as running:
        yield running


class TestPracticeStripe(ProviderContract):
    """Stripe, played by the practice shop."""

    @pytest.fixture(scope="class")
    @classmethod
    def counterpart(cls, practice: Practice) -> Iterator[Counterpart]:
        shop, closed = practice.shop_url, free_port()
        with scripted() as hook:
            hook.on("POST", "*", answer(204))
            requests.post(f"{shop}/practice/notify", json={"url": f"{hook.url}/hooks/stripe/x", "secret": SIGNING}, timeout=5)
            yield Counterpart(
                provider=Stripe(),
                service=Service({"key": "rk_test_practice1234", "signing_secret": SIGNING}, shop),
                door=Door().admitting(frozenset({("127.0.0.1", practice.ports[1]), ("127.0.0.1", closed)})),
                pay=pay,
                give_back=lambda reference, minor: give_back(shop, reference, minor),
                pushed=lambda reference: arrived(hook, reference),
                wrong_keys=(
                    {"key": "sk_test_practice1234"},
                    {"key": "pk_test_practice1234"},
                    {"key": "x"},
                    {"key": "rk_test_practice1234", "signing_secret": "x"},
                ),
                refused_keys={"key": "rk_test_readonly1234"},
                closed=f"http://127.0.0.1:{closed}",
            )


def test_every_service_of_the_registry_has_its_contract_run() -> None:
    assert set(REGISTRY) == {"stripe", *TELLERS}, "give the new service a counterpart here, or notes in test_tellers"
