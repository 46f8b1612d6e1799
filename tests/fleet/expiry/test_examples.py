"""The examples of FL743 to FL746, each judged as it says."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import yaml

from firnline.diagnostics.kinds import Severity
from firnline.fleet.expiry.acted import Between, judge_acts
from firnline.fleet.expiry.canary_findings import canary_findings
from firnline.fleet.expiry.expected_day import StoredFacts, expected_day
from firnline.fleet.expiry.findings import findings
from firnline.fleet.expiry.inventory_findings import inventory_findings
from firnline.fleet.expiry.kinds import (
    ACTED_BEFORE_ITS_DAY,
    EXPIRES_ON_ANOTHER_DAY,
    INVENTORY_TELLS_ANOTHER_DAY,
    NOT_ACTED_YET,
)
from firnline.fleet.expiry.told_day import told_day
from firnline.fleet.expiry.verdicts import BucketVerdict, WrittenRules, compare
from firnline.fleet.questions import ListedBucket
from firnline.inventory.facts.told_days import Became, Changed, Due
from firnline.s3.read_shape import read_rules
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Versioning
from tests.fleet.expiry.test_told_days import judged as judged_rows
from tests.fleet.small_world import PROD, account


def judged(example: object) -> list[tuple[str, Severity]]:
    assert isinstance(example, str)
    (told,) = yaml.safe_load(example)
    rules = [
        {
            "ID": rule["ID"],
            "Status": "Enabled",
            "Filter": {"Prefix": rule["Prefix"]},
            "Expiration": rule["Expiration"],
        }
        for rule in told["rules"]
    ]
    bucket = ListedBucket(account("prod", PROD, "us-east-1"), "lake", "us-east-1")
    written = WrittenRules(bucket, read_rules(rules), Versioning.OFF)
    if "inventory" in told:
        listed = judged_rows([{"Size": 5, **told["inventory"]}], written)
        return [(each.kind.code, each.severity) for each in inventory_findings(bucket, listed)]
    if "earlier" in told:
        return acted(told, written)
    created = told["object"]["last_modified"].replace(tzinfo=UTC)
    facts = StoredFacts(StoredItem(told["object"]["key"], created, 5))
    found = compare(written, facts, told_day(told.get("x-amz-expiration")))
    return [(each.kind.code, each.severity) for each in findings(BucketVerdict(written, (found,)))]


def acted(told: Any, written: WrittenRules) -> list[tuple[str, Severity]]:
    since, until = (told[name]["at"].replace(tzinfo=UTC) for name in ("earlier", "later"))
    created = told["earlier"]["LastModifiedDate"].replace(tzinfo=UTC)
    item = StoredItem(told["earlier"]["Key"], created, 5)
    day = expected_day(written.rules, written.state, StoredFacts(item)).day
    there = "Key" in told["later"]
    acts = judge_acts(written, [] if there else [Changed(item, Became.GONE)], Between(since, until))
    due = [Due("r", 1, day, item.key)] if there and day and day <= until.date() else []
    return [(each.kind.code, each.severity) for each in canary_findings(acts, due)]


def test_the_wrong_example_disagrees_and_the_right_one_agrees() -> None:
    assert judged(EXPIRES_ON_ANOTHER_DAY.wrong) == [("FL743", Severity.ERROR)]
    assert judged(EXPIRES_ON_ANOTHER_DAY.right) == []
    assert judged(INVENTORY_TELLS_ANOTHER_DAY.wrong) == [("FL744", Severity.ERROR)]
    assert judged(INVENTORY_TELLS_ANOTHER_DAY.right) == []
    assert judged(ACTED_BEFORE_ITS_DAY.wrong) == [("FL745", Severity.ERROR)]
    assert judged(ACTED_BEFORE_ITS_DAY.right) == []
    assert judged(NOT_ACTED_YET.wrong) == [("FL746", Severity.WARNING)]
    assert judged(NOT_ACTED_YET.right) == []
