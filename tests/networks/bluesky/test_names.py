"""From what people type or paste to the server of their account."""

import pytest

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.networks.bluesky.names import name_in, server_in
from creatorbot.security.http import Door
from tests.networks.bluesky.conftest import Met
from tests.servers.bluesky import DID, HANDLE, PASSWORD


@pytest.mark.parametrize(
    "typed",
    [
        "aoife.bsky.example",
        " @aoife.bsky.example ",
        "Aoife.bsky.Example.",
        "at://aoife.bsky.example",
        "https://bsky.app/profile/aoife.bsky.example",
        "bsky.app/profile/aoife.bsky.example/post/3l2",
        "\u202aaoife.bsky.example\u202c",
    ],
)
def test_a_name_is_understood_however_it_is_pasted(typed: str) -> None:
    assert name_in(typed) == HANDLE


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "not a Bluesky name"),
        ("aoife", "whole name"),
        ("aoife@mail.example", "e-mail"),
        ("did:plc:short", "not a Bluesky name"),
        ("a b.example", "not a Bluesky name"),
        ("127.0.0.1", "not a Bluesky name"),
        ("x" * 300 + ".example", "not a Bluesky name"),
    ],
)
def test_what_is_no_name_gets_a_sentence(typed: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        name_in(typed)
    assert caught.value.field == "handle"


def test_a_name_leads_to_its_server(met: Met) -> None:
    assert met.network.server_address(HANDLE, met.door) == met.there.url
    assert met.network.server_address(DID, met.door) == met.there.url


def test_a_name_nobody_has(met: Met) -> None:
    with pytest.raises(InvalidInput, match="Nobody on Bluesky") as caught:
        met.network.server_address("did:plc:" + "b" * 24, met.door)
    assert caught.value.field == "handle"


def test_a_directory_in_trouble_is_not_a_wrong_name(met: Met) -> None:
    met.there.fault("trouble", "com.atproto.identity.resolveHandle")
    with pytest.raises(ServiceError) as caught:
        met.network.server_address(HANDLE, met.door)
    assert caught.value.kind == "busy"


@pytest.mark.parametrize("there", ["http://pds.example", "ftp://pds.example", "https://me@pds.example", "https://[", "", "javascript:x"])
def test_a_document_cannot_send_us_astray(there: str) -> None:
    service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": there}
    assert server_in({"service": [service]}, Door()) == ""
    assert server_in({"service": [service | {"serviceEndpoint": "https://pds.example/path"}]}, Door()) == "https://pds.example"


@pytest.mark.parametrize("password", ["", "my own password", "abcdefghijklmnop", "ABCD-EFGH-IJKL-MNOP", "abcd-efgh-ijkl"])
def test_only_an_app_password_is_taken_and_no_other_is_sent(met: Met, password: str) -> None:
    before = met.there.state()["logins"]
    facts = met.network.discover(met.there.url, met.door)
    with pytest.raises(InvalidInput, match="not an app password") as caught:
        met.network.log_in(facts, {"handle": HANDLE, "password": password}, met.door)
    assert caught.value.field == "password"
    assert met.there.state()["logins"] == before


def test_a_wrong_app_password_names_its_field(met: Met) -> None:
    facts = met.network.discover(met.there.url, met.door)
    with pytest.raises(InvalidInput, match="does not accept this app password") as caught:
        met.network.log_in(facts, {"handle": HANDLE, "password": "aaaa-bbbb-cccc-dddd"}, met.door)
    assert caught.value.field == "password"


def test_who_it_is(met: Met) -> None:
    facts = met.network.discover(met.there.url, met.door)
    grant = met.network.log_in(facts, {"handle": f"@{HANDLE}", "password": f" {PASSWORD} "}, met.door)
    who = met.network.whoami(facts, grant.token, met.door)
    assert (who.remote_id, who.handle, who.name) == (DID, f"@{HANDLE}", "Aoife Marsh")
