"""`python -m creatorbot`: the same as the `creatorbot` command."""

import sys

from creatorbot.cli import main

if __name__ == "__main__":
    sys.exit(main())
