"""What the law rejects is not handed out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from firnline import pipeline
from firnline.language.check import Known
from firnline.language.checks.lock_examples import FLEET, lock_file
from firnline.rules.emitted import RejectedByTheLaw, judged
from firnline.s3.terms import Days
from tests.policies import files_of
from tests.rules.strategies import policies

POLICY = "retain: {tmp: {prefix: tmp/, delete_after: 7d}}"


def test_rules_that_s3_would_refuse_are_not_emitted() -> None:
    (compiled,) = pipeline.compile_files(files_of(POLICY)).buckets
    at_once = [replace(rule, expires=Days(0)) for rule in compiled.rules.rules]
    with pytest.raises(RejectedByTheLaw) as caught:
        judged(replace(compiled.rules, rules=tuple(at_once)), [compiled.bucket])
    assert caught.value.bucket.name == "lab-data"
    assert caught.value.configuration["Rules"][0]["Expiration"] == {"Days": 0}
    assert "InvalidArgument at Rules[0].Expiration.Days" in str(caught.value)


@settings(max_examples=200)
@given(
    policies(),
    st.sampled_from(["aws", "aws-cn", "aws-us-gov"]),
    st.sampled_from(["general-purpose", "directory"]),
)
def test_no_policy_compiles_to_what_s3_would_refuse_wherever_the_bucket_lies(
    policy: dict[str, Any], partition: str, kind: str
) -> None:
    lock = lock_file().replace("partition: aws\n", f"partition: {partition}\n")
    versioning = policy["versioning"]
    files = {
        "p.yaml": json.dumps(policy).encode(),
        "fleet.yaml": FLEET.encode(),
        "fleet.lock.yaml": lock.replace("general-purpose", kind)
        .replace("versioning: off", f"versioning: {versioning}")
        .encode(),
    }
    compilation = pipeline.compile_files(files, with_remedies=False)
    event("is refused" if compilation.failed else "compiles")


def test_an_earlier_day_has_an_earlier_law() -> None:
    early = files_of("retain: {a: {prefix: a/, warm_after: 10d, delete_after: 90d}}")
    assert not pipeline.compile_files(early).failed
    assert not pipeline.compile_files(early, Known(as_of=date(2026, 7, 16))).failed
    found = pipeline.compile_files(early, Known(as_of=date(2026, 7, 15))).diagnostics
    assert "FL205" in {each.kind.code for each in found}
