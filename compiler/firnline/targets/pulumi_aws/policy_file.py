"""A policy file → the rules of one bucket, for programs that have no fleet and no lock."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pulumi

from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.visible import visible
from firnline.language.check import NOTHING_KNOWN
from firnline.language.model import Folder
from firnline.language.nearest import did_you_mean
from firnline.language.read_files import read_files
from firnline.language.syntax import Content
from firnline.pipeline import CHECKS, compile_program
from firnline.rules.problems import diagnose
from firnline.rules.program import Bucket
from firnline.rules.unite import program_for
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules
from firnline.targets.pulumi_aws.stop import stop, stop_on
from firnline.workspace import NoPolicies, read_paths

VersioningName = Literal["enabled", "suspended", "off"]
"""The values of `Versioning`."""


def rules_from(
    path: str | Path, *, namespace: str, versioning: VersioningName, object_lock: bool = False
) -> ProvedRules:
    """The rules that the policies of a file or a folder require for a bucket.

    All of them apply to the bucket, whatever their `applies_to` says; a fleet file or a lock in the
    folder is ignored. `versioning` and `object_lock` are the bucket's, and are compared with it
    before anything is written. Ends the program with drawn diagnostics where a policy is wrong.
    """
    state = BucketState(_versioning(versioning), object_lock)
    try:
        files = read_paths([str(path)])
    except NoPolicies as error:
        raise pulumi.RunError(str(error)) from error
    folder, rules, diagnostics = compile_for(
        files, namespace, str(path), state.versioning, object_lock=object_lock
    )
    if not folder.policies and not has_errors(diagnostics):
        stop(f"no policies found: {path} holds none")
    stop_on(diagnostics)
    return ProvedRules(rules, namespace, state)


def compile_for(
    files: Mapping[str, Content],
    namespace: str,
    bucket: str,
    versioning: Versioning,
    *,
    object_lock: bool = False,
) -> tuple[Folder, RuleSet, tuple[Diagnostic, ...]]:
    """What all policies among the files require of one bucket, whatever their `applies_to`; a fleet
    file or a lock among them is ignored."""
    read, unreadable = read_files(files)
    folder = Folder(policies=read.policies, whole=read.whole)
    only = Bucket("", "", bucket, None, versioning, object_lock=object_lock)
    program = program_for(namespace, folder.policies, (only,), whole=folder.whole)
    diagnostics = diagnose(CHECKS, folder, [program], NOTHING_KNOWN, unreadable).diagnostics
    rules = RuleSet(()) if has_errors(diagnostics) else compile_program(program).rules
    return folder, rules, diagnostics


def _versioning(written: object) -> Versioning:
    """Programs without a type checker may pass anything."""
    known = [each.value for each in Versioning]
    if isinstance(written, str) and written in known:
        return Versioning(written)
    if isinstance(written, pulumi.Output):
        stop(
            "`versioning` of `rules_from` is an Output, but rules are made before any resource is:"
            f" write {_one_of(known)}"
        )
    meant = did_you_mean(written, known) if isinstance(written, str) else None
    stop(
        f"`versioning` of `rules_from` is `{visible(str(written))}`, which is not how a bucket is"
        f" versioned: {in_words((meant,)) if meant else f'write {_one_of(known)}'}"
    )


def _one_of(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
