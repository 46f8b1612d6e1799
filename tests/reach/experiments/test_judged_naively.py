"""The judge against a naive second implementation, which looks at all runs for each run."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from firnline.language.run_retentions import Goal, RunRetention
from firnline.reach.experiments.model import Run, RunStatus
from firnline.reach.experiments.reads import Reads
from tests.reach.experiments.runs import GRACE, NOW, ago, reads_of, retention, run, verdicts

World: TypeAlias = "tuple[list[Run], tuple[RunRetention, ...], Logs | None]"
EXPERIMENTS = ("churn-1", "churn-2", "fraud")
MOMENTS = st.sampled_from([None, *map(ago, [1, 13.9, 14, 14.1, 29, 30, 31, 100])])
VALUES = st.one_of(
    st.sampled_from([0.5, 0.8, 0.9, -1.0, math.nan, math.inf, -math.inf, sys.float_info.max]),
    st.floats(),
)


@dataclass(frozen=True)
class Logs:
    """Of one bucket, from so many days ago until so many days ago; `read` is days ago by key."""

    bucket: str
    since: float
    until: float
    read: Mapping[str, float]

    def may_be_read(self, one: Run, within: int) -> bool:
        (root,) = one.roots
        if root.bucket != self.bucket or self.since < within or self.until > 2:
            return True
        return any(root.covers(key) and days <= within for key, days in self.read.items())


def reads_in(logs: Logs | None) -> Reads | None:
    if logs is None:
        return None
    read = {key: ago(days) for key, days in logs.read.items()}
    return reads_of(read, logs.since, logs.until, logs.bucket)


@st.composite
def one_run(draw: st.DrawFn, name: str) -> Run:
    made = run(
        name,
        draw(st.sampled_from(RunStatus)),
        tuple(draw(st.lists(st.sampled_from(EXPERIMENTS), max_size=3, unique=True))),
        metrics=draw(st.dictionaries(st.sampled_from(["auc", "loss"]), VALUES)),
        is_deleted=draw(st.sampled_from([False, False, False, True])),
    )
    return replace(
        made,
        started=draw(MOMENTS),
        ended=draw(MOMENTS),
        last_news=draw(MOMENTS),
        deleted=draw(MOMENTS),
    )


@st.composite
def one_retention(draw: st.DrawFn, name: str) -> RunRetention:
    best = st.tuples(
        st.integers(1, 4), st.sampled_from(["auc", "loss", "f1"]), st.sampled_from(Goal)
    )
    pattern = st.sampled_from(["*", "churn-*", "churn-1", "fraud", "other"])
    return retention(
        name,
        tuple(draw(st.lists(pattern, min_size=1, max_size=2, unique=True))),
        best=draw(st.none() | best),
        younger=draw(st.none() | st.sampled_from([20, 30])),
        read=draw(st.none() | st.sampled_from([20, 90])),
        abandoned=draw(st.none() | st.sampled_from([14, 30])),
    )


@st.composite
def logs(draw: st.DrawFn) -> Logs:
    folders = st.integers(0, 9).map(lambda each: f"root/run-{each}/artifacts")
    keys = st.builds("{}{}".format, folders, st.sampled_from(["", "/model.pkl", "/a/b", "-2/a"]))
    return Logs(
        bucket=draw(st.sampled_from(["ml", "ml", "ml", "other"])),
        since=draw(st.sampled_from([400, 400, 90, 89.9, 20, 1])),
        until=draw(st.sampled_from([0, 0, 2, 2.1, 100])),
        read=draw(st.dictionaries(keys, st.sampled_from([0, 19, 20, 20.1, 90, 90.1, 200]))),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    runs = [draw(one_run(f"run-{each}")) for each in range(draw(st.integers(0, 9)))]
    said = [draw(one_retention(f"entry-{each}")) for each in range(draw(st.integers(0, 3)))]
    return runs, tuple(said), draw(st.none() | logs())


@given(worlds())
def test_the_judge_answers_as_the_naive_one(world: World) -> None:
    runs, by, logs = world
    assert verdicts(*runs, by=by, reads=reads_in(logs)) == {
        each.id: naive(each, runs, by, logs) for each in runs
    }


@given(worlds())
def test_the_order_of_runs_does_not_count(world: World) -> None:
    runs, by, logs = world
    reads = reads_in(logs)
    assert verdicts(*reversed(runs), by=by, reads=reads) == verdicts(*runs, by=by, reads=reads)


@given(worlds())
def test_what_was_read_takes_from_no_run_that_is_kept_besides(world: World) -> None:
    """`keep_read_within` is one more reason to keep, beside a clause that keeps."""
    runs, by, logs = world
    younger = tuple(each for each in by if each.keep_best or each.keep_younger_than)
    without = tuple(replace(each, keep_read_within=None) for each in younger)
    before, after = verdicts(*runs, by=without), verdicts(*runs, by=younger, reads=reads_in(logs))
    for kept in (("live",), ("live", "soft")):
        assert {each for each in before if before[each] in kept} <= {
            each for each in after if after[each] in kept
        }


@given(worlds())
def test_without_reads_no_run_goes_that_any_read_might_keep(world: World) -> None:
    runs, by, logs = world
    unknown, known = verdicts(*runs, by=by), verdicts(*runs, by=by, reads=reads_in(logs))
    kept = {each for each in known if known[each] in ("live", "soft")}
    assert kept <= {each for each in unknown if unknown[each] in ("live", "soft")}


@given(worlds(), one_retention("more"))
def test_one_more_entry_about_an_experiment_that_has_one_drops_no_kept_run(
    world: World, more: RunRetention
) -> None:
    """An entry can take from what no entry is about, and from what has no clause that keeps."""
    runs, by, _ = world
    covering = retention("all", ("*",), best=(1, "auc", Goal.MAXIMIZE), younger=20, abandoned=30)
    before = verdicts(*runs, by=(*by, covering))
    after = verdicts(*runs, by=(*by, covering, more))
    assert {each for each in before if before[each] == "live"} <= {
        each for each in after if after[each] == "live"
    }


def naive(one: Run, runs: Sequence[Run], by: Sequence[RunRetention], logs: Logs | None) -> str:
    """`live`, `soft`, or why not."""
    if one.is_deleted:
        return "soft" if may_be_read(one, by, logs) else after_grace(one.deleted, "run_deleted")
    if one.status is RunStatus.RUNNING and not is_abandoned(one, by):
        return "live"
    for experiment in one.experiments:
        for entry in entries(experiment, by):
            limit = entry.keep_younger_than
            if limit and (age(newest(one)) is None or (age(newest(one)) or 0) < limit.value):
                return "live"
    if may_be_read(one, by, logs) and one.status is not RunStatus.FINISHED:
        return "live"
    match one.status:
        case RunStatus.RUNNING:
            return "run_abandoned"
        case RunStatus.FAILED:
            return after_grace(ended(one), "run_failed")
        case RunStatus.STOPPED:
            return after_grace(ended(one), "run_killed")
        case RunStatus.FINISHED:
            kept = may_be_read(one, by, logs) or not one.experiments
            kept = kept or any(
                keeps_finished(one, experiment, runs, by) for experiment in one.experiments
            )
            return "live" if kept else after_grace(ended(one), "run_not_kept")


def may_be_read(one: Run, by: Sequence[RunRetention], logs: Logs | None) -> bool:
    return any(
        logs is None or logs.may_be_read(one, entry.keep_read_within.value)
        for experiment in one.experiments
        for entry in entries(experiment, by)
        if entry.keep_read_within
    )


def is_abandoned(one: Run, by: Sequence[RunRetention]) -> bool:
    waits = []
    for experiment in one.experiments:
        said = [
            each.abandoned_after.value for each in entries(experiment, by) if each.abandoned_after
        ]
        if not said:
            return False
        waits.append(max(said))
    silent = age(one.last_news)
    return bool(waits) and silent is not None and silent > max(waits)


def keeps_finished(
    one: Run, experiment: str, runs: Sequence[Run], by: Sequence[RunRetention]
) -> bool:
    about = entries(experiment, by)
    if not any(each.keep_best or each.keep_younger_than or each.keep_read_within for each in about):
        return True
    rivals = [
        each
        for each in runs
        if experiment in each.experiments
        and each.status is RunStatus.FINISHED
        and not each.is_deleted
    ]
    return any(
        is_best(one, rivals, entry.keep_best.metric, entry.keep_best.goal, entry.keep_best.count)
        for entry in about
        if entry.keep_best
    )


def is_best(one: Run, rivals: Sequence[Run], metric: str, goal: Goal, count: int) -> bool:
    """Fewer than `count` runs with a usable value are better than it."""
    usable = [value for each in rivals if (value := value_of(each, metric, goal)) is not None]
    usable = [value for value in usable if value == value and not is_too_good(value)]
    mine = value_of(one, metric, goal)
    if not usable:
        return True
    if mine is None or mine != mine:
        return False
    return is_too_good(mine) or sum(value > mine for value in usable) < count


def value_of(one: Run, metric: str, goal: Goal) -> float | None:
    values = [each.last for each in one.metrics if each.name == metric]
    sign = 1 if goal is Goal.MAXIMIZE else -1
    return sign * values[0] if values else None


def is_too_good(value: float) -> bool:
    return value == math.inf or value == sys.float_info.max


def entries(experiment: str, by: Sequence[RunRetention]) -> list[RunRetention]:
    def fits(pattern: str) -> bool:
        if pattern.endswith("*"):
            return experiment.startswith(pattern[:-1])
        return experiment == pattern

    return [each for each in by if any(fits(pattern.value) for pattern in each.experiments)]


def newest(one: Run) -> datetime | None:
    return max((each for each in (one.started, one.ended, one.last_news) if each), default=None)


def ended(one: Run) -> datetime | None:
    return max((each for each in (one.ended, one.last_news) if each), default=None)


def age(moment: datetime | None) -> float | None:
    """In days."""
    return None if moment is None else (NOW - moment).total_seconds() / 86_400


def after_grace(moment: datetime | None, reason: str) -> str:
    since = age(moment)
    return "soft" if since is None or since < GRACE.days else reason
