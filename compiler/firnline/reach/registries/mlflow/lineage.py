"""What the run behind a registered version read is needed as long as the version is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.reach.experiments.model import Artifact, run_in_words
from firnline.reach.location import Location
from firnline.reach.references import Reference, Strength
from firnline.reach.registries.mlflow.addresses import Addresses
from firnline.reach.registries.mlflow.contents import LoggedModel, TrackedRun, Version


class Lineage:
    """Which versions are made from a run or a logged model: the first is the best known of them."""

    def __init__(
        self,
        versions: Iterable[Version],
        models: Iterable[LoggedModel],
        addresses: Addresses,
    ) -> None:
        self._addresses = addresses
        self._models = {each.id: each for each in models}
        self._of_run: dict[str, tuple[str, ...]] = {}
        self._of_model: dict[str, tuple[str, ...]] = {}
        for version in sorted(versions, key=_best_known):
            if not version.is_deleted and not version.is_prompt:
                self._enter(version)

    def of_run(
        self,
        run: TrackedRun,
        inputs: tuple[Artifact, ...],
        experiment: str | None,
        roots: tuple[Location, ...],
    ) -> Iterator[Reference]:
        """Its folder is live, not pinned: a policy may still delete checkpoints in it."""
        if (version := self._of_run.get(run.id)) is None:
            return
        because = (run_in_words(run.name, run.id), *version)
        for location in roots:
            yield Reference(location, Strength.LIVE, because, run.owner, experiment)
        for each in inputs:
            for location in each.locations:
                chain = (each.name, *because)
                yield Reference(location, Strength.PIN, chain, run.owner, experiment)

    def of_model(
        self, model: LoggedModel, because: tuple[str, ...], experiment: str | None
    ) -> Iterator[Reference]:
        version = self._of_model.get(model.id)
        strength = Strength.LIVE if version is None else Strength.PIN
        if version is None and model.is_deleted:
            return
        for said in model.texts:
            for location in self._addresses.harvest(said):
                chain = (*because, *(version or ()))
                yield Reference(location, strength, chain, experiment=experiment)

    def _enter(self, version: Version) -> None:
        runs = {version.run} if version.run else set()
        for text in (version.source, version.storage or ""):
            for part in text.split("/"):
                if model := self._models.get(part):
                    self._of_model.setdefault(model.id, version.because)
                    runs |= {model.run} if model.run else set()
        for run in runs:
            self._of_run.setdefault(run, version.because)


def _best_known(version: Version) -> tuple[bool, bool, int]:
    """First those with an alias, then those in a stage, then the newest."""
    return not version.aliases, version.stage in (None, "None"), -version.number
