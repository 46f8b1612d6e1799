"""Rules that people have published, in issues, READMEs and modules, are imported as what they mean.

`public_rules.json` has one configuration that S3 accepts in each line, under other IDs.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firnline.fleet.imported.imported import imported
from firnline.fleet.imported.model import ImportedBucket
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.terms import Versioning
from tests.fleet.imported.test_imported import check

FILE = Path(__file__).with_name("public_rules.json")


def published() -> list[RuleSet]:
    return [
        read_rules(each["Rules"], each["TransitionDefaultMinimumObjectSize"])
        for each in json.loads(FILE.read_text())
    ]


@pytest.mark.slow
def test_public_rules_are_imported_as_what_they_mean_and_are_shorter_then() -> None:
    for rules in published():
        for versioning in (None, Versioning.ENABLED, Versioning.OFF):
            check(rules, versioning)


@pytest.mark.slow
def test_most_public_rules_need_no_rule_beside_the_policy_where_no_versions_are_kept() -> None:
    bucket = ImportedBucket("lab", "lab-runs", versioning=Versioning.OFF, object_lock=False)
    policies = [imported(rules, bucket) for rules in published()]
    said = [policy for policy in policies if not policy.kept]
    assert len(said) >= 0.85 * len(policies)
    assert all(stays.reason for policy in policies for stays in policy.kept)
