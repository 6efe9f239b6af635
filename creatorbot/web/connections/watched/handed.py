"""A page that a person hands over instead of our fetching it: its source pasted, or the file their browser saved."""

from urllib.parse import urlsplit

from werkzeug.datastructures import FileStorage

from creatorbot.errors import InvalidInput
from creatorbot.releases.polling.finding import typed_address
from creatorbot.releases.polling.looking import PAGE_BYTES
from creatorbot.sources.base import Fetched

_LEAST = 40  # characters: shorter than any page, longer than an address pasted into the wrong box


def handed_page(address: str, pasted: str, file: FileStorage | None = None) -> Fetched | None:
    """The page as if it had been fetched from this address; None when nothing was handed over. Raises InvalidInput naming "page"."""
    body = _body(pasted, file)
    if not body:
        return None
    if len(body) > PAGE_BYTES:
        raise InvalidInput("This page is larger than we read. Nothing was kept.", field="page")
    if len(body) < _LEAST or (b"<" not in body and b"{" not in body):
        raise InvalidInput("This is not a page. Copy the whole of its source, or choose the file your browser saved.", field="page")
    where = typed_address(address)
    kind = "text/html" if b"<html" in body[:5000].lower() else "application/xml" if body.lstrip()[:1] == b"<" else "application/json"
    return Fetched(where, body, 200, {"content-type": f"{kind}; charset=utf-8"} if not file else {"content-type": kind})


def host_of(address: str) -> str:
    """The name people know the place by; the address itself when it has none."""
    try:
        return (urlsplit(address).hostname or address).removeprefix("www.")
    except ValueError:
        return address


def _body(pasted: str, file: FileStorage | None) -> bytes:
    if file is not None and file.filename:
        return file.stream.read(PAGE_BYTES + 1)
    return pasted.strip().encode("utf-8", "replace")
