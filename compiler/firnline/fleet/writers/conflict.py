"""FL714: the rules of a bucket are changed back and forth, by whom, and what ends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.remedy import Advise, Remedy
from firnline.diagnostics.visible import visible
from firnline.fleet.writers.history import Conflict, History, Turn
from firnline.fleet.writers.remedies import one_of_two_ways, stop
from firnline.fleet.writers.words import in_words, tool_in_words
from firnline.fleet.writers.writer import Tool, Writer
from firnline.s3.compare.cells import NotAnalysed
from firnline.s3.compare.difference import Difference, Facts
from firnline.s3.compare.same import differences
from firnline.s3.compare.witness import witness_of
from firnline.s3.compare.witness_words import item_in_words, steps_in_words
from firnline.s3.terms import Clock

_LOOKED_AT: Final = 100
_LISTED: Final = 5
_WRITE = "- {at: 2026-11-%s, by: %s, rules: [{ID: logs, Prefix: logs/, Expiration: {Days: %s}}]}\n"
_WRITES = (
    _WRITE % ("01T09:00:00Z", "Terraform", 90)
    + _WRITE % ("01T21:00:00Z", "Cloud Custodian", 30)
    + _WRITE % ("02T09:00:00Z", "Terraform", 90)
)
_AGAIN = _WRITE % ("02T21:00:00Z", "Cloud Custodian", 30)

CONFLICT = Kind(
    code="FL714",
    name="changed-back-and-forth",
    severity=Severity.ERROR,
    title="the rules of a bucket change back and forth between two meanings",
    why=(
        "A bucket has one lifecycle configuration, and each write replaces it whole. Two writers"
        " with different rules undo each other, and S3 acts on what is live at midnight: what the"
        " rules of either delete then is gone, whoever writes next."
    ),
    help="let exactly one of the writers write the lifecycle of this bucket",
    wrong=_WRITES + _AGAIN,
    right=_WRITES,
)


def conflict_diagnostic(history: History, facts: Facts) -> Diagnostic | None:
    """About the pair of meanings with the most flips; None where there is no conflict."""
    if not history.conflicts:
        return None
    conflict, *others = history.conflicts
    first, last = conflict.flips[0].write, conflict.flips[-1].write
    here, there = map(letter, conflict.meanings)
    writers = {number: history.writers_of(number) for number in conflict.meanings}
    return CONFLICT.at(
        BucketPlace(last.bucket, last.account_id or None),
        f"its rules changed {len(conflict.flips)} times between {here} and {there}, from"
        f" {moment_in_words(first.at)} to {moment_in_words(last.at)}",
        notes=[
            *_written(writers, last.account_id),
            *_ids(history, conflict),
            *_witness(history, conflict, facts),
            *_newest(history),
            *_others(len(others)),
        ],
        remedy=_remedy(writers, last.bucket, last.account_id),
    )


def letter(number: int) -> str:
    """What a meaning is called: A, B, …, Z, AA, …"""
    before, place = divmod(number, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + place)


def moment_in_words(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _written(
    writers: Mapping[int, Mapping[Writer, tuple[Turn, ...]]], account_id: str
) -> Iterator[str]:
    for number, by in writers.items():
        for turns in islice(by.values(), _LISTED):
            newest = turns[-1].write
            times = "once" if len(turns) == 1 else f"{len(turns)} times, last"
            yield (
                f"{letter(number)} was written by {in_words(newest.writer, account_id)}: {times} at"
                f" {moment_in_words(newest.at)}"
            )


def _ids(history: History, conflict: Conflict) -> Iterator[str]:
    """People often know by its name whose a rule is."""
    one, other = (
        {rule.id: rule for rule in history.meanings[each].rules} for each in conflict.meanings
    )
    here, there = map(letter, conflict.meanings)
    yield from _listed(f"only in {here}", one.keys() - other.keys())
    yield from _listed(f"only in {there}", other.keys() - one.keys())
    both = one.keys() & other.keys()
    yield from _listed("in both, but different", (id for id in both if one[id] != other[id]))


def _listed(where: str, ids: Iterable[str]) -> Iterator[str]:
    named = [f"`{visible(each)}`" for each in sorted(filter(None, ids))]
    if named:
        rules = "rule" if len(named) == 1 else "rules"
        more = f" and {len(named) - _LISTED:,} more" if len(named) > _LISTED else ""
        yield f"{rules} {where}: {', '.join(named[:_LISTED])}{more}"


def _witness(history: History, conflict: Conflict, facts: Facts) -> Iterator[str]:
    one, other = (history.meanings[number] for number in conflict.meanings)
    try:
        found = _plainest(islice(differences(one, other, facts), _LOOKED_AT))
    except NotAnalysed:
        return
    if found is None:
        return
    prefixes = {rule.filter.prefix for rule in (*one.rules, *other.rules)}
    witness = witness_of(found, prefixes)
    here, there = map(letter, conflict.meanings)
    yield (
        f"for example {item_in_words(witness)}: {steps_in_words(witness.one)} under {here},"
        f" {steps_in_words(witness.other)} under {there}"
    )


def _plainest(found: Iterable[Difference]) -> Difference | None:
    """One of objects, if there is any."""
    among = tuple(found)
    of_objects = (each for each in among if each.state.clock is Clock.OBJECTS)
    return next(of_objects, among[0] if among else None)


def _newest(history: History) -> Iterator[str]:
    newest = history.turns[-1]
    if newest.meaning is not None:
        at = moment_in_words(newest.write.at)
        yield f"the newest write, at {at}, left {letter(newest.meaning)} live"


def _others(count: int) -> Iterator[str]:
    if count:
        pairs = "one more pair of meanings flips" if count == 1 else f"{count} more pairs flip"
        yield f"{pairs} as well: there are more than two writers, or one of them changes its rules"


def _remedy(
    writers: Mapping[int, Mapping[Writer, tuple[Turn, ...]]], bucket: str, account_id: str
) -> Remedy:
    """Of each meaning the writer who wrote it most often: others may only have repeated it."""
    one, other = (max(by.values(), key=_how_often)[-1].write.writer for by in writers.values())
    if one == other:
        return (Advise(one_of_two_ways(one)),)
    alike = tool_in_words(one) == tool_in_words(other)
    called = (in_words(each, account_id) if alike else tool_in_words(each) for each in (one, other))
    ways = sorted(zip((one, other), called, strict=True), key=lambda each: _is_ours(each[0]))
    return tuple(Advise(stop(each, bucket, name)) for each, name in ways)


def _is_ours(writer: Writer) -> bool:
    return writer.tool is Tool.FIRNLINE


def _how_often(turns: tuple[Turn, ...]) -> tuple[int, datetime]:
    return len(turns), turns[-1].write.at
