"""What may be written down of a request: never an address, never an e-mail, never a name; people apart only until midnight UTC."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit

import orjson
from sqlmodel import Session, col, delete, select

from creatorbot.links.address import is_public_name
from creatorbot.links.agents import read_agent
from creatorbot.links.journal import VERSION
from creatorbot.models import DaySalt
from creatorbot.storage.once import insert_once

SALT_BYTES = 32
HASH_BYTES = 12
_MODES = frozenset(("navigate", "no-cors", "cors", "same-origin", "websocket"))
_DESTS = frozenset(("document", "iframe", "frame", "embed", "object", "empty", "image", "script", "style", "worker", "serviceworker"))


def day_salt(session: Session, day: date) -> bytes:
    """The salt of this UTC day, the same in every process; made when it is asked for first. Writes."""
    found = session.get(DaySalt, day)
    if found is None:
        insert_once(session, DaySalt(day=day, salt=secrets.token_bytes(SALT_BYTES)))
        found = session.exec(select(DaySalt).where(DaySalt.day == day)).one()
    return found.salt


def forget_salts(session: Session, now: datetime) -> int:
    """Delete the salts of days that are over: from then on nobody can say which hash was whose. Returns how many."""
    done = session.exec(delete(DaySalt).where(col(DaySalt.day) < now.date()))
    return int(done.rowcount)


def wants_no_trace(environ: Mapping[str, object]) -> bool:
    """Whether the browser asks not to be followed (Global Privacy Control, Do Not Track): counted, but no hash is kept."""
    return environ.get("HTTP_SEC_GPC") == "1" or environ.get("HTTP_DNT") == "1"


def client_address(environ: Mapping[str, str]) -> str:
    """Where a request comes from. Only for hashing and for slowing down guesses.

    The front door has looked through the proxies before (see security/proxies), so it is the visitor's, not the proxy's.
    """
    return environ.get("REMOTE_ADDR", "")


def visitor_hash(salt: bytes, address: str, user_agent: str) -> bytes:
    """Tells two people of one day apart, and nothing more: blake2b keyed with the day's salt."""
    return hashlib.blake2b(f"{address}\n{user_agent}".encode(), digest_size=HASH_BYTES, key=salt).digest()


def referrer_host(referrer: str) -> str:
    """The public name in a Referer header, "" for anything else."""
    if not referrer:
        return ""
    try:
        host = (urlsplit(referrer[:2048]).hostname or "").lower()
    except ValueError:
        return ""
    return host if is_public_name(host) else ""


def from_our_page(environ: Mapping[str, str]) -> bool:
    """Whether the request says that it came from one of our own pages: by the browser's own word, or by its referrer. Either can be
    forged; neither is enough to be counted as a person."""
    if environ.get("HTTP_SEC_FETCH_SITE") == "same-origin":
        return True
    referrer, host = environ.get("HTTP_REFERER", ""), environ.get("HTTP_HOST", "")
    if not referrer or not host:
        return False
    scheme, _, rest = referrer.partition("://")
    return scheme in ("https", "http") and rest.startswith((f"{host}/l/", f"{host}/@"))


def visit_line(
    environ: Mapping[str, str],
    code: str,
    now: datetime,
    salt: bytes,
    *,
    button: str = "",
    item: int | None = None,
) -> bytes:
    """The journal's line for one request (see links/journal), from what the server hands us. button: the one that was pressed. item: the
    number of the other release that is shown, 0 for the artist's page.

    The client's address (see client_address) goes into the hash and nowhere else.
    """
    get = environ.get
    user_agent = get("HTTP_USER_AGENT", "")
    purpose = get("HTTP_SEC_PURPOSE", "") or get("HTTP_PURPOSE", "") or get("HTTP_X_PURPOSE", "") or get("HTTP_X_MOZ", "")
    told = _told(
        user_agent,
        environ["REQUEST_METHOD"],
        get("HTTP_SEC_FETCH_MODE", ""),
        get("HTTP_SEC_FETCH_DEST", ""),
        purpose,
        get("HTTP_ACCEPT", ""),
        bool(get("HTTP_ACCEPT_LANGUAGE", "")),
    )
    visitor = "" if wants_no_trace(environ) else visitor_hash(salt, client_address(environ), user_agent).hex()
    pressed = f',"b":"{button}"' if button else ""
    shown = f',"i":{item}' if item is not None else ""
    own = ',"s":1' if from_our_page(environ) else ""
    came_from = referrer_host(get("HTTP_REFERER", ""))
    # Codes, buttons' words, hashes and public names need no escaping; what a client says of itself went through JSON.
    at = int(now.timestamp() * 1000)
    return f'{{"v":{VERSION},"t":{at},"c":"{code}"{pressed}{shown}{own},"h":"{visitor}","r":"{came_from}",{told}}}\n'.encode()


@lru_cache(maxsize=4096)
def _told(user_agent: str, method: str, mode: str, dest: str, purpose: str, accept: str, language: bool) -> str:
    """What a request says of itself, as the end of a line. Most requests say what others said before."""
    told = {
        "u": read_agent(user_agent).kept,
        "m": method,
        "f": mode if not mode or mode in _MODES else "other",
        "d": dest if not dest or dest in _DESTS else "other",
        "p": bool(purpose) and any(word in purpose.lower() for word in ("prefetch", "prerender", "preview")),
        "a": "text/html" in accept,
        "l": language,
    }
    return orjson.dumps(told).decode()[1:-1]
