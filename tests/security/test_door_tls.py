"""The door over TLS: certificates are checked for the name that was asked, and a cut connection is never taken for a safe refusal."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from creatorbot.errors import ServiceError
from creatorbot.security.http import Door
from tests.security.test_door import PUBLIC, World
from tests.servers.scripted import Scripted, answer, drip, raw, scripted


def certificate(folder: Path, name: str, from_day: int = -1, to_day: int = 1) -> tuple[Path, Path]:
    """A self-signed certificate for this name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(7)
        .not_valid_before(datetime.now(UTC) + timedelta(days=from_day)).not_valid_after(datetime.now(UTC) + timedelta(days=to_day))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / f"{name}.crt", folder / f"{name}.key"
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return certificate_file, key_file


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
