"""Do two things share a name that must tell them apart?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.language.model import Folder

_POLICY = (
    "firnline: policy/v1\npolicy: {name}\nowner: lab\nwhy: an example\nversioning: off\n"
    "applies_to: [{{account: lab, buckets: lab-data}}]\n"
)
DUPLICATE_NAME = Kind(
    code="FL108",
    name="duplicate-name",
    severity=Severity.ERROR,
    title="two things have the same name",
    why="Rule IDs are made of names: two policies of one name would claim each other's rules.",
    help="rename one of the two",
    wrong={"a.yaml": _POLICY.format(name="lab"), "b.yaml": _POLICY.format(name="lab")},
    right={"a.yaml": _POLICY.format(name="lab"), "b.yaml": _POLICY.format(name="lab-two")},
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    accounts = [account for fleet in folder.fleets for account in fleet.accounts]
    policies = [policy.name for policy in folder.policies]
    yield from _twice((name.value, name.span, "policies are called") for name in policies)
    yield from _twice((each.id.value, each.id.span, "accounts have the id") for each in accounts)
    yield from _second_file([fleet.namespace.span for fleet in folder.fleets], "fleet file")
    yield from _second_file([lock.digest.span for lock in folder.locks], "fleet lock")


def _twice(named: Iterable[tuple[str, Span, str]]) -> Iterator[Diagnostic]:
    first: dict[str, Span] = {}
    for name, span, are_called in sorted(named, key=lambda each: (each[1].path, each[1].start)):
        if name in first:
            message = f"two {are_called} `{name}`"
            yield DUPLICATE_NAME.at(span, message, also=[(first[name], "here too")])
        first.setdefault(name, span)


def _second_file(spans: list[Span], what: str) -> Iterator[Diagnostic]:
    ordered = sorted(spans, key=lambda span: span.path)
    for span in ordered[1:]:
        message = f"a folder has one {what}, and this is another"
        yield DUPLICATE_NAME.at(
            span, message, also=[(ordered[0], "the first one")], help="keep one of the two files"
        )
