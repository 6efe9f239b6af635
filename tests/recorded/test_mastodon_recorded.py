"""Mastodon against answers recorded from real servers: the whole contract, and what single servers said."""

import itertools
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from creatorbot.networks.base import Account, Limits, ServerFacts
from creatorbot.networks.mastodon import Mastodon
from creatorbot.networks.mastodon.discover import limits_of
from creatorbot.networks.mastodon.oauth import remote_account
from creatorbot.networks.mastodon.statuses import carries, published
from creatorbot.security.http import Door
from tests.contracts.network_contract import ByBrowserContract, Counterpart
from tests.recorded.replayed_mastodon import DATA, recorded, replayed_mastodon
from tests.servers.scripted import data, scripted

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the recorded answers are not beside this checkout")


class TestRecordedAnswers(ByBrowserContract):
    """The contract, told to recordings."""

    @pytest.fixture(scope="class")
    @classmethod
    def counterpart(cls) -> Iterator[Counterpart]:
        codes = itertools.count()

        def say_yes(address: str) -> str:
            asked = parse_qs(urlsplit(address).query)
            return f"{asked['redirect_uri'][0]}?{urlencode({'code': f'code-{next(codes)}', 'state': asked['state'][0]})}"

        with replayed_mastodon() as server:
            yield Counterpart(Mastodon(pause=lambda seconds: None), server.url, Door().admitting(server.place), say_yes)


def test_mastodon_social_describes_itself() -> None:
    limits = limits_of(recorded("mastodon.social/instancev2.json", "GET", "api/v2/instance")[1])
    assert (limits.characters, limits.url_length, limits.pictures) == (500, 23, 4)
    assert limits.picture_bytes > 10_000_000
    assert set(limits.picture_types) == set(Limits().picture_types)
    assert limits_of(recorded("mastodon.social/instance.json", "GET", "api/v1/instance")[1]).characters == 500
    assert limits_of(json.loads((DATA / "bigbone/instance_v1_extended.json").read_text())).characters > 0


def test_people_are_read() -> None:
    facts = ServerFacts("https://mastodon.social", "mastodon.social", "Mastodon", "mastodon", "4.6", Limits())
    found = remote_account(recorded("mastodon.social/account.json", "GET", "api/v1/accounts/verify_credentials")[1], facts)
    assert found.handle.endswith("@mastodon.social")
    assert found.url.startswith("https://mastodon.social/")
    assert remote_account(json.loads((DATA / "bigbone/accounts_verify_credentials_success.json").read_text()), facts).remote_id


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("mastodon.social/status.json", "GET", "api/v1/statuses"),
        ("mastodon.social/previewcard.json", "GET", "api/v1/statuses"),
        ("mastodon.social/poll.json", "GET", "api/v1/statuses"),
        ("mastodon.social/quote.json", "GET", "api/v1/statuses"),
        ("recorded/status_card.json", "GET", "api/v1/statuses"),
        ("recorded/media_post_multiple.json", "POST", "api/v1/statuses"),
    ],
)
def test_statuses_are_read(name: str, method: str, path: str) -> None:
    body = recorded(name, method, path)[1]
    found = published(body, "mastodon.social")
    assert found.remote_id == body["id"]
    assert found.url == body["url"]
    assert found.pictures == len(body["media_attachments"])  # type: ignore[arg-type]


def test_a_card_names_its_link() -> None:
    body = recorded("recorded/status_card.json", "GET", "api/v1/statuses")[1]
    assert carries(body, "http://example.org/")
    assert not carries(body, "http://example.org/l")
    assert carries(body | {"content": ""}, body["card"]["url"])  # type: ignore[index]


@pytest.mark.parametrize(("name", "place"), [("revoke.json", 0), ("revoke.json", 1)])
def test_a_revoked_token_is_known_in_any_language(name: str, place: int) -> None:
    answers = [one["response"] for one in json.loads((DATA / "recorded" / name).read_text()) if one["response"]["status"]["code"] == 401]
    with scripted() as server:
        server.on("GET", "/api/v1/accounts/verify_credentials", data(answers[place]["body"], 401))
        account = Account(server.url, "mastodon", "4.6.4", "t", "7")
        assert Mastodon().check(account, Door().admitting(server.place)).state == "revoked"


def test_texts_are_counted_as_the_server_counts() -> None:
    for one in json.loads((DATA / "status_lengths.json").read_text()):
        assert Mastodon().length(one["text"], "", Limits(), "mastodon") == one["length"], one["text"]
