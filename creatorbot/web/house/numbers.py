"""Numbers in addresses: those a row can have. A longer one is an address where nothing is, not a question for the database."""

from flask import Flask
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` in every rule of ours."""

    regex = "[0-9]{1,10}"

    def __init__(self, map, fixed_digits: int = 0, min: int | None = None, max: int | None = LARGEST, signed: bool = False) -> None:  # type: ignore[no-untyped-def]
        super().__init__(map, fixed_digits, min, max, signed)


def install(app: Flask) -> None:
    """Before any view is registered."""
    app.url_map.converters["int"] = RowNumber
