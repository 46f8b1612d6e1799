"""Do two policies, accounts or releases share a name that must be unique?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise
from firnline.language.check import Check, Subject
from firnline.language.fleet import Fleet, Release
from firnline.language.model import Folder
from firnline.language.said import Said

_POLICY = (
    "firnline: policy/v1\npolicy: {name}\nowner: lab\nwhy: an example\nversioning: off\n"
    "applies_to: [{{account: lab, buckets: lab-data}}]\nuploads: {{abort_after: 7d}}\n"
)
DUPLICATE_NAME = Kind(
    code="FL108",
    name="duplicate-name",
    severity=Severity.ERROR,
    title="a name that must be unique is used twice",
    why="Rule IDs are made of names: two policies of one name would claim each other's rules.",
    help="rename one of the two",
    wrong={"a.yaml": _POLICY.format(name="lab"), "b.yaml": _POLICY.format(name="lab")},
    right={"a.yaml": _POLICY.format(name="lab"), "b.yaml": _POLICY.format(name="lab-two")},
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    for name, first, span in _twice([policy.name for policy in folder.policies]):
        yield DUPLICATE_NAME.at(
            span, f"two policies are called `{name}`", also=[(first, "here too")]
        )
    accounts = [account.id for account in (folder.fleet.accounts if folder.fleet else ())]
    for name, first, span in _twice(accounts):
        message = f"two accounts have the id `{name}`"
        remedy = Advise("write one entry for each account")
        yield DUPLICATE_NAME.at(span, message, also=[(first, "here too")], remedy=remedy)
    for fleet in folder.fleets:
        yield from _released_twice(fleet)
    yield from _second_file([fleet.namespace.span for fleet in folder.fleets], "fleet file")
    yield from _second_file([lock.digest.span for lock in folder.locks], "fleet lock")


CHECK = Check(Subject.FOLDER, check, (DUPLICATE_NAME,))


def _released_twice(fleet: Fleet) -> Iterator[Diagnostic]:
    """By the account's label and by its id."""
    first: dict[tuple[str, str], Release] = {}
    for release in fleet.releases:
        account = fleet.account_id_of(release) or release.account.value
        meant = first.setdefault((account, release.bucket.value), release)
        if meant is not release and meant.key != release.key:
            message = f"`{release.key}` is released already"
            also = [(meant.account.span, f"as `{meant.key}`")]
            yield DUPLICATE_NAME.at(
                release.account.span, message, also=also, remedy=Advise("keep one of the two")
            )


def _twice(named: list[Said[str]]) -> Iterator[tuple[str, Span, Span]]:
    """A name, its first place, and a place where it is repeated."""
    first: dict[str, Span] = {}
    for said in sorted(named, key=lambda each: (each.span.path, each.span.start)):
        if said.value in first:
            yield said.value, first[said.value], said.span
        first.setdefault(said.value, said.span)


def _second_file(spans: list[Span], what: str) -> Iterator[Diagnostic]:
    ordered = sorted(spans, key=lambda span: span.path)
    for span in ordered[1:]:
        message = f"a folder has one {what}, and this is another"
        yield DUPLICATE_NAME.at(
            span,
            message,
            also=[(ordered[0], "the first one")],
            remedy=Advise("keep one of the two files"),
        )
