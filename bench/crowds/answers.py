"""Answers as they come in over a connection: where one ends, and what it said. Enough HTTP/1.1 for a server of our own."""

import re
import socket

LONGEST_S = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TAG = re.compile(rb"\r\netag: *([^\r\n]+)", re.IGNORECASE)
_BARE = (b"304", b"204")


def status_of(answer: "bytes | bytearray") -> int:
    """What it says first; 0 for what is no answer."""
    return int(answer[9:12]) if answer[:7] == b"HTTP/1." and answer[9:12].isdigit() else 0


def length_of(answer: "bytes | bytearray", *, head: bool = False) -> int | None:
    """How long this answer is as a whole; None when its header is not all here, or says nothing of it. head: it carries no body."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return None
    if head or answer[9:12] in _BARE:
        return end + 4
    found = _LENGTH.search(answer, 0, end + 2)
    return end + 4 + int(found[1]) if found else None


def tag_of(answer: "bytes | bytearray") -> bytes:
    """Its ETag, b"" without one."""
    found = _TAG.search(answer, 0, max(0, answer.find(b"\r\n\r\n")) + 2)
    return bytes(found[1]) if found else b""


def ask(port: int, request: bytes) -> bytes:
    """One request and its whole answer, without any hurry. Raises OSError when there is none."""
    with socket.create_connection(("127.0.0.1", port), timeout=LONGEST_S) as connection:
        connection.sendall(request)
        got, head = b"", request.startswith(b"HEAD ")
        while (length := length_of(got, head=head)) is None or len(got) < length:
            piece = connection.recv(1 << 16)
            if not piece:
                raise OSError(f"half an answer: {got[:80]!r}")
            got += piece
    return got


def request(path: str, user_agent: str = "", *more: str, method: str = "GET", host: str = "127.0.0.1") -> bytes:
    """A request as bytes. more: whole header lines."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *([f"User-Agent: {user_agent}"] if user_agent else []), *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()
