"""Covers in memory, as they are asked for."""

import logging

from creatorbot.models import Cover
from creatorbot.releases.covers import card_file
from creatorbot.runtime import Runtime

_log = logging.getLogger(__name__)
MOST_PICTURES = 200


class Pictures:
    """The small versions of the covers that were asked for last, by content hash."""

    def __init__(self, runtime: Runtime) -> None:
        self._folder = runtime.covers
        self._kept: dict[str, bytes] = {}

    def bytes_of(self, cover: Cover) -> bytes | None:
        """The picture; None when the data folder does not hold it."""
        found = self._kept.get(cover.content_hash)
        if found is None:
            try:
                found = card_file(self._folder, cover).read_bytes()
            except OSError:
                _log.warning("the picture %s is not in the data folder", cover.content_hash)
                return None
            if len(self._kept) >= MOST_PICTURES:
                self._kept.clear()
            self._kept[cover.content_hash] = found
        return found
