"""Answers of the front door, as a WSGI server wants them."""

from collections.abc import Iterable
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIEnvironment

Header = tuple[str, str]
SAFE: tuple[Header, ...] = (("X-Content-Type-Options", "nosniff"),)
FOR_EVER: tuple[Header, ...] = (
    *SAFE,
    ("Cache-Control", "public, max-age=31536000, immutable"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
ONLY_HTTPS: tuple[Header, ...] = (("Strict-Transport-Security", "max-age=31536000"),)
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE: tuple[Header, ...] = (
    *SAFE,
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "public, no-cache"),
    ("Vary", "Accept-Encoding"),
    ("Referrer-Policy", "unsafe-url"),
)


@lru_cache(maxsize=512)
def encoding_of(accepted: str) -> str:
    """The best encoding for this Accept-Encoding that we keep ready: "br", "gzip" or "" for plain."""
    taken: dict[str, bool] = {}
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        taken[name.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if taken.get(name, False)), "")


def answer(environ: WSGIEnvironment, start_response: StartResponse, body: bytes, headers: list[Header]) -> list[bytes]:
    """200 with this body; only its headers when only they were asked for."""
    headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def unchanged(start_response: StartResponse, headers: list[Header]) -> list[bytes]:
    """The visitor has it already."""
    start_response("304 Not Modified", headers)
    return []


def sent_on(start_response: StartResponse, address: str, policy: Iterable[Header]) -> list[bytes]:
    """On to a shop, and to none but those on the page. The shop still sees our page as where its visitor came from."""
    kept = [header for header in policy if header[0] in ("Referrer-Policy", "X-Content-Type-Options", "Strict-Transport-Security")]
    start_response("303 See Other", [*kept, ("Location", address), ("Cache-Control", "no-store"), ("Content-Length", "0")])
    return []


def method_not_allowed(start_response: StartResponse) -> list[bytes]:
    """For whoever sends something to a link."""
    body = b"This address can only be looked at."
    start_response(
        "405 Method Not Allowed",
        [*SAFE, ("Allow", "GET, HEAD"), ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]
