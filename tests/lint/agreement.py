"""What is found in a lifecycle file, held against who suffers from what."""

from __future__ import annotations

from collections.abc import Iterator
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
JUDGED = {"FL240", "FL244", "FL301", "FL245", "FL310", "FL319", "FL242", "FL243", "FL502"}
IDLE = ("FL241", "FL304")
NAMES = ("FL314",)  # of rules and prefixes: nothing stored suffers them
CUT_SHORT = {"FL301", "FL245"}


@dataclass(frozen=True)
class Found:
    """A finding, where it points, and what else it shows: of a pair, it points at one."""

    code: str
    place: Place
    shown: frozenset[Place]
    notes: tuple[str, ...]


def found_in(file: LifecycleFile) -> list[Found] | None:
    """What is found in a file, or nothing where S3 refuses it."""
    text, places = file.written
    versioning = Versioning(file.versioning) if file.versioning else None
    said = Circumstances(versioning=versioning, as_of=file.as_of)
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
    known = f"versioning {file.versioning or 'not known'}, as of {file.as_of or 'any day'}"
    return "\n".join([text, known, *dict.fromkeys(disagreements(file))])


def disagreements(file: LifecycleFile) -> list[str]:
    found = found_in(file)
    return [] if found is None else [*_disagreements(file, found)]


def _disagreements(file: LifecycleFile, found: list[Found]) -> Iterator[str]:
    universe = Universe(file)
    suffered = [
        *ends.of_whole_rules(universe),
        *ends.cut_short(universe),
        *(kept_versions.of_bytes(universe) if universe.keeps_versions else ()),
        *(kept_versions.of_markers(universe) if universe.keeps_versions else ()),
        *stays.of_short_stays(universe),
    ]
    for each in found:
        if each.code in JUDGED:
            if not any(each.place in one.places for one in suffered if one.code == each.code):
                yield f"{each.code} at {_told(each.place)}: nothing suffers it"
        elif each.code not in (*IDLE, *NAMES):
            yield f"{each.code} at {_told(each.place)}: no kind that is judged here"
    for one in (each for each in suffered if each.is_told):
        of_kind = [each for each in found if each.code == one.code]
        once = one.code == "FL310" and file.versioning is None and of_kind
        pairs = {place for each in of_kind if one.code == "FL245" for place in each.shown}
        pointed_at = pairs | {each.place for each in of_kind}
        if pointed_at.isdisjoint(one.places | one.of_partner) and not once:
            yield f"{one.code} is not found at {_places(one)}: {one.story}"
    yield from _conditions(file, found, suffered)
    yield from _idle(universe, found)


def _conditions(file: LifecycleFile, found: list[Found], suffered: list[Sufferer]) -> Iterator[str]:
    """Where versioning is unknown: what holds in one reading alone says so."""
    for each in found:
        keeps = any(note.startswith("only where the bucket keeps") for note in each.notes)
        never = any(note.startswith("only where the bucket never") for note in each.notes)
        readings = {
            one.reading
            for one in suffered
            if one.code == each.code and each.place in one.places and one.reading
        }
        if file.versioning is not None and (keeps or never):
            yield f"{each.code} at {_told(each.place)}: depends on a versioning that is known"
        elif (keeps and Reading.OFF in readings) or (never and Reading.KEEPS in readings):
            yield f"{each.code} at {_told(each.place)}: holds in the other reading, too"
        elif file.versioning is None and len(readings) == 1 and not (keeps or never):
            yield f"{each.code} at {_told(each.place)}: holds in one reading alone"


def _idle(universe: Universe, found: list[Found]) -> Iterator[str]:
    idle_rules = {each.place.rule for each in found if each.code == "FL241"}
    idle_steps = {each.place for each in found if each.code == "FL304"}
    cut_short = {each.place.rule for each in found if each.code in CUT_SHORT}
    left = Remaining(universe)
    for n in reversed(universe.enabled):
        if n in cut_short:
            if n in idle_rules or any(place.rule == n for place in idle_steps):
                yield f"r{n} is reported as cut short and as idle"
            continue
        if left.lose(left.of_rule(n)):
            if n not in idle_rules:
                yield f"FL241 is not found at r{n}: nothing changes without it"
            continue
        if n in idle_rules:
            yield f"FL241 at r{n}: something changes without it"
        for place in sorted(left.of_rule(n), reverse=True):
            if place.action in (MOVES, OLD_MOVES):
                is_idle = left.lose({place})
                if is_idle and place not in idle_steps:
                    yield f"FL304 is not found at {_told(place)}: nothing changes without it"
                elif place in idle_steps and not is_idle:
                    yield f"FL304 at {_told(place)}: something changes without it"


def _places(each: Sufferer) -> str:
    return " or ".join(_told(place) for place in sorted(each.places))


def _told(place: Place) -> str:
    return f"r{place.rule} {place.action}" + f"[{place.step}]" * place.action.endswith(
        "Transitions"
    )
