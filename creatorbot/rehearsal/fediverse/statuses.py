"""Posts: written once, shown, listed, boosted, deleted. What is stored is stored before anything is answered."""

import re
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, jsonify, request

from creatorbot.rehearsal.fediverse import text
from creatorbot.rehearsal.fediverse.access import person, refuse, sent, text_of, token_row
from creatorbot.rehearsal.fediverse.instance import MEDIA, max_characters
from creatorbot.rehearsal.fediverse.keys import answered_once
from creatorbot.rehearsal.fediverse.media import media_json
from creatorbot.rehearsal.fediverse.people import account_json, moment
from creatorbot.rehearsal.state import Doc, Row
from creatorbot.rehearsal.world import world

statuses = Blueprint("statuses", __name__)
VISIBILITIES = ("public", "unlisted", "private", "direct")
TRUE = ("1", "true", "True", "on")


def status_json(row: Row, own: bool) -> Doc:
    """A post as the API shows it; own: to its author, who also sees which program wrote it."""
    here, base = world().state, world().base
    account = here.row("SELECT * FROM account WHERE id = ?", row["account_id"])
    assert account is not None
    boosted = here.row("SELECT * FROM status WHERE id = ? AND NOT deleted", row["reblog_of"]) if row["reblog_of"] else None
    pictures = here.rows("SELECT * FROM media WHERE status_id = ? ORDER BY id", row["id"])
    name, _, website = row["app"].partition("\n")
    return {
        "id": str(row["id"]),
        "created_at": moment(row["made"]),
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": bool(row["sensitive"]),
        "spoiler_text": row["spoiler"],
        "visibility": row["visibility"],
        "language": row["language"],
        "uri": f"{base}/users/{account['name']}/statuses/{row['id']}",
        "url": f"{base}/@{account['name']}/{row['id']}",
        "replies_count": 0,
        "favourites_count": 0,
        "quotes_count": 0,
        "edited_at": moment(edited) if (edited := edited_at(row["id"])) else None,
        "reblogs_count": here.number("SELECT count(*) FROM status WHERE reblog_of = ? AND NOT deleted", row["id"]),
        "favourited": False,
        "reblogged": False,
        "muted": False,
        "bookmarked": False,
        "pinned": False,
        "filtered": [],
        "content": text.as_html(row["text"], base),
        "reblog": status_json(boosted, own) if boosted else None,
        "application": {"name": name, "website": website or None} if own else None,
        "account": account_json(account),
        "media_attachments": [media_json(one) for one in pictures],
        "mentions": [],
        "emojis": [],
        "poll": None,
        "quote": None,
        "tags": [{"name": tag.lower(), "url": f"{base}/tags/{tag}"} for tag in text.tags(row["text"])],
        "card": card_json(row) if not pictures else None,
    }


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


@statuses.post("/api/v1/statuses")
def publish() -> Response:
    """A new post; a repeated Idempotency-Key is met as ordered."""
    author = person("write:statuses")
    return answered_once(author["id"], lambda: _written(author))


def _written(author: Row) -> tuple[int, Response]:
    """Check as Mastodon does, store, answer."""
    fields, here = sent(), world().state
    numbers = media_numbers(fields)
    words, spoiler = checked_words(fields, numbers)
    visibility = text_of(fields, "visibility") or "public"
    if visibility not in VISIBILITIES:
        refuse(422, "Validation failed: Visibility is not included in the list")
    language = language_of(fields, "en")
    number = here.new_id()
    with here.transaction():
        for one in numbers:
            if not here.do(
                "UPDATE media SET status_id = ? WHERE id = ? AND account_id = ? AND status_id IS NULL", number, one, author["id"]
            ):
                refuse(422, f"Media with IDs: {one} not found")
        here.do(
            "INSERT INTO status (id, account_id, text, spoiler, visibility, language, sensitive, app, made) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            number,
            author["id"],
            words,
            spoiler,
            visibility,
            language,
            int(bool(spoiler and numbers) or text_of(fields, "sensitive") in TRUE),
            _app(),
            here.now(),
        )
    world().more_work.set()
    return number, jsonify(status_json(seen(number, author["id"]), own=True))


def media_numbers(fields: Doc) -> list[int]:
    """The pictures a post is to carry."""
    listed = fields.get("media_ids") or []
    numbers = [int(str(one)) for one in (listed if isinstance(listed, list) else [listed]) if str(one).isdigit()]
    if len(numbers) > MEDIA:
        refuse(422, "Validation failed: Cannot attach more than 4 files")
    return numbers


def checked_words(fields: Doc, numbers: list[int]) -> tuple[str, str]:
    """The words and the content warning; refused when there are none, or too many."""
    words, spoiler = text_of(fields, "status").strip(), text_of(fields, "spoiler_text")
    if not words and not numbers:
        refuse(422, "Validation failed: Text can't be blank")
    if text.length(words, spoiler) > max_characters():
        refuse(422, f"Validation failed: Text character limit of {max_characters()} exceeded")
    return words, spoiler


def language_of(fields: Doc, otherwise: str) -> str:
    """What the post is written in; `otherwise` when the request does not say."""
    language = text_of(fields, "language") or otherwise
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", language):
        refuse(422, "Validation failed: Language is invalid")
    return language


def _app() -> str:
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


@statuses.get("/api/v1/statuses/<int:number>")
def one(number: int) -> Response:
    """One post."""
    reader = _reader()
    row = seen(number, reader)
    return jsonify(status_json(row, own=row["account_id"] == reader))


@statuses.get("/api/v1/statuses")
def several() -> Response:
    """Several posts by id; those not there are left out."""
    reader, found = _reader(), []
    for number in [*request.args.getlist("id[]"), *request.args.getlist("id")][:20]:
        row = world().state.row("SELECT * FROM status WHERE id = ? AND NOT deleted", number)
        if row is not None and (row["visibility"] in ("public", "unlisted") or row["account_id"] == reader):
            found.append(status_json(row, own=row["account_id"] == reader))
    return jsonify(found)


@statuses.delete("/api/v1/statuses/<int:number>")
def delete(number: int) -> Response:
    """Gone; answers with what it was, the plain text included."""
    author = person("write:statuses")
    row = seen(number, author["id"])
    if row["account_id"] != author["id"]:
        refuse(404, "Record not found")
    answer = {**status_json(row, own=True), "text": row["text"]}
    world().state.do("UPDATE status SET deleted = 1 WHERE id = ? OR reblog_of = ?", number, number)
    return jsonify(answer)


@statuses.post("/api/v1/statuses/<int:number>/reblog")
def reblog(number: int) -> Response:
    """Boost a post; boosting twice is one boost."""
    author, here = person("write:statuses"), world().state
    row = seen(number, author["id"])
    if row["visibility"] in ("private", "direct") and (row["account_id"] != author["id"] or row["visibility"] == "direct"):
        refuse(403, "This action is not allowed")
    with here.transaction():
        boost = here.row("SELECT * FROM status WHERE reblog_of = ? AND account_id = ? AND NOT deleted", number, author["id"])
        made = boost["id"] if boost else here.new_id()
        if boost is None:
            here.do(
                "INSERT INTO status VALUES (?, ?, '', '', ?, NULL, 0, ?, ?, ?, 0, 1)",
                made,
                author["id"],
                row["visibility"],
                _app(),
                number,
                here.now(),
            )
    return jsonify(status_json(seen(made, author["id"]), own=True))


@statuses.post("/api/v1/statuses/<int:number>/unreblog")
def unreblog(number: int) -> Response:
    """Take a boost back."""
    author = person("write:statuses")
    world().state.do("UPDATE status SET deleted = 1 WHERE reblog_of = ? AND account_id = ?", number, author["id"])
    return jsonify(status_json(seen(number, author["id"]), own=True))


@statuses.get("/api/v1/accounts/<int:account_id>/statuses")
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
            f'<{world().base}{request.path}?{urlencode({"limit": limit, name: row["id"]})}>; rel="{rel}"'
            for name, row, rel in (("max_id", found[-1], "next"), ("min_id", found[0], "prev"))
        )
    return answer


def _number(name: str, otherwise: int) -> int:
    typed = request.args.get(name, "")
    return int(typed) if typed.isdigit() else otherwise
