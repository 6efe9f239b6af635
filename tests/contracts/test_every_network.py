"""No network without its contract: what is in the registry has met a counterpart here, and a browser on its own pages."""

from pathlib import Path

import pytest

from creatorbot.networks import REGISTRY

CONTRACTS = Path(__file__).parent
BROWSER = CONTRACTS.parent / "browser"


@pytest.mark.parametrize("name", REGISTRY)
def test_each_has_its_contract(name: str) -> None:
    tests = [path.read_text(encoding="utf-8") for path in CONTRACTS.rglob("test_*.py") if path != Path(__file__)]
    met = [text for text in tests if f'REGISTRY["{name}"]' in text or f"creatorbot.networks.{name} import" in text]
    assert any("ByBrowserContract)" in text or "ByFieldsContract)" in text for text in met), f"{name} has no contract"


@pytest.mark.parametrize("name", [name for name in REGISTRY if name != "mastodon"])
def test_each_was_driven_in_a_browser(name: str) -> None:
    """Mastodon's whole story is tests/browser/test_story.py."""
    story = (BROWSER / f"test_{name}.py").read_text(encoding="utf-8")
    assert f"Connect {REGISTRY[name].label}" in story
    assert "Post now" in story
