"""What each call does, with the checks that the family's source makes."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.servers.misskey.state import State, now

USER_ID = "9aliceuserid"
VISIBILITIES = ("public", "home", "followers", "specified")
NEEDS = {
    "i": "read:account",
    "notes/create": "write:notes",
    "notes/edit": "write:notes",
    "notes/delete": "write:notes",
    "drive/files/create": "write:drive",
    "ap/show": "read:account",
}
MOST, WARNING, COMMENT = 3000, 100, 512


class Failed(Exception):
    """A call that is refused."""

    def __init__(self, status: int, code: str, info: object = None) -> None:
        super().__init__(code)
        self.status, self.code, self.info = status, code, info


def let_in(state: State, name: str, given: dict[str, Any]) -> None:
    """Whose permission is it, and does it reach that far? Statuses differ between members of the family."""
    token = given.get("i") or None
    if token is not None and (token not in state.tokens or state.account.get("revoked")):
        raise Failed(403 if state.software == "firefish" else 401, "AUTHENTICATION_FAILED")
    needed = NEEDS.get(name)
    if needed is None:
        return
    if token is None:
        raise Failed(401, "CREDENTIAL_REQUIRED")
    if state.account.get("suspended"):
        raise Failed(403, "YOUR_ACCOUNT_SUSPENDED")
    if state.account.get("moved") and name in ("notes/create", "drive/files/create"):
        raise Failed(403, "YOUR_ACCOUNT_MOVED")
    if needed not in state.tokens[token]:
        raise Failed(403, "PERMISSION_DENIED")


def user(state: State) -> dict[str, Any]:
    """The one account here."""
    told = {"id": USER_ID, "username": "alice", "name": "Alice", "host": None, "avatarUrl": f"{state.base}/avatar.png"}
    return told | {"isSuspended": bool(state.account.get("suspended")), "movedTo": state.account.get("moved")}


def show_user(state: State, given: dict[str, Any]) -> object:
    if given.get("userId") == "moveduserid":
        return {
            "id": "moveduserid",
            "username": "alice",
            "name": "Alice",
            "host": "elsewhere.example",
            "url": "https://elsewhere.example/@alice",
        }
    if given.get("userId") != USER_ID or state.account.get("deleted"):
        raise Failed(404, "NO_SUCH_USER")
    return user(state)


def create(state: State, given: dict[str, Any]) -> object:
    _check(given)
    note = {
        "id": state.new_id(),
        "createdAt": now(),
        "userId": USER_ID,
        "user": user(state),
        "text": (given.get("text") or "").strip() or None,
        "cw": given.get("cw"),
        "visibility": _visibility(state, given.get("visibility", "public")),
        "localOnly": bool(given.get("localOnly")),
        "replyId": given.get("replyId"),
        "renoteId": given.get("renoteId"),
        "reactions": {},
        "renoteCount": 0,
        "repliesCount": 0,
        "poll": _poll(given.get("poll")),
        **_files(state, given),
    }
    if note["replyId"] and note["replyId"] not in state.notes:
        raise Failed(400, "NO_SUCH_REPLY_TARGET")
    if not note["text"] and not note["fileIds"] and not note["renoteId"]:
        raise Failed(400, "INVALID_PARAM", {"param": "#/required", "reason": "must have required property 'text'"})
    state.notes[str(note["id"])] = note
    if note["renoteId"] in state.notes:
        state.notes[str(note["renoteId"])]["renoteCount"] += 1
    return {"createdNote": note}


def edit(state: State, given: dict[str, Any]) -> object:
    """What is not named is reset, as there."""
    _check(given)
    note = _note(state, {"noteId": given.get("editId")})
    note |= {
        "text": (given.get("text") or "").strip() or None,
        "cw": given.get("cw"),
        "visibility": _visibility(state, given.get("visibility", "public")),
        "localOnly": bool(given.get("localOnly")),
        "replyId": given.get("replyId"),
        "renoteId": given.get("renoteId"),
        "updatedAt": now(),
        **_files(state, given),
    }
    return {"createdNote": note}


def show(state: State, given: dict[str, Any]) -> object:
    note = _note(state, given)
    if note["visibility"] == "followers" and given.get("i") not in state.tokens:
        raise Failed(400, "NO_SUCH_NOTE")
    return note


def delete(state: State, given: dict[str, Any]) -> object:
    del state.notes[_note(state, given)["id"]]
    return None


def listed(state: State, given: dict[str, Any]) -> object:
    """Newest first. account["lag"]: notes younger than so many seconds are not listed yet."""
    if given.get("userId") != USER_ID:
        raise Failed(400, "NO_SUCH_USER")
    mine = [note for note in state.notes.values() if note["userId"] == USER_ID and _age(note) >= float(state.account.get("lag", 0))]
    until = given.get("untilId")
    found = [note for note in mine if until is None or note["id"] < until]
    if given.get("i") is None:
        found = [note for note in found if note["visibility"] in ("public", "home")]
    return sorted(found, key=lambda note: str(note["id"]), reverse=True)[: int(given.get("limit", 10))]


def renotes(state: State, given: dict[str, Any]) -> object:
    about = _note(state, given)["id"]
    return [note for note in state.notes.values() if note["renoteId"] == about]


def replies(state: State, given: dict[str, Any]) -> object:
    about = _note(state, given)["id"]
    return [note for note in reversed(state.notes.values()) if note["replyId"] == about]


def upload(state: State, given: dict[str, Any]) -> object:
    """The same file twice is one, with the description it had, unless it is forced."""
    comment = given.get("comment")
    if comment is not None and len(comment) > COMMENT:
        raise Failed(
            400, "INVALID_PARAM", {"param": "#/properties/comment/maxLength", "reason": f"must NOT have more than {COMMENT} characters"}
        )
    digest = hashlib.md5(given["file"], usedforsecurity=False).hexdigest()
    for file in state.files.values():
        if file["md5"] == digest and given.get("force") != "true":
            return file
    made = {"id": state.new_id(), "name": given.get("name"), "comment": comment, "md5": digest, "type": "image/jpeg"}
    state.files[str(made["id"])] = made
    return made


def met(state: State, given: dict[str, Any]) -> object:
    """A post of another server, by its address, as it is fetched when somebody asks for it."""
    uri = str(given.get("uri"))
    if "unknown" in uri:
        raise Failed(404, "NO_SUCH_OBJECT")
    for note in state.notes.values():
        if note.get("uri") == uri:
            return {"type": "Note", "object": note}
    note = {"id": state.new_id(), "createdAt": now(), "userId": "9bobuserid", "uri": uri, "text": "Out there", "cw": None}
    note |= {"visibility": "public", "fileIds": [], "files": [], "replyId": None, "renoteId": None, "reactions": {}, "renoteCount": 0}
    state.notes[str(note["id"])] = note
    return {"type": "Note", "object": note}


def _check(given: dict[str, Any]) -> None:
    text, cw = given.get("text"), given.get("cw")
    if text is not None and (not text.strip() or len(text) > MOST):
        raise Failed(400, "INVALID_PARAM", {"param": "#/properties/text/maxLength", "reason": f"must NOT have more than {MOST} characters"})
    if cw is not None and not 1 <= len(cw) <= WARNING:
        raise Failed(
            400, "INVALID_PARAM", {"param": "#/properties/cw/maxLength", "reason": f"must NOT have more than {WARNING} characters"}
        )
    if given.get("visibility", "public") not in VISIBILITIES or given.get("fileIds") == []:
        raise Failed(400, "INVALID_PARAM", {"param": "#/properties", "reason": "must be equal to one of the allowed values"})


def _files(state: State, given: dict[str, Any]) -> dict[str, Any]:
    wanted = given.get("fileIds") or []
    if any(one not in state.files for one in wanted):
        raise Failed(400, "NO_SUCH_FILE")
    kept = [] if state.account.get("drops pictures") else wanted
    return {"fileIds": kept, "files": [state.files[one] for one in kept]}


def _poll(asked: dict[str, Any] | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    choices, ends = asked["choices"], asked.get("expiredAfter")
    if not 2 <= len(choices) <= 10 or any(not 1 <= len(one) <= 50 for one in choices) or len(set(choices)) < len(choices):
        raise Failed(400, "INVALID_PARAM", {"param": "#/properties/poll", "reason": "must be a poll"})
    if not isinstance(ends, int) or ends < 1:
        raise Failed(400, "INVALID_PARAM", {"param": "#/properties/poll/properties/expiredAfter", "reason": "must be >= 1"})
    told = [{"text": one, "votes": 0, "isVoted": False} for one in choices]
    return {"choices": told, "multiple": bool(asked.get("multiple")), "expiresAt": now()}


def _visibility(state: State, wanted: str) -> str:
    return "home" if wanted == "public" and state.account.get("silenced") else wanted


def _note(state: State, given: dict[str, Any]) -> dict[str, Any]:
    found = state.notes.get(str(given.get("noteId")))
    if found is None:
        raise Failed(404 if state.software == "firefish" else 400, "NO_SUCH_NOTE")
    return found


def _age(note: dict[str, Any]) -> float:
    made = datetime.fromisoformat(note["createdAt"])
    return (datetime.now(made.tzinfo) - made).total_seconds()


CALLS: dict[str, Callable[[State, dict[str, Any]], object]] = {
    "i": lambda state, _given: user(state),
    "users/show": show_user,
    "users/notes": listed,
    "notes/create": create,
    "notes/edit": edit,
    "notes/show": show,
    "notes/delete": delete,
    "notes/renotes": renotes,
    "notes/replies": replies,
    "drive/files/create": upload,
    "ap/show": met,
}
