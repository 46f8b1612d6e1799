"""A folder of policies → the resources of one stack: every bucket of its accounts gets its rules.

Everything is compiled before the first resource is declared: with one error, none is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import documented_on
from firnline.diagnostics.text import to_text
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import SESSION_NAME
from firnline.language.check import Known
from firnline.language.fleet import Account
from firnline.language.project import BadSettings
from firnline.pipeline import Compilation, compile_files
from firnline.rules.checks.not_analysed import not_analysed
from firnline.rules.checks.sent_otherwise import check_as_sent
from firnline.rules.coverage import locked_buckets, namespace_of
from firnline.rules.diff.items import BucketNotAnalysed
from firnline.rules.program import Bucket
from firnline.settings import policies_of, settings_in
from firnline.targets.pulumi_aws.agreed import Agreed, agreed_in, without_gates
from firnline.targets.pulumi_aws.component import Retention
from firnline.targets.pulumi_aws.not_restored import ledger_unreadable
from firnline.targets.pulumi_aws.program import this_program
from firnline.targets.pulumi_aws.proved_rules import ProvedRules, of_bucket
from firnline.targets.pulumi_aws.restored import Restored, Undo, restored
from firnline.targets.pulumi_aws.rollout_run import PLANNED, BadRollout, RolloutRun, rollout_run
from firnline.targets.pulumi_aws.stack import (
    accounts_of,
    check_accounts,
    check_files,
    digest_of_all,
    too_big,
)
from firnline.targets.pulumi_aws.stack_files import check_deployed, check_not_shared
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

Wanted = tuple[Bucket, ProvedRules]


def deploy(folder: str | None = None) -> Mapping[str, Retention]:
    """Declares a `Retention` for each bucket that the stack's `firnline:accounts` own, by the
    bucket's key `<account label>/<region>/<bucket>`, and exports what was applied.

    `folder` holds the policies, the fleet file and the lock, relative to the program; without it,
    it is the one that the settings beside the program name, else `policies`. Problems are reported,
    and the program ends before any resource is declared.
    """
    try:
        return _deploy(folder)
    except pulumi.RunError as error:
        pulumi.error(str(error))
        sys.exit(ALREADY_SAID)


def _deploy(folder: str | None) -> Mapping[str, Retention]:
    compilation, agreed = _compiled(folder)
    fleet = compilation.folder.fleet
    assert fleet is not None, "check_files has looked"
    labels = stack_accounts()
    stop_on(check_accounts(labels, fleet, pulumi.get_stack()))
    others, world = other_stacks(), stack_world()
    stop_on(check_deployed(fleet, compilation.buckets, labels, others, world))
    stop_on(check_not_shared(fleet, labels, others, world))
    accounts = accounts_of(labels, fleet)
    run = _run()
    this_program().run = run
    wanted = _wanted(compilation, agreed, accounts, run)
    stop_on(
        problem
        for bucket, proved in wanted
        for problem in check_as_sent(proved.rules, bucket.name, proved.kept)
    )
    _stop_on_another_plan(wanted)
    if reason := too_big(accounts, wanted):
        stop(reason)
    stop_on_mixed_worlds(accounts[0].regions[0])
    stop_on(stray.diagnostic() for stray in this_program().strays)

    stacks = [each.stack for each in others if each.world == world]
    this_program().look_into(stacks, [bucket.name for bucket, _ in wanted])
    declared = _declare(accounts, wanted)
    pulumi.export("world", stack_world())
    pulumi.export("applied", {key: retention.applied for key, retention in declared.items()})
    if run.rollout is not None:
        pulumi.export("rollout", run.rollout)
    if (savings := this_program().savings) is not None:
        pulumi.export("savings", savings.in_words)
    return declared


def _compiled(folder: str | None) -> tuple[Compilation, Agreed]:
    """All policies, those for accounts of other stacks too. What needs an approval is judged once
    it is about to be written.
    """
    try:
        folder = folder or policies_of(settings_in("."))
        project = project_around([folder])
        compilation = compile_files(read_folder(folder), Known(project))
    except (NoPolicies, BadSettings) as error:
        stop(str(error))
    found = compilation.diagnostics
    stop_on(documented_on(project.docs_url, without_gates(found)))
    stop_on(documented_on(project.docs_url, check_files(compilation.folder)))
    try:
        agreed = agreed_in(compilation.folder, project, found, compilation.buckets)
    except BadSettings as error:
        stop(str(error))
    except BucketNotAnalysed as why:
        stop(f"\n{to_text([not_analysed(why.bucket, why.prefix)])}")
    return compilation, agreed


def _run() -> RolloutRun:
    try:
        return rollout_run(os.environ)
    except BadRollout as error:
        stop(str(error))


def _wanted(
    compilation: Compilation, agreed: Agreed, accounts: list[Account], run: RolloutRun
) -> list[Wanted]:
    folder, labels = compilation.folder, {account.label.value for account in accounts}
    namespace = namespace_of(folder)
    buckets = [each for each in compilation.buckets if each.bucket.account in labels]
    if run.restores is None:
        return [(each.bucket, of_bucket(each, namespace, agreed)) for each in buckets]
    program = this_program()
    earlier = program.earlier
    if earlier.unreadable is not None:
        stop_on([ledger_unreadable(earlier.why)])
    locked = [each for each in locked_buckets(folder) if each.account in labels]
    known = earlier.entries, earlier.begun, program.recorded(), buckets, locked, accounts
    found, problems = restored(Undo(run.restores, *known, namespace, agreed))
    stop_on(documented_on(agreed.docs_url, problems))
    _tell(found, run.restores)
    return [(each.bucket, each.proved) for each in found]


def _stop_on_another_plan(wanted: list[Wanted]) -> None:
    """Where a rollout started this run, and planned something else for the stack: its files have
    changed since, or this program reads another folder.
    """
    planned = os.environ.get(PLANNED)
    if planned and planned != digest_of_all((each.name, rules.rules) for each, rules in wanted):
        stop(
            "this is not what the rollout has planned: the policies or the lock have changed since,"
            " or the program deploys another folder than the one that was named; plan it again with"
            " `firnline rollout --plan`"
        )


def _tell(found: list[Restored], rollout: str) -> None:
    """What the reader of the output would not expect."""
    again = [
        f"`{each.bucket.name}` on {change.at:%Y-%m-%d %H:%M}Z"
        for each in found
        for change in each.again[-1:]
    ]
    if again:
        pulumi.warn(
            f"what was changed since rollout `{rollout}` is undone as well: {', '.join(again)}"
        )
    lost = [f"`{visible(rule.id)}` on `{each.bucket.name}`" for each in found for rule in each.lost]
    if lost:
        pulumi.warn(
            f"rules that Firnline did not write went before rollout `{rollout}` or by it, which is"
            f" not known, and are not restored: {', '.join(lost)}"
        )
    many = how_many(sum(each.proved.restores is not None for each in found), "bucket")
    pulumi.info(
        f"rollout `{rollout}` is undone on {many}: no object comes back, and the next `pulumi up`"
        " writes what the policies say"
    )


def _declare(accounts: list[Account], wanted: list[Wanted]) -> dict[str, Retention]:
    """Resource names are the id of an account and the name of a bucket, so that renaming in the
    files renames no resource: another name would be a create and then a delete on the same bucket.
    """
    by_id = {account.id.value: account for account in accounts}
    providers = {id: _provider_for(account) for id, account in by_id.items()}
    declared = {}
    for bucket, proved in wanted:
        account = by_id[bucket.account_id]
        assert bucket.region is not None, "the lock knows every bucket's region"
        declared[bucket.key] = Retention(
            bucket.name,
            bucket=bucket.name,
            rules=proved,
            account_id=bucket.account_id,
            role_arn=account.role.value if account.role else None,
            external_id=account.external_id.value if account.external_id else None,
            region=bucket.region,
            opts=pulumi.ResourceOptions(provider=providers[bucket.account_id]),
        )
    return declared


def _provider_for(account: Account) -> aws.Provider:
    role, external_id = account.role, account.external_id
    return aws.Provider(
        account.id.value,
        # The first one listed, so that adding a region changes no provider; resources state theirs.
        region=account.regions[0],
        allowed_account_ids=[account.id.value],
        assume_roles=(
            [
                aws.ProviderAssumeRoleArgs(
                    role_arn=role.value,
                    session_name=SESSION_NAME,
                    external_id=external_id.value if external_id else None,
                )
            ]
            if role
            else None
        ),
    )
