"""Sentences on a terminal, in the language it is set to."""

import os
import sys

from creatorbot.wording import say


def sentence(message: str, **values: object) -> str:
    """This message in the terminal's language (LC_ALL, LC_MESSAGES, LANG), with its values in place."""
    set_to = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "en")
    return say(set_to.split(".")[0].replace("_", "-"), message, values)


def tell(message: str, **values: object) -> None:
    """Print a sentence at once."""
    print(sentence(message, **values), flush=True)


def complain(message: str, **values: object) -> int:
    """Print a sentence on stderr; gives the exit status for it."""
    print(sentence(message, **values), file=sys.stderr, flush=True)
    return 1
