"""A configuration as it was put → the rules that it means, as any client reads them back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import botocore.session
from botocore.model import Shape
from botocore.parsers import ResponseParserError, create_parser

from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.testing.lifecycle_xml import Configuration, write_configuration


class UnreadableRules(ValueError):
    """What was stored is no lifecycle that S3 would have accepted; the text names the bucket."""


def rules_of(bucket: str, configuration: Configuration) -> RuleSet:
    """Read by botocore, as boto3 would: whatever S3 accepts, S3's clients can read."""
    answer = {
        "status_code": 200,
        "headers": {},
        "body": write_configuration(configuration).encode(),
    }
    try:
        shape: Any = create_parser("rest-xml").parse(answer, _output())
        shape["TransitionDefaultMinimumObjectSize"] = configuration.minimum_size
        for rule in shape["Rules"]:
            for dated in (rule.get("Expiration", {}), *rule.get("Transitions", [])):
                if "Date" in dated:
                    dated["Date"] = _day(dated["Date"])
        return read_configuration(shape)
    except (KeyError, TypeError, ValueError, ResponseParserError) as error:
        raise UnreadableRules(
            f"the lifecycle of `{bucket}` cannot be carried out: S3 would not have accepted it "
            f"({type(error).__name__}: {error})"
        ) from error


@cache
def _output() -> Shape:
    model = botocore.session.get_session().get_service_model("s3")
    output = model.operation_model("GetBucketLifecycleConfiguration").output_shape
    assert output is not None
    return output


def _day(moment: datetime) -> date:
    """S3 keeps a date as midnight UTC, however it was written (seen on S3, 2026-09-21)."""
    return moment.astimezone(UTC).date()
