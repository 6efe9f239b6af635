"""A world of names and addresses as a test wants them, for the door's `resolve` and `connect`."""

import socket

from creatorbot.security.http import Door
from tests.servers.scripted import Scripted

PUBLIC = "93.184.216.34"


class World:
    """Names and addresses as a test wants them: every public address ends at the scripted server."""

    def __init__(self, server: Scripted, names: dict[str, list[list[str]]]) -> None:
        self.server, self.names = server, names
        self.resolved: list[str] = []
        self.dialled: list[tuple[str, int]] = []

    def resolve(self, host: str, port: int) -> list[str]:
        self.resolved.append(host)
        replies = self.names.get(host)
        if replies is None:
            raise socket.gaierror(-2, "Name or service not known")
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def connect(self, ip: str, port: int, timeout: float) -> socket.socket:
        self.dialled.append((ip, port))
        return socket.create_connection(("127.0.0.1", self.server.port), timeout)

    def door(self, *, total_timeout: float = 30, max_bytes: int = 1_000_000, **given: float) -> Door:
        return Door(resolve=self.resolve, connect=self.connect, total_timeout=total_timeout, max_bytes=max_bytes, **given)  # type: ignore[arg-type]
