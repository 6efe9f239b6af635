"""What each call does, with the checks that Meta's description names."""

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from tests.servers.threads.state import USER_ID, USERNAME, State, stamp, written

Given = dict[str, str]
Call = Callable[[str, Given], object]  # with the key, and what was asked
_SOME_FIELDS = ("id", "text", "permalink", "timestamp", "media_type", "link_attachment_url", "username", "is_reply_owned_by_me", "is_reply")


class Failed(Exception):
    """A call that is refused, with Meta's numbers."""

    def __init__(self, code: int, message: str, *, subcode: int = 0, status: int = 400, transient: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "type": "OAuthException", "code": code, "is_transient": transient, "fbtrace_id": "A0"}
        if subcode:
            self.error |= {"error_subcode": subcode, "error_user_title": "Oh", "error_user_msg": message}


def absent(number: str) -> Failed:
    """As the publishing calls say it."""
    return Failed(24, f"The media with id {number} cannot be found.", subcode=4279009)


def let_in(state: State, key: str, needs: str = "threads_basic") -> None:
    """Is the key good, and does it reach that far?"""
    known = state.keys.get(key)
    if known is None or known["expires"] < stamp():
        raise Failed(190, "Error validating access token: Session has expired", subcode=463 if known else 0, status=401)
    if state.practice.get("checkpoint"):
        raise Failed(190, "The user must log in", subcode=459, status=401)
    if needs not in known["scopes"]:
        raise Failed(10, "Application does not have permission for this action", status=403)


def me(state: State, given: Given) -> object:
    told = {"id": USER_ID, "username": USERNAME, "name": "Aoife Marsh", "threads_profile_picture_url": f"{state.base}/me.jpg"}
    return {name: told[name] for name in given.get("fields", "id").split(",") if name in told}


def create(state: State, given: Given) -> object:
    text, kind = given.get("text", ""), given.get("media_type", "")
    if kind not in ("TEXT", "IMAGE") or (kind == "TEXT" and not text.strip()):
        raise Failed(100, "Param media_type must be one of {TEXT, IMAGE}")
    if counted(text) > 500:
        raise Failed(100, "Param text must be at most 500 characters long.")
    links = set(re.findall(r"https?://\S+", text)) | ({given["link_attachment"]} if given.get("link_attachment") else set())
    if len(links) > 5:
        raise Failed(100, "THREADS_API__LINK_LIMIT_EXCEEDED")
    if kind == "IMAGE" and not given.get("image_url", "").startswith(("https://", "http://")):
        raise Failed(100, "Param image_url is required")
    if len(given.get("alt_text", "")) > 1000:
        raise Failed(100, "Param alt_text must be at most 1000 characters long.")
    if kind == "IMAGE" and given.get("link_attachment"):
        raise Failed(100, "Links can be attached to text posts only")
    if given.get("reply_to_id") and given["reply_to_id"] not in state.posts:
        raise Failed(100, "The post to answer does not exist")
    number = state.number()
    failed = kind == "IMAGE" and "unreachable" in given["image_url"]
    state.containers[number] = {
        "asked": dict(given),
        "at": stamp(),
        "status": "ERROR" if failed else "FINISHED",
        "slow": state.practice["slow"],
    }
    return {"id": number}


def status(state: State, number: str) -> object:
    container = state.containers[number]
    if container["at"] < stamp() - 86_400 and container["status"] != "PUBLISHED":
        return {"id": number, "status": "EXPIRED"}
    if container["slow"] > 0:
        container["slow"] -= 1
        return {"id": number, "status": "IN_PROGRESS"}
    if container["status"] == "PUBLISHED" and not state.practice["tells"]:
        raise Failed(100, "Tried accessing nonexisting field (status)")
    more = {"error_message": "FAILED_DOWNLOADING_IMAGE"} if container["status"] == "ERROR" else {}
    return {"id": number, "status": container["status"]} | more


def publish(state: State, given: Given) -> object:
    """Once for each container."""
    container = state.containers.get(given.get("creation_id", ""))
    if container is None or container["slow"] > 0:
        raise absent(given.get("creation_id", ""))
    if container["status"] != "FINISHED":
        raise Failed(100, "This container cannot be published")
    asked, number = container["asked"], state.number()
    text = asked.get("text", "")
    state.posts[number] = {
        "id": number,
        "text": re.sub(r"#(\w)", r"\1", text, count=1),  # the one tag it knows loses its sign
        "permalink": f"{state.base}/@{USERNAME}/post/{number}",
        "timestamp": written(stamp()),
        "media_type": "IMAGE" if asked["media_type"] == "IMAGE" else "TEXT_POST",
        "link_attachment_url": asked.get("link_attachment") or next(iter(re.findall(r"https?://\S+", text)), None),
        "username": USERNAME,
        "image": asked.get("image_url"),
        "alt_text": asked.get("alt_text"),
        "reply_to": asked.get("reply_to_id"),
        "is_reply": bool(asked.get("reply_to_id")),
        "at": stamp(),
    }
    container["status"] = "PUBLISHED"
    return {"id": number}


def listed(state: State, given: Given, *, answers: bool) -> object:
    """Newest first, a page at a time; cursors are places in the list."""
    mine = [one for one in state.posts.values() if one["username"] == USERNAME and bool(one["reply_to"]) == answers]
    there = [one for one in reversed(mine) if stamp() - one["at"] >= state.practice["lag"]]
    begins, most = int(given.get("after") or 0), int(given.get("limit") or 25)
    page = there[begins : begins + most]
    found: dict[str, Any] = {"data": [fields(one, given) for one in page]}
    if page:
        found["paging"] = {"cursors": {"before": str(begins), "after": str(begins + len(page))}}
    return found


def show(state: State, number: str, given: Given) -> object:
    if number not in state.posts:
        raise Failed(100, f"Unsupported get request. Object with ID '{number}' does not exist", subcode=33)
    return fields(state.posts[number], given)


def delete(state: State, number: str) -> object:
    if number not in state.posts:
        raise absent(number)
    del state.posts[number]
    return {"success": True, "deleted_id": number}


def insights(state: State, number: str, given: Given) -> object:
    if number not in state.posts:
        raise absent(number)
    counts = state.practice.get("counts", {})
    names = given.get("metric", "").split(",")
    return {
        "data": [{"name": one, "period": "lifetime", "values": [{"value": counts.get(one, 0)}], "id": f"{number}/{one}"} for one in names]
    }


def replies(state: State, number: str, given: Given) -> object:
    if number not in state.posts:
        raise absent(number)
    told = state.practice.get("replies", [])
    ours = [one | {"is_reply_owned_by_me": True} for one in state.posts.values() if one["reply_to"] == number]
    return {"data": [fields(one, given) for one in [*told, *ours]]}


def about(state: State, given: Given) -> object:
    known = state.keys.get(given.get("input_token", ""))
    if known is None:
        raise Failed(190, "Invalid OAuth access token", status=401)
    told = {"type": "USER", "is_valid": True, "issued_at": known["issued"], "expires_at": known["expires"], "scopes": known["scopes"]}
    return {"data": told | {"user_id": USER_ID}}


def renew(state: State, key: str) -> object:
    """A key has to be a day old. The old one stays good."""
    known = state.keys[key]
    if stamp() - known["issued"] < 86_400:
        raise Failed(100, "This token is too young to be refreshed")
    made = f"{key[:40]}{state.number()}"
    state.keys[made] = known | {"issued": stamp(), "expires": stamp() + 60 * 86_400}
    return {"access_token": made, "token_type": "bearer", "expires_in": 60 * 86_400}


def fields(post: dict[str, Any], given: Given) -> dict[str, Any]:
    """What was asked for, and is there."""
    wanted = given.get("fields", "id").split(",")
    if bad := [one for one in wanted if one not in _SOME_FIELDS]:
        raise Failed(100, f"Tried accessing nonexisting field ({bad[0]})")
    return {name: post[name] for name in {"id", *wanted} if post.get(name) is not None}


def counted(text: str) -> int:
    """Emoji by their bytes, as far as one can tell them by what Unicode calls them."""
    return sum(len(letter.encode()) if unicodedata.category(letter) in ("So", "Sk") else 1 for letter in text)


def document(told: object) -> bytes:
    """As it is sent."""
    return json.dumps(told).encode()
