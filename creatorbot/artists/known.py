"""A browser somebody has logged in with before: guessing by others, from wherever, never keeps it out."""

import hashlib
import hmac

from creatorbot.security.secrets import same, word

_MOST = 8  # logins one browser is known for; the one used longest ago is forgotten first


def browser_of(cookie: str, login: str, key: str) -> str:
    """The random name of this browser when it has logged in with this login before, else "". Nobody can make one up: it is signed."""
    name, *signed = cookie[:1000].split(".")
    wanted = _sign(name, login, key)
    return name if name and any(same(one, wanted) for one in signed) else ""


def now_known(cookie: str, login: str, key: str) -> str:
    """What the browser's cookie holds after it has logged in with this login."""
    name, *signed = cookie[:1000].split(".")
    if len(name) != 22 or not name.isalnum():
        name, signed = word(22), []
    mine = _sign(name, login, key)
    return ".".join((name, *[one for one in signed if len(one) == len(mine) and one.isalnum() and one != mine][-_MOST + 1 :], mine))


def _sign(browser: str, login: str, key: str) -> str:
    return hmac.new(key.encode(), f"known {browser} {login.strip().lower()[:200]}".encode(), hashlib.sha256).hexdigest()[:32]
