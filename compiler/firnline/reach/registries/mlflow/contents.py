"""What MLflow stores, as far as locations depend on it; the same whether SQL or REST read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from firnline.reach.experiments.model import Metric, RunStatus
from firnline.reach.source import Certificate

Pairs: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Experiment:
    """`root` is where it creates a folder for each run. `changed` is when it was deleted, if it
    is.
    """

    id: str
    name: str
    root: str
    is_deleted: bool
    changed: datetime | None
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """`source` is JSON or a text, as the run logged it."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class TrackedRun:
    """`models_read` are IDs of logged models. REST does not tell when a run was deleted."""

    id: str
    name: str
    experiment_id: str
    status: RunStatus
    is_deleted: bool
    started: datetime | None
    ended: datetime | None
    deleted: datetime | None
    owner: str | None
    root: str
    parameters: Pairs = ()
    tags: Pairs = ()
    metrics: tuple[Metric, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    models_read: tuple[str, ...] = ()
    measured: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """`run` is the ID of the run that logged it. Its folder is beside those of runs. One that is
    not ready may have nothing in it.
    """

    id: str
    name: str
    experiment_id: str
    root: str
    is_deleted: bool
    run: str | None
    changed: datetime | None
    texts: tuple[str, ...] = ()
    is_ready: bool = True


@dataclass(frozen=True, slots=True)
class Version:
    """Of a registered model. `storage` is where MLflow found `source` when it was registered. Of a
    deleted one MLflow keeps `storage` alone.
    """

    workspace: str
    name: str
    number: int
    stage: str | None
    source: str
    storage: str | None
    run: str | None
    is_deleted: bool
    changed: datetime | None
    owner: str | None = None
    aliases: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    is_prompt: bool = False

    @property
    def because(self) -> tuple[str, ...]:
        """The chain from the version to what it is used for."""
        version = f"model {self.name} v{self.number}"
        if self.aliases:
            return version, f"{_plural('alias', self.aliases)} {_listed(self.aliases)}"
        if self.stage and self.stage != "None":
            return version, f"stage {self.stage}"
        return (version,)


@dataclass(frozen=True, slots=True)
class Trace:
    id: str
    experiment_id: str
    root: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a GenAI evaluation dataset, or one of its records, says: JSON or texts."""

    dataset: str
    texts: tuple[str, ...]


class Contents(Protocol):
    """One state of MLflow. What is small is held; runs and traces are read as they are used."""

    @property
    def experiments(self) -> tuple[Experiment, ...]: ...

    @property
    def models(self) -> tuple[LoggedModel, ...]: ...

    @property
    def versions(self) -> tuple[Version, ...]: ...

    @property
    def are_deleted_models_known(self) -> bool:
        """REST never lists them."""
        ...

    def runs(self) -> Iterator[TrackedRun]: ...

    def deleted_runs(self) -> Iterator[TrackedRun]:
        """Without parameters, metrics and tags."""
        ...

    def traces(self) -> Iterator[Trace]: ...

    def evaluations(self) -> Iterator[Evaluation]:
        """None where the server or the store is older than evaluation datasets."""
        ...

    def run_roots(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Those that exist."""
        ...

    def certificate(self, problems: tuple[str, ...]) -> Certificate:
        """Once all of it was read."""
        ...


def _plural(word: str, names: tuple[str, ...]) -> str:
    return word if len(names) == 1 else f"{word}es"


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
