"""An undo puts live what was live before a rollout, and nothing that policies say since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from firnline.fleet.live import read_live_json
from firnline.rules.lower import placeholder
from firnline.s3.shape import Json, to_s3
from sandbox.world.accounts import DEV, LOGS
from tests.end_to_end.stack import Aws, Project, Ran
from tests.end_to_end.test_giving_up import resolve
from tests.end_to_end.test_refused import add_manually

pytestmark = pytest.mark.slow
NEW = "acme-ml-artifacts-new-use1"
POLICY, LOGS_POLICY = "policies/ml-artifacts.yaml", "policies/training-logs.yaml"
COVERED = "buckets: [acme-ml-artifacts-dev-use1]"
NOTHING = to_s3(placeholder("acme-ml"))
HOLD = """
holds:
  lit-7: {prefix: logs/, ask_again: 2999-12-31, why: discovery request, approved_by: legal}
"""


def rollout(project: Project, id: str) -> Ran:
    return project.pulumi("up", "--yes", "--skip-preview", FIRNLINE_ROLLOUT=id)


def undo(project: Project, id: str, by: str, *words: str) -> Ran:
    words = words or ("up", "--yes", "--skip-preview")
    return project.pulumi(*words, FIRNLINE_ROLLOUT=by, FIRNLINE_RESTORE=id)


def live(aws: Aws) -> dict[str, Json | None]:
    shape = read_live_json(aws.client(DEV.account.id), NEW)
    return {**aws.live(), NEW: shape}


def ledger(project: Project) -> Any:
    (found,) = (each for each in project.resources() if each["urn"].endswith("::savings"))
    return found["outputs"]


def ids(project: Project) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for each in ledger(project)["ledger"]["entries"]:
        found.setdefault(each["bucket"], []).append(each.get("rollout"))
    return found


@dataclass(frozen=True)
class Rolled:
    """A rollout `a` of new rules, beside a rule of others that is kept, and on a new bucket."""

    project: Project
    before: dict[str, Json | None]


@pytest.fixture
def rolled(project: Project, aws: Aws) -> Rolled:
    client = aws.client(DEV.account.id)
    client.create_bucket(Bucket=NEW)
    client.put_bucket_versioning(Bucket=NEW, VersioningConfiguration={"Status": "Enabled"})
    add_manually(aws, LOGS.name)
    before = live(aws)
    project.edit(POLICY, ("delete_after: 180d", "delete_after: 18d"), ("    cold_after: 60d\n", ""))
    project.edit(POLICY, (COVERED, COVERED.replace("]", f", {NEW}]")))
    project.edit(LOGS_POLICY, ("delete_after: 90d", "delete_after: 91d"))
    project.edit(LOGS_POLICY, ("\nretain:", "\nforeign_rules: keep\nretain:"))
    resolve(project)
    done = rollout(project, "a")
    assert done.code == 0, done.text
    assert live(aws) != before
    return Rolled(project, before)


def expected(before: dict[str, Json | None]) -> dict[str, Json | None]:
    return {**before, NEW: NOTHING}


def test_live_is_what_it_was_and_a_second_time_changes_nothing(rolled: Rolled, aws: Aws) -> None:
    project = rolled.project
    after = live(aws)
    assert ids(project)[NEW] == ["a"]
    assert ids(project)[LOGS.name][-1] == "a"
    assert project.pulumi("stack", "output", "rollout").text.splitlines()[-1] == "a"
    # Nothing of a newer policy is written, but its holds count.
    project.edit("policies/ci-scratch.yaml", ("delete_after: 30d", "delete_after: 29d"))
    project.edit(LOGS_POLICY, ("delete_after: 91d", "delete_after: 92d"))
    project.edit(LOGS_POLICY, ("\nretain:", f"{HOLD}retain:"))
    refused = undo(project, "a", "b")
    assert refused.code != 0
    assert "error[FL733]" in refused
    assert "the hold `lit-7` keeps that" in " ".join(refused.text.replace("|", " ").split())
    assert live(aws) == after

    project.edit(LOGS_POLICY, (HOLD, "\n"))
    undone = undo(project, "a", "b")
    assert undone.code == 0, undone.text
    assert "rollout `a` is undone on 5 buckets" in undone
    assert live(aws) == expected(rolled.before)

    again = undo(project, "a", "b", "preview", "--expect-no-changes")
    assert again.code == 0, again.text

    back = undo(project, "b", "c")
    assert back.code == 0, back.text
    assert live(aws) == after
