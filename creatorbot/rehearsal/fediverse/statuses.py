"""Posts: shown, listed, boosted, deleted. How they are written is next door."""

import json
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, request

from creatorbot.rehearsal.fediverse import text
from creatorbot.rehearsal.fediverse.access import person, refuse, token_row
from creatorbot.rehearsal.fediverse.manners import manner, shown_id
from creatorbot.rehearsal.fediverse.manners.ids import number_of
from creatorbot.rehearsal.fediverse.media import media_json
from creatorbot.rehearsal.fediverse.people import account_json, moment
from creatorbot.rehearsal.state import Doc, Row
from creatorbot.rehearsal.world import world

statuses = Blueprint("statuses", __name__)
SELDOM = ("replies_count", "favourites_count", "quotes_count", "reblogs_count", "edited_at", "application", "filtered", "quote", "card")
TRUE = ("1", "true", "True", "on")


def status_json(row: Row, own: bool) -> Doc:
    """A post as the API shows it; own: to its author, who also sees which program wrote it."""
    here, base = world().state, world().base
    account = here.row("SELECT * FROM account WHERE id = ?", row["account_id"])
    assert account is not None
    boosted = here.row("SELECT * FROM status WHERE id = ? AND NOT deleted", row["reblog_of"]) if row["reblog_of"] else None
    pictures = here.rows("SELECT * FROM media WHERE status_id = ? ORDER BY id", row["id"])
    name, _, website = row["app"].partition("\n")
    came: Doc = here.setting(f"echo {row['id']}") or {}  # see echoes.py, and writing.py for what else belongs to it
    told: Doc = {
        "id": shown_id(row["id"]),
        "created_at": moment(row["made"]),
        "in_reply_to_id": shown_id(came["reply_to"]) if came.get("reply_to") else None,
        "in_reply_to_account_id": None,
        "sensitive": bool(row["sensitive"]),
        "spoiler_text": row["spoiler"],
        "visibility": row["visibility"],
        "language": row["language"],
        "uri": f"{base}/users/{account['name']}/statuses/{row['id']}",
        "url": f"{base}/@{account['name']}/{row['id']}",
        "replies_count": len(came.get("replies", [])),
        "favourites_count": came.get("favourites", 0),
        "quotes_count": came.get("quotes", 0),
        "edited_at": moment(edited) if (edited := edited_at(row["id"])) else None,
        "reblogs_count": len(came.get("boosters", []))
        + here.number("SELECT count(*) FROM status WHERE reblog_of = ? AND NOT deleted", row["id"]),
        "favourited": False,
        "reblogged": False,
        "muted": False,
        "bookmarked": False,
        "pinned": False,
        "filtered": [],
        "content": text.as_html(row["text"], base, plain=manner().plain_links),
        "reblog": status_json(boosted, own) if boosted else from_elsewhere(row["reblog_of"]),
        "application": {"name": name, "website": website or None} if own else None,
        "account": account_json(account),
        "media_attachments": [media_json(one) for one in pictures],
        "mentions": [],
        "emojis": [],
        "poll": came.get("poll"),
        "quote": None,
        "tags": [{"name": tag.lower(), "url": f"{base}/tags/{tag}"} for tag in text.tags(row["text"])],
        "card": card_json(row) if not pictures and manner().cards else None,
    }
    return told if manner().counters else {name: value for name, value in told.items() if name not in SELDOM}


def from_elsewhere(number: int | None) -> Doc | None:
    """A post of another server that we keep."""
    row = world().state.row("SELECT * FROM elsewhere WHERE id = ?", number) if number else None
    return {**json.loads(row["body"]), "id": shown_id(row["id"])} if row else None


def edited_at(number: int) -> float | None:
    """When a post was last changed; None when it never was."""
    row = world().state.row("SELECT max(made) AS last, count(*) AS versions FROM edition WHERE status_id = ?", number)
    return row["last"] if row and row["versions"] > 1 else None


def card_json(row: Row) -> Doc | None:
    """The preview our own server made of a post's first link; None when there is none (yet)."""
    seen = world().state.row(
        "SELECT * FROM preview WHERE status_id = ? AND title <> '' ORDER BY server <> 'practice.example', made LIMIT 1", row["id"]
    )
    addresses = text.links(row["text"])
    if seen is None or not addresses:
        return None
    picture = f"{world().base}/cards/{row['id']}.jpg" if seen["image"] else None
    return {
        "url": addresses[0],
        "title": seen["title"],
        "description": seen["description"],
        "type": "link",
        "language": None,
        "author_name": "",
        "author_url": "",
        "provider_name": urlsplit(addresses[0]).netloc,
        "provider_url": "",
        "html": "",
        "width": 0,
        "height": 0,
        "image": picture,
        "image_description": seen["image_alt"],
        "embed_url": "",
        "blurhash": None,
        "published_at": None,
        "authors": [],
    }


def app_named() -> str:
    """The program whose token this is: its name and its page, in two lines."""
    token = token_row()
    app = world().state.row("SELECT * FROM app WHERE client_id = ?", token["client_id"] if token else "")
    return f"{app['name']}\n{app['website']}" if app else ""


def seen(number: int, reader: int | None) -> Row:
    """A post this reader may see."""
    row = world().state.row("SELECT * FROM status WHERE id = ? AND NOT deleted", number)
    if row is None or (row["visibility"] in ("private", "direct") and row["account_id"] != reader):
        refuse(404, "Record not found")
    return row


def _reader() -> int | None:
    token = token_row("read:statuses")
    return token["account_id"] if token else None


@statuses.get("/api/v1/statuses/<remote:number>")
def one(number: int) -> Response:
    """One post."""
    reader = _reader()
    row = seen(number, reader)
    return jsonify(status_json(row, own=row["account_id"] == reader))


@statuses.get("/api/v1/statuses")
def several() -> Response:
    """Several posts by id; those not there are left out."""
    reader, found = _reader(), []
    for typed in [*request.args.getlist("id[]"), *request.args.getlist("id")][:20]:
        row = world().state.row("SELECT * FROM status WHERE id = ? AND NOT deleted", _read(typed, 0))
        if row is not None and (row["visibility"] in ("public", "unlisted") or row["account_id"] == reader):
            found.append(status_json(row, own=row["account_id"] == reader))
    return jsonify(found)


@statuses.delete("/api/v1/statuses/<remote:number>")
def delete(number: int) -> Response:
    """Gone; answers with what it was, the plain text included."""
    author = person("write:statuses")
    row = seen(number, author["id"])
    if row["account_id"] != author["id"]:
        refuse(404, "Record not found")
    answer = [] if manner().delete_silent else {**status_json(row, own=True), "text": row["text"]}
    world().state.do("UPDATE status SET deleted = 1 WHERE id = ? OR reblog_of = ?", number, number)
    return jsonify(answer)


@statuses.post("/api/v1/statuses/<remote:number>/reblog")
def reblog(number: int) -> Response:
    """Boost a post; boosting twice is one boost."""
    author, here = person(manner().boosts_with), world().state
    other = from_elsewhere(number)
    visibility = other["visibility"] if other else _boostable(number, author["id"])
    with here.transaction():
        boost = here.row("SELECT * FROM status WHERE reblog_of = ? AND account_id = ? AND NOT deleted", number, author["id"])
        made = boost["id"] if boost else here.new_id()
        if boost is None:
            here.do(
                "INSERT INTO status VALUES (?, ?, '', '', ?, NULL, 0, ?, ?, ?, 0, 1)",
                made,
                author["id"],
                visibility,
                app_named(),
                number,
                here.now(),
            )
    return jsonify(status_json(seen(made, author["id"]), own=True))


def _boostable(number: int, reader: int) -> str:
    """Who may see this post of ours, if it may be boosted."""
    row = seen(number, reader)
    if row["visibility"] in ("private", "direct") and (row["account_id"] != reader or row["visibility"] == "direct"):
        refuse(403, "This action is not allowed")
    return str(row["visibility"])


@statuses.post("/api/v1/statuses/<remote:number>/unreblog")
def unreblog(number: int) -> Response:
    """Take a boost back."""
    author = person("write:statuses")
    world().state.do("UPDATE status SET deleted = 1 WHERE reblog_of = ? AND account_id = ?", number, author["id"])
    return jsonify(status_json(seen(number, author["id"]), own=True))


@statuses.get("/api/v1/accounts/<remote:account_id>/statuses")
def of_account(account_id: int) -> Response:
    """A person's posts, newest first, in pages; private ones only for their author."""
    reader, asked = _reader(), request.args
    if world().state.row("SELECT 1 FROM account WHERE id = ?", account_id) is None:
        refuse(404, "Record not found")
    limit = min(40, max(1, asked.get("limit", 20, int)))
    newest_first = not asked.get("min_id")
    sql = ["SELECT * FROM status WHERE account_id = ? AND NOT deleted AND id < ? AND id > ?"]
    lower = max(_number("min_id", 0), _number("since_id", 0))
    if reader != account_id:
        sql.append("AND visibility IN ('public', 'unlisted')")
    if asked.get("exclude_reblogs") in TRUE:
        sql.append("AND reblog_of IS NULL")
    if asked.get("only_media") in TRUE:
        sql.append("AND id IN (SELECT status_id FROM media)")
    sql.append(f"ORDER BY id {'DESC' if newest_first else 'ASC'} LIMIT ?")
    found = world().state.rows(" ".join(sql), account_id, _number("max_id", 2**62), lower, limit)
    found.sort(key=lambda row: int(row["id"]), reverse=True)
    answer = jsonify([status_json(row, own=reader == account_id) for row in found])
    if found:
        answer.headers["Link"] = ", ".join(
            f'<{world().base}{request.path}?{urlencode({"limit": limit, name: shown_id(row["id"])})}>; rel="{rel}"'
            for name, row, rel in (("max_id", found[-1], "next"), ("min_id", found[0], "prev"))
        )
    return answer


def _number(name: str, otherwise: int) -> int:
    return _read(request.args.get(name, ""), otherwise)


def _read(typed: str, otherwise: int) -> int:
    try:
        return number_of(typed)
    except ValueError:
        return otherwise
