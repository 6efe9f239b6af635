"""Many pages at once: the door's rules hold for each of them, and none waits for another's bad day."""

import gzip
import os
import socket
import threading
import zlib

import pytest

from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.security.http import Door
from creatorbot.security.many import Ask, Many
from tests.security.crowd import a_server, a_world, body, fetched, refused
from tests.servers.scripted import Asked, Scripted, answer, drip, flood, moved, raw, reset, silence
from tests.servers.world import PUBLIC, World

__all__ = ["a_server", "a_world"]  # fixtures


def test_a_page_comes_back_whole(server: Scripted, world: World) -> None:
    server.on("GET", "/music", answer(203, "höher", {"X-Some": "thing"}))
    [came] = fetched(world.door(), "http://shop.example/music?a=1", headers={"If-None-Match": '"x"'})
    assert came.answer is not None
    assert (came.answer.status, came.answer.body, came.answer.headers["x-some"]) == (203, "höher".encode(), "thing")
    assert (came.answer.address, came.ask.about) == ("http://shop.example/music?a=1", "http://shop.example/music?a=1")
    asked = server.asked[0].headers
    assert (asked["if-none-match"], asked["host"], asked["accept-encoding"]) == ('"x"', "shop.example", "gzip, deflate")
    assert asked["user-agent"].startswith("creatorbot/")


def test_the_address_that_was_checked_is_the_one_dialled(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer())
    assert body(world.door(), "http://rebinding.example/") == b""
    assert world.resolved == ["rebinding.example"]
    assert world.dialled == [(PUBLIC, 80)]


def test_a_name_that_turns_private_later_is_refused_then(server: Scripted, world: World) -> None:
    server.on("GET", "/a", answer(200, "a", {"Connection": "keep-alive"}))
    first, second = fetched(world.door(), "http://rebinding.example/a", "http://rebinding.example/b")
    assert first.answer is not None
    assert isinstance(second.error, InvalidInput)
    assert world.dialled == [(PUBLIC, 80)]


def test_of_mixed_addresses_only_the_public_one_is_dialled(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer())
    body(world.door(), "http://mixed.example/")
    assert world.dialled == [(PUBLIC, 80)]


@pytest.mark.parametrize("name", ["inside", "metadata", "mapped"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_private_places_are_never_dialled(world: World, name: str, scheme: str) -> None:
    error = refused(world.door(), f"{scheme}://{name}.example/")
    assert isinstance(error, InvalidInput)
    assert (error.field, "private network" in str(error)) == ("address", True)
    later = refused(world.door(), f"{scheme}://{name}.example/", first=False)
    assert isinstance(later, ServiceError)
    assert (later.kind, world.dialled) == ("refused", [])


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://①②⑦.0.0.1/",
    ],
)
def test_loopback_in_any_spelling_is_refused(url: str) -> None:
    assert isinstance(refused(Door(), url), InvalidInput | ServiceError)


def test_what_a_library_reads_out_of_an_address_is_checked_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        # Our own resolver is told a public address for the name; whoever is dialled, it must be that one.
        door = Door(resolve=lambda host, port: [PUBLIC], connect_timeout=0.3)
        for host in ("127.1", "2130706433", "localhost", "0x7f000001"):
            refused(door, f"http://{host}:{port}/")
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "url",
    [
        "shop",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "http://me:secret@shop.example/",
        "http://shop.example:25/",
        "http://shop.example:6379/",
        "http://shop.example/a\r\nHost: x",
    ],
)
def test_what_is_no_web_address_is_an_input_error(world: World, url: str) -> None:
    error = refused(world.door(), url)
    assert isinstance(error, InvalidInput)
    assert (error.field, world.resolved) == ("address", [])


def test_an_admitted_place_is_reached_by_its_artist_only(server: Scripted) -> None:
    server.on("GET", "/", answer(200, "here", {"Connection": "keep-alive"}))
    url, mine = server.url + "/", Door().admitting(server.place)
    with Many[str](gap_s=0) as many:
        for name, door in (("mine", mine), ("theirs", Door()), ("mine again", mine)):
            many.add(Ask(url, door, name))
        found = {came.ask.about: came for came in many.came()}
    assert [came.answer is not None for came in found.values()] == [True, False, True]
    assert isinstance(found["theirs"].error, InvalidInput)
    assert len(server.asked) == 2
    for other in (f"https://127.0.0.1:{server.port}/", f"http://localhost:{server.port}/"):
        assert isinstance(refused(mine, other), InvalidInput)


def test_a_connection_of_one_artist_is_not_lent_to_another(server: Scripted, world: World) -> None:
    world.names["twofold.example"] = [["127.0.0.1", PUBLIC]]

    def both(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        for _ in range(2):  # the same connection answers twice, if it is used twice
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            if not connection.recv(4096):
                return

    server.on("GET", "/", both)
    door = world.door()
    with Many[str](gap_s=0) as many:
        many.add(Ask("http://twofold.example:8080/", door.admitting(frozenset({("twofold.example", 8080)})), "mine"))
        many.add(Ask("http://twofold.example:8080/", door, "theirs"))
        found = {came.ask.about: came for came in many.came()}
    assert found["mine"].answer is not None
    assert world.dialled[0][0] == "127.0.0.1"
    assert found["theirs"].answer is None or (PUBLIC, 8080) in world.dialled


def test_a_redirect_is_an_answer(server: Scripted, world: World) -> None:
    server.on("GET", "/", moved("http://inside.example/", 301))
    [came] = fetched(world.door(), "http://shop.example/")
    assert came.answer is not None
    assert (came.answer.status, came.answer.headers["location"]) == (301, "http://inside.example/")
    assert world.dialled == [(PUBLIC, 80)]


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
    content = os.urandom(1000) * 2000
    server.on("GET", "/", answer(200, gzip.compress(content), {"Content-Encoding": "gzip"}))
    [came] = fetched(world.door(), "http://shop.example/", max_bytes=3_000_000)
    assert came.answer is not None
    assert came.answer.body == content


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


def test_the_time_left_can_be_less_than_the_doors(server: Scripted, world: World) -> None:
    server.on("GET", "/", silence())
    assert "too long" in str(refused(world.door(total_timeout=30), "http://shop.example/", seconds=0.2))


@pytest.mark.parametrize(
    "reply",
    [
        reset(),
        raw(b""),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort"),
        raw(b"nonsense\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"),
        answer(200, b"not packed", {"Content-Encoding": "gzip"}),
        flood(2, "".join(f"X-{number}: {'y' * 1000}\r\n" for number in range(400))),
    ],
    ids=["reset", "closed", "cut", "nonsense", "cut chunk", "not gzip", "endless headers"],
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
    def never(ip: str, port: int, timeout: float) -> socket.socket:
        raise TimeoutError("timed out")

    for error in (
        refused(world.door(), "http://nobody.example/"),
        refused(world.door(), "http://empty.example/"),
        refused(Door(admitted=frozenset({("127.0.0.1", port := closed_port())})), f"http://127.0.0.1:{port}/"),
        refused(Door(resolve=world.resolve, connect=never), "http://shop.example/"),
    ):
        assert isinstance(error, ServiceError)
        assert (error.kind, "Nothing was sent" in str(error)) == ("unreached", True)


def test_the_environment_is_not_obeyed(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer(200, "straight"))
    os.environ["http_proxy"] = os.environ["ALL_PROXY"] = f"http://127.0.0.1:{closed_port()}"
    try:
        assert body(world.door(), "http://shop.example/") == b"straight"
    finally:
        del os.environ["http_proxy"], os.environ["ALL_PROXY"]


def test_addresses_in_other_alphabets_are_written_as_the_web_does(server: Scripted, world: World) -> None:
    world.names["höher.example"] = [[PUBLIC]]
    server.on("GET", "/m%C3%BCsik", answer(200, "fine"))
    assert body(world.door(), "http://höher.example/müsik#top") == b"fine"
    assert server.asked[0].headers["host"] == "xn--hher-5qa.example"


def test_a_final_dot_changes_nothing(server: Scripted, world: World) -> None:
    server.on("GET", "/", answer(200, "fine"))
    assert body(world.door(), "http://shop.example./") == b"fine"
    assert world.dialled == [(PUBLIC, 80)]


def test_headers_are_those_of_the_answer_itself(server: Scripted, world: World) -> None:
    server.on(
        "GET",
        "/",
        raw(
            b"HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nETag: one\r\nX-A: 1\r\nx-a: 2\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nETag: two\r\n\r\n"
        ),
    )
    [came] = fetched(world.door(), "http://shop.example/")
    assert came.answer is not None
    assert (came.answer.headers.get("link"), came.answer.headers["etag"], came.answer.headers["x-a"]) == (None, "one", "1, 2")
