"""A policy file → the rules of one bucket, for programs that have no fleet and no lock."""

from __future__ import annotations

from pathlib import Path

import pulumi

from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.language.checks import CHECKS as POLICY_CHECKS
from firnline.language.checks import FOLDER_CHECKS
from firnline.language.model import Folder, Versioning
from firnline.pipeline import read_files
from firnline.rules.checks import CHECKS as PROGRAM_CHECKS
from firnline.rules.ir import RuleSet
from firnline.rules.lower import lower
from firnline.rules.program import Bucket, program_for
from firnline.targets.pulumi_aws.stop import stop_on
from firnline.workspace import NoPolicies, read_paths


def rules_from(path: str | Path, *, namespace: str, versioning: str) -> RuleSet:
    """The rules that the policies of a file or a folder ask of a bucket.

    All of them are for the bucket, whatever their `applies_to` says; a fleet file or a lock beside
    them is not asked. `versioning` is the bucket's: `enabled`, `suspended` or `off`. Ends the
    program with drawn diagnostics where a policy is wrong.
    """
    try:
        files = read_paths([str(path)])
    except NoPolicies as error:
        raise pulumi.RunError(str(error)) from error
    read, found = read_files(files)
    folder = Folder(policies=read.policies)
    if not folder.policies and not has_errors(found):
        raise pulumi.RunError(f"no policies found: {path} holds none")
    bucket = Bucket(
        account="",
        account_id="",
        name=str(path),
        region=None,
        versioning=Versioning(versioning),
    )
    program = program_for(namespace, folder.policies, (bucket,))
    diagnostics: list[Diagnostic] = [
        *found,
        *(problem for check in FOLDER_CHECKS for problem in check(folder)),
        *(
            problem
            for policy in folder.policies
            for check in POLICY_CHECKS
            for problem in check(policy)
        ),
        *(problem for check in PROGRAM_CHECKS for problem in check(program)),
    ]
    stop_on(diagnostics)
    return lower(program)
