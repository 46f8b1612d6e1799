"""What made a registered package: the jobs behind it, and what each of them read, transitively.

Found by three traces: a job that wrote what is registered or read; an ARN of a job in the record;
the associations of SageMaker's lineage.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.reach.location import AccessPoints, Location, locations_in
from firnline.reach.references import Reference, Strength
from firnline.reach.registries.sagemaker.harvest import texts_in
from firnline.reach.registries.sagemaker.jobs import Job

_COMPONENT: Final = re.compile(
    r".*:experiment-trial-component/(?P<job>.+)-aws-(?P<kind>training|processing|transform)-job",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Artifact:
    arn: str
    label: str
    uri: str
    locations: tuple[Location, ...]


def artifact_of(summary: Mapping[str, Any], access_points: AccessPoints) -> Artifact:
    """Raises `UnknownLocation`."""
    uri = str((summary.get("Source") or {}).get("SourceUri", ""))
    name = summary.get("ArtifactName") or str(summary["ArtifactArn"]).rpartition("/")[2]
    return Artifact(
        str(summary["ArtifactArn"]),
        f"lineage artifact {name}",
        uri,
        locations_in(uri, access_points),
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """What is looked at next, and the chain from it to the package."""

    arns: tuple[str, ...]
    locations: tuple[Location, ...]
    because: tuple[str, ...]


class Lineage:
    def __init__(
        self,
        jobs: Iterable[Job],
        artifacts: Iterable[Artifact] = (),
        associations: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        jobs = tuple(jobs)
        self._jobs = {job.arn.lower(): job for job in jobs if job.arn}
        self._components = {job.label.lower(): job for job in jobs}
        self._writers = _Writers(jobs)
        self._artifacts = {each.arn: each for each in artifacts}
        self._by_uri: dict[object, list[Artifact]] = defaultdict(list)
        for each in self._artifacts.values():
            for name in {each.uri, *each.locations}:
                self._by_uri[name].append(each)
        self._sources: dict[str, list[str]] = defaultdict(list)
        for ends in associations:
            self._sources[ends["DestinationArn"]].append(ends["SourceArn"])

    def behind(
        self, arns: Iterable[str], locations: tuple[Location, ...], package: str
    ) -> Iterator[Reference]:
        """Pins for what was read to make it. `arns` are all that its record names, and its own."""
        steps = [_Step(tuple(arns), locations, (package,))]
        seen: set[str] = set()
        while steps:
            step = steps.pop()
            for following in self._following(step, seen):
                for location in following.locations:
                    yield Reference(location, Strength.PIN, following.because)
                steps.append(following)

    def _following(self, step: _Step, seen: set[str]) -> Iterator[_Step]:
        for arn in self._arns_of(step):
            if arn in seen:
                continue
            seen.add(arn)
            job = self._job(arn)
            if artifact := self._artifacts.get(arn):
                chain = (artifact.label, *step.because)
                yield _Step((arn,), artifact.locations, chain)
            elif job is None:
                yield _Step((arn,), (), step.because)
            else:
                chain = (job.label, *step.because)
                yield _Step((arn,), (), chain)
                for named in job.inputs:
                    yield _Step((), named.locations, (str(named), *chain))

    def _arns_of(self, step: _Step) -> Iterator[str]:
        for arn in step.arns:
            if self._job(arn):
                yield arn
            yield from self._sources.get(arn, ())
            yield from (each.arn for each in self._by_uri.get(arn, ()))
        yield from (job.arn for job in self._writers.of(step.locations))
        for location in step.locations:
            yield from (each.arn for each in self._by_uri.get(location, ()))

    def _job(self, arn: str) -> Job | None:
        if found := self._jobs.get(arn.lower()):
            return found
        component = _COMPONENT.fullmatch(arn)
        if component is None:
            return None
        return self._components.get(f"{component['kind']} job {component['job']}".lower())


@dataclass(slots=True)
class _Writers:
    """Which jobs wrote at, above or below a location?"""

    jobs: Iterable[Job]
    _at: dict[tuple[str, str], list[Job]] = field(default_factory=dict)
    _sorted: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for job in self.jobs:
            for named in job.outputs:
                for each in named.locations:
                    path = each.bucket, f"{each.key.rstrip('/')}/"
                    self._at.setdefault(path, []).append(job)
        self._sorted = sorted(self._at)

    def of(self, locations: Iterable[Location]) -> Iterator[Job]:
        found: dict[str, Job] = {}
        for location in locations:
            for path in {*self._above(location), *self._below(location)}:
                found |= {job.label: job for job in self._at.get(path, ())}
        yield from found.values()

    def _above(self, location: Location) -> Iterator[tuple[str, str]]:
        parts = location.key.rstrip("/").split("/")
        for length in range(1, len(parts) + 1):
            yield location.bucket, "/".join(parts[:length]) + "/"

    def _below(self, location: Location) -> Iterator[tuple[str, str]]:
        prefix = location.key
        at = bisect_left(self._sorted, (location.bucket, prefix))
        while at < len(self._sorted):
            bucket, path = self._sorted[at]
            if bucket != location.bucket or not path.startswith(prefix):
                return
            if location.covers(path) or location.covers(path.rstrip("/")):
                yield bucket, path
            at += 1


def arns_in(record: Any) -> Iterator[str]:
    """Every ARN of SageMaker that is the whole of a text in a record."""
    return (each for each in texts_in(record) if each.startswith("arn:") and ":sagemaker:" in each)
