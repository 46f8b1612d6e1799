"""`firnline show --coverage`: what no policy covers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from firnline.cli import main
from firnline.reach.location import Location, LocationKind
from firnline.reach.references import Root
from tests.cli.reference_files import write_references
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("socket_disabled")
FILE = "references.jsonl"


def root(key: str, bucket: str = "lab-data") -> Root:
    return Root(Location(bucket, LocationKind.DIR, key), "[0-9a-f]{32}", f"runs of {key or bucket}")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)


def coverage(capsys: Captured, retain: str, *roots: Root) -> tuple[int, str, str]:
    Path("policies/p.yaml").write_text(whole(f"retain: {retain}"))
    write_references(Path(FILE), roots, made=datetime.now(UTC))
    capsys.readouterr()
    code = main(["show", "--coverage", "--references", FILE])
    return code, *capsys.readouterr()


def test_roots_that_no_retention_covers_are_named_with_their_registry(capsys: Captured) -> None:
    retain = "{a: {prefix: runs/a/, delete_after: never}, t: {prefix: tmp/, delete_after: 9d}}"
    roots = [root("runs/a/1"), root("runs"), root("other"), root("x", "elsewhere")]
    code, out, _ = coverage(capsys, retain, *roots)
    assert code == 0
    assert "3 of 4 folders of registries have a gap, by references.jsonl, read on " in out
    assert (
        "  s3://lab-data/runs/ (runs of runs, prod-mlflow): retentions cover parts of it alone:"
        " runs/a/\n" in out
    )
    assert "  s3://lab-data/other/ (runs of other, prod-mlflow): no retention covers it\n" in out
    assert "  s3://elsewhere/x/ (runs of x, prod-mlflow): no policy covers its bucket\n" in out
    assert "runs/a/1" not in out


def test_what_is_deleted_when_nothing_needs_it_is_covered(capsys: Captured) -> None:
    Path("policies/p.yaml").write_text("")
    retain = (
        "{a: {prefix: runs/, delete_after: 9d, delete_when: unreferenced}}\n"
        "references: {from: prod-mlflow, grace: 14d}"
    )
    code, out, _ = coverage(capsys, retain, root("runs"), root("runs/b"))
    assert code == 0
    assert "retentions cover all 2 folders of registries, by references.jsonl" in out


def test_a_retention_of_some_tags_covers_no_root(capsys: Captured) -> None:
    retain = "{a: {prefix: runs/, tags: {class: tmp}, delete_after: 9d}}"
    _, out, _ = coverage(capsys, retain, root("runs"))
    assert "no retention covers it" in out


def test_a_file_that_is_too_old_is_an_error(capsys: Captured) -> None:
    coverage(capsys, "{a: {prefix: runs/, delete_after: 9d}}", root("runs"))
    write_references(Path(FILE), [root("runs")], made=datetime(2025, 1, 1, tzinfo=UTC))
    code = main(["show", "--coverage", "--references", FILE])
    assert (code, "FL623" in capsys.readouterr().err) == (1, True)


def test_references_without_coverage_are_wrong_use(capsys: Captured) -> None:
    assert main(["show", "--references", FILE]) == 2
    assert "--references goes with --coverage" in capsys.readouterr().err
