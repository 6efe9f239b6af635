"""From a Bluesky name to the server its account lives on: the name leads to an identifier, the identifier to a document, that to the
server (atproto.com/specs/handle, atproto.com/specs/did)."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.networks.answers import document, part, text
from creatorbot.security.http import Answer, Door

_HANDLE = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PLC = re.compile(r"did:plc:[a-z2-7]{24}")
_WEB = re.compile(r"did:web:((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,62})")
_MOST = 100_000  # bytes of a document


@dataclass(frozen=True)
class Directories:
    """Whom we ask. resolver: knows every name, also those kept in DNS. plc: knows the document of every did:plc. No final slash."""

    resolver: str = "https://public.api.bsky.app"
    plc: str = "https://plc.directory"


def name_in(typed: str) -> str:
    """The name, or the identifier, in what was typed or pasted. Raises InvalidInput with field "handle"."""
    words = "".join(letter for letter in typed if letter.isprintable() and letter not in "\u200e\u200f\u202a\u202c\u2066\u2069").strip()
    words = words.removeprefix("at://")
    if "/profile/" in words:
        words = words.partition("/profile/")[2]
    words = words.split("/")[0].strip().rstrip(".").lower()
    if words.startswith("did:"):
        if _PLC.fullmatch(words) or _WEB.fullmatch(words):
            return words
        raise _no_name()
    if "@" in words.lstrip("@"):
        raise InvalidInput(
            "This looks like an e-mail address. Please type your Bluesky name, for example aoife.bsky.social.", field="handle"
        )
    words = words.lstrip("@")
    if words and "." not in words:
        raise InvalidInput("Please type the whole name with its ending, for example aoife.bsky.social.", field="handle")
    if not _HANDLE.fullmatch(words):
        raise _no_name()
    return words


def _no_name() -> InvalidInput:
    return InvalidInput("This is not a Bluesky name. It looks like aoife.bsky.social.", field="handle")


def server_of(name: str, door: Door, directories: Directories) -> str:
    """The base address of the server this account lives on.

    Raises InvalidInput (field "handle") for a name that nobody has, or that the account it leads to does not bear; ServiceError when
    nobody can be asked.
    """
    did = name if name.startswith("did:") else _identifier(name, door, directories)
    told = identity(did, door, directories)
    if told is None:
        raise _nobody(name)
    if not name.startswith("did:") and name not in names_in(told):
        raise InvalidInput(
            "The account behind %(name)s does not say that this is its name. Please look in Bluesky’s settings how it is called.",
            field="handle",
            name=name,
        )
    base = server_in(told, door)
    if not base:
        raise InvalidInput("%(name)s has no server at the moment where one could post.", field="handle", name=name)
    return base


def names_in(told: object) -> list[str]:
    """The names an account says it bears, the first one first."""
    names = part(told, "alsoKnownAs")
    found = [text(one, 300).lower() for one in names] if isinstance(names, list) else []
    return [one.removeprefix("at://") for one in found if one.startswith("at://")]


def server_in(told: object, door: Door) -> str:
    """The server an account's document names; "" when it names none that may be called."""
    services = part(told, "service")
    for one in services if isinstance(services, list) else []:
        if text(part(one, "id")).endswith("#atproto_pds") and part(one, "type") == "AtprotoPersonalDataServer":
            there = text(part(one, "serviceEndpoint"), 500)
            try:
                parts = urlsplit(there)
            except ValueError:
                continue
            base = f"{parts.scheme}://{parts.netloc}"
            if parts.netloc and "@" not in parts.netloc and (parts.scheme == "https" or door.admits(f"{base}/")):
                return base
    return ""


def identity(did: str, door: Door, directories: Directories) -> object:
    """The document of this identifier; None when there is none. Raises ServiceError when it cannot be asked for."""
    of_web = _WEB.fullmatch(did)
    url = f"https://{of_web[1]}/.well-known/did.json" if of_web else f"{directories.plc}/{quote(did, safe=':')}"
    answer = door.get(url, headers={"Accept": "application/did+ld+json, application/json"}, max_bytes=_MOST)
    if answer.status in (404, 410):
        return None
    found = document(answer.body) if answer.status == 200 else None
    if found is None or part(found, "id") != did:
        raise _no_answer(answer)
    return found


def _identifier(name: str, door: Door, directories: Directories) -> str:
    """What the name stands for: as the public directory knows it, else as the name's own website says."""
    failed: CreatorbotError | None = None
    try:
        answer = door.get(f"{directories.resolver}/xrpc/com.atproto.identity.resolveHandle?handle={quote(name)}", max_bytes=_MOST)
        if answer.status == 200:
            return _checked(text(part(document(answer.body), "did"), 300), name)
        if answer.status not in (400, 404):
            failed = _no_answer(answer)
    except ServiceError as error:
        failed = error
    try:
        answer = door.get(f"https://{name}/.well-known/atproto-did", max_bytes=2000)
    except CreatorbotError as error:
        raise failed or _nobody(name) from error
    if answer.status == 200:
        return _checked(answer.body.decode("utf-8", "replace").strip(), name)
    raise failed or _nobody(name)


def _checked(did: str, name: str) -> str:
    if not (_PLC.fullmatch(did) or _WEB.fullmatch(did)):
        raise _nobody(name)
    return did


def _nobody(name: str) -> InvalidInput:
    return InvalidInput("Nobody on Bluesky is called %(name)s. Please check how it is written.", field="handle", name=name)


def _no_answer(answer: Answer) -> ServiceError:
    return ServiceError(
        "%(host)s does not tell at the moment where accounts live. Nothing was sent. Please try again a little later.",
        kind="busy",
        status=answer.status,
        host=urlsplit(answer.address).netloc,
    )
