"""The door over TLS: certificates are checked for the name that was asked, and a cut connection is never taken for a safe refusal."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from creatorbot.errors import ServiceError
from creatorbot.security.http import Door
from tests.servers.certificate import certificate
from tests.servers.scripted import Scripted, answer, drip, raw, scripted
from tests.servers.world import PUBLIC, World


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """The certificate of shop.example."""
    return certificate(tmp_path, "shop.example")


@pytest.fixture
def server(files: tuple[Path, Path]) -> Iterator[Scripted]:
    """shop.example, over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    with scripted(context) as running:
        yield running


def door(server: Scripted, trusted: Path | None, total_timeout: float = 30) -> Door:
    """A door that trusts this certificate."""
    world = World(server, {"shop.example": [[PUBLIC]], "other.example": [[PUBLIC]]})
    tls = ssl.create_default_context(cafile=str(trusted)) if trusted else None
    return Door(resolve=world.resolve, connect=world.connect, tls=tls, total_timeout=total_timeout)


def failure(door: Door, url: str) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        door.get(url)
    return caught.value


def test_a_valid_certificate_for_the_name_is_accepted(server: Scripted, files: tuple[Path, Path]) -> None:
    server.on("GET", "/", answer(200, "safe"))
    assert door(server, files[0]).get("https://shop.example/").body == b"safe"


def test_a_certificate_for_another_name_is_not(server: Scripted, files: tuple[Path, Path]) -> None:
    server.on("GET", "/", answer(200, "safe"))
    error = failure(door(server, files[0]), "https://other.example/")
    assert (error.kind, "no valid certificate" in str(error)) == ("unreached", True)
    assert server.asked == []


def test_nor_one_nobody_vouches_for_whatever_a_caller_asks(server: Scripted) -> None:
    assert "no valid certificate" in str(failure(door(server, None), "https://shop.example/"))
    with pytest.raises(OSError, match="handshake failed"):
        door(server, None).session().get("https://shop.example/", verify=False)
    assert server.asked == []


def test_a_redirect_never_leads_out_of_encryption(server: Scripted, files: tuple[Path, Path]) -> None:
    server.on("GET", "/", answer(302, b"", {"Location": "http://shop.example/"}))
    error = failure(door(server, files[0]), "https://shop.example/")
    assert (error.kind, "without encryption" in str(error)) == ("refused", True)


@pytest.mark.parametrize("reply", [raw(b""), raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")], ids=["no answer", "half an answer"])
def test_a_connection_cut_after_the_request_is_unknown(server: Scripted, files: tuple[Path, Path], reply: object) -> None:
    server.on("GET", "/", reply)  # type: ignore[arg-type]
    assert failure(door(server, files[0]), "https://shop.example/").kind == "unknown"
    assert len(server.asked) == 1


def test_a_slow_drip_ends_in_time(server: Scripted, files: tuple[Path, Path]) -> None:
    server.on("GET", "/", drip(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b"x" * 500))
    assert "too long" in str(failure(door(server, files[0], total_timeout=0.3), "https://shop.example/"))
