"""What may stand in addresses: numbers a row can have (a longer one is no question for the database), and whatever somebody typed."""

from flask import Flask
from werkzeug.routing import BaseConverter, IntegerConverter

LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` in every rule of ours."""

    regex = "[0-9]{1,10}"

    def __init__(self, map, fixed_digits: int = 0, min: int | None = None, max: int | None = LARGEST, signed: bool = False) -> None:  # type: ignore[no-untyped-def]
        super().__init__(map, fixed_digits, min, max, signed)


class Rest(BaseConverter):
    """`<rest:…>`: whatever stands there, slashes included, nothing included."""

    regex = ".*?"
    part_isolating = False
    weight = 1000  # after every rule that knows what stands there


def install(app: Flask) -> None:
    """Before any view is registered."""
    app.url_map.converters["int"] = RowNumber
    app.url_map.converters["rest"] = Rest
    app.url_map.merge_slashes = False  # one slash too many is a wrong address; a redirect for good would be kept by others
