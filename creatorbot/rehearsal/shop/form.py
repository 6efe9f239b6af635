"""Stripe's way of sending nested values in a form, and its refusals."""

import re
from collections.abc import Iterable

from creatorbot.rehearsal.state import Doc

PART = re.compile(r"\[([^\]]*)\]")


class StripeError(Exception):
    """A refusal as Stripe words it. http: the status; kind: its "type"; code: its machine word; param: the field at fault."""

    def __init__(self, http: int, message: str, *, kind: str = "invalid_request_error", code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.http, self.message, self.kind, self.code, self.param = http, message, kind, code, param

    def body(self) -> Doc:
        """The answer's JSON."""
        fields = {"message": self.message, "type": self.kind, "code": self.code, "param": self.param}
        return {"error": {name: value for name, value in fields.items() if value}}


def missing(param: str) -> StripeError:
    """A field that must be there is not."""
    return StripeError(400, f"Missing required param: {param}.", code="parameter_missing", param=param)


def not_there(kind: str, name: str, param: str = "id") -> StripeError:
    """No such object."""
    return StripeError(404 if param == "id" else 400, f"No such {kind}: '{name}'", code="resource_missing", param=param)


def nested(pairs: Iterable[tuple[str, str]]) -> Doc:
    """line_items[0][price]=x becomes {"line_items": [{"price": "x"}]}; empty brackets append."""
    found: Doc = {}
    for name, value in pairs:
        steps = [name.split("[", 1)[0], *PART.findall(name)]
        place: Doc = found
        for step in steps[:-1]:
            inner = place.setdefault(step or str(len(place)), {})
            if not isinstance(inner, dict):
                raise StripeError(400, f"Invalid parameter: {name}", param=name)
            place = inner
        place[steps[-1] or str(len(place))] = value
    return {name: _lists(value) for name, value in found.items()}


def _lists(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if value and all(step.isdigit() for step in value):
        return [_lists(value[step]) for step in sorted(value, key=int)]
    return {step: _lists(inner) for step, inner in value.items()}


def only(fields: Doc, allowed: str, inside: str = "") -> None:
    """Refuse fields Stripe does not know here. allowed: names between spaces."""
    for name in fields:
        if name not in allowed.split():
            param = f"{inside}[{name}]" if inside else name
            raise StripeError(400, f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def whole(value: object, param: str) -> int:
    """A whole number."""
    if not re.fullmatch(r"-?\d{1,12}", str(value)):
        raise StripeError(400, f"Invalid integer: {value}", code="parameter_invalid_integer", param=param)
    return int(str(value))


def metadata(fields: Doc) -> dict[str, str]:
    """The caller's own notes, within Stripe's limits: 50 of 40 and 500 characters."""
    notes = fields.get("metadata") or {}
    if not isinstance(notes, dict) or len(notes) > 50:
        raise StripeError(400, "Invalid metadata", param="metadata")
    for name, value in notes.items():
        if len(name) > 40 or len(str(value)) > 500:
            raise StripeError(
                400, f"Metadata values can have up to 500 characters, names up to 40: {name[:40]}", param=f"metadata[{name[:40]}]"
            )
    return {name: str(value) for name, value in notes.items() if value != ""}
