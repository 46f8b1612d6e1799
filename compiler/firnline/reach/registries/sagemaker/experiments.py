"""The runs of SageMaker Experiments as part of its registry, counted in its certificate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from firnline.reach.experiments.sagemaker import RunsRead, read_runs
from firnline.reach.location import AccessPoints
from firnline.reach.registries.clock import now
from firnline.reach.registries.sagemaker.requests import Api, Gone
from firnline.reach.source import CannotRead, Certificate, Found


def read_experiments(api: Api, access_points: AccessPoints) -> Iterator[Found]:
    """What cannot be read is a problem of the certificate, which counts no pages: `api` does."""
    began = now()
    try:
        for found in read_runs(_Calls(api), access_points=access_points):
            if isinstance(found, RunsRead):
                yield Certificate(
                    began,
                    now(),
                    pages=0,
                    count=found.count,
                    independent_count=found.independent_count,
                    counted_by=found.counted_by,
                    problems=found.problems,
                )
            else:
                yield found
    except CannotRead as why:
        yield Certificate(began, now(), pages=0, count=0, independent_count=0, problems=(str(why),))


@dataclass(frozen=True, slots=True)
class _Calls:
    api: Api

    def call(self, operation: str, **parameters: Any) -> Mapping[str, Any]:
        try:
            return self.api.call(operation, **parameters)
        except Gone as why:
            raise _changing(operation) from why

    def items(self, operation: str, key: str, **parameters: Any) -> Iterator[Mapping[str, Any]]:
        try:
            yield from self.api.items(operation, key, **parameters)
        except Gone as why:
            raise _changing(operation) from why

    def find(self, operation: str, **parameters: Any) -> Mapping[str, Any] | None:
        try:
            return self.api.call(operation, **parameters)
        except Gone:
            return None


def _changing(operation: str) -> CannotRead:
    return CannotRead(
        f"answers {operation} that what it listed before does not exist: read it again when fewer"
        " experiments are deleted"
    )
