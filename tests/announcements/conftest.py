"""The stage, on SQLite and on both databases."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from creatorbot.rehearsal.serve import start
from creatorbot.runtime import Runtime
from tests.stage import Stage, set_stage


@pytest.fixture
def stage(runtime: Runtime, clock: Any, tmp_path: Path) -> Iterator[Stage]:
    """On SQLite."""
    with start(tmp_path / "practice", clock=lambda: clock.at.timestamp()) as practice:
        yield set_stage(runtime, practice)


@pytest.fixture
def both_stage(both_runtime: Runtime, clock: Any, tmp_path: Path) -> Iterator[Stage]:
    """On each database."""
    with start(tmp_path / "practice", clock=lambda: clock.at.timestamp()) as practice:
        yield set_stage(both_runtime, practice)
