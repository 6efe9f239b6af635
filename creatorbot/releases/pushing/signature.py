"""Whether a hub really signed what arrived in its name (W3C WebSub, section 8). Pure."""

import hashlib
import hmac

_METHODS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}


def is_signed(header: str, secret: bytes, body: bytes) -> bool:
    """Whether this X-Hub-Signature ("sha256=<hex>") was made of exactly these bytes with our secret. In constant time."""
    name, _, told = header.strip().partition("=")
    method = _METHODS.get(name.strip().lower())
    if method is None or not secret:
        return False
    expected = hmac.new(secret, body, method).hexdigest()
    return hmac.compare_digest(expected.encode(), told.strip().lower().encode("utf-8", "replace"))
