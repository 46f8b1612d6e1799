"""An audit of the laboratory names every planted orphan, nothing else, and writes nothing."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from examples.laboratory.build import BUCKET
from firnline.testing import Fault
from tests.examples.conftest import Lab

pytestmark = pytest.mark.slow

READS = re.compile(r"(?:Get|Head|List|Describe|Search|Scan|Query|BatchGet)\w*|AssumeRole")


@dataclass(frozen=True, slots=True)
class Audited:
    """The sums of the bucket as JSON has them, and each orphan by its key as CSV has it."""

    sums: dict[str, Any]
    orphans: dict[str, dict[str, str]]
    manifest: str


@pytest.fixture(scope="module")
def audited(lab: Lab) -> Audited:
    """Storage first, then references, then the audit, as docs/howto-gc.md has it."""
    before = len(lab.aws.requests), digest(lab.folder / "mlflow.db")
    listed = lab.run("firnline", "inventory", "list", BUCKET)
    assert listed.returncode == 0, listed.stderr
    manifest = listed.stdout.splitlines()[-1]
    refs = lab.run("firnline", "gc", "refs", "--out", "refs.jsonl")
    assert refs.returncode == 0, refs.stdout + refs.stderr
    words = ["firnline", "gc", "audit", manifest, "--references", "refs.jsonl"]
    audit = lab.run(*words, "--out", "json:audit.json", "--out", "csv:audit.csv")
    assert audit.returncode == 0, audit.stderr
    (sums,) = json.loads((lab.folder / "audit.json").read_text())["buckets"]
    with (lab.folder / "audit.csv").open(newline="") as rows:
        orphans = {row["key"]: row for row in csv.DictReader(rows) if row["class"] == "orphan"}
    sent = lab.aws.requests[before[0] :]
    assert sent
    assert [each.operation for each in sent if not READS.fullmatch(each.operation)] == []
    assert digest(lab.folder / "mlflow.db") == before[1]
    return Audited(sums, orphans, manifest)


def planted(lab: Lab) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((lab.folder / "planted.json").read_text())
    return found


def test_it_names_every_planted_orphan_with_its_reason_and_no_live_object(
    lab: Lab, audited: Audited
) -> None:
    wanted = {key: (each["reason"], each["bytes"]) for key, each in planted(lab).items()}
    found = {key: (row["reason"], int(row["bytes"])) for key, row in audited.orphans.items()}
    assert found == wanted
    assert len(wanted) > 150


def test_each_run_and_job_that_is_an_orphan_has_its_owner(audited: Audited) -> None:
    owners = {(each["reason"], each["owner"]) for each in audited.orphans.values()}
    assert {each for each in owners if each[0].startswith(("run_", "job_"))} == {
        ("run_not_kept", "ana"),
        ("run_deleted", "bo"),
        ("run_deleted", "chen"),
        ("run_failed", "bo"),
        ("run_killed", "chen"),
        ("run_abandoned", "bo"),
        ("run_missing", ""),
        ("job_failed", "eve"),
        ("job_stopped", "eve"),
    }


def test_it_says_what_they_cost_at_the_price_of_standard(audited: Audited) -> None:
    gib = sum(int(each["bytes"]) for each in audited.orphans.values()) / 2**30
    total = audited.sums["classes"]["orphan"]
    assert total["objects"] == len(audited.orphans)
    assert total["usd_a_month"] == pytest.approx(gib * 0.023, rel=0.01)


def test_a_registry_that_is_switched_off_in_the_middle_gives_no_verdict(
    lab: Lab, audited: Audited
) -> None:
    faults = lab.aws.middleware.faults
    faults.add(
        Fault("DescribeTrialComponent", status=400, code="AccessDeniedException", times=1000)
    )
    faults.add(Fault("Search", status=400, code="AccessDeniedException", times=1000))
    try:
        refs = lab.run("firnline", "gc", "refs", "--out", "partly.jsonl")
    finally:
        faults.clear()
    assert refs.returncode != 0
    assert "sagemaker" in refs.stdout + refs.stderr
    audit = lab.run("firnline", "gc", "audit", audited.manifest, "--references", "partly.jsonl")
    assert audit.returncode != 0
    assert audit.stdout == ""
    assert "no verdict" in audit.stderr
    assert "sagemaker" in audit.stderr


def test_a_policy_that_would_delete_a_registered_model_fails_the_check(
    lab: Lab, audited: Audited, tmp_path: Path
) -> None:
    assert audited
    shutil.copytree(lab.folder / "policies", tmp_path / "policies")
    policy = tmp_path / "policies/lab.yaml"
    settings = "prefix: mlflow/, delete_after: 150d, old_versions: {delete_after: 30d}"
    tidy = f"retain:\n  runs: {{{settings}}}\n"
    policy.write_text(policy.read_text().replace("retain:\n", tidy))
    refs = str(lab.folder / "refs.jsonl")
    ran = lab.run("firnline", "check", str(tmp_path / "policies"), "--references", refs)
    assert ran.returncode == 1
    assert "fraud-detector" in ran.stdout + ran.stderr
    kept = lab.run("firnline", "check", "policies", "--references", refs)
    assert kept.returncode == 0, kept.stdout + kept.stderr


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
