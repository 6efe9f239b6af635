"""Meeting a server: what it is, what it allows, where one logs in."""

from urllib.parse import urlsplit

from creatorbot.errors import CreatorbotError, InvalidInput, ServiceError
from creatorbot.networks.answers import Document, document, host_of, part, patience, text, whole
from creatorbot.networks.base import Limits, ServerFacts
from creatorbot.networks.mastodon.answers import refusal
from creatorbot.networks.profiles import profile, software_of
from creatorbot.security.http import Answer, Door

_PAGE = 500_000  # bytes; a server's description of itself is some 30 kB


def discover(base_url: str, door: Door) -> ServerFacts:
    """What this server tells about itself. base_url follows a redirect to the server's proper name.

    Raises ServiceError with a sentence for a server that is not there, is not of this kind, or refuses; InvalidInput (field
    "server") for one that may not be called.
    """
    try:
        base, told = _instance(base_url, door)
    except InvalidInput as error:
        raise InvalidInput(error.message, field="server", **error.values) from error
    named, version = _software(base, door)
    version = version or text(part(told, "version"), 100)
    software = software_of(named or _software_in(text(part(told, "version"))), version)
    authorize_url, token_url = _login(base, door)
    return ServerFacts(
        base_url=base,
        domain=_domain(told, base),
        title=text(part(told, "title"), 200) or host_of(base),
        software=software,
        version=version,
        limits=limits_of(told, profile(software).limits),
        rules=_rules(told),
        authorize_url=authorize_url,
        token_url=token_url,
    )


def _instance(base_url: str, door: Door) -> tuple[str, Document]:
    """The server's description, in its new or its old form, and the base address it was found under."""
    strange: Answer | None = None
    for path in ("/api/v2/instance", "/api/v1/instance"):
        answer = door.get(base_url + path, headers={"Accept": "application/json"}, max_bytes=_PAGE)
        told = document(answer.body)
        if answer.status == 200 and told is not None and isinstance(part(told, "version"), str):
            there = urlsplit(answer.address)
            return f"{there.scheme}://{there.netloc}", told
        if strange is None or strange.status < 429:
            strange = answer
        if answer.status == 429:
            break
    raise _strange(base_url, strange, door)


def _strange(base_url: str, answer: Answer | None, door: Door) -> ServiceError:
    """Why a server cannot be used: what its last answer means."""
    host, status = host_of(base_url), answer.status if answer else 404
    if answer and (status in (408, 429) or status >= 500):
        return refusal(host, status, "", patience(answer.headers))
    if status in (401, 403):
        return ServiceError(
            "%(host)s does not let programs like this one in. Its administrators can tell you why.",
            kind="refused",
            status=status,
            host=host,
        )
    software, _ = _software(base_url, door)
    if software:
        return ServiceError("%(host)s runs %(software)s, where this program cannot post yet.", kind="refused", host=host, software=software)
    return ServiceError("%(host)s answers, but it is not a Mastodon server. Please check the name.", kind="refused", host=host)


def limits_of(told: Document, usual: Limits = Limits()) -> Limits:  # noqa: B008  (frozen)
    """The limits in a server's description, wherever it keeps them; `usual` for what it does not say."""
    statuses, media = part(told, "configuration", "statuses"), part(told, "configuration", "media_attachments")
    polls, types = part(told, "configuration", "polls") or part(told, "poll_limits"), part(media, "supported_mime_types")
    pictures = tuple(kind for kind in types if isinstance(kind, str) and kind in usual.picture_types) if isinstance(types, list) else ()
    return Limits(
        characters=whole(part(statuses, "max_characters"), whole(part(told, "max_toot_chars"), usual.characters)),
        url_length=whole(part(statuses, "characters_reserved_per_url"), usual.url_length),
        pictures=whole(part(statuses, "max_media_attachments"), usual.pictures),
        picture_bytes=whole(part(media, "image_size_limit"), whole(part(told, "upload_limit"), usual.picture_bytes)),
        picture_pixels=whole(part(media, "image_matrix_limit"), usual.picture_pixels),
        description=whole(part(media, "description_limit"), whole(part(told, "description_limit"), usual.description)),
        picture_types=pictures or usual.picture_types,
        poll_options=whole(part(polls, "max_options"), usual.poll_options),
        poll_option=whole(part(polls, "max_characters_per_option"), usual.poll_option),
    )


def _rules(told: Document) -> tuple[str, ...]:
    rules = part(told, "rules")
    found = [text(part(rule, "text")) for rule in rules] if isinstance(rules, list) else []
    return tuple(rule for rule in found if rule)[:50]


def _domain(told: Document, base: str) -> str:
    """The name that handles carry, which may differ from the server's address."""
    said = text(part(told, "domain"), 300) or text(part(told, "uri"), 300)
    return said.rpartition("//")[2].strip("/").lower() or host_of(base)


def _software(base: str, door: Door) -> tuple[str, str]:
    """Name (lower case) and version by NodeInfo; empty when it does not say. Never raises: it is only a courtesy."""
    try:
        found = door.get(f"{base}/.well-known/nodeinfo", max_bytes=_PAGE)
        links = part(document(found.body), "links")
        hrefs = [text(part(link, "href")) for link in links] if isinstance(links, list) else []
        for href in sorted((href for href in hrefs if host_of(href) == host_of(base)), reverse=True)[:1]:
            told = part(document(door.get(href, max_bytes=_PAGE).body), "software")
            return text(part(told, "name"), 50).lower(), text(part(told, "version"), 100)
    except CreatorbotError:
        pass
    return "", ""


def _software_in(version: str) -> str:
    """The software that a version such as "2.7.2 (compatible; Akkoma 3.15)" names."""
    words = version.partition("compatible;")[2].replace(")", " ").split()
    return words[0].lower() if words else "mastodon"


def _login(base: str, door: Door) -> tuple[str, str]:
    """Where a person says yes, and where we get the token: as announced if it is on the same server, else the usual paths."""
    usual = f"{base}/oauth/authorize", f"{base}/oauth/token"
    try:
        answer = door.get(f"{base}/.well-known/oauth-authorization-server", max_bytes=_PAGE)
    except CreatorbotError:
        return usual
    told = document(answer.body) if answer.status == 200 else None
    announced = text(part(told, "authorization_endpoint")), text(part(told, "token_endpoint"))
    return announced if all(_belongs(url, base) for url in announced) else usual


def _belongs(url: str, base: str) -> bool:
    """Whether an announced address is on the same server, by the same scheme, without anything that could lead astray."""
    return url.isprintable() and url.startswith(f"{base}/") and not any(mark in url for mark in "?#@\\ ")
