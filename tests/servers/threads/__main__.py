"""`python -m tests.servers.threads FOLDER PORT [TLS_PORT CERTIFICATE KEY]`: prints its address, then serves until it is killed."""

import ssl
import sys
import threading
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.servers.threads.app import build
from tests.servers.threads.state import State


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


def main() -> None:
    """Serve."""
    folder, port, *secure = sys.argv[1:]
    state = State(Path(folder))
    server = make_server("127.0.0.1", int(port), lambda _environ, _start: [], threaded=True, request_handler=Quiet)
    state.base = f"http://127.0.0.1:{server.server_port}"
    app = build(state)
    server.app = app
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(secure[1], secure[2])
        also = make_server("127.0.0.1", int(secure[0]), app, threaded=True, request_handler=Quiet, ssl_context=context)
        threading.Thread(target=also.serve_forever, daemon=True).start()
    print(state.base, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
