"""Sentences used in several places, and the languages they come in (gettext)."""

import gettext
from collections.abc import Mapping
from functools import lru_cache

from creatorbot import paths
from creatorbot.errors import CreatorbotError


def N_(message: str) -> str:  # noqa: N802  (gettext's own name)
    """Marks a message for translation where it is written; it is translated where it is said."""
    return message


@lru_cache(maxsize=32)
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations for this language ("de", "pt-BR"); English when we have none."""
    return gettext.translation("creatorbot", paths.locales(), languages=[language.replace("-", "_"), language[:2]], fallback=True)


def say(language: str, message: str, values: Mapping[str, object] | None = None) -> str:
    """A message in this language, with its values in place."""
    text = catalogue(language).gettext(message) if message else ""
    return text % dict(values) if values else text


def explain(language: str, error: CreatorbotError) -> str:
    """What happened, as a sentence in this language."""
    return say(language, error.message, error.values)
