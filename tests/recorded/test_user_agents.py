"""Labelled user agents recorded elsewhere: servers are known by name, browsers pass as people, nothing else does."""

import csv
from pathlib import Path

import pytest

from creatorbot.links.agents import read_agent
from creatorbot.links.classify import VisitFacts, classify

LABELLED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "user_agents" / "user_agents.tsv"
pytestmark = pytest.mark.skipif(not LABELLED.exists(), reason="the recorded user agents are not beside this checkout")


def rows(*classes: str) -> list[dict[str, str]]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["class"] in classes]


def test_fediverse_servers_are_known_with_their_host() -> None:
    labelled = rows("fedi_preview", "fedi_server")
    wrong = []
    for row in labelled:
        verdict = classify(VisitFacts(read_agent(row["user_agent"]).kept, accepts_html=True))
        if verdict.kind != "preview" or verdict.host != (row["instance"] or ""):
            wrong.append((row["user_agent"], row["instance"], verdict))
    assert len(labelled) > 20
    assert len(wrong) <= len(labelled) / 38, wrong


def test_browsers_are_people() -> None:
    labelled = rows("human")
    wrong = [
        row["user_agent"]
        for row in labelled
        if classify(VisitFacts(read_agent(row["user_agent"]).kept, accepts_html=True, has_language=True)).kind != "person"
    ]
    assert len(labelled) > 30
    assert len(wrong) <= len(labelled) / 58, wrong


def test_nothing_else_is_a_person_even_with_a_browsers_headers() -> None:
    labelled = rows("social_preview", "other_bot")
    wrong = [
        row["user_agent"]
        for row in labelled
        if classify(VisitFacts(read_agent(row["user_agent"] or "").kept, fetch_mode="navigate", fetch_dest="document")).kind == "person"
    ]
    assert len(labelled) > 90
    assert len(wrong) <= 1, wrong


def test_nothing_of_an_administrator_is_kept() -> None:
    for row in rows("fedi_preview", "fedi_server", "social_preview", "other_bot", "human"):
        kept = read_agent(row["user_agent"] or "").kept
        assert "@" not in kept.replace(" @ ", " ").replace("(@)", "").replace("@;", "").replace("; @", "").removesuffix("@"), kept
