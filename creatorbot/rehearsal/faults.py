"""Trouble on demand: what can be made to go wrong, when it strikes, and how it looks from outside. Each server brings its own table."""

import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask, Request, Response, g, request

from creatorbot.rehearsal.state import Row, State
from creatorbot.rehearsal.world import world

Place = Callable[[Request], bool]
Answer = Callable[[Response, float], Response]


@dataclass(frozen=True)
class Fault:
    """One row of a table of troubles.

    words: what a person reads. at: the requests it strikes. executed: the request is carried out first, then answered wrongly.
    answer(right answer or an empty one, seconds) -> what is really sent. seconds: how long, where that means anything.
    group: under which heading a person finds it.
    """

    words: str
    at: Place
    executed: bool
    answer: Answer
    seconds: float = 0.0
    group: str = ""


def grouped(table: Mapping[str, Fault]) -> dict[str, list[tuple[str, str]]]:
    """The table as a person chooses from it: group -> (name, words)."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, fault in table.items():
        groups.setdefault(fault.group, []).append((name, fault.words))
    return groups


def cut(_right: Response, _seconds: float) -> Response:
    """The connection ends without a single byte of answer."""
    connection = request.environ.get("werkzeug.socket")
    if isinstance(connection, socket.socket):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)
    return Response(status=500)


def order(state: State, place: str, table: Mapping[str, Fault], behaviour: str, times: int, seconds: float | None) -> bool:
    """From now on, `times` requests go wrong in this way (0: all until cleared). False when the table has no such row."""
    if behaviour not in table:
        return False
    state.do(
        "INSERT INTO fault (place, behaviour, times_left, seconds) VALUES (?, ?, ?, ?)",
        place,
        behaviour,
        times if times > 0 else None,
        table[behaviour].seconds if seconds is None else seconds,
    )
    return True


def ordered(state: State, place: str) -> list[Row]:
    """What is still to go wrong, first things first."""
    return state.rows("SELECT * FROM fault WHERE place = ? ORDER BY id", place)


def clear(state: State, place: str) -> None:
    """All is well again."""
    state.do("DELETE FROM fault WHERE place = ?", place)


def take(state: State, place: str, fits: Callable[[str], bool]) -> Row | None:
    """Use up one occasion of the first ordered trouble that fits."""
    with state.transaction():
        for row in ordered(state, place):
            if not fits(row["behaviour"]):
                continue
            if row["times_left"] == 1:
                state.do("DELETE FROM fault WHERE id = ?", row["id"])
            elif row["times_left"] is not None:
                state.do("UPDATE fault SET times_left = times_left - 1 WHERE id = ?", row["id"])
            return row
    return None


def install(app: Flask, place: str, table: Mapping[str, Fault]) -> None:
    """Let the ordered troubles strike this app's requests."""

    @app.before_request
    def strike() -> Response | None:
        taken = take(world().state, place, lambda name: name in table and table[name].at(request))
        if taken is None:
            return None
        fault = table[taken["behaviour"]]
        if not fault.executed:
            return fault.answer(Response(), taken["seconds"])
        g.trouble = (fault, taken["seconds"])
        return None

    @app.after_request
    def answer_wrongly(right: Response) -> Response:
        trouble: tuple[Fault, float] | None = g.get("trouble")
        return trouble[0].answer(right, trouble[1]) if trouble else right
