"""The `lifecycle_configuration` of `awscc_s3_bucket` → what CloudFormation sends.

The provider is made from CloudFormation's schema of AWS::S3::Bucket, and hands its values to the
Cloud Control API (hashicorp/terraform-provider-awscc, README): the names are CloudFormation's, in
Terraform's letters.
"""

from __future__ import annotations

import re
from typing import Final

from firnline.lint.sources.cloudformation.rules import Sent, configuration_from_cloudformation
from firnline.lint.sources.terraform.resources import Resource

ARGUMENT: Final = "lifecycle_configuration"
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")


def sent_by_awscc(resource: Resource) -> Sent:
    where = (*resource.where, ARGUMENT)
    value = resource.values.get(ARGUMENT)
    return configuration_from_cloudformation(value, where, spelled=_in_terraform)


def _in_terraform(name: str) -> str:
    return _WORD.sub("_", name).lower()
