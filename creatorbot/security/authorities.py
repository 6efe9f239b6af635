"""The certificate authorities of a TLS context as a file, for libraries that read files only."""

import functools
import ssl
import tempfile
from contextlib import suppress
from pathlib import Path

from creatorbot.security.dial import public_tls


class _Bundle:
    """A file that lives as long as the process."""

    def __init__(self, content: str) -> None:
        self._file = tempfile.NamedTemporaryFile("w", prefix="creatorbot-authorities-", suffix=".pem")  # noqa: SIM115
        self._file.write(content)
        self._file.flush()
        self.path = self._file.name


def authorities(tls: ssl.SSLContext) -> str:
    """The path of a PEM file with everyone this context trusts."""
    return _bundle(tls).path


@functools.cache
def _bundle(tls: ssl.SSLContext) -> _Bundle:
    found = dict.fromkeys([*tls.get_ca_certs(binary_form=True), *(_of_the_system() if tls is public_tls() else [])])
    return _Bundle("".join(map(ssl.DER_cert_to_PEM_cert, found)))


def _of_the_system() -> list[bytes]:
    """Those in the system's folder of single certificates, which a context only reads when it meets one."""
    folder = ssl.get_default_verify_paths().capath
    found = []
    for path in sorted(Path(folder).glob("*.[0-9]")) if folder else []:
        with suppress(OSError, ValueError):
            found.append(ssl.PEM_cert_to_DER_cert(path.read_text(encoding="utf-8")))
    return found
