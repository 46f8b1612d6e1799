"""What do checks find in a folder, in its policies, and in the programs built from them?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from firnline.diagnostics.kinds import Diagnostic, Kind, Waived, has_errors, in_order
from firnline.diagnostics.position import path_of
from firnline.language.check import Check, Known, Subject, Turn
from firnline.language.model import Folder, Policy
from firnline.language.waivers import waive, waived
from firnline.rules.program import Program
from firnline.rules.prove_fixes import with_fixes, without_remedies


@dataclass(frozen=True, slots=True)
class Problems:
    """`kinds` were checked; whether any others occur is unknown."""

    found: tuple[Diagnostic, ...]
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What there is to say of a folder, in order and with a fix where a machine can make one; and
    what its policies waive.
    """

    diagnostics: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...]


def diagnose(
    checks: Sequence[Check],
    folder: Folder,
    programs: Sequence[Program],
    known: Known,
    unreadable: Sequence[Diagnostic] = (),
    *,
    with_remedies: bool = True,
) -> Diagnosis:
    """Of what is `unreadable`, and of what the checks find. `with_remedies` is for those who show
    it: no remedy is proved without, which takes as long as all the rest.
    """
    found = problems(checks, folder, programs, known, unreadable)
    left = in_order(waive(folder.policies, found.found, found.kinds, known.today))
    shown = with_fixes(left, programs) if with_remedies else without_remedies(left)
    return Diagnosis(
        tuple(shown),
        tuple(waived(folder.policies, in_order(found.found))),
    )


def problems(
    checks: Sequence[Check],
    folder: Folder,
    programs: Sequence[Program],
    known: Known,
    before: Sequence[Diagnostic] = (),
) -> Problems:
    """Runs each check for which enough is known, in order. `before` was found already."""
    running = [check for check in checks if known.answers(check)]
    found = [*before, *_in_turn(running, folder, programs, known)]
    if has_errors(found):
        running = [check for check in running if check.turn is not Turn.LAST]
    else:
        last = [check for check in running if check.turn is Turn.LAST]
        found += [each for program in programs for each in _run(last, program, known)]
    return Problems(tuple(found), frozenset(_judged(running)))


def _judged(checks: Iterable[Check]) -> Iterator[Kind]:
    return (kind for check in checks if check.finds_all for kind in check.kinds)


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
        beforehand = list(_run(first, program, known))
        yield from beforehand or _run(main, program, known)


def _policies(folder: Folder, programs: Iterable[Program]) -> Iterable[Policy]:
    """Each policy as it is written, and as it applies to buckets with overrides."""
    of_buckets = [policy for program in programs for policy in program.policies]
    return {id(each): each for each in [*folder.policies, *of_buckets]}.values()


def _run(checks: Sequence[Check], program: Program, known: Known) -> Iterator[Diagnostic]:
    """Two policies contradict each other only on a bucket that both cover, so nothing is reported
    before buckets have been resolved.
    """
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
            yield from check.run(handed, *known.handed_to(check))


def _in_one_file(diagnostic: Diagnostic) -> bool:
    path = path_of(diagnostic.place)
    return all(path_of(place) == path for place, _ in diagnostic.also)
