"""The law agrees with every case in validation.json, and the cases are what they claim to be."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from firnline.s3.conformance.fields import Fields
from firnline.s3.conformance.validation import bucket_of
from firnline.s3.law.judge import judge
from firnline.s3.law.verdict import Verdict
from firnline.s3.terms import Partition

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "validation.json").read_text(encoding="utf-8")
)
MODEL = botocore.session.get_session().get_service_model("s3")
SHAPE = MODEL.operation_model("PutBucketLifecycleConfiguration").input_shape


def judged(case: dict[str, Any]) -> Verdict:
    return judge(
        case["config"],
        bucket_of(Fields(case)),
        Partition(case.get("partition", "aws")),
        date.fromisoformat(case["as_of"]) if "as_of" in case else None,
        case.get("header"),
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_law_says_what_s3_says(case: dict[str, Any]) -> None:
    verdict = judged(case)
    assert verdict.accepted == (case["aws_verdict"] == "accept"), verdict.findings
    if not verdict.accepted:
        first = verdict.findings[0]
        assert first.code == case.get("expected_code", first.code)
        assert first.message == case.get("expected_message", first.message)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_boto3_refuses_what_the_case_says_it_refuses(case: dict[str, Any]) -> None:
    assert SHAPE is not None
    try:
        report = ParamValidator().validate(case["config"], SHAPE.members["LifecycleConfiguration"])
        refused = report.has_errors()
    except (TypeError, ValueError, OverflowError):
        refused = True
    assert refused == case.get("client_side_rejected", False)


def test_there_are_cases_of_every_sort() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) >= 200
    assert all(case["origin"] and case["reason"] for case in CASES)
    counted = Counter(case["confidence"] for case in CASES)
    assert counted.keys() == {"observed", "documented", "inferred"}
    verdicts = Counter(case["aws_verdict"] for case in CASES)
    assert min(verdicts["accept"], verdicts["reject"]) >= 200
