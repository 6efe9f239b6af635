"""What must not stand anywhere: style and script inside pages, addresses of package registries, paths of one machine."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = {
    ".git",
    ".venv",
    "data",
    ".data",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
    "dist",
    "build",
    "node_modules",
}
PAGES = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "creatorbot").rglob("*.html")])
INLINE = re.compile(
    r"""<[^>{]*\s(?:style|on[a-z]+)\s*=|<style\b|<script\b(?![^>]*(?:\ssrc=|application/(?:ld\+)?json))|javascript:""", re.IGNORECASE
)
# Put together here, so that this file does not hold them itself.
FORBIDDEN = ["pypi" + ".org", "python" + "hosted", "npm" + "js", "/wo" + "rk/", "/ho" + "me/", "/Us" + "ers/", "--index" + "-url"]


def ours() -> list[Path]:
    found = []
    for path in ROOT.rglob("*"):
        parts = set(path.relative_to(ROOT).parts)
        if (
            path.is_file()
            and not parts & LEFT_OUT
            and not path.name.endswith((".pyc", ".mo", ".png", ".jpg", ".jpeg", ".ico", ".woff2", ".log"))
        ):
            found.append(path)
    return found


def test_pages_hold_no_style_and_no_script() -> None:
    found = {}
    for path in PAGES:
        lines = [number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if INLINE.search(line)]
        if lines:
            found[str(path.relative_to(ROOT))] = lines
    assert not found


def test_there_are_pages_to_look_at() -> None:
    assert len(PAGES) > 10
    assert INLINE.search('<p class="a" style="color:red">')
    assert INLINE.search("<script>alert(1)</script>")
    assert not INLINE.search('<script src="/static/a.js" type="module"></script>')


def test_no_registry_and_no_machine_is_named() -> None:
    found = {}
    for path in ours():
        text = path.read_text(encoding="utf-8", errors="replace")
        named = [word for word in FORBIDDEN if word in text]
        if named:
            found[str(path.relative_to(ROOT))] = named
    assert not found


def test_every_dependency_is_locked_with_hashes() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        entries = re.split(r"\n(?=[a-zA-Z0-9])", lock.read_text(encoding="utf-8"))
        pinned = [entry for entry in entries if re.match(r"[a-zA-Z0-9]", entry)]
        assert len(pinned) > 20
        assert not [entry.split()[0] for entry in pinned if "==" not in entry or "--hash=sha256:" not in entry]


def test_what_runs_and_what_is_tested_are_the_same_versions() -> None:
    def versions(lock: str) -> dict[str, str]:
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-zA-Z0-9._-]+)==(\S+)", text, re.MULTILINE))

    tested = versions("test.txt")
    assert {name: tested.get(name) for name in versions("run.txt")} == versions("run.txt")


def test_nothing_is_left_for_later() -> None:
    words = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error"]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in ours()
        if path.suffix in (".py", ".html", ".md", ".js", ".css")
        for word in words
        if re.search(rf"\b{word}\b", path.read_text(encoding="utf-8"))
    ]
    assert not found
