"""Every option, one line of meaning each. Read from the environment as CREATORBOT_NAME, or from the file in CREATORBOT_NAME_FILE."""

import os
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What one installation can be told from outside. Nothing here needs setting: each has a working default."""

    model_config = SettingsConfigDict(env_prefix="CREATORBOT_", frozen=True)

    data: Path = Field(default=Path("data"), description="Folder for the database, secrets, covers and journals")
    host: str = Field(default="127.0.0.1", description="Address to listen on; 0.0.0.0 for all")
    port: int = Field(default=8080, ge=1, le=65535, description="Port to listen on")
    database_url: str = Field(default="", description="postgresql+psycopg://… ; empty means SQLite in the data folder")
    secret_key: str = Field(default="", description="Signs cookies and forms; empty means the one kept in the data folder")
    vault_keys: str = Field(default="", description="Fernet keys, newest first, separated by commas; empty means the kept ones")
    public_url: str = Field(default="", description="Public https address of this installation, if it is fixed from outside")
    behind_https: bool = Field(
        default=False,
        description="True when a proxy on this machine serves https and tells X-Forwarded-For: cookies get Secure, pages HSTS",
    )
    wait_scale: float = Field(default=1.0, gt=0, description="All waits of sending are multiplied by this; below 1 only to try things")
    sends_at_once: int = Field(default=8, ge=1, le=64, description="Posts sent at the same time by one worker")
    server_threads: int = Field(default=4, ge=1, le=64, description="Requests answered at the same time by one web worker")
    web_workers: int = Field(default=1, ge=1, le=64, description="Web server processes")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    @property
    def sqlalchemy_url(self) -> str:
        """The database's address as SQLAlchemy reads it."""
        return self.database_url or f"sqlite:///{(self.data / 'creatorbot.sqlite3').resolve()}"

    @property
    def own_url(self) -> str:
        """Where a browser on this machine reaches us, without a final slash."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def read_settings(**given: object) -> Settings:
    """Settings from the environment; CREATORBOT_NAME_FILE is read for CREATORBOT_NAME. `given` wins over both."""
    for name in Settings.model_fields:
        path = os.environ.get(f"CREATORBOT_{name.upper()}_FILE")
        if path and name not in given:
            given[name] = Path(path).read_text(encoding="utf-8").strip()
    return Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
