"""What do checks find in a folder, in its policies, and in the programs that come of them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from firnline.diagnostics.kinds import Diagnostic, Kind, has_errors
from firnline.diagnostics.position import path_of
from firnline.language.check import Check, Known, Subject, Turn
from firnline.language.model import Folder, Policy
from firnline.rules.program import Program


@dataclass(frozen=True, slots=True)
class Problems:
    """`kinds` were looked for: of all others nobody knows whether they are there."""

    found: tuple[Diagnostic, ...]
    kinds: frozenset[Kind]


def problems(
    checks: Sequence[Check],
    folder: Folder,
    programs: Sequence[Program],
    known: Known,
    before: Sequence[Diagnostic] = (),
) -> Problems:
    """Asks each check for whose question enough is known, in order. `before` was found already."""
    asked = [check for check in checks if known.answers(check)]
    found = [*before, *_in_turn(asked, folder, programs, known)]
    if has_errors(found):
        asked = [check for check in asked if check.turn is not Turn.LAST]
    else:
        last = [check for check in asked if check.turn is Turn.LAST]
        found += [each for program in programs for each in _ask(last, program, known)]
    return Problems(tuple(found), frozenset(kind for check in asked for kind in check.kinds))


def _in_turn(
    checks: Sequence[Check], folder: Folder, programs: Sequence[Program], known: Known
) -> Iterator[Diagnostic]:
    yield from _of(Subject.FOLDER, checks, folder, known)
    for policy in _policies(folder, programs):
        yield from policy.remarks
        yield from _of(Subject.POLICY, checks, policy, known)
    first = [check for check in checks if check.turn is Turn.FIRST]
    main = [check for check in checks if check.turn is Turn.MAIN]
    for program in programs:
        beforehand = list(_ask(first, program, known))
        yield from beforehand or _ask(main, program, known)


def _policies(folder: Folder, programs: Iterable[Program]) -> Iterable[Policy]:
    """Each policy as it is written, and as it holds for buckets where something is overridden."""
    of_buckets = [policy for program in programs for policy in program.policies]
    return {id(each): each for each in [*folder.policies, *of_buckets]}.values()


def _ask(checks: Sequence[Check], program: Program, known: Known) -> Iterator[Diagnostic]:
    """What two policies say against each other counts only where there is a bucket for both, so
    that nothing is said of it before anybody has looked for buckets."""
    found = [
        *_of(Subject.PROGRAM, checks, program.as_written, known),
        *_of(Subject.PROGRAM_UNDER_HOLDS, checks, program, known),
    ]
    return (each for each in found if known.lock or _in_one_file(each))


def _of(
    subject: Subject, checks: Iterable[Check], handed: object, known: Known
) -> Iterator[Diagnostic]:
    for check in checks:
        if check.subject is subject:
            yield from check.ask(handed, *known.handed_to(check))


def _in_one_file(diagnostic: Diagnostic) -> bool:
    path = path_of(diagnostic.place)
    return all(path_of(place) == path for place, _ in diagnostic.also)
