"""Posts changed after they were posted, as Mastodon does it: pictures not named again are dropped, and every version is kept."""

from flask import Blueprint, Response, jsonify

from creatorbot.rehearsal.fediverse import text
from creatorbot.rehearsal.fediverse.access import person, refuse, text_of
from creatorbot.rehearsal.fediverse.manners import shown_id
from creatorbot.rehearsal.fediverse.media import media_json
from creatorbot.rehearsal.fediverse.people import account_json, moment
from creatorbot.rehearsal.fediverse.statuses import seen, status_json
from creatorbot.rehearsal.fediverse.writing import TRUE, attach, checked_words, fields_read, language_of, media_numbers
from creatorbot.rehearsal.state import Doc, Row
from creatorbot.rehearsal.world import world

editing = Blueprint("editing", __name__)


@editing.put("/api/v1/statuses/<remote:number>")
def edit(number: int) -> Response:
    """New words for a post; the same words again change nothing and leave no version behind."""
    author = person("write:statuses")
    row = _own(number, author["id"])
    fields, here = fields_read(), world().state
    numbers = media_numbers(fields)
    words, spoiler = checked_words(fields, numbers)
    language = language_of(fields, row["language"] or "en")
    sensitive = int(bool(spoiler) or text_of(fields, "sensitive") in TRUE)
    attached = [one["id"] for one in here.rows("SELECT id FROM media WHERE status_id = ? ORDER BY id", number)]
    asked = (words, spoiler, language, sensitive, sorted(numbers))
    if asked == (row["text"], row["spoiler"], row["language"], row["sensitive"], attached):
        return jsonify(status_json(row, own=True))
    with here.transaction():
        if not here.number("SELECT count(*) FROM edition WHERE status_id = ?", number):
            _keep(row, row["made"], attached)
        _attach(number, author["id"], numbers)
        here.do(
            "UPDATE status SET text = ?, spoiler = ?, language = ?, sensitive = ? WHERE id = ?", words, spoiler, language, sensitive, number
        )
        _keep(_own(number, author["id"]), here.now(), numbers)
    return jsonify(status_json(_own(number, author["id"]), own=True))


def _attach(number: int, owner: int, numbers: list[int]) -> None:
    """Exactly these pictures hang on the post from now on."""
    here = world().state
    here.do("UPDATE media SET status_id = NULL WHERE status_id = ?", number)
    attach(number, owner, numbers)


def _keep(row: Row, made: float, numbers: list[int]) -> None:
    listed = " ".join(str(one) for one in numbers)
    world().state.do(
        "INSERT INTO edition (status_id, text, spoiler, sensitive, media, made) VALUES (?, ?, ?, ?, ?, ?)",
        row["id"],
        row["text"],
        row["spoiler"],
        row["sensitive"],
        listed,
        made,
    )


def _own(number: int, author: int) -> Row:
    row = seen(number, author)
    if row["account_id"] != author or row["reblog_of"]:
        refuse(404, "Record not found")
    return row


@editing.get("/api/v1/statuses/<remote:number>/source")
def source(number: int) -> Response:
    """The words as they were typed; only for their author."""
    row = _own(number, person("read:statuses")["id"])
    return jsonify({"id": shown_id(row["id"]), "text": row["text"], "spoiler_text": row["spoiler"]})


@editing.get("/api/v1/statuses/<remote:number>/history")
def history(number: int) -> Response:
    """Every version, oldest first; the first one is what was posted."""
    here = world().state
    row = seen(number, None)
    account = here.row("SELECT * FROM account WHERE id = ?", row["account_id"])
    assert account is not None
    if not here.number("SELECT count(*) FROM edition WHERE status_id = ?", number):
        return jsonify([_version(row, account, here.rows("SELECT * FROM media WHERE status_id = ? ORDER BY id", number))])
    kept = here.rows("SELECT * FROM edition WHERE status_id = ? ORDER BY id", number)
    return jsonify([_version(one, account, _pictures(one["media"])) for one in kept])


def _version(row: Row, account: Row, pictures: list[Row]) -> Doc:
    """One version as the API shows it; row: of a post or of a kept version."""
    return {
        "content": text.as_html(row["text"], world().base),
        "spoiler_text": row["spoiler"],
        "sensitive": bool(row["sensitive"]),
        "created_at": moment(row["made"]),
        "account": account_json(account),
        "media_attachments": [media_json(one) for one in pictures],
        "emojis": [],
    }


def _pictures(listed: str) -> list[Row]:
    found = [world().state.row("SELECT * FROM media WHERE id = ?", int(one)) for one in listed.split()]
    return [one for one in found if one is not None]
