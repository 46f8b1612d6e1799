"""Firnline: what the law says S3 would do, and what `firnline check` says of the file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from benchmarks.peers.answers import SILENT, Answer, cannot, refuses, warns
from benchmarks.peers.cases import Case
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.language.check import Known
from firnline.lint import Circumstances
from firnline.pipeline import check_files
from firnline.s3.conformance.fields import Fields
from firnline.s3.conformance.validation import bucket_of
from firnline.s3.law.judge import judge
from firnline.s3.terms import Partition, Versioning

LAW: Final = "judge"
CHECK: Final = "check"
# Only policies need it, and there is none.
_TODAY: Final = date(2026, 11, 21)


def ask_law(cases: Sequence[Case]) -> dict[str, Answer]:
    """Of everything that the case says, bucket and header too."""
    return {case.id: _judged(case) for case in cases}


def ask_check(cases: Sequence[Case]) -> dict[str, Answer]:
    """As `firnline check rules.json`, with its options for versioning, partition and day."""
    return {case.id: _checked(case) for case in cases}


def _judged(case: Case) -> Answer:
    bucket, partition = bucket_of(Fields({"bucket": case.bucket})), Partition(case.partition)
    verdict = judge(case.config, bucket, partition, _day(case), dict(case.header) or None)
    return SILENT if verdict.accepted else refuses()


def _checked(case: Case) -> Answer:
    if case.header:
        return cannot("a lifecycle file does not hold the header")
    if case.directory or "mfa_delete" in case.bucket:
        return cannot("`firnline check` has no option for it")
    versioning = Versioning(case.versioning.lower()) if case.versioning else None
    said = Circumstances(versioning, Partition(case.partition), _day(case))
    text = json.dumps(case.config, ensure_ascii=False, indent=1)
    found = check_files({"rules.json": text.encode()}, Known(today=_TODAY), said).diagnostics
    if errors := _titles(found, Severity.ERROR):
        return refuses(*errors)
    if warnings := _titles(found, Severity.WARNING):
        return warns(*warnings)
    return SILENT


def _titles(found: Sequence[Diagnostic], severity: Severity) -> list[str]:
    kinds = [each.kind for each in found if each.severity is severity]
    return [f"{kind.code} {kind.title}" for kind in kinds]


def _day(case: Case) -> date | None:
    return date.fromisoformat(case.as_of) if case.as_of else None
