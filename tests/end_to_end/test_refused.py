"""What stops a deployment, before anything is written."""

from __future__ import annotations

import pytest

from firnline.s3.shape import Json, to_s3
from sandbox.world.accounts import DEV, PROD_EU, PROD_US
from tests.end_to_end.stack import Aws, Project

BY_HAND: Json = {
    "ID": "by-hand",
    "Status": "Enabled",
    "Filter": {"Prefix": "exports/"},
    "Expiration": {"Days": 3},
}


def add_manually(aws: Aws, bucket: str) -> None:
    live = aws.live()[bucket]
    assert live is not None
    aws.put(bucket, {**live, "Rules": [*live["Rules"], BY_HAND]})


def edit_manually(aws: Aws, bucket: str) -> None:
    live = aws.live()[bucket]
    assert live is not None
    first, *others = live["Rules"]
    aws.put(bucket, {**live, "Rules": [{**first, "Status": "Disabled"}, *others]})


def change_a_number(project: Project) -> None:
    project.edit("policies/ml-artifacts.yaml", ("delete_after: 180d", "delete_after: 18d"))
    project.edit("policies/ml-artifacts.yaml", ("    cold_after: 60d\n", ""))


def test_a_broken_policy_stops_everything_and_is_drawn(project: Project, aws: Aws) -> None:
    before = aws.live()
    change_a_number(project)
    project.edit("policies/training-logs.yaml", ("delete_after: 90d", "delete_after: 90"))
    refused = project.pulumi("up", "--yes")
    assert refused.code != 0
    drawn = (
        "    error[FL105]: this is not a duration\n"
        "      --> policies/training-logs.yaml:17:19\n"
        "       |\n"
        "    17 |     delete_after: 90\n"
        "       |                   ^^ `90` is not a duration\n"
    )
    assert drawn in refused.text
    assert "Traceback" not in refused
    assert "unhandled" not in refused
    assert "acme-ml-artifacts-use1" not in refused
    assert aws.live() == before


def test_a_foreign_rule_and_a_hand_edit_stop_the_whole_up_in_its_preview(
    project: Project, aws: Aws
) -> None:
    change_a_number(project)
    add_manually(aws, DEV.name)
    edit_manually(aws, PROD_US.name)
    before = aws.live()
    refused = project.pulumi("up", "--yes")
    assert refused.code != 0
    assert "error[FL409]: a bucket has live rules that Firnline did not write" in refused
    assert "this write would remove: `by-hand`" in refused
    assert "error[FL706]: the live rules are not what was last written" in refused
    assert "`firnline show acme-ml-artifacts-use1`" in refused
    assert "Traceback" not in refused
    assert aws.live() == before

    # A refresh makes the live rules the state: the hand edit is accepted, the foreign rule is not.
    assert "`pulumi refresh --run-program=false`" in " ".join(refused.text.split())
    assert project.pulumi("refresh", "--yes", "--skip-preview", "--run-program=false").code == 0
    refused = project.pulumi("preview")
    assert "FL706" not in refused
    assert "error[FL409]" in refused
    assert aws.live() == before


def test_a_rule_that_comes_after_the_preview_stops_the_writes_of_all_buckets(
    project: Project, aws: Aws
) -> None:
    """As while the question waits: the program that writes is another run than the preview's."""
    change_a_number(project)
    assert project.pulumi("preview").code == 0
    add_manually(aws, DEV.name)
    before = aws.live()
    refused = project.up()
    assert refused.code != 0
    assert "error[FL409]" in refused
    assert "= note: nothing was written" in refused
    for bucket in (PROD_US.name, PROD_EU.name):
        assert f"`{bucket}` is not written, because `{DEV.name}` was refused" in refused
    assert "Traceback" not in refused
    assert aws.live() == before


@pytest.mark.slow
def test_a_disabled_rule_under_our_name_is_not_erased_silently(project: Project, aws: Aws) -> None:
    change_a_number(project)
    live = aws.live()[DEV.name]
    assert live is not None
    off = {**BY_HAND, "ID": "firnline/acme-ml/suspended-for-audit", "Status": "Disabled"}
    aws.put(DEV.name, {**live, "Rules": [*live["Rules"], off]})
    before = aws.live()
    refused = project.pulumi("up", "--yes")
    assert refused.code != 0
    assert "error[FL706]" in refused
    said = " ".join(refused.text.replace("|", " ").split())
    unknown = (
        "one rule with the prefix of Firnline's IDs that this stack did not write in this form"
    )
    assert f"`{DEV.name}` has {unknown}" in said
    assert "`firnline/acme-ml/suspended-for-audit` (disabled)" in refused
    assert aws.live() == before

    # What the help says, where nobody needs the rule.
    assert "`pulumi refresh --run-program=false`" in said
    assert project.pulumi("refresh", "--yes", "--skip-preview", "--run-program=false").code == 0
    replaced = project.up()
    assert replaced.code == 0, replaced.text
    assert aws.live() == {name: to_s3(rules) for name, rules in project.compiled().items()}


def test_live_rules_that_cannot_be_read_are_not_replaced(project: Project, aws: Aws) -> None:
    change_a_number(project)
    before = aws.live()
    aws.fail(
        operation="GetBucketLifecycleConfiguration",
        bucket=DEV.name,
        status=403,
        code="AccessDenied",
        message="not today",
    )
    refused = project.pulumi("preview")
    assert refused.code != 0
    assert f"the live rules of `{DEV.name}` cannot be read, so nothing is written" in refused
    said = f"account {DEV.account.id}: s3:GetLifecycleConfiguration: AccessDenied: not today"
    assert said in refused
    assert "Traceback" not in refused
    assert aws.live() == before


@pytest.mark.slow
def test_a_bucket_that_was_deleted_is_said_to_be_gone(project: Project, aws: Aws) -> None:
    """The world's buckets hold objects, so S3 is made to answer as if this one were gone."""
    change_a_number(project)
    before = aws.live()
    reading = "GetBucketLifecycleConfiguration"
    aws.fail(operation=reading, bucket=DEV.name, status=404, code="NoSuchBucket", times=99)
    refused = project.pulumi("preview")
    aws.fail_no_more()
    assert refused.code != 0
    assert "error[FL703]: the account has no such bucket" in refused
    assert f"`{DEV.name}` does not exist any more" in refused
    assert "run `firnline resolve`" in refused
    assert "Traceback" not in refused
    assert aws.live() == before


def test_a_stack_that_names_no_accounts_says_what_to_write(project: Project) -> None:
    project.edit("Pulumi.sandbox.yaml", ("firnline:accounts", "firnline:acounts"))
    refused = project.pulumi("preview")
    assert refused.code != 0
    assert "`firnline:accounts: [<label of the fleet file>]`" in refused
    assert "Traceback" not in refused
