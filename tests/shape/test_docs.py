"""The documents say what is so: options, commands, links between pages, decisions."""

import re
from pathlib import Path

import pytest

from creatorbot.cli import COMMANDS
from creatorbot.config import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_option_is_described() -> None:
    text = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    described = dict(re.findall(r"^\| `CREATORBOT_(\w+)` \| (.+?) \| ", text, re.MULTILINE))
    assert described == {name.upper(): field.description for name, field in Settings.model_fields.items()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_commands_that_are_named_exist() -> None:
    named = {name for path in DOCUMENTS for name in re.findall(r"`creatorbot ([a-z-]+)", path.read_text(encoding="utf-8"))}
    assert named
    assert named - set(COMMANDS) == set()


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {name for path in DOCUMENTS for name in re.findall(r"(?:^|`)make ([a-z]+)", path.read_text(encoding="utf-8"), re.MULTILINE)}
    assert {"run", "test"} <= named
    assert named - targets == set()


def test_decisions_are_numbered_without_gaps_and_have_their_parts() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert [heading for heading in ("## Why it came up", "## Decision", "## What follows") if heading not in text] == [], page.name


def test_the_licence_is_the_standard_text() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert "13. Remote Network Interaction" in text
    assert len(text) == 34523


def test_the_build_server_runs_what_everybody_runs() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
