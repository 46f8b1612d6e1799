"""Models, and what serves them: an endpoint holds what its models load, in every variant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.reach.references import Reference, Strength
from firnline.reach.registries.sagemaker.lineage import arns_in
from firnline.reach.registries.sagemaker.reading import Reading, Record
from firnline.reach.registries.sagemaker.resources import (
    COMPONENTS,
    ENDPOINT_CONFIGS,
    ENDPOINTS,
    MODELS,
    PACKAGES,
)

_NOT_SERVING: Final = ("Failed", "Deleting")
_VARIANTS: Final = ("ProductionVariants", "ShadowProductionVariants")


def references_of(record: Record, strength: Strength, *because: str) -> Iterator[Reference]:
    """Of every location in it, with the chain to what needs it."""
    for named in record.named:
        for location in named.locations:
            yield Reference(
                location, strength, (str(named), *because), record.owner, record.experiment
            )


def read_deployed(reading: Reading, packages: Mapping[str, Record]) -> Iterator[Reference]:
    """`packages` by ARN. Models are read before what serves them."""
    serving = _Serving(reading, dict(packages), {}, {})
    for model in reading.records(MODELS):
        serving.models[model.name] = model
        yield from serving.of_model(model, Strength.PIN)
    for config in reading.records(ENDPOINT_CONFIGS):
        serving.configs[config.name] = config
        yield from references_of(config, Strength.PIN, config.label)
    for endpoint in reading.records(ENDPOINTS):
        yield from serving.of_endpoint(endpoint)
    for component in reading.records(COMPONENTS):
        yield from references_of(component, Strength.HOLD, component.label)
        yield from serving.of_models(_models_of(component.content), component.label)


@dataclass(frozen=True, slots=True)
class _Serving:
    reading: Reading
    packages: dict[str, Record]
    models: dict[str, Record]
    configs: dict[str, Record]

    def of_model(self, model: Record, strength: Strength, *because: str) -> Iterator[Reference]:
        yield from references_of(model, strength, model.label, *because)
        for arn in dict.fromkeys(arns_in(model.content)):
            if ":model-package/" in arn and (package := self._package(arn, model.label)):
                yield from references_of(package, strength, package.label, model.label, *because)

    def of_endpoint(self, endpoint: Record) -> Iterator[Reference]:
        status = endpoint.status(ENDPOINTS)
        if status in _NOT_SERVING:
            yield from references_of(endpoint, Strength.PIN, f"{endpoint.label}, {status}")
            return
        label = f"{endpoint.label}, {status}"
        yield from references_of(endpoint, Strength.HOLD, label)
        for name in _configs_of(endpoint.content):
            yield from self._of_config(name, label)

    def _of_config(self, name: str, label: str) -> Iterator[Reference]:
        config = self.configs.get(name) or self.reading.record_of(ENDPOINT_CONFIGS, name)
        if config is None:
            self.reading.problem(_missing(label, f"endpoint configuration {name}"))
            return
        yield from references_of(config, Strength.HOLD, config.label, label)
        yield from self.of_models(_models_of(config.content), label)

    def of_models(self, names: Iterable[str], label: str) -> Iterator[Reference]:
        for name in dict.fromkeys(names):
            model = self.models.get(name) or self.reading.record_of(MODELS, name)
            if model is None:
                self.reading.problem(_missing(label, f"model {name}"))
            else:
                yield from self.of_model(model, Strength.HOLD, label)

    def _package(self, arn: str, label: str) -> Record | None:
        """Of another account, where no group of this one lists it."""
        if arn not in self.packages:
            found = self.reading.record_of(PACKAGES, arn)
            if found is None:
                self.reading.problem(_missing(label, f"model package {arn}"))
                return None
            self.packages[arn] = found
        return self.packages[arn]


def _configs_of(content: Mapping[str, Any]) -> Iterator[str]:
    """The one that serves, and the one that an update in progress goes to."""
    for each in (content, content.get("PendingDeploymentSummary") or {}):
        if name := each.get("EndpointConfigName"):
            yield str(name)


def _models_of(content: Mapping[str, Any]) -> Iterator[str]:
    for variants in _VARIANTS:
        for variant in content.get(variants) or ():
            if name := variant.get("ModelName"):
                yield str(name)
    for specification in (content.get("Specification"), *(content.get("Specifications") or ())):
        if name := (specification or {}).get("ModelName"):
            yield str(name)


def _missing(label: str, what: str) -> str:
    return (
        f"{label} uses the {what}, which cannot be described, so that nobody can tell what it"
        " loads: create that again, or delete what uses it"
    )
