"""Bad days of a server: whatever comes over the line, a sentence is said, nothing is lost, and the other sources are looked at as ever."""

import gzip
import socket
import threading
import zlib
from collections.abc import Iterator

import pytest

from creatorbot.errors import CreatorbotError
from creatorbot.releases.poll import add_source
from creatorbot.runtime import Runtime
from tests.releases.rows import feed
from tests.releases.strangers import BAD, XML, Strangers, bomb, packed, strangers
from tests.servers.scripted import Asked, Reply, answer, drip, flood, moved, raw, reset, silence
from tests.servers.world import PUBLIC
from tests.sources.pages import item, rss


@pytest.fixture
def two(runtime: Runtime) -> Iterator[Strangers]:
    """Two sources, both known."""
    with strangers(runtime, names={"inside.example": [["10.0.0.5"]], "other.example": [[PUBLIC]]}) as found:
        yield found.begin()


def large(megabytes: int) -> Reply:
    """A feed like any other, of this size."""
    entry = f"<item>{item(1)}<description>{'shanty ' * 1_000}</description></item>".encode()

    def send(connection: socket.socket, asked: Asked, closing: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n<rss><channel>")
        for _ in range(megabytes * 1_000_000 // len(entry)):
            connection.sendall(entry)
        connection.sendall(b"</channel></rss>")

    return send


def chunks(*sizes: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(sizes)


FINE = rss(item(2), item(1))
TROUBLES: dict[str, tuple[Reply, ...]] = {
    "a feed of 50 MB": (large(50),),
    "an endless body": (flood(300),),
    "a body said to be huge": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n<rss>"),),
    "a gzip bomb": (bomb(300),),
    "a deflate bomb": (bomb(300, "deflate"),),
    "gzip that is none": (answer(200, FINE, {**XML, "Content-Encoding": "gzip"}),),
    "gzip cut off": (answer(200, b"\x1f\x8b\x08\0\0\0\0\0\0\3", {**XML, "Content-Encoding": "gzip"}),),
    "gzip within gzip, said once": (packed(gzip.compress(FINE)),),
    "a packing nobody knows": (answer(200, zlib.compress(FINE), {**XML, "Content-Encoding": "mine"}),),
    "a body shorter than said": (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<rss><channel>"),),
    "chunks that lie": (raw(chunks(b"ffffffff\r\n<rss>")),),
    "chunks that are none": (raw(chunks(b"hello\r\n<rss>\r\n0\r\n\r\n")),),
    "no HTTP at all": (raw(b"220 mail.example ESMTP\r\n"),),
    "nothing": (raw(b""),),
    "a broken connection": (reset(),),
    "a head of many megabytes": (raw(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 3_000_000 + b"\r\n\r\n"),),
    "a hundred thousand header lines": (raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\n"),),
    "a strange status": (raw(b"HTTP/1.1 999 Go Away\r\nContent-Length: 0\r\n\r\n"),),
    "round and round": (moved(BAD),),
    "from one to the next": tuple(moved(f"{BAD}?{number}") for number in range(40)),
    "into the house": (moved("http://inside.example/admin"),),
    "to this machine": (moved("http://127.0.0.1:8000/"),),
    "to this machine by another name": (moved("http://[::ffff:127.0.0.1]/"),),
    "to the cloud's secrets": (moved("http://169.254.169.254/latest/meta-data/"),),
    "to a file": (moved("file:///etc/passwd"),),
    "to a mail server": (moved("http://other.example:25/"),),
    "to nowhere": (moved("http://"),),
    "to something that is no address": (moved("http://[::1"),),
    "to another line": (raw(b"HTTP/1.1 302 Found\r\nLocation: http://other.example/\x00\x0b evil\r\nContent-Length: 0\r\n\r\n"),),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_source_in_trouble_says_so_and_nothing_is_lost(two: Strangers, trouble: str) -> None:
    suffering = two.suffer(*TROUBLES[trouble])
    assert two.titles(two.bad) == ["Song 1"]
    assert suffering.failures == 1
    assert suffering.sentence.endswith(".")
    assert suffering.state in ("failing", "broken", "busy", "refused", "missing", "gone")
    assert suffering.next_poll_at > two.place.runtime.clock()
    assert suffering.address == BAD
    assert not any(ip.startswith(("10.", "127.", "169.254.", "::")) for ip, _ in two.world.dialled)
    assert all(port == 80 for _, port in two.world.dialled)
    two.heal()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_cannot_be_read_is_not_watched(runtime: Runtime, trouble: str) -> None:
    with strangers(runtime, names={"inside.example": [["10.0.0.5"]], "other.example": [[PUBLIC]]}) as found:
        found.place.server.on("GET", "/feed.xml", *TROUBLES[trouble])
        with pytest.raises(CreatorbotError) as refused:
            add_source(found.place.runtime, found.place.artist_id, BAD)
        assert str(refused.value).strip()
        assert found.place.releases() == found.place.items() == []


@pytest.mark.parametrize("kind", ["silence", "drip", "dripping head"])
def test_a_slow_server_is_given_up_in_time(runtime: Runtime, kind: str) -> None:
    slow = {
        "silence": silence(),
        "drip": drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n" + FINE, 0.05),
        "dripping head": drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1_000, 0.05),
    }[kind]
    with strangers(runtime, seconds=1) as two:
        two.begin()
        assert "took too long" in two.suffer(slow).sentence
        two.heal()


def test_packing_that_is_allowed(two: Strangers) -> None:
    assert two.suffer(packed(FINE)).state == "ok"
    assert two.titles(two.bad) == ["Song 1", "Song 2"]
    assert two.suffer(packed(rss(item(3), item(2), item(1)), encoding="deflate")).state == "ok"
    assert two.titles(two.bad) == ["Song 1", "Song 2", "Song 3"]


def test_packing_within_packing_is_read_or_told(two: Strangers) -> None:
    suffering = two.suffer(packed(FINE, times=3))
    assert (suffering.state == "ok") is (two.titles(two.bad) == ["Song 1", "Song 2"])
    assert suffering.state == "ok" or suffering.sentence
    two.heal()


def test_a_name_that_leads_into_the_house_on_the_second_look(runtime: Runtime) -> None:
    with strangers(runtime, names={"bad.example": [[PUBLIC], ["192.168.1.1"], ["127.0.0.1"], [PUBLIC]]}) as two:
        two.begin()
        for _ in range(2):
            assert "private network" in two.suffer(feed(FINE)).sentence
        assert two.titles(two.bad) == ["Song 1"]
        assert {ip for ip, _ in two.world.dialled} == {PUBLIC, "93.184.216.35"}
        two.heal()


def test_a_redirect_is_checked_by_the_address_it_resolves_to_at_that_moment(runtime: Runtime) -> None:
    with strangers(runtime, names={"turning.example": [["10.0.0.5"], [PUBLIC]]}) as two:
        two.begin()
        two.place.server.on("GET", "/there.xml", feed(FINE))
        assert "private network" in two.suffer(moved("http://turning.example/there.xml")).sentence
        assert two.suffer(moved("http://turning.example/there.xml")).state == "ok"
        assert two.titles(two.bad) == ["Song 1", "Song 2"]
