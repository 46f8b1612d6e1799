"""Further readings of what MLflow stores are needed, and never make anything unneeded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from firnline.reach.experiments.judge import judge
from firnline.reach.experiments.model import Run, RunStatus
from firnline.reach.experiments.settings import RunSettings
from firnline.reach.location import UnknownLocation, locations_of
from firnline.reach.references import Reference, Root, Unneeded
from firnline.reach.registries.mlflow.contents import (
    Evaluation,
    Experiment,
    LoggedModel,
    Trace,
    TrackedRun,
    Version,
)
from firnline.reach.registries.mlflow.found import found_in
from firnline.reach.registries.mlflow.problems import Problems
from firnline.reach.source import Certificate

NOW = datetime(2026, 11, 29, tzinfo=UTC)
THEN = datetime(2026, 1, 1, tzinfo=UTC)
RUN, MODEL = "0123456789abcdef" * 2, "m-" + "0123456789abcdef" * 2


@dataclass(frozen=True)
class Deleted:
    """An experiment with all that is in it, none of which is needed any more."""

    root: str
    are_deleted_models_known: bool = True

    @property
    def experiments(self) -> tuple[Experiment, ...]:
        return (Experiment("1", "churn", self.root, True, THEN),)

    @property
    def models(self) -> tuple[LoggedModel, ...]:
        root = f"{self.root}/models/{MODEL}/artifacts"
        return (LoggedModel(MODEL, "churn", "1", root, True, RUN, THEN),)

    @property
    def versions(self) -> tuple[Version, ...]:
        stored = f"{self.root}/{RUN}/artifacts/model"
        return (Version("", "churn", 1, "Deleted_Internal", "", stored, None, True, THEN),)

    def runs(self) -> Iterator[TrackedRun]:
        root = f"{self.root}/{RUN}/artifacts"
        yield TrackedRun(RUN, "owl", "1", RunStatus.FINISHED, True, THEN, THEN, THEN, None, root)

    def deleted_runs(self) -> Iterator[TrackedRun]:
        return self.runs()

    def traces(self) -> Iterator[Trace]:
        return iter(())

    def evaluations(self) -> Iterator[Evaluation]:
        return iter(())

    def run_roots(self, ids: Iterable[str]) -> Mapping[str, str]:
        return dict.fromkeys(ids, self.root)

    def certificate(self, problems: tuple[str, ...]) -> Certificate:
        return Certificate(THEN, THEN, 1, 4, 4, problems=problems)


@given(st.text("ab1/._=-%2Fé#?+ ", max_size=12).filter(lambda root: root.strip(" /.")))
@example("team#a/1")
@example("x/team#a/1")
@example("a%20b/1")
@example("a?b")
def test_only_what_is_written_is_unneeded_or_a_root(root: str) -> None:
    """Of `s3://acme-ml/x/team#a` the folder `x/` is a reading."""
    address = f"s3://acme-ml/{root}"
    contents = Deleted(address)
    found = list(found_in(contents, "", Problems()))
    runs = [each for each in found if isinstance(each, Run)]
    judged = [*found, *judge(runs, RunSettings(), NOW)]
    start = root.rstrip(" /")
    for each in judged:
        if isinstance(each, Unneeded | Root):
            assert f"{each.location.key}/".startswith(start), each


@given(st.text("ab1/._=-%2Fé#?+ ", max_size=12).filter(lambda root: root.strip(" /.")))
@example("x/team#a")
def test_every_reading_of_a_run_that_is_kept_is_needed(root: str) -> None:
    address = f"s3://acme-ml/{root}/{RUN}"
    try:
        expected = locations_of(address)
    except UnknownLocation:
        return
    runs = [
        each
        for each in found_in(Deleted(f"s3://acme-ml/{root}"), "", Problems())
        if isinstance(each, Run)
    ]
    kept = judge(runs, RunSettings(), THEN)
    needed = {each.location for each in kept if isinstance(each, Reference)}
    assert needed == {*expected}


def test_where_deleted_models_are_not_told_no_folder_of_one_is_that_of_a_missing_one() -> None:
    """REST lists none that is deleted, be it since a minute: it is within its grace."""
    for is_known in (True, False):
        found = found_in(Deleted("s3://acme-ml/1", is_known), "", Problems())
        roots = {each.location.key for each in found if isinstance(each, Root)}
        assert ("1/models" in roots) is is_known
        assert {"1", "1/traces"} <= roots
