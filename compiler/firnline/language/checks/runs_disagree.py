"""Do two `runs` entries about one experiment say the same where both cannot hold?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Span
from firnline.language.check import Check, Subject
from firnline.language.model import Folder, matches
from firnline.language.run_retentions import RunRetention

_BEST = "keep_best: {count: 5, metric: loss, goal: "
_HEAD = "references: {from: mlflow, grace: 14d}\nruns:\n"

RUNS_DISAGREE = Kind(
    code="FL613",
    name="runs-disagree",
    severity=Severity.ERROR,
    title="two `runs` entries about the same experiments disagree",
    why=(
        "What any entry keeps is kept, so several may be about one experiment. But a metric cannot"
        " be good if great and if small, and a run is abandoned at one age, keeps its checkpoints"
        " by one rule, and its record in one way."
    ),
    help="say it once, or let no experiment match both",
    wrong=_HEAD
    + f"  churn: {{from: mlflow, experiments: churn-*, {_BEST}minimize}}}}\n"
    + f"  all: {{from: mlflow, experiments: '*', {_BEST}maximize}}}}\n",
    right=_HEAD
    + f"  churn: {{from: mlflow, experiments: churn-*, {_BEST}minimize}}}}\n"
    + "  all: {from: mlflow, experiments: '*', keep_younger_than: 90d}\n",
)


def check(folder: Folder) -> Iterator[Diagnostic]:
    entries = [each for policy in folder.policies for each in policy.run_retentions]
    for first, second in combinations(entries, 2):
        if first.registry.value == second.registry.value and _meet(first, second):
            yield from _differences(first, second)


CHECK = Check(Subject.FOLDER, check, (RUNS_DISAGREE,))


def _meet(first: RunRetention, second: RunRetention) -> bool:
    return any(
        may_match_both(one.value, other.value)
        for one in first.experiments
        for other in second.experiments
    )


def may_match_both(one: str, other: str) -> bool:
    """Whether some name fits both patterns, in which only `*` is special."""
    if "*" not in one:
        return matches(one, other)
    if "*" not in other:
        return matches(other, one)
    (start, *_, end), (other_start, *_, other_end) = one.split("*"), other.split("*")
    # What is between the first and the last `*` of either can stand one behind the other.
    starts_meet = start.startswith(other_start) or other_start.startswith(start)
    return starts_meet and (end.endswith(other_end) or other_end.endswith(end))


def _differences(first: RunRetention, second: RunRetention) -> Iterator[Diagnostic]:
    best, other = first.keep_best, second.keep_best
    if best and other and best.metric == other.metric and best.goal is not other.goal:
        yield _at(other.span, f"here `{other.metric}` is to {other.goal.value}", best.span)
    wait, waits = first.abandoned_after, second.abandoned_after
    if wait and waits and wait.value != waits.value:
        yield _at(waits.span, f"here runs are abandoned after {waits.value}", wait.span)
    kept, keeps = first.checkpoints, second.checkpoints
    if kept and keeps and kept.content != keeps.content:
        yield _at(keeps.span, "here other checkpoints are kept", kept.span)
    record, records = first.metadata, second.metadata
    if record and records and record.value is not records.value:
        yield _at(records.span, f"here `metadata` is `{records.value.value}`", record.span)


def _at(span: Span, message: str, also: Span) -> Diagnostic:
    return RUNS_DISAGREE.at(span, message, also=[(also, "another entry says otherwise")])
