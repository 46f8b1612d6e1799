"""The examples of FL743 and FL744, each judged as it says."""

from __future__ import annotations

from datetime import UTC

import yaml

from firnline.diagnostics.kinds import Severity
from firnline.fleet.expiry.expected_day import StoredFacts
from firnline.fleet.expiry.findings import findings
from firnline.fleet.expiry.inventory_findings import inventory_findings
from firnline.fleet.expiry.kinds import EXPIRES_ON_ANOTHER_DAY, INVENTORY_TELLS_ANOTHER_DAY
from firnline.fleet.expiry.told_day import told_day
from firnline.fleet.expiry.verdicts import BucketVerdict, WrittenRules, compare
from firnline.fleet.questions import ListedBucket
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
    created = told["object"]["last_modified"].replace(tzinfo=UTC)
    facts = StoredFacts(StoredItem(told["object"]["key"], created, 5))
    found = compare(written, facts, told_day(told.get("x-amz-expiration")))
    return [(each.kind.code, each.severity) for each in findings(BucketVerdict(written, (found,)))]


def test_the_wrong_example_disagrees_and_the_right_one_agrees() -> None:
    assert judged(EXPIRES_ON_ANOTHER_DAY.wrong) == [("FL743", Severity.ERROR)]
    assert judged(EXPIRES_ON_ANOTHER_DAY.right) == []
    assert judged(INVENTORY_TELLS_ANOTHER_DAY.wrong) == [("FL744", Severity.ERROR)]
    assert judged(INVENTORY_TELLS_ANOTHER_DAY.right) == []
