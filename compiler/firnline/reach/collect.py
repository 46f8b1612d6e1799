"""The registries of a fleet → the lines of a references file, whatever goes wrong with one of them.

A registry that cannot be read whole gets a certificate that says why; the others are still read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from firnline.diagnostics.masked import without_secrets
from firnline.fleet.accounts import NoAccess
from firnline.language.fleet_registries import DEFAULT_GUARD, DropGuard
from firnline.reach.drop_guard import LastComplete, too_small
from firnline.reach.experiments.judge import Judged, Judging
from firnline.reach.experiments.model import Run
from firnline.reach.experiments.remarks import Remark
from firnline.reach.location import UnknownLocation
from firnline.reach.reference_lines import Line
from firnline.reach.references import Unneeded
from firnline.reach.source import CannotRead, Certificate, Found, GaveNoAccess
from firnline.reach.tally import Tally

Judge = Callable[[str], Judging]
"""From the name of a registry to what judges its runs."""


_NOTHING: Final[Mapping[str, LastComplete]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Opened:
    """A registry of the fleet file. `read` opens and reads it: whatever fails, fails there."""

    name: str
    kind: str
    read: Callable[[], Iterator[Found]]
    guard: DropGuard = DEFAULT_GUARD


def collect(
    registries: Iterable[Opened],
    judge: Judge,
    now: Callable[[], datetime],
    tallies: list[Tally],
    before: Mapping[str, LastComplete] = _NOTHING,
) -> Iterator[tuple[str, str, Line]]:
    """Lines as `reference_file.to_lines` takes them; the certificate of each registry is the last
    of its own. `tallies` gets one for each registry, whole once its certificate was yielded.
    `before` are the last complete answers: one that is much smaller is not complete.
    """
    for registry in registries:
        tally = Tally(registry.name, registry.kind)
        tallies.append(tally)
        for found in _lines_of(registry, judge, now, tally):
            line = found
            if isinstance(found, Certificate):
                last = before.get(registry.name)
                line = _guarded(found, tally, last, registry.guard)
            tally.add(line)
            yield registry.name, registry.kind, line


def _lines_of(
    registry: Opened, judge: Judge, now: Callable[[], datetime], tally: Tally
) -> Iterator[Line]:
    began, certificates = now(), list[Certificate]()
    judging = judge(registry.name)
    try:
        for found in _certified(registry.read()):
            if isinstance(found, Run):
                yield from _heard(judging.at_once(found), tally)
            elif isinstance(found, Certificate):
                certificates.append(found)
            elif isinstance(found, Unneeded):
                yield judging.settled(_part_of_a_bucket(found))
            else:
                yield found
    except (CannotRead, NoAccess, UnknownLocation, OSError) as why:
        tally.has_no_access = isinstance(why, NoAccess | OSError | GaveNoAccess)
        certificates = [_incomplete(why, began, now(), certificates)]
    yield from _heard(judging.at_last(), tally)
    yield certificates[0]


def _part_of_a_bucket(found: Unneeded) -> Unneeded:
    """No registry knows all that a bucket stores. Raises `CannotRead`."""
    if not found.location.key:
        raise CannotRead(
            f"says that nothing in the whole bucket {found.location.bucket} is needed"
            f" ({', '.join(found.because)}): correct the record, so that it names a folder"
        )
    return found


def _heard(judged: Iterable[Judged], tally: Tally) -> Iterator[Line]:
    """Remarks are for people: they stand in no file."""
    for each in judged:
        if isinstance(each, Remark):
            tally.remarks.append(each)
        else:
            yield each


def _guarded(
    certificate: Certificate, tally: Tally, last: LastComplete | None, guard: DropGuard
) -> Certificate:
    """One that is not complete says why already."""
    if not certificate.is_complete:
        return certificate
    problem = too_small(
        tally.references,
        names_nothing=tally.is_empty,
        last=last,
        guard=guard,
        today=certificate.ended.date(),
    )
    return replace(certificate, problems=(problem,)) if problem else certificate


def _certified(found: Iterable[Found]) -> Iterator[Found]:
    """With exactly one certificate, as the last item. Raises `CannotRead`."""
    certified = False
    for each in found:
        if certified:
            raise CannotRead(_GOES_ON)
        certified = isinstance(each, Certificate)
        yield each
    if not certified:
        raise CannotRead(_NO_CERTIFICATE)


_GOES_ON = "goes on after its certificate: update the program or plugin that reads it"
_NO_CERTIFICATE = (
    "ended without a certificate, so that the rest may be missing: read it again, and if that"
    " repeats, update the program or plugin that reads it"
)


def _incomplete(
    why: CannotRead | NoAccess | UnknownLocation | OSError,
    began: datetime,
    ended: datetime,
    certificates: list[Certificate],
) -> Certificate:
    problem = _in_words(why)
    if certificates:
        return replace(certificates[0], problems=(*certificates[0].problems, problem))
    return Certificate(began, ended, pages=0, count=0, problems=(problem,))


def _in_words(why: CannotRead | NoAccess | UnknownLocation | OSError) -> str:
    match why:
        case CannotRead() | NoAccess():
            said = str(why)
        case UnknownLocation():
            said = f"names a location that cannot be told: {why}"
        case _:
            said = (
                f"cannot be reached ({type(why).__name__}: {why}): see that it runs and can be"
                " reached from here, and read it again"
            )
    return without_secrets(" ".join(said.split()))
