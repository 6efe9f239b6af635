"""Many pages at once over TLS: certificates are checked for the name that was asked, against the same authorities as the door's."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from creatorbot.errors import ServiceError
from creatorbot.security.http import Door
from creatorbot.security.many import Ask, Came, Many
from tests.servers.certificate import certificate
from tests.servers.scripted import Scripted, answer, raw, scripted
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


def fetched(server: Scripted, trusted: Path | None, url: str) -> Came[None]:
    """What comes of this address, for a door that trusts this certificate."""
    world = World(server, {"shop.example": [[PUBLIC]], "other.example": [[PUBLIC]]})
    tls = ssl.create_default_context(cafile=str(trusted)) if trusted else None
    with Many[None]() as many:
        many.add(Ask(url, Door(resolve=world.resolve, connect=world.connect, tls=tls), None))
        [came] = many.came()
    return came


def test_a_valid_certificate_for_the_name_is_accepted(server: Scripted, files: tuple[Path, Path]) -> None:
    server.on("GET", "/", answer(200, "safe"))
    came = fetched(server, files[0], "https://shop.example/")
    assert came.answer is not None, came.error
    assert came.answer.body == b"safe"


@pytest.mark.parametrize("trusted", [True, False], ids=["another name", "nobody vouches for it"])
def test_any_other_certificate_is_not(server: Scripted, files: tuple[Path, Path], trusted: bool) -> None:
    server.on("GET", "/", answer(200, "safe"))
    url = "https://other.example/" if trusted else "https://shop.example/"
    error = fetched(server, files[0] if trusted else None, url).error
    assert isinstance(error, ServiceError)
    assert (error.kind, "no valid certificate" in str(error)) == ("unreached", True)
    assert server.asked == []


def test_a_connection_cut_after_the_request_is_unknown(server: Scripted, files: tuple[Path, Path]) -> None:
    server.on("GET", "/", raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"))
    error = fetched(server, files[0], "https://shop.example/").error
    assert isinstance(error, ServiceError)
    assert error.kind == "unknown"


def test_a_server_without_tls_is_unreached() -> None:
    with scripted() as plain:
        error = fetched(plain, None, "https://shop.example/").error
        assert isinstance(error, ServiceError)
        assert error.kind == "unreached"
        assert plain.times("GET", "/") == 0
