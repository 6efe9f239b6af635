"""A small Bluesky: an account's server, the public directory of identifiers and the network's view of posts, in a process of its own.

Written from the lexicons of com.atproto.* and app.bsky.* and from what the reference server answers in each case. What it keeps survives
its death. tests.servers.bluesky_process starts it; faults are ordered at /practice/faults.
"""

import base64
import json
import re
import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.bluesky_rules import Refused, cid, is_tid, valid_post

DID, HANDLE, PASSWORD = "did:plc:aoifemarsh22222222222222", "aoife.bsky.example", "abcd-efgh-ijkl-mnop"
POSTS = "app.bsky.feed.post"
Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One call. headers: lower-case names."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The body."""
        try:
            found = json.loads(self.body)
        except ValueError:
            raise Refused("InvalidRequest", "Request body is not JSON") from None
        return found if isinstance(found, dict) else {}

    def one(self, name: str) -> str:
        """A parameter."""
        return self.query.get(name, [""])[0]


class Bluesky:
    """All it knows, and every call it answers. here: the address of the account's server, as its document names it."""

    def __init__(self, folder: Path, here: str) -> None:
        self.file, self.here, self.lock = folder / "bluesky.json", here, threading.RLock()
        kept = json.loads(self.file.read_text()) if self.file.exists() else {}
        self.records: dict[str, Json] = kept.get("records", {})
        self.blobs: dict[str, Json] = kept.get("blobs", {})
        self.tokens: dict[str, str] = kept.get("tokens", {})
        self.practice: Json = {"password": PASSWORD, "status": "", "home": "", "says_exists": False, "logins": 0} | kept.get("practice", {})
        self.faults: list[Json] = []

    def keep(self) -> None:
        """Write it down, whole or not at all."""
        beside = self.file.with_suffix(".new")
        state = {"records": self.records, "blobs": self.blobs, "tokens": self.tokens, "practice": self.practice}
        beside.write_text(json.dumps(state))
        beside.replace(self.file)

    def fault(self, call: str) -> Json | None:
        """What is to go wrong with this call, if anything."""
        with self.lock:
            for one in self.faults:
                if one["call"] in (call, "*") and one["times"] > 0:
                    one["times"] -= 1
                    return one
        return None

    def answer(self, asked: Asked) -> tuple[int, Json]:
        """Status and document."""
        with self.lock:
            name = re.sub(r"\W", "_", asked.path.removeprefix("/xrpc/").strip("/"))
            method = getattr(self, f"{asked.method}_{name}", None)
            if method is None:
                return self._document(asked)
            try:
                return 200, method(asked)
            except Refused as refused:
                return refused.status, {"error": refused.error, "message": refused.message}

    def _document(self, asked: Asked) -> tuple[int, Json]:
        if asked.path == f"/{DID}":
            service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.practice["home"] or self.here}
            return 200, {"id": DID, "alsoKnownAs": [f"at://{HANDLE}"], "service": [service]}
        if asked.path.startswith("/did:"):
            return 404, {"message": "DID not registered"}
        return 501, {"error": "MethodNotImplemented", "message": "Method Not Implemented"}

    # com.atproto.server, com.atproto.identity

    def GET_com_atproto_server_describeServer(self, asked: Asked) -> Json:  # noqa: N802  (names of calls)
        return {"did": "did:web:bsky.example", "availableUserDomains": [".bsky.example"], "inviteCodeRequired": False}

    def GET__health(self, asked: Asked) -> Json:  # noqa: N802
        return {"version": "0.4.999"}

    def GET_com_atproto_identity_resolveHandle(self, asked: Asked) -> Json:  # noqa: N802
        if asked.one("handle") != HANDLE:
            raise Refused("InvalidRequest", "Unable to resolve handle")
        return {"did": DID}

    def POST_com_atproto_server_createSession(self, asked: Asked) -> Json:  # noqa: N802
        self.practice["logins"] += 1
        given = asked.json
        if given.get("identifier") not in (DID, HANDLE) or given.get("password") != self.practice["password"]:
            raise Refused("AuthenticationRequired", "Invalid identifier or password", 401)
        if self.practice["status"] == "takendown":
            raise Refused("AccountTakedown", "Account has been taken down", 401)
        return self._session()

    def POST_com_atproto_server_refreshSession(self, asked: Asked) -> Json:  # noqa: N802
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.pop(token, "") != "refresh":
            raise Refused("ExpiredToken", "Token has been revoked")
        return self._session()

    def GET_com_atproto_server_getSession(self, asked: Asked) -> Json:  # noqa: N802
        self._let_in(asked)
        status = self.practice["status"]
        return {"did": DID, "handle": HANDLE, "active": not status} | ({"status": status} if status else {})

    def _session(self) -> Json:
        pair = {f"{kind}Jwt": self._token(kind) for kind in ("access", "refresh")}
        self.keep()
        return {"did": DID, "handle": HANDLE, "active": True, **pair}

    def _token(self, kind: str) -> str:
        told = {
            "scope": f"com.atproto.{kind}",
            "sub": DID,
            "iat": int(time.time()),
            "exp": int(time.time()) + 7200,
            "jti": secrets.token_hex(8),
        }
        parts = (json.dumps(one).encode() for one in ({"typ": "JWT", "alg": "HS256"}, told))
        token = ".".join([*(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts), "c2lnbmVk"])
        self.tokens[token] = kind
        return token

    def _let_in(self, asked: Asked) -> None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if not token:
            raise Refused("AuthMissing", "Authentication Required", 401)
        if self.tokens.get(token) != "access":
            raise Refused("ExpiredToken", "Token has expired")

    # com.atproto.repo

    def POST_com_atproto_repo_uploadBlob(self, asked: Asked) -> Json:  # noqa: N802
        self._let_in(asked)
        mime = asked.headers.get("content-type", "*/*")
        blob = {"$type": "blob", "ref": {"$link": cid(asked.body, 0x55)}, "mimeType": mime, "size": len(asked.body)}
        self.blobs[blob["ref"]["$link"]] = blob
        self.keep()
        return {"blob": blob}

    def POST_com_atproto_repo_createRecord(self, asked: Asked) -> Json:  # noqa: N802
        self._let_in(asked)
        given = asked.json
        if given.get("repo") not in (DID, HANDLE):
            raise Refused("InvalidRequest", "Could not find repo")
        key = given.get("rkey", "")
        if given.get("collection") != POSTS or not is_tid(key):
            raise Refused("InvalidRequest", "Invalid record key")
        if self.practice["status"]:
            raise Refused("AccountDeactivated", "Account is deactivated")
        if key in self.records and not self.records[key]["deleted"]:
            if self.practice["says_exists"]:
                raise Refused("RecordAlreadyExists", "Record already exists")
            raise Refused("InternalServerError", "Internal Server Error", 500)
        valid_post(given["record"], self.blobs)
        made = cid(json.dumps(given["record"], sort_keys=True).encode(), 0x71)
        counts = {"likeCount": 0, "repostCount": 0, "replyCount": 0, "quoteCount": 0}
        self.records[key] = {"value": given["record"], "cid": made, "counts": counts, "deleted": False}
        self.keep()
        return {"uri": self._uri(key), "cid": made, "validationStatus": "valid"}

    def POST_com_atproto_repo_deleteRecord(self, asked: Asked) -> Json:  # noqa: N802
        self._let_in(asked)
        if asked.json.get("rkey") in self.records:
            self.records[asked.json["rkey"]]["deleted"] = True
            self.keep()
        return {}

    def GET_com_atproto_repo_getRecord(self, asked: Asked) -> Json:  # noqa: N802
        found = self.records.get(asked.one("rkey"))
        if asked.one("repo") != DID or asked.one("collection") != POSTS or found is None or found["deleted"]:
            raise Refused("RecordNotFound", f"Could not locate record: {self._uri(asked.one('rkey'))}")
        return {"uri": self._uri(asked.one("rkey")), "cid": found["cid"], "value": found["value"]}

    def GET_com_atproto_repo_listRecords(self, asked: Asked) -> Json:  # noqa: N802
        before, most = asked.one("cursor"), min(int(asked.one("limit") or 50), 100)
        there = sorted((key for key, one in self.records.items() if not one["deleted"] and (not before or key < before)), reverse=True)[
            :most
        ]
        listed = [{"uri": self._uri(key), "cid": self.records[key]["cid"], "value": self.records[key]["value"]} for key in there]
        return {"records": listed} | ({"cursor": there[-1]} if len(there) == most else {})

    # app.bsky

    def GET_app_bsky_actor_getProfile(self, asked: Asked) -> Json:  # noqa: N802
        return {"did": DID, "handle": HANDLE, "displayName": "Aoife Marsh", "postsCount": len(self.records)}

    def GET_app_bsky_feed_getPosts(self, asked: Asked) -> Json:  # noqa: N802
        keys = [uri.rpartition("/")[2] for uri in asked.query.get("uris", [])]
        if len(keys) > 25:
            raise Refused("InvalidRequest", "Error: Params/uris must not have more than 25 elements")
        return {"posts": [self._view(key) for key in keys if key in self.records and not self.records[key]["deleted"]]}

    def GET_app_bsky_feed_getRepostedBy(self, asked: Asked) -> Json:  # noqa: N802
        return {"uri": asked.one("uri"), "repostedBy": self.practice.get("reposted_by", [])}

    def GET_app_bsky_feed_getPostThread(self, asked: Asked) -> Json:  # noqa: N802
        key = asked.one("uri").rpartition("/")[2]
        if key not in self.records or self.records[key]["deleted"]:
            raise Refused("NotFound", f"Post not found: {asked.one('uri')}")
        return {
            "thread": {"$type": "app.bsky.feed.defs#threadViewPost", "post": self._view(key), "replies": self.practice.get("replies", [])}
        }

    def _view(self, key: str) -> Json:
        one = self.records[key]
        author = {"did": DID, "handle": HANDLE, "displayName": "Aoife Marsh"}
        indexed = one["value"]["createdAt"]
        return {"uri": self._uri(key), "cid": one["cid"], "author": author, "record": one["value"], "indexedAt": indexed, **one["counts"]}

    def _uri(self, key: str) -> str:
        return f"at://{DID}/{POSTS}/{key}"

    # for tests

    def POST_practice_faults(self, asked: Asked) -> Json:  # noqa: N802
        self.faults.append({"call": "com.atproto.repo.createRecord", "times": 1, **asked.json})
        return {}

    def POST_practice_set(self, asked: Asked) -> Json:  # noqa: N802
        """Anything of `practice`; "expire": all tokens are forgotten; "counts": of all posts."""
        given = asked.json
        if given.pop("expire", False):
            self.tokens = {token: kind for token, kind in self.tokens.items() if kind != "access"}
        for one in self.records.values():
            one["counts"] |= given.get("counts", {})
        self.practice |= given
        self.keep()
        return {}

    def GET_practice_state(self, asked: Asked) -> Json:  # noqa: N802
        there = {key: one["value"] for key, one in sorted(self.records.items()) if not one["deleted"]}
        return {"records": there, "blobs": self.blobs, "logins": self.practice["logins"], "tokens": len(self.tokens)}
