"""`firnline gc audit`: what nobody needs is named with reason, owner and dollars, or nothing is."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from pyarrow import parquet

from firnline.cli import main
from firnline.reach.location import Location, LocationKind
from firnline.reach.reference_file import to_lines
from firnline.reach.reference_lines import Line
from firnline.reach.references import OrphanReason, Reference, Root, Strength, Unneeded
from firnline.reach.source import Certificate
from tests.inventory.facts.written import MADE, VERSIONS, write

Captured = pytest.CaptureFixture[str]
FIELDS = (*VERSIONS, "Size", "StorageClass", "LastModifiedDate")
GIB = 2**30
READ = MADE + timedelta(hours=5)
WHOLE = Certificate(READ, READ, pages=1, count=6, independent_count=6, counted_by="count(*)")
KEPT, DELETED, FAILED, GONE = ("ab" * 16, "cd" * 16, "ef" * 16, "99" * 16)
pytestmark = pytest.mark.usefixtures("socket_disabled")


def folder(key: str) -> Location:
    return Location("lab", LocationKind.DIR, key)


LINES: tuple[Line, ...] = (
    Reference(folder(f"exp/1/{KEPT}"), Strength.LIVE, (f"run {KEPT}",), "ann", "churn"),
    Reference(
        folder(f"exp/1/{DELETED}/model"), Strength.PIN, ("model churn v14", "alias champion")
    ),
    Reference(folder("exp/1/lost/model"), Strength.PIN, ("model churn v15",), "cleo"),
    Unneeded(
        folder(f"exp/1/{DELETED}"),
        OrphanReason.RUN_DELETED,
        (f"run {DELETED} was deleted",),
        datetime(2026, 8, 1, tzinfo=UTC),
        "bob",
        "churn",
    ),
    Unneeded(folder(f"exp/1/{FAILED}"), OrphanReason.RUN_FAILED, ("run failed",), None, "bob"),
    Root(folder("exp/1"), "[0-9a-f]{32}", "runs of churn"),
)
STORED = (
    (f"exp/1/{KEPT}/model.pkl", 10 * GIB, 100),
    (f"exp/1/{DELETED}/model/model.pkl", 10 * GIB, 100),
    (f"exp/1/{DELETED}/checkpoints/1.pt", 40 * GIB, 100),
    (f"exp/1/{DELETED}/checkpoints/2.pt", 40 * GIB, 99),
    (f"exp/1/{DELETED}-notes.txt", GIB, 100),
    (f"exp/1/{FAILED}/1.pt", 5 * GIB, 100),
    (f"exp/1/{FAILED}/2.pt", 5 * GIB, 2),
    (f"exp/1/{GONE}/artifacts/x", 20 * GIB, 100),
)


def row(key: str, size: int, days: int) -> dict[str, Any]:
    return {
        "Key": key,
        "Size": size,
        "StorageClass": "STANDARD",
        "LastModifiedDate": MADE - timedelta(days=days),
        "VersionId": "v",
        "IsLatest": True,
        "IsDeleteMarker": False,
    }


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    old = {**row("old", GIB, 100), "VersionId": "o", "IsLatest": False}
    return str(write(tmp_path, [*(row(*each) for each in STORED), old], FIELDS))


def references(
    lines: Sequence[Line] = LINES, certificate: Certificate = WHOLE, made: datetime = READ
) -> str:
    named = [("prod", "mlflow", each) for each in (*lines, certificate)]
    Path("refs.jsonl").write_text("".join(to_lines(made, named)), encoding="utf-8")
    return "refs.jsonl"


def audit(capsys: Captured, manifest: str, *words: str) -> Any:
    command = ["gc", "audit", manifest, "--references", references(), *words, "--out", "json"]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["schema", "audit"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    return told


def policy(ages: str) -> None:
    Path("policies").mkdir()
    Path("policies/lab.yaml").write_text(
        "firnline: policy/v1\npolicy: lab\nowner: lab\nwhy: an example\n"
        "applies_to: [{account: lab, buckets: lab}]\nversioning: enabled\n"
        f"references: {{from: prod, grace: 14d{ages}}}\nuploads: {{abort_after: 7d}}\n"
    )


def refusal(capsys: Captured, manifest: str, *words: str) -> str:
    assert main(["gc", "audit", manifest, "--references", "refs.jsonl", *words]) in (1, 2)
    captured = capsys.readouterr()
    assert captured.out == ""
    return " ".join(captured.err.split())


def test_every_orphan_is_named_with_its_reason_and_owner_and_nothing_that_is_needed(
    manifest: str, capsys: Captured
) -> None:
    (bucket,) = audit(capsys, manifest)["buckets"]
    assert {(each["key"], each["reason"], each.get("owner")) for each in bucket["orphans"]} == {
        (f"exp/1/{DELETED}/checkpoints/1.pt", "run_deleted", "bob"),
        (f"exp/1/{DELETED}/checkpoints/2.pt", "run_deleted", "bob"),
        (f"exp/1/{GONE}/artifacts/x", "run_missing", None),
    }
    counts = {name: total["objects"] for name, total in bucket["classes"].items()}
    assert counts == {"active": 2, "orphan": 3, "recent": 2, "kept": 0, "unclassified": 1}
    assert bucket["noncurrent"]["objects"] == 1
    assert bucket["classes"]["orphan"]["usd_a_month"] == pytest.approx(100 * 0.023)


def test_a_reference_of_which_nothing_is_stored_is_named(manifest: str, capsys: Captured) -> None:
    (missing,) = audit(capsys, manifest)["missing"]
    assert missing["location"] == "s3://lab/exp/1/lost/model/"
    assert missing["because"] == ["model churn v15"]


def test_people_see_tables_and_a_verdict(manifest: str, capsys: Captured) -> None:
    assert main(["gc", "audit", manifest, "--references", references()]) == 0
    out = capsys.readouterr().out
    assert "run deleted" in out
    assert "orphans: nobody needs them" in out
    assert out.endswith("3 orphans (100GiB), $2.30 a month\n")


def test_a_registry_that_was_not_read_whole_gives_no_verdict(
    manifest: str, capsys: Captured
) -> None:
    problem = "no answer from https://mlflow: start it, and read it again"
    references(certificate=replace(WHOLE, problems=(problem,)))
    told = refusal(capsys, manifest)
    assert "no verdict: registry `prod` (mlflow) was not read whole" in told
    assert problem in told


def test_a_registry_that_counts_more_than_it_listed_gives_no_verdict(
    manifest: str, capsys: Captured
) -> None:
    references(certificate=replace(WHOLE, independent_count=7))
    assert "answered 6 records, but count(*) counts 7" in refusal(capsys, manifest)


def test_a_registry_that_nothing_else_counts_is_named_beside_the_report(
    manifest: str, capsys: Captured
) -> None:
    file = references(certificate=replace(WHOLE, independent_count=None, counted_by=None))
    assert main(["gc", "audit", manifest, "--references", file]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "nothing but their own answer says that prod were read whole" in out


def test_references_that_are_older_than_the_inventory_give_no_verdict(
    manifest: str, capsys: Captured
) -> None:
    references(made=MADE - timedelta(hours=1))
    told = refusal(capsys, manifest)
    assert "what was stored between has no reference yet" in told
    assert "firnline gc refs --out refs.jsonl" in told


def test_what_a_program_had_read_before_the_inventory_was_made_gives_no_verdict(
    manifest: str, capsys: Captured
) -> None:
    """It printed yesterday's export today."""
    references(certificate=replace(WHOLE, began=MADE - timedelta(hours=20)))
    assert "what was stored between has no reference yet" in refusal(capsys, manifest)


@pytest.mark.usefixtures("manifest")
@pytest.mark.parametrize(("most", "verdict"), [("2d", False), ("9999d", True)])
def test_references_older_than_a_policy_allows_give_no_verdict(
    capsys: Captured, most: str, verdict: bool
) -> None:
    policy(f", max_age: {most}")
    made = MADE - timedelta(days=30)
    moved = write(Path("before"), [row("old", GIB, 100)], FIELDS, made=made)
    read = replace(WHOLE, began=made, ended=made)
    references(certificate=read, made=made)
    if verdict:
        assert main(["gc", "audit", str(moved), "--references", "refs.jsonl"]) == 0
    else:
        told = refusal(capsys, str(moved))
        assert "by `max_age` that may be 2d ago at most" in told


def test_a_references_file_without_any_registry_gives_no_verdict(
    manifest: str, capsys: Captured
) -> None:
    Path("refs.jsonl").write_text("".join(to_lines(READ, [])), encoding="utf-8")
    assert "names no registry, so nothing is known to be needed" in refusal(capsys, manifest)


def test_a_damaged_references_file_gives_no_verdict(manifest: str, capsys: Captured) -> None:
    text = Path(references()).read_text(encoding="utf-8").splitlines(keepends=True)
    Path("refs.jsonl").write_text("".join([*text[:2], *text[3:]]), encoding="utf-8")
    assert "is not whole" in refusal(capsys, manifest)


def test_a_references_file_that_is_not_there_is_named(manifest: str, capsys: Captured) -> None:
    assert "refs.jsonl is not there" in refusal(capsys, manifest)


def test_policies_with_errors_give_no_verdict(manifest: str, capsys: Captured) -> None:
    references()
    Path("policies").mkdir()
    Path("policies/lab.yaml").write_text("firnline: policy/v1\npolicy: lab\nretain: {}\n")
    assert "the policies have errors" in refusal(capsys, manifest)


@pytest.mark.parametrize(
    ("ages", "expected"),
    [
        ("", 3),
        (", min_age: 1d, quiet: 1d", 5),
        (", min_age: 3d, quiet: 1d", 4),
        (", min_age: 1d, quiet: 3d", 3),
        (", min_age: 101d", 0),
    ],
)
def test_policies_say_how_old_an_orphan_is_at_least(
    manifest: str, capsys: Captured, ages: str, expected: int
) -> None:
    policy(ages)
    (bucket,) = audit(capsys, manifest)["buckets"]
    assert bucket["classes"]["orphan"]["objects"] == expected


def test_all_of_what_nobody_needs_is_written_as_parquet_and_as_csv(
    manifest: str, capsys: Captured
) -> None:
    command = ["gc", "audit", manifest, "--references", references()]
    assert main([*command, "--out", "parquet:unneeded.parquet", "--out", "text"]) == 0
    assert "3 orphans" in capsys.readouterr().out
    assert main([*command, "--out", "csv:unneeded.csv"]) == 0
    rows = parquet.read_table("unneeded.parquet").to_pylist()
    columns = ("bucket", "key", "version_id", "bytes", "last_modified", "class", "strength")
    assert tuple(rows[0])[:7] == columns
    found = {(each["key"], each["class"], each["reason"], each["owner"]) for each in rows}
    assert (f"exp/1/{DELETED}/checkpoints/1.pt", "orphan", "run_deleted", "bob") in found
    assert (f"exp/1/{FAILED}/1.pt", "recent", "run_failed", "bob") in found
    assert (f"exp/1/{DELETED}-notes.txt", "unclassified", "unclassified", None) in found
    assert len(found) == 6
    with Path("unneeded.csv").open(encoding="utf-8", newline="") as file:
        assert {each["key"] for each in csv.DictReader(file)} == {each["key"] for each in rows}


def test_owners_who_are_not_there_are_named_with_a_successor(
    manifest: str, capsys: Captured
) -> None:
    Path("people.csv").write_text("Email,Team\nann@acme.example,vision\n", encoding="utf-8")
    here = "ann@acme.example"
    run = LINES[0]
    assert isinstance(run, Reference)
    references((replace(run, owner=here), *LINES[1:]))
    command = ["gc", "audit", manifest, "--references", "refs.jsonl", "--owners", "people.csv"]
    assert main([*command, "--out", "json"]) == 0
    (gone,) = json.loads(capsys.readouterr().out)["gone"]
    assert (gone["owner"], gone["successor"]) == ("bob", here)
    assert gone["because"] == "also in experiment churn"
    Path("people.csv").write_text("name,team,left\nann,vision,\nbob,vision,2026-09-01\n")
    assert main(command) == 0
    assert "bob                     team vision" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["json", "parquet"])
def test_an_audit_is_compared_with_the_last_one(form: str, manifest: str, capsys: Captured) -> None:
    first = tuple(each for each in LINES if not isinstance(each, Root))
    command = ["gc", "audit", manifest, "--references", references(first)]
    assert main([*command, "--out", f"{form}:last.{form}"]) == 0
    references()
    assert main([*command, "--previous", f"last.{form}", "--out", "json"]) == 0
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    counts = change["before"]["objects"], change["now"]["objects"]
    assert (change["reason"], *counts) == ("run_missing", 0, 1)
    assert main([*command, "--previous", f"last.{form}"]) == 0
    assert "new    lab, run missing" in capsys.readouterr().out


def test_a_registry_that_shrank_since_the_last_audit_gives_no_verdict(
    manifest: str, capsys: Captured
) -> None:
    assert (
        main(["gc", "audit", manifest, "--references", references(), "--out", "json:a.json"]) == 0
    )
    references(certificate=replace(WHOLE, count=2, independent_count=2))
    told = refusal(capsys, manifest, "--previous", "a.json")
    assert "registry `prod` has 2 records, and 6 in a.json" in told
