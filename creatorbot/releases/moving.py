"""A source that lives somewhere else now, as the artist says: the same entries under a new address, none of them news."""

from sqlmodel import select

from creatorbot.errors import InvalidInput
from creatorbot.models import Artist, Source
from creatorbot.releases.polling.finding import find, typed_address
from creatorbot.releases.polling.looking import blocked
from creatorbot.releases.queries import get_source
from creatorbot.runtime import Runtime
from creatorbot.wording import say


def move_source(runtime: Runtime, artist_id: int, source_id: int, typed: str) -> None:
    """Watch this source at another address from now on; what is known of it stays known. The next look is due at once.

    Raises InvalidInput or ServiceError with a sentence when nothing can be read there; then everything stays as it was.
    """
    with runtime.reading() as session:
        get_source(session, artist_id, source_id)
    found = find(runtime.door_for(artist_id), typed_address(typed))
    if found.reading.state == "robot_check":
        raise blocked(found.reading)
    now = runtime.clock()
    with runtime.session() as session:
        source = get_source(session, artist_id, source_id)
        same = select(Source.id).where(Source.artist_id == artist_id, Source.address == found.address, Source.id != source_id)
        if session.exec(same).first() is not None:
            raise InvalidInput("You already watch this address.", field="address")
        artist = session.get_one(Artist, artist_id)
        source.address, source.typed, source.kind = found.address, typed.strip()[:500], found.reading.source
        source.found_how = say(artist.language, found.how.message, found.how.values)
        source.etag = source.last_modified = source.body_hash = ""
        source.hub = source.topic = ""
        source.state, source.sentence, source.failures = "new", "", 0
        source.next_poll_at = now
        session.add(source)
