"""The resources of SageMaker → their records with the locations in them, and the proof of that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from firnline.fleet.threads import in_threads
from firnline.reach.location import AccessPoints, UnknownLocation
from firnline.reach.registries.sagemaker.harvest import Named, harvest
from firnline.reach.registries.sagemaker.listing import Listing, Scopes, Witness, listing_of
from firnline.reach.registries.sagemaker.manifests import Manifests
from firnline.reach.registries.sagemaker.requests import Api, Gone
from firnline.reach.registries.sagemaker.resources import Resource
from firnline.reach.source import CannotRead, Certificate

_AT_ONCE: Final = 500
_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class Record:
    """One described record. `label` is its kind and name in words."""

    name: str
    label: str
    content: Mapping[str, Any]
    named: tuple[Named, ...]

    def status(self, resource: Resource) -> str:
        return str(self.content.get(resource.status or "", ""))

    @property
    def owner(self) -> str | None:
        owner = self.content.get("CreatedBy", {}).get("UserProfileName")
        return None if owner is None else str(owner)

    @property
    def experiment(self) -> str | None:
        experiment = self.content.get("ExperimentConfig", {}).get("ExperimentName")
        return None if experiment is None else str(experiment)


@dataclass(slots=True)
class Witnesses:
    """What was counted by which witness; kinds of which there are none stay nameless."""

    named: dict[Witness, list[str]] = field(default_factory=dict)
    none_of: Counter[Witness] = field(default_factory=Counter)
    others: list[str] = field(default_factory=list)

    def add(self, witness: Witness, what: str, count: int) -> None:
        if count:
            self.named.setdefault(witness, []).append(f"{what}s")
        else:
            self.none_of[witness] += 1

    def __str__(self) -> str:
        return "; ".join(filter(None, [*map(self._of, Witness), *self.others]))

    def _of(self, witness: Witness) -> str:
        said = [*self.named.get(witness, ())]
        if self.none_of[witness]:
            said.append(f"{self.none_of[witness]} kinds of which there are none")
        return f"{witness} ({', '.join(said)})" if said else ""


@dataclass(slots=True)
class Reading:
    """Collects what the certificate says while records are read."""

    api: Api
    manifests: Manifests
    access_points: AccessPoints = field(default_factory=dict)
    count: int = 0
    independent: int = 0
    witnesses: Witnesses = field(default_factory=Witnesses)
    problems: dict[str, None] = field(default_factory=dict)

    def listed(self, resource: Resource, scopes: Scopes = ({},)) -> tuple[dict[str, Any], ...]:
        """Summaries. Where they cannot be listed whole, that becomes a problem."""
        try:
            listing = listing_of(self.api, resource, scopes)
        except (CannotRead, Gone) as why:
            self.problem(str(why))
            return ()
        self._count(resource, listing)
        return listing.summaries

    def records(self, resource: Resource, scopes: Scopes = ({},)) -> Iterator[Record]:
        """Described, in the order of the list."""
        gone: list[str] = []
        for name, answer in self._described(resource, self.listed(resource, scopes)):
            match answer:
                case CannotRead() as why:
                    self.problem(str(why))
                    return
                case Gone():
                    gone.append(name)
                case content:
                    yield self._record(resource, name, content)
        if gone:
            self._check_gone(resource, gone, scopes)

    def _described(
        self, resource: Resource, summaries: Sequence[Mapping[str, Any]]
    ) -> Iterator[tuple[str, dict[str, Any] | CannotRead | Gone]]:
        for began in range(0, len(summaries), _AT_ONCE):
            some = {resource.name_of(each): each for each in summaries[began : began + _AT_ONCE]}
            answers = self._answers(resource, some)
            yield from ((name, answers[name]) for name in some)

    def record_of(self, resource: Resource, name: str) -> Record | None:
        """One that no list showed, such as a package of another account; None where it is gone."""
        ((_, field_of_name),) = resource.keys
        answer = self._answer(resource, {field_of_name: name})
        match answer:
            case CannotRead() as why:
                self.problem(str(why))
                return None
            case Gone():
                return None
            case content:
                return self._record(resource, name, content)

    def problem(self, text: str) -> None:
        self.problems[text] = None

    def add(self, other: Certificate) -> None:
        """That of what was read beside, such as experiments."""
        self.api.pages += other.pages
        self.count += other.count
        if other.independent_count is None:
            self.problem("has experiments that were not counted independently: read it again")
        else:
            self.independent += other.independent_count
        if other.counted_by:
            self.witnesses.others.append(other.counted_by)
        for problem in other.problems:
            self.problem(problem)

    def certificate(self, began: datetime, ended: datetime) -> Certificate:
        problems = tuple(self.problems)
        if len(problems) > _PROBLEMS:
            problems = (*problems[:_PROBLEMS], f"and {len(problems) - _PROBLEMS} more problems")
        return Certificate(
            began,
            ended,
            pages=self.api.pages,
            count=self.count,
            independent_count=self.independent,
            counted_by=str(self.witnesses) or None,
            problems=problems,
        )

    def _count(self, resource: Resource, listing: Listing) -> None:
        self.count += len(listing.summaries)
        self.independent += listing.independent
        self.witnesses.add(listing.counted_by, resource.what, len(listing.summaries))
        for problem in listing.problems:
            self.problem(problem)

    def _answers(
        self, resource: Resource, summaries: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, dict[str, Any] | CannotRead | Gone]:
        return dict(
            in_threads(lambda name: self._answer(resource, summaries[name]), list(summaries))
        )

    def _answer(
        self, resource: Resource, summary: Mapping[str, Any]
    ) -> dict[str, Any] | CannotRead | Gone:
        parameters = {parameter: summary[name] for parameter, name in resource.keys}
        try:
            return self.api.call(resource.describe, **parameters)
        except (CannotRead, Gone) as why:
            return why

    def _record(self, resource: Resource, name: str, content: dict[str, Any]) -> Record:
        short = name.rpartition("/")[2] if name.startswith("arn:") else name
        label = f"{resource.what} {short}"
        named: list[Named] = []
        try:
            named += harvest(content, short, self.manifests, self.access_points)
        except (UnknownLocation, CannotRead) as why:
            self.problem(f"{label}: {why}")
        return Record(name, label, content, tuple(named))

    def _check_gone(self, resource: Resource, gone: list[str], scopes: Scopes) -> None:
        """Deleted while it was read, or hidden from the description alone?"""
        try:
            again = listing_of(self.api, resource, scopes).summaries
        except (CannotRead, Gone) as why:
            self.problem(str(why))
            return
        hidden = sorted({resource.name_of(each) for each in again}.intersection(gone))
        if hidden:
            more = f" and {len(hidden) - 1:,} more" if len(hidden) > 1 else ""
            self.problem(
                f"lists the {resource.what} {hidden[0]}{more}, but says that it does not exist:"
                f" grant sagemaker:{resource.describe} on all, and read it again"
            )
