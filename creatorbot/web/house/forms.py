"""A form as it was typed, and what was wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import flash, request

from creatorbot.errors import CreatorbotError, InvalidInput
from creatorbot.web import here
from creatorbot.wording import explain, say


@dataclass
class Form:
    """values: field name to text. After `refuse`: wrong_field and sentence say what to mend."""

    values: Mapping[str, str] = field(default_factory=dict)
    wrong_field: str = ""
    sentence: str = ""

    def __getitem__(self, name: str) -> str:
        return str(self.values.get(name, "")).strip()

    def raw(self, name: str) -> str:
        """As typed, spaces included: for passwords and texts."""
        return str(self.values.get(name, ""))

    def refuse(self, error: CreatorbotError) -> None:
        """Keep what was wrong, in the reader's language."""
        self.wrong_field = error.field if isinstance(error, InvalidInput) else ""
        self.sentence = explain(here.language(), error)


def typed() -> Form:
    """What this request's form holds."""
    return Form(request.form.to_dict())


def tell(message: str, kind: str = "good", **values: object) -> None:
    """A sentence at the top of the next page. message: a gettext id. kind: good, warn or bad."""
    flash(say(here.language(), message, values or None), kind)
