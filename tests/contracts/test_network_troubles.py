"""Troubles of the practice server as the adapter reports them: after each, the post is on the server exactly when it can be found."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from creatorbot.errors import ServiceError
from creatorbot.networks import REGISTRY
from creatorbot.rehearsal.serve import start
from creatorbot.security.http import Door
from tests.contracts.network_contract import Counterpart, draft
from tests.contracts.test_networks import door_to, press


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counterpart]:
    """One practice server for all troubles; its account is connected before the first."""
    with start(tmp_path_factory.mktemp("practice")) as running:
        door = door_to(running.fediverse_url)
        made = Counterpart(REGISTRY["mastodon"], running.fediverse_url, door, lambda address: press(door, address, answer="yes"))
        assert made.account.token
        yield made


@pytest.fixture
def calm(practice: Counterpart) -> Iterator[Counterpart]:
    """Whatever was ordered is over after the test."""
    yield practice
    practice.door.post(f"{practice.facts.base_url}/practice/faults", json={"behaviour": "none"})


def posted_in_trouble(met: Counterpart, behaviour: str, door: Door) -> tuple[str, bool]:
    """What publishing said ("ok", its differences, or the kind of failure), and whether the post can be found afterwards."""
    met.door.post(f"{met.facts.base_url}/practice/faults", json={"behaviour": behaviour})
    wanted, began = draft(), datetime.now(UTC)
    try:
        made = met.network.publish(wanted, met.account, key=uuid4().hex, door=door)
        said = ",".join(made.differs) or "ok"
    except ServiceError as error:
        said = error.kind
    return said, met.network.find(met.account, wanted.marker, began, met.door) is not None


@pytest.mark.parametrize(
    ("behaviour", "said", "there"),
    [
        ("executed_answer_lost", "unknown", True),
        ("executed_slow", "unknown", True),
        ("executed_504", "unknown", True),
        ("executed_html_200", "unknown", True),
        ("executed_drip", "unknown", True),
        ("answer_lost", "unknown", False),
        ("not_executed_503", "unknown", False),
        ("cloudflare_520", "unknown", False),
        ("html_200", "unknown", False),
        ("id_less_200", "unknown", False),
        ("empty_list_200", "unknown", False),
        ("rate_limited", "busy", False),
        ("redirect_301", "refused", False),
        ("too_long_422", "refused", False),
        ("forbidden_disabled", "revoked", False),
        ("downgraded", "visibility", True),
        ("vanished", "ok", False),
    ],
)
def test_what_is_said_fits_what_is_there(calm: Counterpart, behaviour: str, said: str, there: bool) -> None:
    hasty = Door(total_timeout=0.5).admitting(frozenset({("127.0.0.1", int(calm.facts.base_url.rpartition(":")[2]))}))
    assert posted_in_trouble(calm, behaviour, hasty) == (said, there)


def test_a_vanished_post_is_noticed_by_its_id(calm: Counterpart) -> None:
    calm.door.post(f"{calm.facts.base_url}/practice/faults", json={"behaviour": "vanished"})
    made = calm.network.publish(draft(), calm.account, key=uuid4().hex, door=calm.door)
    assert calm.network.get(calm.account, made.remote_id, calm.door) is None


def changed_in_trouble(met: Counterpart, behaviour: str, door: Door) -> tuple[str, str]:
    """What changing a post's words said, and which words it has afterwards: the "old" or the "new" ones."""
    wanted = draft()
    made = met.network.publish(wanted, met.account, key=uuid4().hex, door=met.door)
    newer = replace(wanted, text=wanted.text.replace("Out now", "Free"))
    met.door.post(f"{met.facts.base_url}/practice/faults", json={"behaviour": behaviour})
    try:
        said = ",".join(met.network.edit(newer, met.account, made.remote_id, door=door).differs) or "ok"
    except ServiceError as error:
        said = f"{error.kind} {error.status}" if error.status in (405, 410) else error.kind
    met.door.post(f"{met.facts.base_url}/practice/faults", json={"behaviour": "none"})
    shown = met.door.get(f"{met.facts.base_url}/api/v1/statuses/{made.remote_id}")
    return said, "gone" if shown.status == 404 else "new" if b"Free" in shown.body else "old"


@pytest.mark.parametrize(
    ("behaviour", "said", "reads"),
    [
        ("executed_answer_lost", "unknown", "new"),
        ("executed_slow", "unknown", "new"),
        ("executed_504", "unknown", "new"),
        ("executed_html_200", "unknown", "new"),
        ("answer_lost", "unknown", "old"),
        ("not_executed_503", "unknown", "old"),
        ("id_less_200", "unknown", "old"),
        ("empty_list_200", "unknown", "old"),
        ("rate_limited", "busy", "old"),
        ("too_long_422", "refused", "old"),
        ("edits_off", "refused 405", "old"),
        ("edit_ignored", "text", "old"),
        ("forbidden_disabled", "revoked", "old"),
        ("vanished", "ok", "gone"),
    ],
)
def test_what_is_said_of_a_change_fits_what_the_post_reads(calm: Counterpart, behaviour: str, said: str, reads: str) -> None:
    hasty = Door(total_timeout=0.5).admitting(frozenset({("127.0.0.1", int(calm.facts.base_url.rpartition(":")[2]))}))
    assert changed_in_trouble(calm, behaviour, hasty) == (said, reads)


def test_a_change_whose_answer_was_lost_is_found_and_leaves_one_version(calm: Counterpart) -> None:
    wanted = draft()
    made = calm.network.publish(wanted, calm.account, key=uuid4().hex, door=calm.door)
    newer = replace(wanted, text=wanted.text.replace("Out now", "Free"))
    calm.door.post(f"{calm.facts.base_url}/practice/faults", json={"behaviour": "executed_504"})
    with pytest.raises(ServiceError):
        calm.network.edit(newer, calm.account, made.remote_id, door=calm.door)
    assert calm.network.edit(newer, calm.account, made.remote_id, door=calm.door).differs == ()
    kept = json.loads(calm.door.get(f"{calm.facts.base_url}/api/v1/statuses/{made.remote_id}/history").body)
    assert ["Free" in version["content"] for version in kept] == [False, True]
