"""The Pulumi program: every bucket of the stack's accounts gets what the policies ask of it.

Everything is compiled before the first resource is declared: one mistake, and nothing is.
"""

import sys

import pulumi
import pulumi_aws as aws

from firnline.language.check import Known
from firnline.language.fleet import Account, Fleet
from firnline.language.project import BadSettings
from firnline.pipeline import BucketRules, Compilation, compile_files
from firnline.targets.pulumi_aws import Retention
from firnline.targets.pulumi_aws import stack as stacks
from firnline.targets.pulumi_aws.as_sent import check_as_sent
from firnline.targets.pulumi_aws.program import this_program
from firnline.targets.pulumi_aws.proved_rules import of_bucket
from firnline.targets.pulumi_aws.stack_files import check_deployed
from firnline.targets.pulumi_aws.stop import (
    ALREADY_SAID,
    other_stacks,
    stack_accounts,
    stack_world,
    stop,
    stop_on,
    stop_on_mixed_worlds,
)
from firnline.workspace import NoPolicies, project_around, read_folder


def main() -> None:
    compilation, fleet = compile_everything()
    labels = stack_accounts()
    stop_on(stacks.check_accounts(labels, fleet, pulumi.get_stack()))
    stop_on(check_deployed(fleet, compilation.buckets, labels, other_stacks(), stack_world()))
    accounts = stacks.accounts_of(labels, fleet)
    buckets = [each for each in compilation.buckets if each.bucket.account in labels]
    stop_on(problem for each in buckets for problem in check_as_sent(each.rules, each.bucket.name))
    if reason := stacks.too_big(accounts, buckets):
        stop(reason)
    stop_on_mixed_worlds(accounts[0].regions[0])
    stop_on(stray.diagnostic() for stray in this_program().strays)

    declared = declare(fleet, accounts, buckets)
    pulumi.export("world", stack_world())
    pulumi.export("applied", {key: retention.applied for key, retention in declared.items()})


def compile_everything() -> tuple[Compilation, Fleet]:
    """All policies, those for accounts of other stacks too."""
    try:
        compilation = compile_files(read_folder("policies"), Known(project_around(["policies"])))
    except (NoPolicies, BadSettings) as error:
        stop(str(error))
    stop_on(compilation.diagnostics)
    stop_on(stacks.check_files(compilation.folder))
    assert compilation.folder.fleet is not None, "check_files has looked"
    return compilation, compilation.folder.fleet


def declare(
    fleet: Fleet, accounts: list[Account], buckets: list[BucketRules]
) -> dict[str, Retention]:
    """Names are frozen: the id of an account, the name of a bucket. Whatever is renamed in the
    files, no resource is: another name would be a create and then a delete on the same bucket."""
    by_id = {account.id.value: account for account in accounts}
    providers = {id: provider_for(account) for id, account in by_id.items()}
    declared = {}
    for each in buckets:
        bucket, role = each.bucket, by_id[each.bucket.account_id].role
        assert bucket.region is not None, "the lock knows every bucket's region"
        declared[bucket.key] = Retention(
            bucket.name,
            bucket=bucket.name,
            rules=of_bucket(each, fleet.namespace.value),
            account_id=bucket.account_id,
            role_arn=role.value if role else None,
            region=bucket.region,
            opts=pulumi.ResourceOptions(provider=providers[bucket.account_id]),
        )
    return declared


def provider_for(account: Account) -> aws.Provider:
    role = account.role
    return aws.Provider(
        account.id.value,
        # The first one written, so that adding a region changes no provider; resources say theirs.
        region=account.regions[0],
        allowed_account_ids=[account.id.value],
        assume_roles=(
            [aws.ProviderAssumeRoleArgs(role_arn=role.value, session_name="firnline")]
            if role
            else None
        ),
    )


try:
    main()
except pulumi.RunError as error:
    pulumi.error(str(error))
    sys.exit(ALREADY_SAID)
