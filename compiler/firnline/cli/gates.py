"""Which gates are open in a project, and which of them are approved?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from firnline.cli.base import code_owners_of, snapshot_of
from firnline.cli.base_snapshot import Base
from firnline.cli.failed import CommandFailed
from firnline.cli.matching import matched
from firnline.cli.snapshot_keys import ReadSnapshot, name_of
from firnline.cli.snapshots import GIT, snapshot_of_policies
from firnline.diagnostics.kinds import Diagnostic, Severity, by_place, has_errors
from firnline.language.approvals import ApprovalsFile
from firnline.language.check import Known
from firnline.language.gate_settings import GateSettings
from firnline.language.project import Project
from firnline.pipeline import Compilation
from firnline.rules.checks.not_analysed import not_analysed
from firnline.rules.diff.items import BucketNotAnalysed, Comparison, Snapshot, compare
from firnline.rules.diff.words import few
from firnline.rules.gates.approved import Judged, judge
from firnline.rules.gates.find import gated_items
from firnline.rules.gates.gate import Circumstances, FirstRun, GatedItem
from firnline.rules.gates.owner import in_emergency, owned
from firnline.rules.gates.report import gate_diagnostics
from firnline.rules.gates.standing import Standing, standing, still_open
from firnline.rules.gates.unused import unused
from firnline.settings import policies_folder
from firnline.workspace import code_owners_around, path_in_repository, project_around

FirstRuns = Callable[[Comparison, Snapshot, Snapshot], Mapping[str, FirstRun]]
"""Of what differs between two snapshots: what the first run deletes, by the digest of an item."""
_NOTHING = Comparison((), 0)


def not_measured(_found: Comparison, _before: Snapshot, _after: Snapshot) -> Mapping[str, FirstRun]:
    return {}


def with_gates(
    compilation: Compilation, base: Base | None, known: Known, measure: FirstRuns = not_measured
) -> Compilation:
    """With what needs an approval since the base, and without the gates that are approved. Raises
    `CommandFailed`, `NoBaseCommit`.
    """
    counting, found = that_count(compilation.folder.approvals, base, known.project)
    if not compilation.failed:
        try:
            judged = _judged(compilation, base, known, counting, measure)
            return _with_gates(compilation, base, known, judged, found)
        except BucketNotAnalysed as why:
            found.append(not_analysed(name_of(why.bucket), why.prefix))
    return replace(compilation, diagnostics=by_place([*compilation.diagnostics, *found]))


def open_items(
    compilation: Compilation, base: Base | None, known: Known, measure: FirstRuns = not_measured
) -> tuple[GatedItem, ...]:
    """What waits for an approval, each once, whoever reviews those that there are. Raises
    `CommandFailed`, `NoBaseCommit`.
    """
    try:
        found = _judged(compilation, base, known, compilation.folder.approvals, measure)
    except BucketNotAnalysed as why:
        raise CommandFailed(f"too many combinations of tags and sizes: {why}", code=1) from None
    by_digest: dict[str, GatedItem] = {}
    for item in found.judged.items:
        if item.is_open:
            there = by_digest.get(item.digest)
            by_digest[item.digest] = item if there is None else there.united_with(item)
    return tuple(by_digest.values())


def that_count(
    files: Iterable[ApprovalsFile], base: Base | None, project: Project
) -> tuple[list[ApprovalsFile], list[Diagnostic]]:
    """Those that somebody must review, and what is to be said of the others: they open nothing,
    whether or not that is shown. Raises `NoBaseCommit`, `BadSettings`.
    """
    said = [(file, list(_owned(file, base, project))) for file in files]
    counting = [file for file, found in said if not has_errors(found)]
    return counting, [each for _, found in said for each in found]


@dataclass(frozen=True, slots=True)
class _Found:
    """`judged` are `items`, then those of the `states`. `now` compares nothing with the policies,
    and `since` the base with them; `counting` are the approvals that were asked.
    """

    items: tuple[GatedItem, ...]
    states: tuple[Standing, ...]
    judged: Judged
    counting: Sequence[ApprovalsFile]
    now: Comparison
    since: Comparison


def _judged(
    compilation: Compilation,
    base: Base | None,
    known: Known,
    counting: Sequence[ApprovalsFile],
    measure: FirstRuns,
) -> _Found:
    after = snapshot_of_policies(compilation)
    now = compare({}, after.snapshot)
    states = standing(compilation.diagnostics, compilation.folder.policies, now)
    since, items = _since(base, after, known.project.gates, measure)
    every = [*items, *(item for each in states for item in each.items)]
    judged = judge(every, counting, known.today or date.today())
    return _Found(items, states, judged, counting, now, since)


def _with_gates(
    compilation: Compilation,
    base: Base | None,
    known: Known,
    found: _Found,
    more: Sequence[Diagnostic],
) -> Compilation:
    settings = known.project.gates
    judged, count = found.judged, len(found.items)
    diagnostics = [each for each in compilation.diagnostics if each.severity is not Severity.GATE]
    diagnostics += [*more, *gate_diagnostics(judged.items[:count], found.since)]
    diagnostics += in_emergency(judged.emergencies)
    diagnostics += still_open(found.states, judged.items[count:], settings)
    if base is not None and found.counting:
        first = gated_items(Circumstances(base.label, found.now, settings))
        day = known.today or date.today()
        diagnostics += unused(found.counting, judged, found.now, first, day)
    return replace(compilation, diagnostics=by_place(diagnostics))


def _since(
    base: Base | None, after: ReadSnapshot, settings: GateSettings, measure: FirstRuns
) -> tuple[Comparison, tuple[GatedItem, ...]]:
    if base is None:
        return _NOTHING, ()
    sides = matched(snapshot_of(base, policies_folder().path), after, ())
    found = compare(*sides)
    if unknown := [key for key in found.not_compared if key in sides[1]]:
        what = f"what the rules of {few(unknown)} do is not known yet"
        raise CommandFailed(f"{base.label}: {what}, so nothing says what needs an approval", 1)
    around = Circumstances(base.label, found, settings, measure(found, *sides))
    return found, gated_items(around)


def _owned(file: ApprovalsFile, base: Base | None, project: Project) -> Iterator[Diagnostic]:
    shown = file.path.split(":", 2)[-1] if file.path.startswith(GIT) else file.path
    path, self_approved = path_in_repository(shown), project.review.self_approved
    of_base = [*owned(file, path, code_owners_of(base, shown), self_approved)]
    if has_errors(of_base) and file.is_empty:
        # It opens no gate yet, so it may come together with its owner.
        self_approved = project_around([shown]).review.self_approved
        yield from owned(file, path, code_owners_around(shown), self_approved)
        return
    yield from of_base
