"""The wheel holds all it needs, and runs where no copy of the source is near; so does an editable install."""

import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.servers.service import started

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as a release is built."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def clean_environment(folder: Path, *install: str) -> Path:
    """A virtual environment with what creatorbot depends on and nothing of ours but this; its folder of commands."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, capture_output=True)
    python = folder / "bin" / "python"
    place = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True, text=True
    )
    Path(place.stdout.strip(), "dependencies.pth").write_text(f"{PACKAGES}\n")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*pip, *install], check=True, capture_output=True)
    return folder / "bin"


def test_everything_that_travels_is_inside(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for room in ("creatorbot", "jobs")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    wanted |= {f"creatorbot/{path.relative_to(ROOT)}" for path in (ROOT / "templates").rglob("*") if path.is_file()}
    assert wanted - inside == set()
    assert not [name for name in inside if name.startswith(("tests/", "templates/", "docs/", "bench/"))]


def test_its_label_says_what_it_is(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    label = Parser().parsestr(archive.read(next(name for name in archive.namelist() if name.endswith("/METADATA"))).decode())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert label["License-Expression"] == "AGPL-3.0-or-later"
    assert label["License-File"] == "LICENSE"
    assert label["Requires-Python"] == ">=3.11"
    assert len([one for one in label.get_all("Requires-Dist", []) if "extra ==" not in one]) == len(project["dependencies"])


def test_the_wheel_runs_the_same_first_page(wheel: Path, tmp_path: Path) -> None:
    commands = clean_environment(tmp_path / "clean", str(wheel))
    with started(tmp_path / "data", (str(commands / "creatorbot"), "run"), cwd=tmp_path) as service:
        service.wait_until_ready()
        status, page = service.get(service.address)
        assert (status, 'name="time_zone"' in page) == (200, True)
        installed = subprocess.run(
            [commands / "python", "-c", "import creatorbot; print(creatorbot.__file__)"], cwd=tmp_path, capture_output=True, text=True
        )
        assert installed.stdout.startswith(str(tmp_path / "clean"))
        assert service.end() == 0


def test_an_editable_install_runs_it_too(tmp_path: Path) -> None:
    commands = clean_environment(tmp_path / "clean", "--editable", str(ROOT))
    with started(tmp_path / "data", (str(commands / "creatorbot"), "run"), cwd=tmp_path) as service:
        service.wait_until_ready()
        assert service.get(service.address)[0] == 200
        assert service.end() == 0


def test_the_command_looks_at_a_file_without_any_installation(wheel: Path, tmp_path: Path) -> None:
    commands = clean_environment(tmp_path / "clean", str(wheel))
    feed = tmp_path / "feed.xml"
    feed.write_text(
        "<rss version='2.0'><channel><title>Ada</title><item><title>One</title><link>https://a.example/1</link><guid>1</guid></item></channel></rss>"
    )
    done = subprocess.run([commands / "creatorbot", "inspect", feed, "--json"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert '"One"' in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean", "feed.xml"]
