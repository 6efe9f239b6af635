"""The application on a port of its own, so that practice servers can call it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from werkzeug.serving import WSGIRequestHandler, make_server

from creatorbot.runtime import Runtime
from tests.application import application


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def reached(runtime: Runtime) -> Iterator[Runtime]:
    """The same runtime, answering at its settings' own_url."""
    server = make_server("127.0.0.1", 0, lambda _environ, _start: [], threaded=True, request_handler=Quiet)
    listening = replace(runtime, settings=runtime.settings.model_copy(update={"port": server.server_port}))
    server.app = application(listening)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield listening
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()
