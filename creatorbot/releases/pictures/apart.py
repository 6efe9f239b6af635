"""A stranger's picture is opened in a process of its own, with little memory, little time and no right to write.

A picture built to be heavy, or to break a decoder, then ends that process and nothing else. `make_apart` starts it.
"""

import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from creatorbot.errors import InvalidInput
from creatorbot.releases.pictures.make import Made, check, make

_ROOT = Path(__file__).resolve().parents[3]
# Our own place last, so that nothing beside it hides a module of Python's.
_BEGIN = "import sys; sys.path.append(sys.argv[1]); from creatorbot.releases.pictures.apart import main; main(int(sys.argv[2]))"
_MEMORY = 600_000_000  # bytes of address space; the heaviest that passes, a WebP of 25 megapixels, uses some 400 MB for a moment
_CPU_SECONDS = 20
_PATIENCE = 60.0  # seconds by the wall clock, on a busy machine
_LIMITS = (
    (resource.RLIMIT_AS, _MEMORY),
    (resource.RLIMIT_FSIZE, 0),
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_NOFILE, 32),
)


def make_apart(body: bytes, *, cpu_seconds: int = _CPU_SECONDS) -> Made:
    """What `make` gives, made in a process of its own. Raises InvalidInput also when that one was ended by its limits."""
    check(body)
    command = [sys.executable, "-I", "-c", _BEGIN, str(_ROOT), str(cpu_seconds)]
    try:
        # Nothing of our environment: no setting and no secret is where a stranger's bytes are worked on.
        done = subprocess.run(command, input=body, capture_output=True, timeout=_PATIENCE, env={}, check=False)
    except subprocess.TimeoutExpired as error:
        raise _heavy() from error
    head, _, rest = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise _heavy()
    said = json.loads(head)
    if "refused" in said:
        raise InvalidInput(said["refused"], field="cover")
    return Made(rest[: said["upload"]], said["mime"], tuple(said["size"]), rest[said["upload"] :], tuple(said["card_size"]))


def _heavy() -> InvalidInput:
    return InvalidInput("This picture takes too long or too much memory to open, so it was left alone.", field="cover")


def _bound(cpu_seconds: int) -> None:
    """The limits, as far as this system knows them; and last in the line for the processor."""
    for name, most in (*_LIMITS, (resource.RLIMIT_CPU, cpu_seconds)):
        with suppress(OSError, ValueError):
            resource.setrlimit(name, (most, most))
    with suppress(OSError):
        os.nice(10)


def main(cpu_seconds: int) -> None:
    """Read a picture from standard input; write one line of facts and the two pictures to standard output."""
    _bound(cpu_seconds)
    try:
        made = make(sys.stdin.buffer.read())
    except InvalidInput as error:
        sys.stdout.buffer.write(json.dumps({"refused": error.message}).encode() + b"\n")
        return
    facts = {"mime": made.mime, "size": made.size, "card_size": made.card_size, "upload": len(made.upload)}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + made.upload + made.card)
