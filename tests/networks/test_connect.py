"""Meeting a server: from what is typed to who is there, with servers that are not what they should be."""

import base64
import hashlib
import socket
import ssl
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.networks.base import App, Limits, ServerFacts
from creatorbot.networks.mastodon.discover import limits_of
from creatorbot.security.http import Door
from tests.networks.mastodon_answers import INSTANCE, VERIFY, Meeting
from tests.servers.certificate import certificate
from tests.servers.scripted import Reply, data, flood, moved, page, reset, scripted
from tests.servers.world import PUBLIC, World

V1, V2, METADATA, NODEINFO = "/api/v1/instance", "/api/v2/instance", "/.well-known/oauth-authorization-server", "/.well-known/nodeinfo"


def nobody(host: str, port: int) -> list[str]:
    raise socket.gaierror(-2, "Name or service not known")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("mastodon.social", "https://mastodon.social"),
        ("  Mastodon.Social/ ", "https://mastodon.social"),
        ("https://mastodon.social/@me", "https://mastodon.social"),
        ("http://mastodon.social", "https://mastodon.social"),
        ("https://mastodon.social/deck/@me@else.example", "https://mastodon.social"),
        ("mastodon.social/@me", "https://mastodon.social"),
        ("@me@mastodon.social", "https://mastodon.social"),
        ("me@mastodon.social", "https://mastodon.social"),
        ("@mastodon.social", None),
        ("acct:me@mastodon.social", "https://mastodon.social"),
        ("<me@mastodon.social>", "https://mastodon.social"),
        ("mastodon.social.", "https://mastodon.social"),
        ("social.example:8443", "https://social.example:8443"),
        ("\u200bmastodon.social\u200b", "https://mastodon.social"),
        ("münchen.social", "https://xn--mnchen-3ya.social"),
        ("", None),
        ("   ", None),
        ("@me", None),
        ("mastodon", None),
        ("localhost", None),
        ("127.0.0.1", None),
        ("127.0.0.1:3000", None),
        ("[::1]", None),
        ("10.0.0.1", None),
        ("2130706433", None),
        ("my server.social", None),
        ("https://", None),
        ("a..b", None),
        ("-x-.social", None),
        ("social.example:99999", None),
        ("social.example:x", None),
        ("ü" * 300 + ".social", None),
        ("<script>", None),
    ],
)
def test_what_people_type(typed: str, address: str | None, met: Meeting) -> None:
    door = Door(resolve=nobody)
    if address is None:
        with pytest.raises(InvalidInput) as caught:
            met.network.server_address(typed, door)
        assert caught.value.field == "server"
        assert "mastodon.social" in str(caught.value)
    else:
        assert met.network.server_address(typed, door) == address


@pytest.mark.parametrize("prefix", ["", "http://", "@you@", "you@"])
def test_an_admitted_place_is_met_by_http(prefix: str, met: Meeting) -> None:
    place = met.server.url.removeprefix("http://")
    assert met.network.server_address(prefix + place, met.door) == met.server.url


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (data({"links": [{"rel": "x"}, {"rel": "self", "href": "https://social.label.example/users/me"}]}), "https://social.label.example"),
        (data({"links": [{"rel": "self", "href": "https://label.example/users/me"}]}), "https://label.example"),
        (data({"links": [{"rel": "self", "href": "http://127.0.0.1:22/"}]}), "https://label.example"),
        (data({"links": [{"rel": "self", "href": "https://10.0.0.1/"}]}), "https://label.example"),
        (data({"links": [{"rel": "self", "href": "https://x@evil.example/"}]}), "https://label.example"),
        (data({"links": [7, {"rel": "self"}]}), "https://label.example"),
        (data({"links": "no"}), "https://label.example"),
        (page(), "https://label.example"),
        (page(404), "https://label.example"),
        (reset(), "https://label.example"),
    ],
)
def test_a_handle_is_looked_up_as_its_server_may_have_another_name(told: Reply, address: str, met: Meeting, tmp_path: Path) -> None:
    files = certificate(tmp_path, "label.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    with scripted(context) as server:
        server.on("GET", "/.well-known/webfinger", told)
        world = World(server, {"label.example": [[PUBLIC]]})
        door = Door(resolve=world.resolve, connect=world.connect, tls=ssl.create_default_context(cafile=str(files[0])))
        assert met.network.server_address("@me@label.example", door) == address
        assert server.asked[0].query == {"resource": ["acct:me@label.example"]}


def test_a_server_tells_about_itself(met: Meeting) -> None:
    met.server.on("GET", V2, data(INSTANCE))
    met.server.on("GET", NODEINFO, data({"links": [{"href": met.server.url + "/nodeinfo/2.0"}]}))
    met.server.on("GET", "/nodeinfo/2.0", data({"software": {"name": "Mastodon", "version": "4.5.2+glitch"}}))
    facts = met.network.discover(met.server.url, met.door)
    assert facts == ServerFacts(
        base_url=met.server.url,
        domain="social.example",
        title="Social Example",
        software="glitch",
        version="4.5.2+glitch",
        limits=Limits(500, 23, 4, 16777216, 33177600, 1500, ("image/jpeg", "image/png")),
        rules=("Be kind", "No spam"),
        authorize_url=met.server.url + "/oauth/authorize",
        token_url=met.server.url + "/oauth/token",
    )


@pytest.mark.parametrize(
    ("version", "software"),
    [
        ("3.5.3 (compatible; Pixelfed 0.12.1)", "pixelfed"),
        ("2.7.2 (compatible; Akkoma 3.15.0)", "akkoma"),
        ("2.8.0 (compatible; Friendica)", "friendica"),
        ("4.7.0-alpha.2+glitch", "glitch"),
        ("4.7.0-alpha.2", "mastodon"),
        ("2.7.2 (compatible; )", "mastodon"),
    ],
)
def test_an_older_server_without_the_new_descriptions(met: Meeting, version: str, software: str) -> None:
    told = {"uri": "https://Label.example/", "title": "Label", "version": version, "max_toot_chars": "5000", "rules": None}
    met.server.on("GET", V1, data(told))
    facts = met.network.discover(met.server.url, met.door)
    assert (facts.software, facts.domain, facts.limits.characters) == (software, "label.example", 5000)


@pytest.mark.parametrize(
    ("replies", "kind", "words"),
    [
        ({V2: page(), V1: page()}, "refused", "not a Mastodon server"),
        ({}, "refused", "not a Mastodon server"),
        ({V2: data({"ok": True}), V1: data([1])}, "refused", "not a Mastodon server"),
        ({V2: data({}, 403), V1: data({}, 403)}, "refused", "does not let programs"),
        ({V2: data({}, 401), V1: data({}, 401)}, "refused", "does not let programs"),
        ({V2: page(503), V1: page(503)}, "unknown", "trouble"),
        ({V2: page(520)}, "unknown", "trouble"),
        ({V2: data({"error": "x"}, 429, {"Retry-After": "7"})}, "busy", "slow down"),
        ({V2: reset()}, "unknown", "broke"),
        ({V2: flood(3)}, "unknown", "too large"),
        ({V2: moved("http://127.0.0.1:1/")}, "refused", "private network"),
        ({V2: moved(V2)}, "refused", "sending us on"),
    ],
)
def test_servers_that_cannot_be_used(met: Meeting, replies: dict[str, Reply], kind: str, words: str) -> None:
    for path, reply in replies.items():
        met.server.on("GET", path, reply)
    with pytest.raises(ServiceError) as caught:
        met.network.discover(met.server.url, met.door)
    assert (caught.value.kind, words in str(caught.value)) == (kind, True)


def test_other_software_is_named(met: Meeting) -> None:
    met.server.on("GET", NODEINFO, data({"links": [{"href": met.server.url + "/nodeinfo/2.1"}, {"href": "https://evil.example/x"}, 7]}))
    met.server.on("GET", "/nodeinfo/2.1", data({"software": {"name": "lemmy", "version": "0.19"}}))
    with pytest.raises(ServiceError, match="runs lemmy, where this program cannot post yet"):
        met.network.discover(met.server.url, met.door)


def test_nobody_there_and_private_servers(met: Meeting) -> None:
    with pytest.raises(ServiceError) as caught:
        met.network.discover("https://social.example", Door(resolve=nobody))
    assert (caught.value.kind, "no server called social.example" in str(caught.value)) == ("unreached", True)
    with pytest.raises(InvalidInput) as refused:
        met.network.discover("https://social.example", Door(resolve=lambda host, port: ["192.168.1.1"]))
    assert refused.value.field == "server"


def test_announced_login_addresses_count_only_on_the_same_server(met: Meeting) -> None:
    base = met.server.url
    met.server.on("GET", V2, data(INSTANCE))
    usual = f"{base}/oauth/authorize", f"{base}/oauth/token"
    for told, expected in (
        (data({"authorization_endpoint": f"{base}/a", "token_endpoint": f"{base}/t"}), (f"{base}/a", f"{base}/t")),
        (page(), usual),
        (page(404), usual),
        (data([]), usual),
        (reset(), usual),
        (data({"authorization_endpoint": f"{base}/a"}), usual),
        (data({"authorization_endpoint": "https://evil.example/a", "token_endpoint": f"{base}/t"}), usual),
        (data({"authorization_endpoint": f"{base}.evil.example/a", "token_endpoint": f"{base}/t"}), usual),
        (data({"authorization_endpoint": f"{base}@evil.example/a", "token_endpoint": f"{base}/t"}), usual),
        (data({"authorization_endpoint": f"{base}/a?next=x", "token_endpoint": f"{base}/t"}), usual),
        (data({"authorization_endpoint": "javascript:alert(1)", "token_endpoint": f"{base}/t"}), usual),
    ):
        met.server.on("GET", METADATA, told)
        facts = met.network.discover(base, met.door)
        assert (facts.authorize_url, facts.token_url) == expected


@pytest.mark.parametrize("odd", [None, 0, -5, "", "many", "0", [], {}, True, 1.5, "9" * 40])
def test_odd_limits_become_our_careful_ones(odd: object) -> None:
    limits = limits_of({"configuration": {"statuses": {"max_characters": odd}, "media_attachments": odd}})
    assert limits.characters == (Limits().characters if odd != "9" * 40 else 10**18 - 1)
    assert limits.description == Limits().description


def test_limits_may_come_as_words() -> None:
    statuses = {"max_characters": "5000", "characters_reserved_per_url": 256.0}
    limits = limits_of({"configuration": {"statuses": statuses}, "upload_limit": 999})
    assert (limits.characters, limits.url_length, limits.picture_bytes) == (5000, 256, 999)
    assert limits_of({"configuration": "soon"}) == Limits()


def facts_of(met: Meeting, software: str = "mastodon") -> ServerFacts:
    base = met.server.url
    return ServerFacts(base, "social.example", "Social", software, "4.5", Limits(), (), f"{base}/oauth/authorize", f"{base}/oauth/token")


def test_an_app_is_registered_with_few_rights(met: Meeting) -> None:
    met.server.on("POST", "/api/v1/apps", data({"client_id": "c", "client_secret": "s"}))
    app = met.network.register(facts_of(met), "https://music.example/back", met.door)
    rights = ("read:accounts", "read:statuses", "read:search", "write:statuses", "write:media")
    assert app == App("c", "s", "https://music.example/back", rights)
    assert met.server.asked[0].form == {
        "client_name": ["creatorbot"],
        "redirect_uris": ["https://music.example/back"],
        "scopes": ["read:accounts read:statuses read:search write:statuses write:media"],
    }


def test_a_server_of_unknown_kind_may_want_coarser_rights(met: Meeting) -> None:
    met.server.on("POST", "/api/v1/apps", data({"error": "scopes"}, 422), data({"client_id": "c", "client_secret": "s"}))
    assert met.network.register(facts_of(met, "newthing"), "https://music.example/back", met.door).scopes == ("read", "write")


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (data({"error": "Validation failed"}, 422), "refused"),
        (data({"error": "Too many"}, 429), "busy"),
        (page(403), "refused"),
        (page(500), "unknown"),
        (page(), "unknown"),
        (data({"client_id": "c"}), "unknown"),
        (data({"error": "x"}), "unknown"),
        (moved("https://x.example/"), "refused"),
        (reset(), "unknown"),
    ],
)
def test_a_registration_can_fail(met: Meeting, reply: Reply, kind: str) -> None:
    met.server.on("POST", "/api/v1/apps", reply)
    with pytest.raises(ServiceError) as caught:
        met.network.register(facts_of(met), "https://music.example/back", met.door)
    assert caught.value.kind == kind
    assert len(met.server.asked) == 1


def test_the_way_to_the_server_carries_state_and_challenge(met: Meeting) -> None:
    app = App("c", "secret", "https://music.example/back?a=1", ("read", "write"))
    address = met.network.authorize_address(facts_of(met), app, "a&state", "verifier" * 8)
    asked = parse_qs(urlsplit(address).query)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"verifier" * 8).digest()).rstrip(b"=").decode()
    assert asked == {
        "response_type": ["code"],
        "client_id": ["c"],
        "redirect_uri": ["https://music.example/back?a=1"],
        "scope": ["read write"],
        "state": ["a&state"],
        "code_challenge": [challenge],
        "code_challenge_method": ["S256"],
    }
    assert "secret" not in address
    assert "verifier" not in address


APP = App("c", "s", "https://music.example/back", ("read", "write:statuses"))


def test_a_code_becomes_a_token(met: Meeting) -> None:
    met.server.on("POST", "/oauth/token", data({"access_token": "t", "token_type": "Bearer", "scope": "read"}))
    grant = met.network.exchange(facts_of(met), APP, "the-code", "v" * 50, met.door)
    assert (grant.token, grant.scopes) == ("t", ("read",))
    assert met.server.asked[0].form == {
        "grant_type": ["authorization_code"],
        "code": ["the-code"],
        "client_id": ["c"],
        "client_secret": ["s"],
        "redirect_uri": ["https://music.example/back"],
        "code_verifier": ["v" * 50],
    }


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (data({"error": "invalid_grant", "error_description": "expired"}, 400), "refused", "too old"),
        (data({"error": "invalid_client"}, 401), "revoked", "does not know this program"),
        (data({"error": "Too many"}, 429), "busy", "slow down"),
        (page(502), "unknown", "trouble"),
        (page(), "unknown", "cannot be read"),
        (data({"token_type": "Bearer"}), "unknown", "cannot be read"),
        (moved("https://x.example/"), "refused", "another address"),
    ],
)
def test_a_code_can_be_refused(met: Meeting, reply: Reply, kind: str, words: str) -> None:
    met.server.on("POST", "/oauth/token", reply)
    with pytest.raises(ServiceError) as caught:
        met.network.exchange(facts_of(met), APP, "the-code", "v" * 50, met.door)
    assert (caught.value.kind, words in str(caught.value)) == (kind, True)


def test_the_person_is_named_in_full(met: Meeting) -> None:
    met.server.on(
        "GET",
        VERIFY,
        data(
            {
                "id": 7,
                "acct": "alice",
                "display_name": "",
                "url": "https://social.example/@alice",
                "avatar": "https://files.example/a.png",
                "source": {"privacy": "unlisted"},
            }
        ),
    )
    who = met.network.whoami(facts_of(met), "t", met.door)
    assert (who.remote_id, who.handle, who.name, who.avatar_url, who.visibility) == (
        "7",
        "@alice@social.example",
        "alice",
        "https://files.example/a.png",
        "unlisted",
    )
    assert met.server.asked[0].headers["authorization"] == "Bearer t"


@pytest.mark.parametrize(
    "reply",
    [
        data({}),
        data({"id": "7"}),
        data({"acct": "alice"}),
        data([]),
        page(),
        data({"id": "", "acct": "alice"}),
    ],
)
def test_a_person_without_name_is_no_person(met: Meeting, reply: Reply) -> None:
    met.server.on("GET", VERIFY, reply)
    with pytest.raises(ServiceError, match="cannot be read"):
        met.network.whoami(facts_of(met), "t", met.door)
