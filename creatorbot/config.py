"""Every option, one line of meaning each. Read from the environment as CREATORBOT_NAME, or from the file in CREATORBOT_NAME_FILE."""

import ipaddress
import os
import re
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_THIS_MACHINE = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\Z")


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
        description="True when a proxy in front serves https and tells X-Forwarded-For: cookies get Secure, pages HSTS",
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses and networks of proxies, separated by commas, that are believed about visitors; empty means this machine's "
        "own once BEHIND_HTTPS is true, else nobody",
    )
    hosts: str = Field(
        default="",
        description="Further names, separated by commas, under which the pages for members answer; links answer under every name",
    )
    wait_scale: float = Field(default=1.0, gt=0, description="All waits of sending are multiplied by this; below 1 only to try things")
    sends_at_once: int = Field(default=8, ge=1, le=64, description="Posts sent at the same time by one worker")
    server_threads: int = Field(default=4, ge=1, le=64, description="Requests answered at the same time by one web worker")
    web_workers: int = Field(default=1, ge=1, le=64, description="Web server processes")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies_are_addresses(cls, typed: str) -> str:
        _networks(typed)
        return typed

    @field_validator("hosts")
    @classmethod
    def _hosts_are_names(cls, typed: str) -> str:
        _names(typed)
        return typed

    @property
    def proxies(self) -> tuple[Network, ...]:
        """Who is believed about where visitors come from. Empty: nobody."""
        return _networks(self.trusted_proxies) or (_THIS_MACHINE if self.behind_https else ())

    @property
    def host_names(self) -> frozenset[str]:
        """The names in `hosts`, as they stand in a request: lower case, without port, foreign letters encoded."""
        return _names(self.hosts)

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


def _networks(typed: str) -> tuple[Network, ...]:
    found = []
    for part in filter(None, (part.strip() for part in typed.split(","))):
        try:
            network = ipaddress.ip_network(part)
        except ValueError as error:
            raise PydanticCustomError("proxy", "“{part}” is no address and no network such as 172.18.0.0/16", {"part": part}) from error
        if network.prefixlen == 0:
            raise PydanticCustomError("proxy", "“{part}” is everybody; whoever is believed has to be named", {"part": part})
        found.append(network)
    return tuple(found)


def _names(typed: str) -> frozenset[str]:
    return frozenset(_name(part) for part in (part.strip() for part in typed.split(",")) if part)


def _name(typed: str) -> str:
    try:
        name = typed.lower().rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if not _NAME.match(name):
        raise PydanticCustomError("host", "“{name}” is no name; write it like music.example.org, without https://", {"name": typed})
    return name
