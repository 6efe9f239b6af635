"""`creatorbot inspect`: what would be found in a page or feed of any kind we know. Stores nothing."""

import sys
from dataclasses import replace
from pathlib import Path

import orjson

from creatorbot.cli.speak import complain, sentence
from creatorbot.errors import CreatorbotError, InvalidInput
from creatorbot.releases.polling.finding import find, typed_address
from creatorbot.releases.polling.looking import PAGE_BYTES
from creatorbot.security.http import Door
from creatorbot.sources import read_page
from creatorbot.sources.base import Fetched, FoundRelease, Price, Reading
from creatorbot.sources.discovery import candidates


def inspect(target: str, address: str | None, as_json: bool, door: Door) -> int:
    """Print what a file or address holds. address: where the file came from, for its relative links.

    target: a file, a web address, a text with one in it, or a fediverse name; of a web page, the feed that belongs to it is read, and
    a note says how it was found. Returns 0, also for a robot check or an empty profile; 2 when it cannot be read at all, with one
    sentence on stderr.
    """
    try:
        reading = _read(target, address, door)
    except CreatorbotError as error:
        complain(error.message, **error.values)
        return 2
    out = orjson.dumps(_document(reading), option=orjson.OPT_INDENT_2) + b"\n" if as_json else _words(reading).encode()
    sys.stdout.buffer.write(out)
    sys.stdout.buffer.flush()
    return 0


def _read(target: str, address: str | None, door: Door) -> Reading:
    path = Path(target)
    try:
        is_file = path.is_file()
    except (OSError, ValueError):
        is_file = False
    if is_file:
        return _read_file(Fetched(address=address or "", body=_body(path)))
    if "://" not in target and (target.startswith(("/", ".", "~")) or "." not in target):
        raise InvalidInput("There is no file called %(name)s, and it is no web address either.", name=target[:200])
    found = find(door, typed_address(target))
    reading = read_page(replace(found.look.page, address=address)) if address else found.reading
    return replace(reading, notes=(found.how, *reading.notes)) if reading.state == "ok" else reading


def _read_file(page: Fetched) -> Reading:
    """A file is read as it is; of a page that only names its feed, the feed's address is told."""
    try:
        return read_page(page)
    except InvalidInput:
        named = candidates(page)
        if named:
            raise InvalidInput("This page names a feed: inspect %(address)s instead.", address=named[0].address) from None
        raise


def _body(path: Path) -> bytes:
    try:
        if path.stat().st_size > PAGE_BYTES:
            raise InvalidInput("%(name)s is larger than %(most)d MB; no page of releases is.", name=path.name, most=PAGE_BYTES // 1_000_000)
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput("%(name)s cannot be opened: %(why)s.", name=path.name, why=error.strerror or "") from error


def _document(reading: Reading) -> dict[str, object]:
    return {
        "source": reading.source,
        "releases": [_release(release) for release in reading.releases],
        "notes": [str(note) for note in reading.notes],
    }


def _release(found: FoundRelease) -> dict[str, object]:
    return {
        "title": found.title,
        "artist": found.artist,
        "url": found.url,
        "kind": found.kind,
        "part_of": found.part_of,
        "guid": found.guid,
        "released_on": found.released_on.isoformat() if found.released_on else None,
        "price": _price(found.price),
        "licence": found.licence,
        "cover_url": found.cover_url,
        "player_url": found.player_url or None,
        "audio_url": found.audio_url or None,
        "tags": list(found.tags),
    }


def _price(price: Price) -> dict[str, object]:
    return {
        "model": price.model,
        "amount": price.amount.plain if price.amount else None,
        "suggested": price.suggested.plain if price.suggested else None,
        "currency": price.currency,
    }


def _words(reading: Reading) -> str:
    lines = [f"{reading.source}: {reading.title}".rstrip(": ")]
    for found in reading.releases:
        facts = [found.kind, found.released_on, _price_words(found.price), found.licence]
        lines.append(f"- {found.title}" + (f" ({found.artist})" if found.artist else ""))
        lines.append("  " + ", ".join(str(fact) for fact in facts if fact))
        lines += [f"  {address}" for address in (found.url, found.player_url, found.audio_url) if address]
    return "\n".join([*lines, *(sentence(note.message, **note.values) for note in reading.notes)]) + "\n"


def _price_words(price: Price) -> str:
    if price.model == "unknown":
        return ""
    amount = f"{price.amount.plain} {price.amount.currency}" if price.amount else price.currency or ""
    return f"{price.model.replace('_', ' ')} {amount}".strip()
