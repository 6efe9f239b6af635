"""The door outside: hostile names, hostile servers, and what is said about them."""

import gzip
import os
import socket
import threading
import zlib
from collections.abc import Iterator

import pytest
import requests

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.security.http import Door
from tests.servers.scripted import Scripted, answer, data, drip, flood, moved, page, raw, reset, scripted, silence
from tests.servers.world import PUBLIC, World


@pytest.fixture
def server() -> Iterator[Scripted]:
    """A server that answers by script."""
    with scripted() as running:
        yield running


@pytest.fixture
def world(server: Scripted) -> World:
    """shop.example is public; the other names are not what they seem."""
    return World(
        server,
        {
            "shop.example": [[PUBLIC]],
            "other.example": [["93.184.216.35"]],
            "inside.example": [["10.0.0.5"]],
            "metadata.example": [["169.254.169.254"]],
            "mapped.example": [["::ffff:127.0.0.1"]],
            "mixed.example": [["127.0.0.1", PUBLIC, "192.168.0.1"]],
            "rebinding.example": [[PUBLIC], ["127.0.0.1"]],
            "empty.example": [[]],
        },
    )


def refused(door: Door, url: str) -> CreatorbotError:
    """What get() raises."""
    with pytest.raises(CreatorbotError) as caught:
        door.get(url)
    return caught.value


def test_a_page_comes_back_whole(server: Scripted, world: World) -> None:
    server.on("GET", "/music", answer(203, "höher", {"X-Some": "thing"}))
    found = world.door().get("http://shop.example/music?a=1", headers={"If-None-Match": '"x"'})
    assert (found.status, found.body, found.headers["x-some"]) == (203, "höher".encode(), "thing")
    assert found.address == "http://shop.example/music?a=1"
    assert server.asked[0].headers["if-none-match"] == '"x"'
    assert server.asked[0].headers["user-agent"].startswith("creatorbot/")
    assert server.asked[0].headers["host"] == "shop.example"


def test_the_address_that_was_checked_is_the_one_dialled(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer())
    world.door().get("http://rebinding.example/")
    assert world.resolved == ["rebinding.example"]
    assert world.dialled == [(PUBLIC, 80)]


def test_a_name_that_turns_private_later_is_refused_then(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer())
    door = world.door()
    door.get("http://rebinding.example/")
    assert isinstance(refused(door, "http://rebinding.example/"), InvalidInput)
    assert world.dialled == [(PUBLIC, 80)]


def test_of_mixed_addresses_only_the_public_one_is_dialled(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer())
    world.door().get("http://mixed.example/")
    assert world.dialled == [(PUBLIC, 80)]


@pytest.mark.parametrize("name", ["inside", "metadata", "mapped"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_private_places_are_never_dialled(world: World, name: str, scheme: str) -> None:
    error = refused(world.door(), f"{scheme}://{name}.example/")
    assert isinstance(error, InvalidInput)
    assert error.field == "address"
    assert "private network" in str(error)
    assert world.dialled == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://0/",
    ],
)
def test_loopback_in_any_spelling_is_refused(url: str) -> None:
    assert isinstance(refused(Door(), url), InvalidInput)


@pytest.mark.parametrize(
    "url", ["shop", "ftp://shop.example/", "http://me:secret@shop.example/", "http://shop.example:25/", "http://shop.example:6379/"]
)
def test_what_is_no_web_address_is_an_input_error(world: World, url: str) -> None:
    error = refused(world.door(), url)
    assert isinstance(error, InvalidInput)
    assert error.field == "address"
    assert world.resolved == []


def test_an_admitted_place_is_reached_and_no_other(server: Scripted) -> None:
    server.on("GET", "/", answer(200, "here"))
    door = Door().admitting(server.place)
    assert door.get(server.url + "/").body == b"here"
    assert door.admits(server.url + "/any")
    assert not door.admits(server.url.replace("http:", "https:"))
    assert not Door().admits(server.url)
    with scripted() as other:
        assert isinstance(refused(door, other.url + "/"), InvalidInput)
        assert other.asked == []
    assert isinstance(refused(door, f"https://127.0.0.1:{server.port}/"), InvalidInput)
    assert isinstance(refused(door, f"http://localhost:{server.port}/"), InvalidInput)


def test_an_admitted_name_must_still_be_loopback(server: Scripted, world: World) -> None:
    door = world.door().admitting(frozenset({("inside.example", 8080)}))
    assert isinstance(refused(door, "http://inside.example:8080/"), InvalidInput)
    assert world.dialled == []


def test_redirects_are_followed_and_checked(server: Scripted, world: World) -> None:
    server.on("GET", "/a", moved("/b", 301))
    server.on("GET", "/b", moved("http://other.example/c", 308))
    server.on("GET", "/c", answer(200, "end"))
    found = world.door().get("http://shop.example/a", headers={"Authorization": "Bearer x", "Accept": "text/html"})
    assert (found.address, found.body) == ("http://other.example/c", b"end")
    assert ["authorization" in one.headers for one in server.asked] == [True, True, False]
    assert {one.headers["accept"] for one in server.asked} == {"text/html"}


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("http://inside.example/", "private network"),
        ("http://127.0.0.1/", "private network"),
        ("ftp://shop.example/", "cannot be opened"),
        ("http://shop.example:25/", "cannot be opened"),
        ("http://me@shop.example/", "cannot be opened"),
    ],
)
def test_a_redirect_leads_nowhere_bad(server: Scripted, world: World, target: str, words: str) -> None:
    if "127.0.0.1" in target:
        world.names["127.0.0.1"] = [["127.0.0.1"]]
    server.on("GET", "/", moved(target))
    error = refused(world.door(), "http://shop.example/")
    assert isinstance(error, ServiceError)
    assert error.kind == "refused"
    assert words in str(error)
    assert len(server.asked) == 1


def test_a_stranger_cannot_send_us_to_an_admitted_place(server: Scripted, world: World) -> None:
    server.on("GET", "/", moved(server.url + "/secret"))
    error = refused(world.door().admitting(server.place), "http://shop.example/")
    assert "cannot be opened" in str(error)


def test_a_redirect_loop_ends(server: Scripted, world: World) -> None:
    server.on("GET", "/", moved("/"))
    error = refused(world.door(), "http://shop.example/")
    assert isinstance(error, ServiceError)
    assert "keeps sending us on" in str(error)
    assert len(server.asked) == 6


def test_without_redirects_the_redirect_is_the_answer(server: Scripted, world: World) -> None:
    server.on("GET", "/", moved("/elsewhere"))
    assert world.door().get("http://shop.example/", redirects=0).status == 302


def test_a_post_follows_no_redirect(server: Scripted, world: World) -> None:
    server.on("POST", "/", moved("/elsewhere", 307))
    assert world.door().post("http://shop.example/", form={"a": "ö &"}).status == 307
    assert [(one.method, one.form) for one in server.asked] == [("POST", {"a": ["ö &"]})]


def test_a_post_can_carry_json(server: Scripted, world: World) -> None:
    server.on("POST", "/", data({"ok": True}))
    assert world.door().post("http://shop.example/", json={"a": [1]}, headers={"X-Key": "k"}).body == b'{"ok": true}'
    assert (server.asked[0].body, server.asked[0].headers["x-key"]) == (b'{"a": [1]}', "k")


def bomb() -> bytes:
    """100 MB of zeros, packed."""
    packer = zlib.compressobj(wbits=31)
    return b"".join(packer.compress(b"\0" * 1_000_000) for _ in range(100)) + packer.flush()


@pytest.mark.parametrize(
    "reply",
    [
        flood(100),
        flood(1, "Content-Length: 100000000\r\n"),
        flood(3, "Content-Length: 3000000\r\n"),
        answer(200, bomb(), {"Content-Encoding": "gzip"}),
        answer(200, gzip.compress(bomb()), {"Content-Encoding": "gzip, gzip"}),
    ],
    ids=["endless", "announced", "large", "bomb", "double bomb"],
)
def test_what_is_too_large_is_not_read_to_its_end(server: Scripted, world: World, reply: object) -> None:
    server.on("GET", "/", reply)  # type: ignore[arg-type]
    error = refused(world.door(), "http://shop.example/")
    assert isinstance(error, ServiceError)
    assert (error.kind, "too large" in str(error)) == ("unknown", True)


def test_packed_pages_are_unpacked_and_the_limit_can_be_raised(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer(200, gzip.compress(b"z" * 2_000_000), {"Content-Encoding": "gzip"}))
    assert len(world.door().get("http://shop.example/", max_bytes=3_000_000).body) == 2_000_000


@pytest.mark.parametrize(
    "reply",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500),
        drip(b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * 500),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 100),
        silence(),
    ],
    ids=["body", "headers", "chunks", "silence"],
)
def test_a_slow_drip_ends_in_time(server: Scripted, world: World, reply: object) -> None:
    server.on("GET", "/", reply)  # type: ignore[arg-type]
    error = refused(world.door(total_timeout=0.3), "http://shop.example/")
    assert isinstance(error, ServiceError)
    assert (error.kind, str(error)) == ("unknown", "shop.example took too long to answer.")


def test_the_time_bounds_all_redirects_together(server: Scripted, world: World) -> None:
    server.on("GET", "/", drip(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 0.005))
    assert "too long" in str(refused(world.door(total_timeout=0.4), "http://shop.example/"))


@pytest.mark.parametrize(
    "reply",
    [
        reset(),
        raw(b""),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort"),
        raw(b"nonsense\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"),
        answer(200, b"not packed", {"Content-Encoding": "gzip"}),
    ],
    ids=["reset", "closed", "cut", "nonsense", "cut chunk", "not gzip"],
)
def test_a_broken_answer_is_unknown(server: Scripted, world: World, reply: object) -> None:
    server.on("GET", "/", reply)  # type: ignore[arg-type]
    error = refused(world.door(), "http://shop.example/")
    assert isinstance(error, ServiceError)
    assert error.kind == "unknown"
    assert "shop.example" in str(error)


def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_nobody_there_means_nothing_was_sent(world: World) -> None:
    for error in (
        refused(world.door(), "http://nobody.example/"),
        refused(world.door(), "http://empty.example/"),
        refused(Door(admitted=frozenset({("127.0.0.1", port := closed_port())})), f"http://127.0.0.1:{port}/"),
        refused(Door(resolve=world.resolve, connect=_never), "http://shop.example/"),
    ):
        assert isinstance(error, ServiceError)
        assert (error.kind, "Nothing was sent" in str(error)) == ("unreached", True)


def _never(ip: str, port: int, timeout: float) -> socket.socket:
    raise TimeoutError("timed out")


def test_a_server_without_tls_is_unreached(server: Scripted, world: World) -> None:
    error = refused(world.door(connect_timeout=0.3), "https://shop.example/")
    assert isinstance(error, ServiceError)
    assert error.kind == "unreached"
    assert "GET" not in {one.method for one in server.asked}


def test_html_and_errors_are_answers(server: Scripted, world: World) -> None:
    server.on("GET", "/", page(503))
    assert world.door().get("http://shop.example/").status == 503


def test_the_environment_is_not_obeyed(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer(200, "straight"))
    os.environ["http_proxy"] = f"http://127.0.0.1:{closed_port()}"
    try:
        assert world.door().get("http://shop.example/").body == b"straight"
    finally:
        del os.environ["http_proxy"]


def test_a_vendor_session_keeps_the_rules(server: Scripted, world: World) -> None:
    session = world.door(total_timeout=0.5).session(max_bytes=1000)
    server.on("GET", "/", answer(200, "fine"))
    server.on("GET", "/moved", moved("/"))
    server.on("GET", "/large", flood(2))
    server.on("GET", "/slow", silence())
    server.on("GET", "/cut", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort"))
    assert session.get("http://shop.example/", verify=False, proxies={"http": "http://10.0.0.1"}).text == "fine"
    for path, expected in (
        ("/moved", requests.TooManyRedirects),
        ("/large", requests.exceptions.RequestException),
        ("/slow", requests.exceptions.ReadTimeout),
        ("/cut", requests.exceptions.ChunkedEncodingError),
    ):
        with pytest.raises(expected):
            session.get(f"http://shop.example{path}")
    with pytest.raises(requests.exceptions.ConnectionError, match="not a public address"):
        session.post("http://inside.example/", data=b"x")
    assert {ip for ip, _ in world.dialled} == {PUBLIC}


def test_one_door_serves_many_threads(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer(200, "fine"))
    door, bodies = world.door(), list[bytes]()
    threads = [threading.Thread(target=lambda: bodies.append(door.get("http://shop.example/").body)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bodies == [b"fine"] * 16
