"""Owncast servers: a stream while one is live, by the server's status page or by the notes it sends."""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from creatorbot.errors import InvalidInput
from creatorbot.sources.base import Fetched, FoundRelease, Note, Reading
from creatorbot.sources.feed_json import moment
from creatorbot.sources.head import head_of
from creatorbot.sources.loose import Document, decoded, document, string, strings
from creatorbot.sources.plain import line, prose, unique, web_address
from creatorbot.sources.players import embeddable
from creatorbot.wording import N_

_SILENT = Note(N_("Nobody is streaming right now. As soon as a stream starts, it appears here."))
_OVER = Note(N_("The stream is over."))
_MARKS = ("lastConnectTime", "lastDisconnectTime", "versionNumber", "viewerCount")
UNTITLED = "Live stream"  # of a server that tells no title
_NOTES = {"STREAM_STARTED", "STREAM_STOPPED", "STREAM_TITLE_UPDATED", "TITLE_UPDATED"}


class Owncast:
    """A server of one broadcaster. A stream is known by the second it began: the ids in Owncast's notes are new with each note."""

    name = "owncast"
    label = "Owncast"

    def recognise(self, page: Fetched) -> float:
        """How sure we are that this is the status of an Owncast server."""
        if head_of(page).form != "json" or len(page.body) > 100_000 or b'"online"' not in page.body:
            return 0.0
        return 0.9 if _is_status(document(decoded(page.body))) else 0.0

    def read(self, page: Fetched) -> Reading:
        """The stream that is live, if one is. Raises InvalidInput for anything but a status."""
        status = document(decoded(page.body))
        if not _is_status(status):
            raise InvalidInput("This is not the status of an Owncast server.", field="address")
        title = line(status.get("name"))
        if status.get("online") is not True:
            return Reading(self.name, notes=(_SILENT,), state="empty", title=title, software=self.name)
        stream = _stream(status, string(status.get("lastConnectTime")), _front(page.address))
        return Reading(self.name, (stream,), title=title, software=self.name)

    def pushed(self, headers: Mapping[str, str], body: bytes) -> Reading | None:
        """What a note says: a stream that began or got another title, or that it is over. Raises InvalidInput when it is no note.

        A change of title names no start: its release has the guid of the moment of the note, for the caller to match with what is live.
        """
        note = document(decoded(body))
        told, kind = document(note.get("eventData")), string(note.get("type"))
        if not kind or not isinstance(note.get("eventData"), dict):
            raise InvalidInput("This note does not come from an Owncast server.", field="body")
        if kind not in _NOTES:
            return None
        title = line(told.get("name"))
        if kind == "STREAM_STOPPED":
            return Reading(self.name, notes=(_OVER,), state="empty", title=title, software=self.name)
        stream = _stream(told, string(told.get("timestamp")), web_address(told.get("serverURL")))
        return Reading(self.name, (stream,), title=title, software=self.name)


def _is_status(status: Document) -> bool:
    return isinstance(status.get("online"), bool) and any(mark in status for mark in _MARKS)


def _stream(told: Document, since: str, url: str | None) -> FoundRelease:
    began = moment(since)
    start = f"{began:%Y-%m-%dT%H:%M:%SZ}" if began else line(told.get("id"), 200) or "now"
    name = line(told.get("name"))
    return FoundRelease(
        title=line(told.get("streamTitle")) or name or UNTITLED,
        url=url,
        guid=f"live-{start}",
        artist=name or None,
        kind="stream",
        released_on=began.date() if began else None,
        tags=unique([line(tag, 60) for tag in strings(told.get("tags"))]),
        description=prose(told.get("summary")),
        explicit=told.get("nsfw") is True,
        player_url=embeddable(url.rstrip("/") + "/embed/video", url) if url else "",
    )


def _front(address: str) -> str | None:
    """The server's front page, where a stream is seen."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    path = parts.path.rstrip("/").removesuffix("/api/status")
    return web_address(urlunsplit((parts.scheme, parts.netloc, path + "/", "", "")))
