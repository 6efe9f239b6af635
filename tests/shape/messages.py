"""Collects every sentence people read: `python -m tests.shape.messages` writes creatorbot/locales/creatorbot.pot."""

import tomllib
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "creatorbot" / "locales" / "creatorbot.pot"
# Which argument of which call is a sentence: 1 for the first.
CALLS: dict[str, tuple[int, ...] | None] = dict.fromkeys(
    (
        "_",
        "gettext",
        "N_",
        "tell",
        "complain",
        "sentence",
        "CreatorbotError",
        "NotFound",
        "NotAllowed",
        "Conflict",
        "InvalidInput",
        "ServiceError",
        "BadSignature",
    ),
    (1,),
) | {"ngettext": (1, 2), "say": (2,)}


def collect() -> Catalog:
    """All of them, sorted, without places: a moved line is no news for a translator."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in settings]
    catalogue = Catalog(project="creatorbot", copyright_holder="the authors of creatorbot", charset="utf-8")
    for folder in ("creatorbot", "jobs", "templates"):
        inside = [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods if pattern.startswith(f"{folder}/")]
        options = {pattern: {"silent": "false"} for pattern, method in inside if method == "jinja2"}
        for _file, _line, message, comments, context in extract_from_dir(
            ROOT / folder, inside, options, CALLS, comment_tags=("Translators:",), strip_comment_tags=True
        ):
            catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def main() -> None:
    """Write the template that translators start from."""
    with TEMPLATE.open("wb") as file:
        write_po(file, collect(), omit_header=True, sort_output=True, no_location=True, width=120)


if __name__ == "__main__":
    main()
