"""What `pulumi up` forecast for a change is what the emulated S3 then does, and what disturbs it is
named.

One deployment, 90 days of three buckets: one that nobody touches, one with a rule that somebody
disables, one in which people write and delete.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox import inventory
from sandbox.advance import advance
from sandbox.engine.find import find_engine
from sandbox.paths import CHECKOUT, SandboxPaths
from tests.end_to_end.conftest import PROGRAM
from tests.end_to_end.stack import Aws, Project, make_project, start_aws

pytestmark = pytest.mark.slow
UNTOUCHED = "acme-ml-artifacts-use1"
DISABLED = "acme-ml-artifacts-dev-use1"
USED = "acme-research-experiments-use1"
RULE = "firnline/acme-ml/ml-artifacts/checkpoints"
CHANGED = "acme-training-logs-use1"
SIZE = 200_000


@dataclass(frozen=True)
class Later:
    """90 days after an `up`."""

    project: Project
    inventories: dict[str, Path]
    deleted: int

    def realised(self, bucket: str) -> Any:
        (self.project.folder / "state.json").write_text(
            self.project.pulumi("stack", "export").text, encoding="utf-8"
        )
        path = str(self.inventories[bucket])
        words = ("forecast", "--realised", "state.json", "--inventory", path, "--out", "json")
        ran = self.project.run("firnline", *words)
        assert ran.code == 0, ran.text
        (change,) = json.loads(ran.text)["changes"]
        assert change["bucket"] == bucket
        return change


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Later]:
    root = tmp_path_factory.mktemp("advanced")
    paths = SandboxPaths(root)
    with start_aws(root, find_engine(CHECKOUT)) as aws:
        project = make_project(tmp_path_factory.mktemp("saved") / "firnline", aws, *PROGRAM)
        project.edit("Pulumi.sandbox.yaml", (".sandbox/worlds", f"{paths.folder}/worlds"))
        assert project.pulumi("stack", "init", "sandbox").code == 0
        assert project.up().code == 0
        deleted = disturb(aws)
        advance(aws.state, {"for": "90d"})
        yield Later(
            project,
            {each.bucket: each.path for each in inventory.newest(aws.state, paths)},
            deleted,
        )


def disturb(aws: Aws) -> int:
    """The size of what is deleted."""
    live = aws.live()[DISABLED]
    assert live is not None
    for rule in live["Rules"]:
        if rule["ID"] == RULE:
            rule["Status"] = "Disabled"
    aws.put(DISABLED, live)
    client = aws.client_of(USED)
    for number in range(3):
        client.put_object(Bucket=USED, Key=f"models/new-{number}", Body=bytes(SIZE))
    found = client.list_objects_v2(Bucket=USED, Prefix="models/")["Contents"]
    largest = max(found, key=lambda each: each["Size"])
    client.delete_object(Bucket=USED, Key=largest["Key"])
    return largest["Size"]


def sums(change: Any, cause: str) -> int:
    (look,) = change["inventories"]
    return sum(gap[cause] for gap in look["classes"].values())


def test_where_nobody_interferes_it_is_realised_to_the_byte(later: Later) -> None:
    change = later.realised(UNTOUCHED)
    (look,) = change["inventories"]
    assert look["basis"] == "facts"
    assert {gap["gap"] for gap in look["classes"].values()} == {0}
    assert (look["lagging"], look["overdue"], look["created"]) == ([], [], {})
    rates = look["usd_a_month"]
    assert rates["saved"] == rates["forecast_saved"] > 0
    # The forecast that was kept: three months of it are over, but for some hours.
    months = change["forecast"]["usd"]
    assert len(months["before"]) == len(months["after"]) == 12
    assert months["before"][2] - months["after"][2] == pytest.approx(rates["saved"], rel=0.1)


def test_a_rule_that_was_disabled_by_hand_did_not_act(later: Later) -> None:
    change = later.realised(DISABLED)
    (look,) = change["inventories"]
    assert {each["rule"] for each in look["overdue"]} == {RULE}
    assert all(each["key"].startswith("checkpoints/") for each in look["overdue"])
    assert sums(change, "gap") == sums(change, "overdue") > 0
    assert sums(change, "otherwise") == sums(change, "created") == 0
    assert look["usd_a_month"]["saved"] < look["usd_a_month"]["forecast_saved"]


def test_what_people_wrote_is_growth_and_what_they_deleted_is_told_apart(later: Later) -> None:
    change = later.realised(USED)
    (look,) = change["inventories"]
    assert (look["overdue"], look["lagging"]) == ([], [])
    assert sums(change, "created") == 3 * SIZE
    assert sums(change, "otherwise") == -later.deleted
    assert sums(change, "gap") == 3 * SIZE - later.deleted


def test_a_later_change_is_kept_beside_the_earlier_ones(later: Later) -> None:
    def entries() -> Any:
        (found,) = (each for each in later.project.resources() if each["urn"].endswith("::savings"))
        return found["outputs"]["ledger"]["entries"]

    earlier = entries()
    assert len(earlier) == 7
    later.project.edit("policies/training-logs.yaml", ("delete_after: 90d", "delete_after: 91d"))
    changed = later.project.up()
    assert changed.code == 0, changed.text
    *kept, added = entries()
    assert kept == earlier
    assert added["bucket"] == CHANGED
    # The clock of this world is ahead of ours: the change came after what was listed before it.
    assert str(later.inventories[CHANGED]) == added["inventory"]
    assert added["at"] == added["made"]
