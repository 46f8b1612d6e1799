"""What MLflow stores → what it says of locations, its runs, and what could not be told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from firnline.reach.experiments.model import Artifact, Run
from firnline.reach.location import Location, UnknownLocation
from firnline.reach.references import OrphanReason, Reference, Root, Strength, Unneeded
from firnline.reach.registries.mlflow.addresses import Addresses, addresses_for
from firnline.reach.registries.mlflow.contents import (
    Contents,
    Evaluation,
    Experiment,
    LoggedModel,
    TrackedRun,
    Version,
)
from firnline.reach.registries.mlflow.lineage import Lineage
from firnline.reach.registries.mlflow.problems import (
    NO_EXPERIMENT,
    Problems,
    with_remedy,
)
from firnline.reach.source import Found

_OF_MODELS: Final = "/models"
_FOLDERS: Final = (
    ("", "[0-9a-f]{32}", "run"),
    (_OF_MODELS, "m-[0-9a-f]{32}", "logged model"),
    ("/traces", "tr-[0-9a-f]{32}", "trace"),
)


def found_in(contents: Contents, destination: str, problems: Problems) -> Iterator[Found]:
    """All but the certificate."""
    addresses = addresses_for(contents, destination)
    yield from _Reading(contents, addresses, problems).all()


class _Reading:
    def __init__(self, contents: Contents, addresses: Addresses, problems: Problems) -> None:
        self._contents = contents
        self._addresses = addresses
        self._problems = problems
        self._experiments = {each.id: each for each in contents.experiments}
        self._lineage = Lineage(contents.versions, contents.models, addresses)
        self._models = {each.id: each for each in contents.models}
        self._models_of: dict[str, list[LoggedModel]] = defaultdict(list)
        for each in contents.models:
            if each.run and not each.is_deleted:
                self._models_of[each.run].append(each)

    def all(self) -> Iterator[Found]:
        if not self._contents.experiments:
            self._problems.add(NO_EXPERIMENT)
        for experiment in self._contents.experiments:
            yield from self._of_experiment(experiment)
        for run in self._contents.runs():
            yield from self._of_run(run)
        for model in self._contents.models:
            yield from self._of_model(model)
        for trace in self._contents.traces():
            yield from self._references(trace.root, Strength.LIVE, (f"trace {trace.id}",))
        for evaluation in self._contents.evaluations():
            yield from self._of_evaluation(evaluation)
        for version in self._contents.versions:
            yield from self._of_version(version)

    def _of_experiment(self, experiment: Experiment) -> Iterator[Found]:
        roots = self._written(experiment.root)
        for folder, ids, what in _FOLDERS:
            if folder == _OF_MODELS and not self._contents.are_deleted_models_known:
                continue  # a folder of none that is listed may be one of a model in its grace
            for root in roots:
                key = f"{root.key}{folder}" if root.key else folder.removeprefix("/")
                below = Location(root.bucket, root.kind, key)
                yield Root(below, ids, f"{what} of experiment {experiment.name}")
        for said in experiment.texts:
            for location in self._addresses.harvest(said):
                because = (f"tag of experiment {experiment.name}",)
                yield Reference(location, Strength.LIVE, because, experiment=experiment.name)
        if experiment.is_deleted and experiment.root.rstrip("/").endswith(f"/{experiment.id}"):
            # A root that someone chose may hold what is not MLflow's.
            for root in roots:
                yield Unneeded(
                    root,
                    OrphanReason.EXPERIMENT_DELETED,
                    (f"experiment {experiment.name}",),
                    since=experiment.changed,
                    experiment=experiment.name,
                )

    def _of_run(self, run: TrackedRun) -> Iterator[Found]:
        """Models of a run that is not deleted are kept as long as the run is: they are its own."""
        own = () if run.is_deleted else tuple(self._models_of.pop(run.id, ()))
        roots, readings = self._folders((_folder_of(run), *(model.root for model in own)))
        experiment = self._experiment(run.experiment_id)
        inputs = tuple(self._read_by(run))
        yield Run(
            id=run.id,
            name=run.name,
            experiments=(experiment,) if experiment else (),
            groups=(),
            status=run.status,
            is_deleted=run.is_deleted,
            started=run.started,
            ended=run.ended,
            last_news=max(filter(None, (run.started, run.ended, run.measured)), default=None),
            owner=run.owner,
            roots=roots,
            readings=readings,
            deleted=run.deleted,
            parameters=run.parameters,
            metrics=run.metrics,
            inputs=inputs,
            outputs=tuple([Artifact(each.name, each.root) for each in own]),
            tags=run.tags,
        )
        every = tuple(sorted((*roots, *readings))) if readings else roots
        yield from self._lineage.of_run(run, inputs, experiment, every)

    def _folders(self, folders: Iterable[str]) -> tuple[tuple[Location, ...], tuple[Location, ...]]:
        """As they are written, and what else that may mean."""
        roots: set[Location] = set()
        readings: set[Location] = set()
        for folder in folders:
            found = self._located(folder)
            roots.update(found if len(found) < 2 else self._written(folder))
            readings.update(found)
        return tuple(sorted(roots)), tuple(sorted(readings - roots))

    def _read_by(self, run: TrackedRun) -> Iterator[Artifact]:
        """Its datasets, and whatever location a parameter or tag of it names."""
        for each in run.datasets:
            found = self._addresses.harvest(each.source)
            yield Artifact(f"dataset {each.name}", each.source, found)
        for what, pairs in (("parameter", run.parameters), ("tag", run.tags)):
            for name, value in pairs:
                if ":" in value and (found := self._addresses.harvest(value)):
                    yield Artifact(f"{what} {name}", value, found)
        for id in run.models_read:
            if model := self._models.get(id):
                found = self._located(model.root)
                yield Artifact(f"logged model {model.name} {id}", model.root, found)

    def _of_model(self, model: LoggedModel) -> Iterator[Found]:
        experiment = self._experiment(model.experiment_id)
        because = (f"logged model {model.name} {model.id}",)
        if model.is_deleted:
            for location in self._written(model.root):
                yield Unneeded(
                    location,
                    OrphanReason.LOGGED_MODEL_DELETED,
                    because,
                    since=model.changed,
                    experiment=experiment,
                )
        elif model.run is None or model.run in self._models_of:
            # Its run is deleted or gone, and MLflow still shows the model.
            yield from self._references(model.root, Strength.LIVE, because, experiment=experiment)
        yield from self._lineage.of_model(model, because, experiment)

    def _of_evaluation(self, evaluation: Evaluation) -> Iterator[Found]:
        because = (f"evaluation dataset {evaluation.dataset}",)
        found = {each for said in evaluation.texts for each in self._addresses.harvest(said)}
        for location in sorted(found):
            yield Reference(location, Strength.LIVE, because)

    def _of_version(self, version: Version) -> Iterator[Found]:
        if version.is_prompt:
            return
        if version.is_deleted:
            for location in self._written(version.storage or ""):
                yield Unneeded(
                    location,
                    OrphanReason.VERSION_DELETED,
                    (f"model {version.name} v{version.number}",),
                    since=version.changed,
                )
            return
        try:
            locations = self._addresses.of_version(version)
        except UnknownLocation as unknown:
            self._problems.add(
                f"has model {version.name} v{version.number}, whose source {unknown}"
            )
            return
        harvested = {each for said in version.texts for each in self._addresses.harvest(said)}
        for location in sorted({*locations, *harvested}):
            yield Reference(location, Strength.PIN, version.because, owner=version.owner)

    def _references(
        self,
        text: str,
        strength: Strength,
        because: tuple[str, ...],
        owner: str | None = None,
        experiment: str | None = None,
    ) -> Iterator[Found]:
        for location in self._located(text):
            yield Reference(location, strength, because, owner, experiment)

    def _located(self, text: str) -> tuple[Location, ...]:
        return self._read(text, self._addresses.of)

    def _written(self, text: str) -> tuple[Location, ...]:
        """Of what may go."""
        return self._read(text, self._addresses.as_written)

    def _read(self, text: str, read: Callable[[str], tuple[Location, ...]]) -> tuple[Location, ...]:
        if not text:
            return ()
        try:
            return read(text)
        except UnknownLocation as unknown:
            self._problems.add(
                with_remedy(f"has an artifact location that {unknown.why}", "correct it in MLflow"),
                example=text,
            )
            return ()

    def _experiment(self, id: str) -> str | None:
        found = self._experiments.get(id)
        return found.name if found else None


def _folder_of(run: TrackedRun) -> str:
    """MLflow gives each run a folder of its ID, and stores below `artifacts` in it."""
    root = run.root.rstrip("/")
    return root.removesuffix("/artifacts") if root.endswith(f"/{run.id}/artifacts") else root
