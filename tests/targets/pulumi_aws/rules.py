"""Rules for tests, as S3 has them and written as YAML is."""

from __future__ import annotations

from typing import Any

import yaml

from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.targets.pulumi_aws.write import Write


def rules(*shapes: str | dict[str, Any], **configuration: str) -> RuleSet:
    read = [yaml.safe_load(shape) if isinstance(shape, str) else shape for shape in shapes]
    return read_configuration({"Rules": read, **configuration})


def expiring(days: int, id: str = "firnline/lab/tmp/tmp", status: str = "Enabled") -> str:
    return f"{{ID: {id}, Status: {status}, Filter: {{Prefix: tmp/}}, Expiration: {{Days: {days}}}}}"


def write(writing: RuleSet, written: RuleSet | None = None, **more: Any) -> Write:
    return Write(
        bucket="lab-data",
        account_id="111122223333",
        namespace="lab",
        rules=writing,
        written=written,
        **more,
    )
