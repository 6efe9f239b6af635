"""python -m creatorbot.rehearsal FOLDER [--fediverse-port N] [--shop-port N]: both servers; prints their ports as one line of JSON."""

import argparse
import json
from pathlib import Path

from creatorbot.rehearsal.serve import serve


def main() -> None:
    """Read the command line and serve until told to end."""
    parser = argparse.ArgumentParser(prog="creatorbot.rehearsal", description="A practice fediverse and a practice shop on loopback.")
    parser.add_argument("folder", type=Path, help="where they remember what happened")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--fediverse-port", type=int, default=0, help="0: the one used last, else any free one")
    parser.add_argument("--shop-port", type=int, default=0, help="0: the one used last, else any free one")
    asked = parser.parse_args()
    serve(
        asked.folder,
        host=asked.host,
        fediverse_port=asked.fediverse_port,
        shop_port=asked.shop_port,
        ready=lambda fediverse, shop: print(json.dumps({"fediverse_port": fediverse, "shop_port": shop}), flush=True),
    )


if __name__ == "__main__":
    main()
