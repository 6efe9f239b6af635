"""The people who have an account on the practice server, and how the server describes them."""

import json
import re
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, request

from creatorbot.rehearsal.covers import face
from creatorbot.rehearsal.fediverse.access import fate_of, person, refuse, token_row
from creatorbot.rehearsal.fediverse.manners import shown_id
from creatorbot.rehearsal.state import Doc, Row
from creatorbot.rehearsal.world import world

accounts = Blueprint("people", __name__)
FOLLOWERS = 312


def people(hint: str) -> list[Row]:
    """Everybody with an account; somebody by the hinted name is always among them, first."""
    first = person_named(hint)
    others = world().state.rows("SELECT * FROM account WHERE id <> ? ORDER BY id", first["id"])
    return [first, *others]


def person_named(typed: str) -> Row:
    """The account of that name; made when it is not there yet."""
    here = world().state
    name = re.sub(r"\W+", "_", typed.strip().lstrip("@").split("@")[0]).strip("_").lower()[:30] or "you"
    with here.transaction():
        here.do("INSERT OR IGNORE INTO account VALUES (?, ?, ?, ?)", here.new_id(), name, name.replace("_", " ").title(), here.now())
        found = here.row("SELECT * FROM account WHERE name = ?", name)
    assert found is not None
    return found


def moment(seconds: float) -> str:
    """A time as Mastodon writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def account_json(row: Row) -> Doc:
    """An account as the API shows it to everybody."""
    here = world()
    count = here.state.number("SELECT count(*) FROM status WHERE account_id = ? AND NOT deleted", row["id"])
    last = here.state.number("SELECT max(made) FROM status WHERE account_id = ? AND NOT deleted", row["id"])
    picture = f"{here.base}/faces/{row['name']}.png"
    return {
        **_fate(row["id"]),
        "id": shown_id(row["id"]),
        "username": row["name"],
        "acct": row["name"],
        "display_name": row["display_name"],
        "locked": False,
        "bot": False,
        "discoverable": True,
        "indexable": False,
        "group": False,
        "created_at": moment(row["created"])[:10] + "T00:00:00.000Z",
        "note": "<p>A practice account: nothing here reaches anybody.</p>",
        "url": f"{here.base}/@{row['name']}",
        "uri": f"{here.base}/users/{row['name']}",
        "avatar": picture,
        "avatar_static": picture,
        "header": picture,
        "header_static": picture,
        "followers_count": FOLLOWERS,
        "following_count": 0,
        "statuses_count": count,
        "last_status_at": moment(last)[:10] if last else None,
        "hide_collections": None,
        "noindex": False,
        "emojis": [],
        "roles": [],
        "fields": [],
    }


def _fate(account_id: int) -> Doc:
    """What an account that moved or was suspended shows of it."""
    row = world().state.row("SELECT * FROM fate WHERE account_id = ?", account_id)
    if row is None or row["what"] not in ("moved", "suspended"):
        return {}
    if row["what"] == "suspended":
        return {"suspended": True}
    to = json.loads(row["moved_to"])
    return {"moved": {"id": "1", "username": to["acct"].partition("@")[0], "acct": to["acct"], "url": to["url"]}}


@accounts.get("/api/v1/accounts/verify_credentials")
def me() -> Response:
    """The account a token belongs to, with what only its owner sees."""
    row = person("read:accounts")
    return jsonify(
        {
            **account_json(row),
            "source": {
                "privacy": "public",
                "sensitive": False,
                "language": None,
                "note": "",
                "fields": [],
                "follow_requests_count": 0,
                "hide_collections": None,
                "discoverable": True,
                "indexable": False,
                "attribution_domains": [],
                "quote_policy": "public",
            },
            "role": {"id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": False},
        }
    )


@accounts.get("/api/v1/accounts/<remote:account_id>")
def somebody(account_id: int) -> Response:
    """Any account."""
    token_row()
    row = world().state.row("SELECT * FROM account WHERE id = ?", account_id)
    if row is None or fate_of(account_id) == "gone":
        refuse(404, "Record not found")
    return jsonify(account_json(row))


@accounts.get("/api/v1/accounts/lookup")
def lookup() -> Response:
    """An account by its name."""
    name, _, domain = request.args.get("acct", "").lstrip("@").partition("@")
    row = world().state.row("SELECT * FROM account WHERE name = ?", name.lower())
    if row is None or domain not in ("", world().domain, request.host):
        refuse(404, "Record not found")
    return jsonify(account_json(row))


@accounts.get("/faces/<name>.png")
def picture(name: str) -> Response:
    """A face for a name: always the same one."""
    return Response(face(name), mimetype="image/png", headers={"Cache-Control": "public, max-age=86400"})
