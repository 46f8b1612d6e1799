"""Reads all trial components of an account and region as runs, with the proof that it is all.

Lists are the source of what there is and of which experiments it belongs to; Search gives a hundred
records in one request and is a second witness of how many there are. Its index may lag: what it
lacks or has in an older state is described one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from firnline.reach.experiments.model import Run
from firnline.reach.experiments.sagemaker.calls import Calls, MetricCalls, Record
from firnline.reach.experiments.sagemaker.points import with_points
from firnline.reach.experiments.sagemaker.run_of import (
    Membership,
    UnknownStatus,
    membership_in,
    run_of,
)
from firnline.reach.location import NO_ACCESS_POINTS, AccessPoints, UnknownBucket

_PAGE: Final = 100
_BY_CREATION: Final = {"SortBy": "CreationTime", "MaxResults": _PAGE}
_SAME_MOMENT: Final = timedelta(seconds=1)
"""Answers round times differently."""


@dataclass(frozen=True, slots=True)
class RunsRead:
    """`count` of trial components, and how many there are by `counted_by`. `problems` are clauses
    whose subject is the registry, with the remedy.
    """

    count: int
    independent_count: int
    counted_by: str
    problems: tuple[str, ...] = ()


def read_runs(
    calls: Calls,
    metrics: MetricCalls | None = None,
    access_points: AccessPoints = NO_ACCESS_POINTS,
) -> Iterator[Run | RunsRead]:
    """Every run once, `RunsRead` as the last item. With `metrics`, also their points by step."""
    reading = _Reading(calls, access_points)
    runs = reading.runs()
    while some := tuple(islice(runs, _PAGE)):
        if metrics is None:
            yield from some
        else:
            yield from with_points(metrics, some, reading.problems.append)
    yield reading.result()


@dataclass(frozen=True, slots=True)
class _Times:
    created: datetime
    changed: datetime


class _Reading:
    def __init__(self, calls: Calls, access_points: AccessPoints) -> None:
        self.problems: list[str] = []
        self._calls, self._access_points = calls, access_points
        self._first: dict[str, _Times] = {}
        self._again: dict[str, _Times] = {}
        self._experiments: dict[str, frozenset[str]] = {}  # by name of a component
        self._experiment_of: dict[str, str | None] = {}  # by name of a trial
        self._done: set[str] = set()
        self._gone: set[str] = set()

    def runs(self) -> Iterator[Run]:
        self._first = self._listed("Ascending")
        self._read_experiments()
        yield from self._searched()
        self._again = self._listed("Descending")
        yield from self._described()

    def result(self) -> RunsRead:
        """What was deleted while it was read counts neither as read nor as there."""
        vanished = self._first.keys() - self._again.keys() - self._gone
        for name in sorted(vanished):
            if self._describe(name) is None:
                self._gone.add(name)
        there = (self._first.keys() | self._again.keys()) - self._gone
        again = self._again.keys() - self._gone
        first = there - self._new()
        if not len(first) == len(first & self._first.keys()) == len(first & again):
            self.problems.append(
                f"lists {len(self._first):,} trial components, and {len(self._again):,} in"
                " the opposite order, not the same: read it again when fewer change"
            )
        hits = self._hits()
        if hits == len(there):
            return self._result(len(there), hits, "Search (trial components)")
        if hits is not None and hits > len(there):
            self.problems.append(
                f"lists {len(there):,} trial components, but Search counts {hits:,}: its index may"
                " lag behind deletions; read it again in some minutes"
            )
        counted_by = "a second list in the opposite order (trial components)"
        return self._result(len(there), len(again), counted_by)

    def _new(self) -> set[str]:
        """Created since the first list, so that it could not know them."""
        newest = max((each.created for each in self._first.values()), default=None)
        return {
            name
            for name, times in self._again.items()
            if name not in self._first and newest is not None and times.created >= newest
        }

    def _result(self, count: int, independent: int, counted_by: str) -> RunsRead:
        return RunsRead(count, independent, counted_by, tuple(dict.fromkeys(self.problems)))

    def _listed(self, order: str) -> dict[str, _Times]:
        return {
            each["TrialComponentName"]: _Times(each["CreationTime"], each["LastModifiedTime"])
            for each in self._components(SortOrder=order)
        }

    def _components(self, **parameters: str) -> Iterator[Record]:
        key = "TrialComponentSummaries"
        return self._calls.items("ListTrialComponents", key, **_BY_CREATION, **parameters)

    def _read_experiments(self) -> None:
        """A component may belong to several; only trials link it, which Search tells."""
        key = "ExperimentSummaries"
        for summary in self._calls.items("ListExperiments", key, **_BY_CREATION):
            experiment = frozenset({str(summary["ExperimentName"])})
            for each in self._components(ExperimentName=summary["ExperimentName"]):
                name = each["TrialComponentName"]
                self._experiments[name] = self._experiments.get(name, frozenset()) | experiment

    def _searched(self) -> Iterator[Run]:
        resource = "ExperimentTrialComponent"
        records = self._calls.items(
            "Search", "Results", Resource=resource, SortOrder="Ascending", **_BY_CREATION
        )
        for record in records:
            component = record["TrialComponent"]
            name = component["TrialComponentName"]
            listed = self._first.get(name)
            if listed is None or name in self._done:
                continue  # new or gone: the second list tells
            if listed.changed - component["LastModifiedTime"] <= _SAME_MOMENT:
                yield from self._run(component, membership_in(component))

    def _described(self) -> Iterator[Run]:
        for name in (self._first | self._again).keys() - self._done:
            record = self._describe(name)
            if record is None:
                self._gone.add(name)
                continue
            arn = record["TrialComponentArn"]
            tags = tuple(self._calls.items("ListTags", "Tags", ResourceArn=arn))
            yield from self._run({**record, "Tags": tags}, self._membership(name))

    def _describe(self, name: str) -> Record | None:
        return self._calls.find("DescribeTrialComponent", TrialComponentName=name)

    def _membership(self, name: str) -> Membership:
        trials = self._calls.items(
            "ListTrials", "TrialSummaries", TrialComponentName=name, **_BY_CREATION
        )
        groups = frozenset(str(each["TrialName"]) for each in trials)
        return Membership(_known(self._experiment(each) for each in groups), groups)

    def _experiment(self, trial: str) -> str | None:
        if trial not in self._experiment_of:
            found = self._calls.find("DescribeTrial", TrialName=trial)
            self._experiment_of[trial] = None if found is None else found["ExperimentName"]
        return self._experiment_of[trial]

    def _run(self, record: Record, member: Membership) -> Iterator[Run]:
        """One, or a problem where it cannot be understood."""
        name = record["TrialComponentName"]
        self._done.add(name)
        listed = Membership(self._experiments.get(name, frozenset()))
        try:
            yield run_of(record, member | listed, self._access_points)
        except (UnknownBucket, UnknownStatus) as why:
            self.problems.append(f"has a trial component {name} that cannot be read: {why}")

    def _hits(self) -> int | None:
        """None where Search does not say exactly."""
        found = self._calls.call("Search", Resource="ExperimentTrialComponent", MaxResults=1)
        total = found.get("TotalHits") or {}
        return int(total["Value"]) if total.get("Relation") == "EqualTo" else None


def _known(names: Iterable[str | None]) -> frozenset[str]:
    return frozenset(each for each in names if each is not None)
