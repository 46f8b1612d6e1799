"""Whose objects belong to people who are no longer there, and who could take them over?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firnline.reach.mark.report import BucketAudit, Gone, ObjectClass, Total


@dataclass(frozen=True, slots=True)
class Person:
    """Of a directory. Somebody who left may still stand in it, with the team."""

    team: str | None = None
    has_left: bool = False


def gone_owners(buckets: Sequence[BucketAudit], people: Mapping[str, Person]) -> tuple[Gone, ...]:
    """Those that the directory does not list as present, the one of most dollars first. `people`
    are by name or address in lower case; the part before an `@` is a name as well.
    """
    active: dict[str, Total] = defaultdict(Total)
    orphaned: dict[str, Total] = defaultdict(Total)
    by_experiment: dict[str, dict[str, int]] = defaultdict(dict)
    for share in (share for bucket in buckets for share in bucket.shares):
        if share.owner is None:
            continue
        sums = active if share.is_ is ObjectClass.ACTIVE else orphaned
        sums[share.owner] = sums[share.owner].plus(share.total)
        if share.experiment is not None:
            authors = by_experiment[share.experiment]
            authors[share.owner] = authors.get(share.owner, 0) + share.total.bytes
    gone = [
        Gone(owner, active[owner], orphaned[owner], *_successor(owner, by_experiment, people))
        for owner in sorted({*active, *orphaned})
        if not _is_present(owner, people)
    ]
    return tuple(sorted(gone, key=lambda each: -each.active.plus(each.unneeded).usd_a_month))


def _is_present(owner: str, people: Mapping[str, Person]) -> bool:
    person = _person(owner, people)
    return person is not None and not person.has_left


def _person(owner: str, people: Mapping[str, Person]) -> Person | None:
    name = owner.lower()
    return people.get(name) or people.get(name.partition("@")[0])


def _successor(
    owner: str, by_experiment: Mapping[str, Mapping[str, int]], people: Mapping[str, Person]
) -> tuple[str | None, str | None]:
    """The team, where the directory still says it; else of those who are present the one with the
    most bytes in the same experiments, and which that is.
    """
    person = _person(owner, people)
    if person and person.team:
        return f"team {person.team}", "the directory says so"
    found = [
        (size, other, experiment)
        for experiment, authors in by_experiment.items()
        if owner in authors
        for other, size in authors.items()
        if _is_present(other, people)
    ]
    if not found:
        return None, None
    _, other, experiment = max(found)
    return other, f"also in experiment {experiment}"
