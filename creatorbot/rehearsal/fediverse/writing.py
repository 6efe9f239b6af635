"""A new post, checked as the played software does and stored before anything is answered; what else hangs on it."""

import re

from flask import Blueprint, Response, jsonify, request

from creatorbot.rehearsal.fediverse import text
from creatorbot.rehearsal.fediverse.access import person, refuse, sent, text_of
from creatorbot.rehearsal.fediverse.instance import MEDIA, max_characters
from creatorbot.rehearsal.fediverse.keys import answered_once
from creatorbot.rehearsal.fediverse.manners import manner, shown_id
from creatorbot.rehearsal.fediverse.manners.ids import number_of
from creatorbot.rehearsal.fediverse.media import is_ready
from creatorbot.rehearsal.fediverse.people import moment
from creatorbot.rehearsal.fediverse.statuses import app_named, seen, status_json
from creatorbot.rehearsal.state import Doc, Row
from creatorbot.rehearsal.world import world

writing = Blueprint("writing", __name__)
TRUE = ("1", "true", "True", "on")


@writing.post("/api/v1/statuses")
def publish() -> Response:
    """A new post; a repeated Idempotency-Key is met as ordered."""
    author = person("write:statuses")
    return answered_once(author["id"], lambda: _written(author))


def _written(author: Row) -> tuple[int, Response]:
    """Check, store, answer."""
    fields, here = fields_read(), world().state
    numbers = media_numbers(fields)
    if manner().needs_picture and not numbers:
        refuse(403, "Empty statuses are not allowed")
    words, spoiler = checked_words(fields, numbers)
    visibility = text_of(fields, "visibility") or "public"
    if visibility not in manner().visibilities:
        refuse(422, "Validation failed: Visibility is not included in the list")
    language = language_of(fields, "en")
    more = _more(fields, author["id"])
    number = here.new_id()
    with here.transaction():
        attach(number, author["id"], numbers)
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
            app_named(),
            here.now(),
        )
        if more:
            here.set(f"echo {number}", more)
    world().more_work.set()
    return number, jsonify(status_json(seen(number, author["id"]), own=True))


def fields_read() -> Doc:
    """What came, as far as the played software understands it."""
    fields, forms = sent(), manner().forms
    if request.is_json or forms == "read":
        return fields
    if forms == "all_dropped":
        return {}
    if "sensitive" in fields:
        refuse(422, "invalid_request")
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def _more(fields: Doc, author: int) -> Doc:
    """The poll, and the post of one's own that this one goes on from."""
    more: Doc = {}
    asked, before = fields.get("poll"), text_of(fields, "in_reply_to_id")
    if isinstance(asked, dict) and manner().polls:
        options = [str(one) for one in asked.get("options", [])]
        if not 2 <= len(options) <= 4 or any(len(one) > 50 for one in options):
            refuse(422, "Validation failed: Poll is invalid")
        more["poll"] = {
            "id": shown_id(world().state.new_id()),
            "expires_at": moment(world().state.now() + int(asked.get("expires_in", 86400))),
            "expired": False,
            "multiple": str(asked.get("multiple", "0")) in TRUE,
            "votes_count": 0,
            "options": [{"title": one, "votes_count": 0} for one in options],
        }
    if before:
        try:
            more["reply_to"] = int(seen(number_of(before), author)["id"])
        except ValueError:
            refuse(404, "The post you are trying to reply to does not appear to exist.")
    return more


def attach(number: int, owner: int, numbers: list[int]) -> None:
    """These pictures hang on the post from now on; refused when one is somebody else's, used, or not ready."""
    here = world().state
    for one in numbers:
        if not is_ready(one):
            refuse(422, "Cannot attach files that have not finished processing. Try again in a moment!")
        if not here.do("UPDATE media SET status_id = ? WHERE id = ? AND account_id = ? AND status_id IS NULL", number, one, owner):
            refuse(422, f"Media with IDs: {one} not found")


def media_numbers(fields: Doc) -> list[int]:
    """The pictures a post is to carry."""
    listed = fields.get("media_ids") or []
    try:
        numbers = [number_of(str(one)) for one in (listed if isinstance(listed, list) else [listed])]
    except ValueError:
        refuse(422, "Validation failed: Media not found")
    if len(numbers) > MEDIA:
        refuse(422, "Validation failed: Cannot attach more than 4 files")
    return numbers


def checked_words(fields: Doc, numbers: list[int]) -> tuple[str, str]:
    """The words and the content warning; refused when there are none, or too many."""
    words, spoiler = text_of(fields, "status").strip(), text_of(fields, "spoiler_text")
    if manner().forms == "all_dropped" and not request.is_json:
        return "", ""  # it posts what it understood: nothing
    if not words and not numbers:
        refuse(manner().no_good, "Validation failed: Text can't be blank")
    long = len(words) + len(spoiler) if manner().plain_length else text.length(words, spoiler)
    if long > max_characters():
        refuse(manner().no_good, f"Validation failed: Text character limit of {max_characters()} exceeded")
    extra = fields.get("friendica")
    if manner().warning_is_title and spoiler and not (isinstance(extra, dict) and "title" in extra):
        return f"{spoiler}\n\n{words}", ""
    return words, spoiler


def language_of(fields: Doc, otherwise: str) -> str:
    """What the post is written in; `otherwise` when the request does not say."""
    language = text_of(fields, "language") or otherwise
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", language):
        refuse(422, "Validation failed: Language is invalid")
    return language
