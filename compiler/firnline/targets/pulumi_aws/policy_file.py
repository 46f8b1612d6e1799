"""A policy file → the rules of one bucket, for programs that have no fleet and no lock."""

from __future__ import annotations

from pathlib import Path

import pulumi

from firnline.diagnostics.kinds import has_errors
from firnline.language.model import Versioning
from firnline.pipeline import compile_for
from firnline.rules.ir import RuleSet
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
    folder, rules, diagnostics = compile_for(files, namespace, str(path), Versioning(versioning))
    if not folder.policies and not has_errors(diagnostics):
        raise pulumi.RunError(f"no policies found: {path} holds none")
    stop_on(diagnostics)
    return rules
