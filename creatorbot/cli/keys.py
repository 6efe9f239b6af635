"""The two secrets of an installation: made at the first start, kept in the data folder, readable by its owner alone."""

import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from creatorbot.config import Settings
from creatorbot.errors import CreatorbotError
from creatorbot.security.secrets import new_vault_key


@dataclass(frozen=True)
class Keys:
    """cookie: signs cookies and forms. vault: Fernet keys, newest first. made: true when the vault's were made just now."""

    cookie: str = field(repr=False)
    vault: list[str] = field(repr=False)
    made: bool = False


def folder_of(settings: Settings) -> Path:
    """Where the secrets lie."""
    return settings.data / "secrets"


def read_or_make(settings: Settings) -> Keys:
    """The keys from the settings, else from the data folder, else new ones. CreatorbotError when they cannot be read."""
    folder = folder_of(settings)
    cookie = settings.secret_key or _kept(folder / "cookie.key")
    vault = settings.vault_keys or _kept(folder / "vault.keys")
    made = not vault
    if not cookie:
        write(folder / "cookie.key", cookie := secrets.token_urlsafe(48))
    if not vault:
        write(folder / "vault.keys", vault := new_vault_key())
    return Keys(cookie=cookie, vault=[key for key in vault.replace("\n", ",").split(",") if key.strip()], made=made)


def write(path: Path, secret: str) -> None:
    """Replace this file in one step, on disk before we return, mode 0600."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _kept(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise CreatorbotError(
            "The file %(path)s cannot be read. It must belong to the person who starts creatorbot.", path=str(path)
        ) from error
