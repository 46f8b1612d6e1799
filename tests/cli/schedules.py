"""A project whose retention schedule has a bit of everything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from firnline.language.digest import lock_digest
from firnline.language.read_files import read_files

OVERDUE = "2026-11-29"
"""A day after which the hold is to be reviewed."""
LAKE = """\
firnline: policy/v1
policy: lake
owner: data-platform
why: the data lake of the shop
applies_to: [{account: lab, buckets: [lake-raw, "lake-*"]}]
versioning: enabled
retain:
  events:
    prefix: events/
    delete_after: 90d
    old_versions: {delete_after: 7d}
  invoices:
    why: SOX 802, seven years
    prefix: invoices/
    archive_after: 180d
    delete_after: 2557d
    old_versions: {delete_after: 2557d}
  mail:
    prefix: mail/
    delete_after: 365d
    old_versions: {delete_after: 30d}
  pii:
    prefix: events/
    tags: {pii: "yes"}
    delete_after: 30d
    old_versions: {delete_after: 1d}
  models:
    prefix: models/
    delete_after: 365d
    delete_when: unreferenced
    old_versions: {cold_after: 30d, delete_after: 120d, keep_newest: 3}
references: {from: prod-mlflow, grace: 14d}
promises:
  sox: {prefix: invoices/, keep_at_least: 2555d, old_versions: {keep_at_least: 2555d}}
  gdpr: {prefix: events/, gone_within: 120d, tags: {pii: "yes"}}
holds:
  lit-7:
    prefix: mail/sales/
    why: Doe v. Acme
    approved_by: general-counsel
    ask_again: 2026-11-01
"""
FLEET = """\
firnline: fleet/v1
namespace: shop
accounts: {lab: {id: "111122223333", regions: [eu-west-1]}}
registries: {prod-mlflow: {mlflow: {tracking_uri: "https://mlflow.example.com"}}}
"""


PROMISES = """\
promises:
  sox: {prefix: invoices/, keep_at_least: 2555d, old_versions: {keep_at_least: 2555d}}
  gdpr: {prefix: events/, gone_within: 120d, tags: {pii: "yes"}}
"""


def begin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a repository in that folder."""
    monkeypatch.chdir(folder)
    Path(".git").mkdir()
    Path("policies").mkdir()
    Path("policies/lake.yaml").write_text(LAKE)
    Path("policies/fleet.yaml").write_text(FLEET)
    Path("CODEOWNERS").write_text("/policies/lake.yaml @shop/data-governance\n")


def resolved(buckets: dict[str, str]) -> None:
    """A fresh lock with these buckets. The policy promises nothing, nor says how they are
    versioned; those that it does not cover are released.
    """
    policy = LAKE.replace(PROMISES, "").replace("versioning: enabled\n", "")
    (read,) = read_files({"p.yaml": policy.encode()})[0].policies
    covered = {name for name in buckets if read.covers("lab", name)}
    kept = "{leave: keep, why: handed over}"
    releases = [f"  lab/{name}: {kept}\n" for name in buckets if name not in covered]
    fleet = f"{FLEET}releases:\n{''.join(releases)}"
    folder, _ = read_files({"p.yaml": policy.encode(), "f.yaml": fleet.encode()})
    assert folder.fleet is not None
    lines = [
        "firnline: fleet-lock/v1",
        f"digest: {lock_digest(folder.fleet, folder.policies)}",
        "accounts:",
        '  "111122223333":',
    ]
    usual = "region: eu-west-1, partition: aws, kind: general-purpose"
    for name, said in buckets.items():
        ours = "policy" if name in covered else "rules"
        lines.append(f"    {name}: {{{usual}, {said}, ours: {ours}}}")
    Path("policies/lake.yaml").write_text(policy)
    Path("policies/fleet.yaml").write_text(fleet)
    Path("policies/fleet.lock.yaml").write_text("\n".join(lines) + "\n")


def scheduled(today: str = OVERDUE) -> dict[str, Any]:
    assert main(["schedule", "--today", today, "--out", "json:schedule.json"]) == 0
    found: dict[str, Any] = json.loads(Path("schedule.json").read_text())
    return found
