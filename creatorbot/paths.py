"""Where the files that travel with the program lie: in a wheel, an editable install and a bare checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """The folder of Jinja templates: inside the package in a wheel, beside it in a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def static() -> Path:
    """The folder of style sheets and small scripts."""
    return _PACKAGE / "web" / "static"


def locales() -> Path:
    """The folder of gettext catalogues."""
    return _PACKAGE / "locales"
