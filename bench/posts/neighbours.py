"""The feed bots that musicians use today, as they come from the package index, each in an environment of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "creatorbot-bench"
LONGEST_S = 120
TOKEN = "permission-1"


@dataclass(frozen=True)
class Neighbour:
    """One bot. version: the newest that runs on this Python. configure(folder, port) -> its command."""

    name: str
    version: str
    configure: Callable[[Path, int], list[str]]


def _feed2toot(folder: Path, port: int) -> list[str]:
    (folder / "user").write_text(f"{TOKEN}\nhttp://127.0.0.1:{port}\n")
    (folder / "client").write_text("client\nsecret\n")
    (folder / "bot.ini").write_text(
        f"[mastodon]\ninstance_url=http://127.0.0.1:{port}\nuser_credentials={folder}/user\nclient_credentials={folder}/client\n"
        f"[cache]\ncachefile={folder}/cache.db\n[lock]\nlock_file={folder}/bot.lock\n"
        f"[rss]\nuri=http://127.0.0.1:{port}/feed\ntoot={{title}} {{link}}\n[hashtaglist]\n"
    )
    return ["feed2toot", "-c", str(folder / "bot.ini"), "--limit", "100"]


def _feediverse(folder: Path, port: int) -> list[str]:
    bot = {
        "name": "feediverse",
        "url": f"http://127.0.0.1:{port}",
        "client_id": "client",
        "client_secret": "secret",
        "access_token": TOKEN,
        "feeds": [{"url": f"http://127.0.0.1:{port}/feed", "template": "{title} {link}", "include_images": False}],
    }
    (folder / "bot.yaml").exists() or (folder / "bot.yaml").write_text(json.dumps(bot))  # JSON is YAML; it writes its place into it
    return ["feediverse", "-c", str(folder / "bot.yaml")]


def _feed2fedi(folder: Path, port: int) -> list[str]:
    bot = {
        "feeds": [{"url": f"http://127.0.0.1:{port}/feed", "max_attachments": 0}],
        "fedi_instance": f"http://127.0.0.1:{port}",
        "fedi_access_token": TOKEN,
        "cache_max_age": 3000,
        "cache_db_path": str(folder / "cache.sqlite"),
        "bot_post_media": False,
        "bot_post_visibility": "public",
        "bot_post_template": "{title} {link}",
    }
    (folder / "bot.json").write_text(json.dumps(bot))
    return ["feed2fedi", "-c", str(folder / "bot.json")]


NEIGHBOURS = (
    Neighbour("feediverse", "0.4.1", _feediverse),
    Neighbour("feed2fedi", "4.0.9" if sys.version_info >= (3, 12) else "3.5.0", _feed2fedi),
    Neighbour("feed2toot", "0.17", _feed2toot),
)


def installed(neighbour: Neighbour) -> Path:
    """The folder of its programs; made once. Raises RuntimeError with what was wrong."""
    home = CACHE / f"{neighbour.name}-{neighbour.version}"
    if (home / "bin" / neighbour.name).exists():
        return home / "bin"
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(home)],
        [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", f"{neighbour.name}=={neighbour.version}"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            raise RuntimeError((done.stderr or done.stdout).strip().splitlines()[-1][:200])
    return home / "bin"


def run(neighbour: Neighbour, programs: Path, folder: Path, port: int) -> int:
    """One run, as its timer would start it. Returns how the program ended."""
    name, *rest = neighbour.configure(folder, port)
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LANG": "C.UTF-8", "NO_PROXY": "127.0.0.1"}
    try:
        done = subprocess.run(
            [str(programs / name), *rest], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST_S
        )
    except subprocess.TimeoutExpired:
        return -1
    (folder / "said.txt").write_text(done.stdout + done.stderr)
    return done.returncode
