"""Does an expectation describe an item that S3 cannot have?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.language.check import Check, Subject
from firnline.language.expectations import Case
from firnline.language.model import Folder
from firnline.s3.simulate.stored import ItemKind

_START = "firnline: expectations/v1\ncases:\n"
IMPOSSIBLE_CASE = Kind(
    code="FL111",
    name="impossible-case",
    severity=Severity.ERROR,
    title="an expectation describes an item that cannot exist",
    why=(
        "Delete markers and incomplete multipart uploads have neither tags nor a size nor a storage"
        " class that lifecycle looks at, and only noncurrent versions have newer ones."
    ),
    help="remove the setting",
    wrong={
        "policy.yaml": "retain: {tmp: {prefix: tmp/, delete_after: 7d}}",
        "expectations.yaml": (
            f"{_START}  half-sent: {{item: upload, key: tmp/x, size: 5GiB, expect: {{3d: gone}}}}\n"
        ),
    },
    right={
        "policy.yaml": "retain: {tmp: {prefix: tmp/, delete_after: 7d}}",
        "expectations.yaml": (
            f"{_START}  half-sent: {{item: upload, key: tmp/x, expect: {{3d: gone}}}}\n"
        ),
    },
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    for case in folder.cases:
        if case.item is not ItemKind.OBJECT_VERSION:
            for span, what in _of_objects_alone(case):
                yield IMPOSSIBLE_CASE.at(span, f"{_a(case.item)} has no {what}")
        elif case.newer_versions is not None and case.overwritten_at is None:
            yield IMPOSSIBLE_CASE.at(
                case.newer_versions.span,
                "no version is newer than the current one: `overwritten_at` is missing",
            )


CHECK = Check(Subject.FOLDER, check, (IMPOSSIBLE_CASE,))


def _of_objects_alone(case: Case) -> Iterator[tuple[Span, str]]:
    settings = (
        (case.size, "size"),
        (case.storage_class, "storage class"),
        (case.overwritten_at, "noncurrent versions"),
        (case.newer_versions, "newer versions"),
    )
    yield from ((said.span, what) for said, what in settings if said is not None)
    yield from ((key.span, "tags") for key, _ in case.tags[:1])
    yield from ((each.span, "storage class") for each in case.expected if each.storage_class)


def _a(item: ItemKind) -> str:
    return "an upload" if item is ItemKind.MULTIPART_UPLOAD else f"a {item.value}"
