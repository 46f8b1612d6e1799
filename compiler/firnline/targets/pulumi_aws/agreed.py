"""What has the project that is deployed agreed to: its approvals, and what its gates mean to it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Severity, has_errors
from firnline.language.approvals import ApprovalsFile
from firnline.language.gate_settings import NO_GATE_SETTINGS, GateSettings
from firnline.language.model import Folder
from firnline.language.project import Project
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.diff.items import compare
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.gates.owner import owned
from firnline.rules.gates.standing import Standing, standing
from firnline.workspace import code_owners_around, path_in_repository


@dataclass(frozen=True, slots=True, eq=False)
class Agreed:
    """As it is in the files that are deployed. Those `approvals` count that somebody must review,
    and `about_approvals` is what is to be said of these and others. `standing` are the gates that
    need nothing to compare with. On the site at `docs_url` each code has a page.
    """

    approvals: tuple[ApprovalsFile, ...] = ()
    about_approvals: tuple[Diagnostic, ...] = ()
    settings: GateSettings = NO_GATE_SETTINGS
    standing: tuple[Standing, ...] = ()
    docs_url: str | None = None


NOTHING_AGREED: Final = Agreed()


def agreed_in(
    folder: Folder,
    project: Project,
    found: Iterable[Diagnostic],
    buckets: Iterable[BucketRules],
) -> Agreed:
    """`found` are the diagnostics of the policies, and `buckets` are their rules. Raises
    `BadSettings`, `BucketNotAnalysed`.
    """
    said = [(file, tuple(_owned(file, project))) for file in folder.approvals]
    gates = [each for each in found if each.severity is Severity.GATE]
    snapshot = {each.bucket.key: config_of(each) for each in buckets} if gates else {}
    return Agreed(
        tuple(file for file, about in said if not has_errors(about)),
        tuple(each for _, about in said for each in about),
        project.gates,
        standing(gates, folder.policies, compare({}, snapshot)),
        project.docs_url,
    )


def without_gates(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(each for each in found if each.severity is not Severity.GATE)


def config_of(compiled: BucketRules) -> BucketConfig:
    bucket = compiled.bucket
    return BucketConfig(compiled.rules, bucket.versioning, bucket.object_lock, compiled.program)


def _owned(file: ApprovalsFile, project: Project) -> Iterable[Diagnostic]:
    path = path_in_repository(file.path)
    return owned(file, path, code_owners_around(file.path), project.review.self_approved)
