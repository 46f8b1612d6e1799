"""Which stack deploys which account, where the files of several worlds lie in one folder."""

from __future__ import annotations

from firnline.rollout.stacks import stacks_of
from firnline.targets.pulumi_aws.stack_files import StackFile
from tests.fleet.small_world import PROD, STAGING, account

PROD_ACCOUNT, STAGING_ACCOUNT = account("prod", PROD), account("staging", STAGING)


def test_a_stack_of_another_world_keeps_its_file() -> None:
    here = (StackFile("Pulumi.main.yaml", ("prod",), "aws"),)
    taken = frozenset({"main", "staging"})
    found = stacks_of([PROD_ACCOUNT, STAGING_ACCOUNT], here, taken)
    assert [(each.file, each.is_new) for each in found] == [
        ("Pulumi.main.yaml", False),
        ("Pulumi.staging-account.yaml", True),
    ]
