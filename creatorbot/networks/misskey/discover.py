"""Meeting a server of the family: what it is and what it allows."""

from urllib.parse import urlsplit

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.networks.answers import Document, document, host_of, part, patience, text, whole
from creatorbot.networks.base import Limits, ServerFacts
from creatorbot.networks.misskey.refusals import refusal
from creatorbot.security.http import Door

_PAGE = 1_000_000  # bytes; a description can hold the server's advertisements
_CHARACTERS = 3000
_DESCRIPTION = 512
_PICTURES = 16
_ANSWERS = 10  # of a poll


def discover(base_url: str, door: Door) -> ServerFacts:
    """What this server tells about itself. base_url follows a redirect to the server's proper name.

    Raises ServiceError with a sentence for a server that is not there, is not of this family, or refuses; InvalidInput (field
    "server") for one that may not be called.
    """
    try:
        base, software, version = _software(base_url, door)
        told = _meta(base, software, door)
    except InvalidInput as error:
        raise InvalidInput(error.message, field="server", **error.values) from error
    return ServerFacts(
        base_url=base,
        domain=_domain(told, base),
        title=text(part(told, "name"), 200) or host_of(base),
        software=software or "misskey",
        version=version or text(part(told, "version"), 100),
        limits=limits_of(told),
        rules=_rules(told),
        authorize_url=f"{base}/miauth",
        token_url=f"{base}/api/miauth",
    )


def limits_of(told: Document) -> Limits:
    """The limits in a server's description; careful defaults for what it does not say. Addresses count in full."""
    usual = Limits()
    megabytes = whole(part(told, "policies", "maxFileSizeMb"), 0)
    return Limits(
        characters=whole(part(told, "maxNoteTextLength"), _CHARACTERS),
        url_length=0,
        pictures=_PICTURES,
        picture_bytes=min(usual.picture_bytes, megabytes * 1_000_000 or whole(part(told, "maxFileSize"), usual.picture_bytes)),
        description=whole(part(told, "maxAltTextLength"), _DESCRIPTION),
        poll_options=_ANSWERS,
    )


def _meta(base: str, software: str, door: Door) -> Document:
    """Its description of itself, which only this family gives under this address."""
    answer = door.post(f"{base}/api/meta", json={"detail": True}, headers={"Accept": "application/json"})
    told, host = document(answer.body[:_PAGE]), host_of(base)
    if answer.status == 200 and told is not None and (part(told, "maxNoteTextLength") or part(told, "uri")):
        if part(told, "features", "miauth") is False:
            raise ServiceError("%(host)s is too old to let programs like this one in.", kind="refused", host=host)
        return told
    if answer.status in (408, 429) or answer.status >= 500:
        raise refusal(host, answer.status, told, answer.headers)
    if answer.status in (401, 403):
        raise ServiceError(
            "%(host)s does not let programs like this one in. Its administrators can tell you why.",
            kind="refused",
            status=answer.status,
            retry_after=patience(answer.headers),
            host=host,
        )
    if software:
        raise ServiceError(
            "%(host)s runs %(software)s, which does not belong to the Misskey family.", kind="refused", host=host, software=software
        )
    raise ServiceError("%(host)s answers, but it is not a Misskey server. Please check the name.", kind="refused", host=host)


def _software(base: str, door: Door) -> tuple[str, str, str]:
    """The base address where the server really is, and its software's name (lower case) and version; "" for what it does not say.

    Raises only for a server that is not there or may not be called.
    """
    found = door.get(f"{base}/.well-known/nodeinfo", max_bytes=_PAGE)
    there = urlsplit(found.address)
    if found.status == 200 and there.path == "/.well-known/nodeinfo":
        base = f"{there.scheme}://{there.netloc}"
    links = part(document(found.body), "links")
    hrefs = [text(part(link, "href")) for link in links] if isinstance(links, list) else []
    for href in sorted((href for href in hrefs if host_of(href) == host_of(base)), reverse=True)[:1]:
        try:
            told = part(document(door.get(href, max_bytes=_PAGE).body), "software")
        except CreatorbotError:
            break
        return base, text(part(told, "name"), 50).lower(), text(part(told, "version"), 100)
    return base, "", ""


def _domain(told: Document, base: str) -> str:
    """The name that handles carry: that of the address the server gives as its own."""
    return (host_of(text(part(told, "uri"), 300)) or host_of(base)).lower()


def _rules(told: Document) -> tuple[str, ...]:
    rules = part(told, "serverRules")
    found = [text(rule) for rule in rules] if isinstance(rules, list) else []
    return tuple(rule for rule in found if rule)[:50]
