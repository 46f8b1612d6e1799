"""A policy file → the rules of one bucket, for programs that have no fleet and no lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal

import pulumi

from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.text import to_text
from firnline.diagnostics.visible import visible
from firnline.language.approvals import ApprovalsFile
from firnline.language.check import NOTHING_KNOWN, Known
from firnline.language.model import Folder
from firnline.language.nearest import did_you_mean
from firnline.language.project import BadSettings
from firnline.language.read_files import read_files
from firnline.language.syntax import Content
from firnline.pipeline import CHECKS, compile_program
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.checks.not_analysed import not_analysed
from firnline.rules.diff.items import BucketNotAnalysed
from firnline.rules.problems import diagnose
from firnline.rules.program import Bucket
from firnline.rules.unite import program_for
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws.agreed import agreed_in, without_gates
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules
from firnline.targets.pulumi_aws.stop import stop, stop_on
from firnline.targets.pulumi_aws.without_a_lock import check_without_a_lock
from firnline.workspace import NoPolicies, project_around, read_paths

_APPROVALS: Final = "approvals.yaml"
VersioningName = Literal["enabled", "suspended", "off"]
"""The values of `Versioning`."""


def rules_from(
    path: str | Path, *, namespace: str, versioning: VersioningName, object_lock: bool = False
) -> ProvedRules:
    """The rules that the policies of a file or a folder require for a bucket.

    All of them apply to the bucket, whatever their `applies_to` says; a fleet file or a lock in the
    folder is ignored. Approvals are those in the folder, or in `approvals.yaml` beside the file.
    `versioning` and `object_lock` are the bucket's, and are compared with it before anything is
    written. Ends the program with drawn diagnostics where a policy is wrong.
    """
    state = BucketState(_versioning(versioning), object_lock)
    try:
        files = read_paths([str(path)])
        project = project_around([str(path)])
        folder, compiled, diagnostics = compile_for(
            files,
            namespace,
            str(path),
            state.versioning,
            object_lock=object_lock,
            known=Known(project),
        )
        if not folder.policies and not has_errors(diagnostics):
            stop(f"no policies found: {path} holds none")
        stop_on([*without_gates(diagnostics), *check_without_a_lock(folder.policies)])
        folder = replace(folder, approvals=_approvals(path))
        agreed = agreed_in(folder, project, diagnostics, [compiled])
    except (NoPolicies, BadSettings) as error:
        raise pulumi.RunError(str(error)) from error
    except BucketNotAnalysed as why:
        stop(f"\n{to_text([not_analysed(why.bucket, why.prefix)])}")
    return ProvedRules(compiled.rules, namespace, state, compiled=compiled, agreed=agreed)


def compile_for(
    files: Mapping[str, Content],
    namespace: str,
    bucket: str,
    versioning: Versioning,
    *,
    object_lock: bool = False,
    known: Known = NOTHING_KNOWN,
) -> tuple[Folder, BucketRules, tuple[Diagnostic, ...]]:
    """What all policies among the files require of one bucket, whatever their `applies_to`; a fleet
    file or a lock among them is ignored."""
    read, unreadable = read_files(files)
    folder = Folder(policies=read.policies, whole=read.whole)
    only = Bucket("", "", bucket, None, versioning, object_lock=object_lock)
    program = program_for(namespace, folder.policies, (only,), whole=folder.whole)
    diagnostics = diagnose(CHECKS, folder, [program], known, unreadable).diagnostics
    if has_errors(diagnostics):
        return folder, BucketRules(only, RuleSet(()), program, None), diagnostics
    proved = compile_program(program)
    return folder, BucketRules(only, proved.rules, program, proved.proof), diagnostics


def _approvals(path: str | Path) -> tuple[ApprovalsFile, ...]:
    """A folder has them among its files."""
    beside = Path(path) if Path(path).is_dir() else Path(path).with_name(_APPROVALS)
    if not beside.exists():
        return ()
    read, unreadable = read_files(read_paths([str(beside)]))
    stop_on(unreadable)
    return read.approvals


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
