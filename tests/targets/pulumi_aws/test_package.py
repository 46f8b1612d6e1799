"""What other programs import, and what that costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from firnline.targets import pulumi_aws


def test_importing_the_package_or_its_kinds_imports_neither_pulumi_nor_boto3() -> None:
    program = (
        "import sys, firnline.targets.pulumi_aws, firnline.targets.pulumi_aws.guard,"
        " firnline.targets.pulumi_aws.world;"
        " print([name for name in ('pulumi', 'pulumi_aws', 'boto3') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


def test_the_component_and_rules_from_are_imported_on_first_use() -> None:
    assert pulumi_aws.Retention.__module__ == "firnline.targets.pulumi_aws.component"
    assert callable(pulumi_aws.rules_from)


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Retentoin"):
        pulumi_aws.Retentoin  # noqa: B018  # the point of the test
