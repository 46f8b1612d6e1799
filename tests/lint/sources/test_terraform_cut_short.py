"""Nothing is skipped without a word: plans that were cut, and modules that a file only calls."""

from __future__ import annotations

import json

from firnline.diagnostics.kinds import Severity
from firnline.lint.check import check_lifecycle_file
from tests.lint.sources.terraform_files import lifecycle, plan, rule


def test_a_plan_that_was_cut_to_its_changes_is_an_error_and_not_an_empty_one() -> None:
    whole = json.loads(json.dumps(plan(lifecycle("logs", rule()))))
    changes = [
        {"address": each["address"], "type": each["type"], "change": {"actions": ["create"]}}
        for each in whole["planned_values"]["root_module"]["resources"]
    ]
    cut = {"format_version": "1.2", "resource_changes": changes}
    (found,) = check_lifecycle_file(json.dumps(cut).encode(), "plan.json")
    assert (found.kind.code, found.severity) == ("FL254", Severity.ERROR)
    other = [{"address": "aws_iam_role.a", "type": "aws_iam_role", "change": {"actions": []}}]
    cut = {"format_version": "1.2", "resource_changes": other}
    (found,) = check_lifecycle_file(json.dumps(cut).encode(), "plan.json")
    assert found.kind.code == "FL247"


def test_a_configuration_that_only_calls_modules_says_that_their_rules_are_not_known() -> None:
    calls = {"module": {"logs": {"source": "terraform-aws-modules/s3-bucket/aws"}}}
    (found,) = check_lifecycle_file(json.dumps(calls).encode(), "main.tf.json")
    assert (found.kind.code, found.severity) == ("FL246", Severity.NOTE)
    assert "`logs`" in found.message
