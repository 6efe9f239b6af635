"""Handing a mail to a real mail server: encrypted, only where it may go, and every failure with its meaning and nothing secret in it."""

import socket
import traceback
from email.message import EmailMessage
from pathlib import Path

import pytest

from creatorbot.errors import ServiceError
from creatorbot.security.http import Door
from creatorbot.security.mail import Relay, deliver
from tests.servers.mail import LOGIN, PASSWORD, Mailbox, mail_server

SENDER, TO = "news@label.example", "alice@home.example"


def mail(words: str = "Tall Ships is out") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = words
    message["From"], message["To"] = SENDER, TO
    message["Message-ID"] = "<one@label.example>"
    message.set_content(words)
    return message


def send(box: Mailbox, relay: Relay, to: str = TO) -> None:
    deliver(Door(tls=box.door_tls()), relay, SENDER, to, mail())


def failure(box: Mailbox, relay: Relay, to: str = TO) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        send(box, relay, to)
    told = "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in told
    assert TO not in told
    assert "%(" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted_and_with_a_password(tmp_path: Path, security: str) -> None:
    with mail_server(tmp_path, security, asks=True) as box:
        send(box, Relay("localhost", box.port, security, LOGIN, PASSWORD))  # type: ignore[arg-type]
        assert [one["Subject"] for one in box.mails] == ["Tall Ships is out"]
        assert box.to == [TO]
        wrong = failure(box, Relay("localhost", box.port, security, LOGIN, "wrong"))  # type: ignore[arg-type]
        assert wrong.kind == "revoked"
        assert "name and password" in str(wrong)
        assert len(box.mails) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_cannot_prove_itself_gets_nothing(tmp_path: Path, security: str) -> None:
    with mail_server(tmp_path, security) as box:
        with pytest.raises(ServiceError, match="could not prove") as caught:
            deliver(Door(), Relay("localhost", box.port, security), SENDER, TO, mail())  # type: ignore[arg-type]
        assert caught.value.kind == "unreached"
        assert box.mails == []


def test_a_password_never_goes_over_a_line_that_should_be_encrypted_and_is_not(tmp_path: Path) -> None:
    with mail_server(tmp_path, "none", asks=True) as box:
        told = failure(box, Relay("localhost", box.port, "starttls", LOGIN, PASSWORD))
        assert "does not offer encryption" in str(told)
        assert box.mails == []


def test_without_encryption_only_to_this_machine(tmp_path: Path) -> None:
    with mail_server(tmp_path) as box:
        send(box, Relay("127.0.0.1", box.port, "none"))
        assert len(box.mails) == 1
    assert "only to this machine" in str(failure(box, Relay("mail.example.org", 25, "none")))


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "100.64.0.9"])
def test_a_public_name_that_leads_inside_is_not_called(ip: str) -> None:
    dialled: list[str] = []

    def connect(address: str, port: int, timeout: float) -> socket.socket:
        dialled.append(address)
        raise OSError

    door = Door(resolve=lambda host, port: [ip], connect=connect)
    with pytest.raises(ServiceError, match="private network"):
        deliver(door, Relay("mail.example.org", 465, "tls"), SENDER, TO, mail())
    assert dialled == []


def test_only_ports_where_mail_servers_listen() -> None:
    with pytest.raises(ServiceError, match="listen on port"):
        deliver(Door(), Relay("mail.example.org", 6379, "tls"), SENDER, TO, mail())


@pytest.mark.parametrize(
    ("said", "kind"),
    [("451 later", "busy"), ("554 spam", "refused"), ("cut", "unknown"), ("421 closing", "busy"), ("552 too big", "refused")],
)
def test_what_is_said_to_the_mail_itself(tmp_path: Path, said: str, kind: str) -> None:
    with mail_server(tmp_path) as box:
        box.answers.append(said)
        assert failure(box, Relay("localhost", box.port, "none")).kind == kind


@pytest.mark.parametrize(("said", "kind"), [("550 nobody here", "refused"), ("450 mailbox busy", "busy")])
def test_what_is_said_to_the_address(tmp_path: Path, said: str, kind: str) -> None:
    with mail_server(tmp_path) as box:
        box.refused[TO] = said
        assert failure(box, Relay("localhost", box.port, "none")).kind == kind
        assert box.mails == []


def test_nobody_there_is_unreached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        told = failure(Mailbox(), Relay("localhost", taken.getsockname()[1], "none"))
    assert told.kind == "unreached"
    with pytest.raises(ServiceError, match="no server named"):
        _unknown_name()


def _unknown_name() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "unknown")

    deliver(Door(resolve=resolve), Relay("mail.example.org", 465, "tls"), SENDER, TO, mail())


def test_something_that_is_no_mail_server() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def connect(ip: str, at: int, timeout: float) -> socket.socket:
            made = socket.create_connection((ip, at), timeout)
            there, _ = server.accept()
            there.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            there.close()
            return made

        with pytest.raises(ServiceError) as caught:
            deliver(Door(connect=connect), Relay("localhost", port, "none"), SENDER, TO, mail())
    assert caught.value.kind in ("unreached", "busy")
