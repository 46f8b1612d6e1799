"""The rules in the format of the AWS CLI and boto3, keyed `<account label>/<region>/<bucket>`."""

from __future__ import annotations

import json

from firnline.pipeline import Compilation
from firnline.rules.bucket_rules import BucketRules
from firnline.s3.shape import rules_to_s3, to_s3


def to_s3_json(compilation: Compilation) -> str:
    """One JSON object; buckets with the same rules are encoded once."""
    encoded: dict[int, str] = {}
    entries = []
    for each in compilation.buckets:
        known = id(each.rules)  # buckets of one program share the very same rules
        if known not in encoded:
            encoded[known] = json.dumps(to_s3(each.rules), indent=2).replace("\n", "\n  ")
        entries.append(f"  {json.dumps(each.bucket.key)}: {encoded[known]}")
    return "{\n" + ",\n".join(entries) + "\n}\n" if entries else "{}\n"


def to_one_configuration(only: BucketRules) -> str:
    """What the AWS CLI takes as `--lifecycle-configuration`; the header is an option beside it."""
    return json.dumps(rules_to_s3(only.rules), indent=2) + "\n"
