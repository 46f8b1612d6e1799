"""A project whose retention schedule has a bit of everything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main

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


def begin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a repository in that folder."""
    monkeypatch.chdir(folder)
    Path(".git").mkdir()
    Path("policies").mkdir()
    Path("policies/lake.yaml").write_text(LAKE)
    Path("policies/fleet.yaml").write_text(FLEET)
    Path("CODEOWNERS").write_text("/policies/lake.yaml @shop/data-governance\n")


def scheduled(today: str = OVERDUE) -> dict[str, Any]:
    assert main(["schedule", "--today", today, "--out", "json:schedule.json"]) == 0
    found: dict[str, Any] = json.loads(Path("schedule.json").read_text())
    return found
