"""`python -m tests.servers.misskey FOLDER SOFTWARE PORT`: prints its address, then serves until it is killed."""

import sys
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.servers.misskey.app import build
from tests.servers.misskey.state import State


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing."""


def main() -> None:
    """Serve."""
    folder, software, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    state = State(folder, software)
    server = make_server("127.0.0.1", port, lambda _environ, _start: [], threaded=True, request_handler=Quiet)
    state.base = f"http://127.0.0.1:{server.server_port}"
    server.app = build(state)
    print(state.base, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
