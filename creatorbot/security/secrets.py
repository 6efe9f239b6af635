"""Sealing secrets at rest (Fernet, several keys for rotation) and making words nobody can guess."""

import hashlib
import hmac
import secrets
import string

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from creatorbot.errors import CreatorbotError

_LETTERS = string.ascii_letters + string.digits


class Vault:
    """Seals and opens bytes. keys: newest first; all open, the first seals."""

    def __init__(self, keys: list[str]) -> None:
        if not keys:
            raise ValueError("a vault needs at least one key")
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def __repr__(self) -> str:
        return "Vault(…)"

    def seal(self, plain: str | bytes) -> bytes:
        """Encrypt. Text is taken as UTF-8."""
        return self._fernet.encrypt(plain.encode() if isinstance(plain, str) else plain)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt. Raises CreatorbotError when none of our keys fits (a data folder from elsewhere, a lost key)."""
        try:
            return self._fernet.decrypt(bytes(sealed))
        except InvalidToken as error:
            raise CreatorbotError(
                "A stored secret cannot be opened: the keys in the data folder are not the ones it was sealed with."
            ) from error

    def open_text(self, sealed: bytes) -> str:
        """Decrypt to text."""
        return self.open(sealed).decode()

    def rotate(self, sealed: bytes) -> bytes:
        """The same secret, sealed with the newest key."""
        return self._fernet.rotate(bytes(sealed))


def new_vault_key() -> str:
    """A fresh Fernet key."""
    return Fernet.generate_key().decode()


def word(length: int = 32) -> str:
    """A random word of letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def fingerprint(secret: str) -> str:
    """What may be stored of a random one-time secret: its blake2b hash, in hex. For random words only, not for passwords."""
    return hashlib.blake2b(secret.encode(), digest_size=32).hexdigest()


def same(left: str, right: str) -> bool:
    """Equal, in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
