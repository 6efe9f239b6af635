"""Opening a link: a bare Flask redirect, and our front door with every visit journalled. Same server, same settings, same run."""

import argparse
import json
import os
import re
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from wsgiref.types import WSGIApplication

from flask import Flask, redirect
from werkzeug.wrappers import Response

from creatorbot.links.codes import new_link
from creatorbot.links.journal import segments
from creatorbot.storage.engine import open_engine
from creatorbot.storage.migrate import migrate
from tests.links import rows
from tests.servers.door import runtime_in

LINKS, CONNECTIONS = 1000, 32
FLASK, OURS = "bench.links:flask_redirect", "tests.servers.door:application"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def flask_redirect() -> WSGIApplication:
    """For granian: the least that Flask can do with a link."""
    app = Flask(__name__)

    @app.get("/l/<code>")
    def link(code: str) -> Response:
        return redirect("https://shop.example.org/album/tall-ships")

    return app


def prepare(folder: Path) -> str:
    """A database with many links; one of the codes."""
    migrate(open_engine(f"sqlite:///{folder / 'creatorbot.sqlite3'}"))
    runtime = runtime_in(folder)
    artist_id = rows.make_artist(runtime)
    release_id = rows.make_release(runtime, artist_id)
    with runtime.session() as session:
        codes = [new_link(session, artist_id=artist_id, release_id=release_id, now=runtime.clock()).code for _ in range(LINKS)]
    return codes[0]


@contextmanager
def served(target: str, folder: Path) -> Iterator[int]:
    """granian with this application; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    how = f"-m granian --interface wsgi --factory --port {port} --workers 2 --no-ws --blocking-threads 4 --log-level error {target}"
    command = [sys.executable, *how.split()]
    root = str(Path(__file__).resolve().parents[1])
    server = subprocess.Popen(command, cwd=root, env={**os.environ, "CREATORBOT_DATA": str(folder)}, start_new_session=True)
    try:
        for _ in range(300):
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.1)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def load(port: int, path: str, seconds: float) -> tuple[float, int]:
    """Requests a second, and how many were answered, by wrk or by our own loop."""
    if shutil.which("wrk"):
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}", "-H", f"User-Agent: {AGENT}", f"http://127.0.0.1:{port}{path}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        answered = int(re.findall(r"(\d+) requests in", said)[0])
        return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]), answered
    request = (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {AGENT}\r\nSec-Fetch-Mode: navigate\r\n\r\n").encode()
    with socket.create_connection(("127.0.0.1", port)) as first:
        first.sendall(request)
        time.sleep(0.5)
        length = len(first.recv(1 << 20))  # every answer is this long
    answered, ready = 0, selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(request)
        ready.register(connection, selectors.EVENT_READ, [0])
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        for key, _ in ready.select(1):
            got = key.data
            got[0] += len(key.fileobj.recv(1 << 16))  # type: ignore[union-attr]
            if got[0] >= length:
                got[0], answered = 0, answered + 1
                key.fileobj.sendall(request)  # type: ignore[union-attr]
    ready.close()
    return answered / passed, answered


def main() -> None:
    """Alternate the two, print the medians and their ratio."""
    options = argparse.ArgumentParser(prog="bench links", description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--seconds", type=float, default=4.0)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    found: dict[str, list[float]] = {FLASK: [], OURS: []}
    answered = 0
    with tempfile.TemporaryDirectory() as name:
        path = f"/l/{prepare(Path(name))}"
        for _ in range(given.rounds):
            for target, speeds in found.items():
                with served(target, Path(name)) as port:
                    speed, count = load(port, path, given.seconds)
                speeds.append(speed)
                answered += count if target == OURS else 0
        journalled = sum(segment.read_bytes().count(b"\n") for segment in segments(Path(name) / "journal"))
    flask, ours = (statistics.median(speeds) for speeds in found.values())
    result = {
        "flask_rps": round(flask),
        "ours_rps": round(ours),
        "ratio": round(ours / flask, 2),
        "answered": answered,
        "journalled": journalled,
    }
    if given.json:
        print(json.dumps(result))
        return
    print(f"load: {'wrk' if shutil.which('wrk') else 'own loop (slower than wrk: the ratio is understated)'}, {CONNECTIONS} connections")
    for label, value in (("bare Flask redirect", flask), ("our front door", ours)):
        print(f"{label:22}{value:10,.0f} requests a second")
    print(f"{'ratio':22}{ours / flask:10.2f}\n{'answered':22}{answered:10,}\n{'journalled':22}{journalled:10,}")


if __name__ == "__main__":
    main()
