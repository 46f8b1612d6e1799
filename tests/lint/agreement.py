"""What is found in a lifecycle file, held against who suffers from what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firnline.lint import Circumstances
from firnline.lint.check import check_lifecycle_file
from firnline.s3.terms import Versioning
from tests.lint.lifecycle_files import LifecycleFile, Place
from tests.lint.oracle import ends, kept_versions, stays
from tests.lint.oracle.idle import Remaining
from tests.lint.oracle.sufferer import Sufferer
from tests.lint.oracle.universe import MOVES, OLD_MOVES, Reading, Universe
from tests.places import in_file, span_of

REFUSED = range(220, 240)
JUDGED = ("FL240", "FL242", "FL243", "FL244", "FL245", "FL301", "FL310", "FL319", "FL502")
IDLE = ("FL241", "FL304")
NAMES = ("FL314",)  # of rules and prefixes: nothing stored suffers them
CUT_SHORT = ("FL245", "FL301")
ONLY_WHERE = {
    Reading.KEEPS: "only where the bucket keeps versions",
    Reading.OFF: "only where the bucket never kept versions",
}


@dataclass(frozen=True)
class Found:
    """A finding, where it points, and what else it shows: of a pair, it points at one."""

    code: str
    place: Place
    shown: frozenset[Place] = frozenset()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.code} at {self.place}"

    def is_idle_in(self, rule: int) -> bool:
        return self.code in IDLE and self.place.rule == rule


def found_in(file: LifecycleFile) -> list[Found] | None:
    """What is found in a file, or nothing where S3 refuses it."""
    text, places = file.written
    versioning = Versioning(file.versioning) if file.versioning else None
    said = Circumstances(versioning=versioning, today=file.today)
    found = check_lifecycle_file(text.encode(), "rules.json", said)
    if any(int(each.kind.code[2:]) in REFUSED for each in found):
        return None
    return [
        Found(
            each.kind.code,
            places[span_of(each).line],
            frozenset(places[in_file(place).line] for place, _ in each.also),
            each.notes,
        )
        for each in found
    ]


def disagreement(file: LifecycleFile) -> str:
    """The smallest part of a file that is judged in two ways, and how; empty if there is none."""
    if not disagreements(file):
        return ""
    while smaller := next((each for each in file.smaller() if disagreements(each)), None):
        file = smaller
    text, _ = file.written
    known = f"versioning {file.versioning or 'not known'}, on {file.today or 'any day'}"
    return "\n".join([text, known, *dict.fromkeys(disagreements(file))])


def disagreements(file: LifecycleFile) -> list[str]:
    found = found_in(file)
    return [] if found is None else compare(file, found)


def compare(file: LifecycleFile, found: Sequence[Found]) -> list[str]:
    universe = Universe(file)
    suffered = [
        *ends.of_whole_rules(universe),
        *ends.cut_short(universe),
        *(kept_versions.of_bytes(universe) if universe.keeps_versions else ()),
        *(kept_versions.of_markers(universe) if universe.keeps_versions else ()),
        *stays.of_short_stays(universe),
    ]
    return [
        *_without_a_sufferer(found, suffered),
        *_without_a_finding(found, suffered, versioning_is_known=file.versioning is not None),
        *_found_twice(found),
        *_conditions(found, suffered, versioning_is_known=file.versioning is not None),
        *_idle(universe, found),
    ]


def _without_a_sufferer(found: Sequence[Found], suffered: Sequence[Sufferer]) -> Iterator[str]:
    for each in found:
        if each.code in JUDGED and not _sufferers_at(each, suffered):
            yield f"{each}: nothing suffers it"
        if each.code not in (*JUDGED, *IDLE, *NAMES):
            yield f"{each}: no kind that is judged here"


def _without_a_finding(
    found: Sequence[Found], suffered: Sequence[Sufferer], *, versioning_is_known: bool
) -> Iterator[str]:
    """Of pairs either is enough; of what may free no bytes, one for the whole file."""
    for one in suffered:
        of_kind = [each for each in found if each.code == one.code]
        pointed_at = {each.place for each in of_kind}
        if one.code == "FL245":
            pointed_at = pointed_at.union(*(each.shown for each in of_kind))
        once = one.code == "FL310" and not versioning_is_known and pointed_at
        if one.is_told and not once and pointed_at.isdisjoint(one.places | one.of_partner):
            places = " or ".join(map(str, sorted(one.places)))
            yield f"{one.code} is not found at {places}: {one.story}"


def _found_twice(found: Sequence[Found]) -> Iterator[str]:
    longer_child = {each.place for each in found if each.code == "FL301"}
    for each in found:
        if each.code == "FL245" and each.place in longer_child:
            yield f"{each}: FL301 is found there, too"


def _conditions(
    found: Sequence[Found], suffered: Sequence[Sufferer], *, versioning_is_known: bool
) -> Iterator[str]:
    """Where versioning is unknown: what holds in one reading alone says so, and nothing else."""
    for each in found:
        readings = {one.reading for one in _sufferers_at(each, suffered)}
        said = {
            reading
            for reading, words in ONLY_WHERE.items()
            if any(note.startswith(words) for note in each.notes)
        }
        if versioning_is_known and said:
            yield f"{each}: depends on a versioning that is known"
        elif said and readings - said:
            yield f"{each}: holds in the other reading, too"
        elif not versioning_is_known and not said and len(readings - {None}) == 1:
            yield f"{each}: holds in one reading alone"


def _sufferers_at(found: Found, suffered: Sequence[Sufferer]) -> list[Sufferer]:
    return [each for each in suffered if each.code == found.code and found.place in each.places]


def _idle(universe: Universe, found: Sequence[Found]) -> Iterator[str]:
    """Rules and their steps from the last to the first: the first one of several stays."""
    rules = {each.place.rule for each in found if each.code == "FL241"}
    cut_short = {each.place.rule for each in found if each.code in CUT_SHORT}
    left = Remaining(universe)
    for n in reversed(universe.enabled):
        if n in cut_short:
            yield from (f"{each}: it is cut short" for each in found if each.is_idle_in(n))
        elif left.lose(left.of_rule(n)):
            if n not in rules:
                yield f"FL241 is not found at r{n}: nothing changes without it"
        elif n in rules:
            yield f"FL241 at r{n}: something changes without it"
        else:
            yield from _idle_steps(left, n, found)


def _idle_steps(left: Remaining, n: int, found: Sequence[Found]) -> Iterator[str]:
    steps = {each.place for each in found if each.code == "FL304"}
    for place in sorted(left.of_rule(n), reverse=True):
        if place.action in (MOVES, OLD_MOVES):
            is_idle = left.lose({place})
            if is_idle and place not in steps:
                yield f"FL304 is not found at {place}: nothing changes without it"
            elif place in steps and not is_idle:
                yield f"FL304 at {place}: something changes without it"
