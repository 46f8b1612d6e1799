"""Whatever lists and Search leave out or have in an old state, no run is lost without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.reach.experiments.model import Run, RunStatus
from firnline.reach.experiments.sagemaker import RunsRead, read_runs

NOW = datetime(2026, 3, 1, tzinfo=UTC)
EXPERIMENTS = ("cifar", "fraud")


@dataclass(frozen=True, slots=True)
class Component:
    """What SageMaker has, and where it shows it."""

    name: str
    experiments: frozenset[str]
    in_first_list: bool
    in_second_list: bool
    in_search: bool
    is_stale_in_search: bool
    has_parents_in_search: bool


@dataclass(frozen=True, slots=True)
class World:
    """`find` is always true: the state of one component by its name."""

    components: tuple[Component, ...]
    hits: int | None

    def call(self, operation: str, **_: Any) -> Mapping[str, Any]:
        assert operation == "Search"
        if self.hits is None:
            return {"TotalHits": {"Value": 1, "Relation": "GreaterThanOrEqualTo"}}
        return {"TotalHits": {"Value": self.hits, "Relation": "EqualTo"}}

    def find(self, operation: str, **named: Any) -> Mapping[str, Any] | None:
        if operation == "DescribeTrial":
            return {"ExperimentName": named["TrialName"].removeprefix("trial-of-")}
        (name,) = named.values()
        return next((state_of(each) for each in self.components if each.name == name), None)

    def items(self, operation: str, key: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        match operation:
            case "ListExperiments":
                yield from ({"ExperimentName": each} for each in EXPERIMENTS)
            case "ListTrials":
                (one,) = (
                    each
                    for each in self.components
                    if each.name == parameters["TrialComponentName"]
                )
                yield from ({"TrialName": f"trial-of-{each}"} for each in one.experiments)
            case "ListTrialComponents":
                yield from (state_of(each) for each in self.components if shows(each, parameters))
            case "Search":
                yield from ({"TrialComponent": searched(each)} for each in self.components)
            case _:
                assert (operation, key) == ("ListTags", "Tags")


def shows(component: Component, parameters: Mapping[str, Any]) -> bool:
    if "ExperimentName" in parameters:
        return parameters["ExperimentName"] in component.experiments
    is_first = parameters["SortOrder"] == "Ascending"
    return component.in_first_list if is_first else component.in_second_list


def created(component: Component) -> datetime:
    return NOW - timedelta(days=90 - int(component.name.removeprefix("tc-")))


def state_of(component: Component) -> dict[str, Any]:
    return {
        "TrialComponentName": component.name,
        "TrialComponentArn": f"arn:aws:sagemaker:::experiment-trial-component/{component.name}",
        "Status": {"PrimaryStatus": "Completed"},
        "CreationTime": created(component),
        "LastModifiedTime": NOW,
    }


def searched(component: Component) -> dict[str, Any]:
    """One that Search lacks is another one here, which no list shows."""
    state = state_of(component)
    if not component.in_search:
        return {**state, "TrialComponentName": f"gone-{component.name}"}
    if component.is_stale_in_search:
        state["Status"] = {"PrimaryStatus": "Failed"}
        state["LastModifiedTime"] = NOW - timedelta(hours=1)
    if component.has_parents_in_search:
        state["Parents"] = [
            {"TrialName": f"trial-of-{each}", "ExperimentName": each}
            for each in component.experiments
        ]
    return state


@st.composite
def worlds(draw: st.DrawFn) -> World:
    experiments = st.frozensets(st.sampled_from(EXPERIMENTS))
    shown = [st.booleans() for _ in range(5)]
    drawn = draw(st.lists(st.tuples(experiments, *shown), max_size=5))
    components = tuple(Component(f"tc-{number}", *each) for number, each in enumerate(drawn))
    return World(components, draw(st.sampled_from([None, len(components)])))


def read(world: World) -> tuple[list[Run], RunsRead]:
    *runs, result = read_runs(world)
    assert isinstance(result, RunsRead)
    return [each for each in runs if isinstance(each, Run)], result


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_what_any_list_shows_is_read_once_in_its_true_state(world: World) -> None:
    runs, _ = read(world)

    shown = {
        each.name: each for each in world.components if each.in_first_list or each.in_second_list
    }
    assert sorted(each.name for each in runs) == sorted(shown)
    assert all(each.status is RunStatus.FINISHED for each in runs)
    assert all(set(each.experiments) == shown[each.name].experiments for each in runs)


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_what_is_proved_whole_is_whole(world: World) -> None:
    runs, result = read(world)

    is_complete = result.count == result.independent_count and not result.problems
    first = [each for each in world.components if each.in_first_list]
    second = [each for each in world.components if each.in_second_list]
    since = [each for each in second if first and created(each) > created(first[-1])]
    lists_agree = [*first, *since] == second
    if is_complete:
        assert lists_agree
        assert world.hits is None or len(runs) == len(world.components)
    elif lists_agree:
        # Then the witness knows of more than what was listed.
        assert world.hits is not None
        assert len(runs) < world.hits
