"""`firnline gc why`: one object, and what needs it or why nobody does."""

from __future__ import annotations

import pytest

from firnline.cli import main
from firnline.reach.references import CheckpointRule, Reference, Strength
from tests.cli.test_gc_audit import (
    DELETED,
    GONE,
    KEPT,
    LINES,
    Captured,
    folder,
    manifest,
    references,
)

pytestmark = pytest.mark.usefixtures("socket_disabled", "manifest")
__all__ = ["manifest"]


def why(capsys: Captured, key: str, *words: str) -> str:
    assert main(["gc", "why", f"s3://lab/{key}", "--references", "refs.jsonl", *words]) == 0
    return capsys.readouterr().out


def test_what_needs_an_object_is_shown_as_a_chain(capsys: Captured) -> None:
    references()
    told = why(capsys, f"exp/1/{DELETED}/model/model.pkl")
    assert "  keep ← model churn v14 ← alias champion\n" in told
    assert "though prod says: run deleted, since 2026-08-01" in told


def test_why_nobody_needs_an_object_is_shown_with_the_day(capsys: Captured) -> None:
    references()
    told = why(capsys, f"exp/1/{DELETED}/checkpoints/1.pt")
    assert f"garbage: run deleted, since 2026-08-01 ← run {DELETED} was deleted" in " ".join(
        told.split()
    )
    assert "owner bob, experiment churn" in told


def test_a_run_that_no_registry_knows_is_named(capsys: Captured) -> None:
    references()
    assert "garbage: run missing" in why(capsys, f"exp/1/{GONE}/artifacts/x")
    assert "unclassified" in why(capsys, "exp/1/notes/x")


def test_what_is_stored_is_said_with_an_inventory(capsys: Captured, manifest: str) -> None:
    references()
    told = why(capsys, f"exp/1/{KEPT}/model.pkl", "--inventory", manifest)
    assert "stored: 10GiB in STANDARD, last modified 2026-08-20" in " ".join(told.split())
    assert "no such object" in why(capsys, f"exp/1/{KEPT}/x", "--inventory", manifest)


def test_an_intermediate_checkpoint_is_told_by_what_is_stored_beside_it(
    capsys: Captured, manifest: str
) -> None:
    location = folder(f"exp/1/{DELETED}")
    rule = CheckpointRule(location, ("checkpoints/*",), 1, False, ("run", "1 newest is kept"))
    run = Reference(location, Strength.LIVE, ("run",), "bob")
    references(
        (rule, run, *(each for each in LINES if getattr(each, "location", None) != location))
    )
    told = why(capsys, f"exp/1/{DELETED}/checkpoints/1.pt", "--inventory", manifest)
    assert "garbage: intermediate checkpoint ← run ← 1 newest is kept" in told
    told = why(capsys, f"exp/1/{DELETED}/checkpoints/2.pt", "--inventory", manifest)
    assert "keep ← run" in told
    assert "--inventory says whether" in why(capsys, f"exp/1/{DELETED}/checkpoints/1.pt")


def test_what_is_no_object_is_refused(capsys: Captured) -> None:
    assert main(["gc", "why", "lab/x", "--references", references()]) == 2
    assert "write s3://BUCKET/KEY" in capsys.readouterr().err
