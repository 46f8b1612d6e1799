"""Which fixes would let something end sooner than the policies say? Those are not offered."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from enum import Enum, auto
from itertools import count, product

from firnline.diagnostics.fix import Fix, apply
from firnline.diagnostics.kinds import Diagnostic, Kind
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import (
    Advise,
    DropKeys,
    InSection,
    LetBe,
    SayInRetentions,
    SetKeys,
    TakeLongerLife,
    Way,
)
from firnline.diagnostics.remedy_words import in_words
from firnline.language.checks.leading_slash import LEADING_SLASH
from firnline.language.checks.literal_wildcard import LITERAL_WILDCARD
from firnline.language.checks.open_prefix import OPEN_PREFIX
from firnline.language.mend import Mender
from firnline.language.model import Policy
from firnline.language.read_files import read_files
from firnline.language.syntax import Content
from firnline.rules.coverage import programs_of
from firnline.rules.prefix_of_nothing import MATCHES_NOTHING
from firnline.rules.program import Program, Unit
from firnline.rules.prove.sooner import MOST_WORK, MayEnd, ends_sooner, may_end_sooner, work
from firnline.rules.settle_markers import settle_markers
from firnline.rules.unite import as_written, units_of

_OF_PREFIXES: Mapping[Kind, MayEnd] = {
    OPEN_PREFIX: MayEnd.NOTHING,
    # These prefixes match next to nothing; what they are to match may have no setting yet.
    LEADING_SLASH: MayEnd.UNSAID,
    LITERAL_WILDCARD: MayEnd.UNSAID,
    MATCHES_NOTHING: MayEnd.UNSAID,
}


def with_fixes(found: Iterable[Diagnostic], programs: Sequence[Program]) -> Iterator[Diagnostic]:
    """Each diagnostic without a fix gets the first remedy that a machine can apply; remedies and
    fixes that would let something end sooner are left out.
    """
    found = tuple(found)
    programs = [program.as_written for program in programs]
    mender = Mender()
    made = [[(way, mender.fix_of(way)) for way in each.remedy] for each in found]
    judged = _judged({fix: way for pairs in made for way, fix in pairs if fix}, programs)
    harmful = {fix for fix, verdict in judged.items() if verdict is _Verdict.HARMFUL}
    for each, pairs in zip(found, made, strict=True):
        if any(fix and judged[fix] is _Verdict.NOT_PROVED for _, fix in pairs):
            yield replace(each, remedy=(Advise(each.kind.help),), fix=None)
        elif each.fix is None:
            yield _mended(each, pairs, harmful)
        elif each.kind in _OF_PREFIXES:
            yield _proved(each, each.fix, programs)
        else:
            yield each


def without_remedies(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What says what is wrong, and not what to do: what is not proved is not offered."""
    return (replace(each, remedy=(), fix=None) for each in found)


def may_end_by(found: Diagnostic) -> MayEnd | None:
    """What its fix may let end sooner; None where that only writes what is meant in other words, so
    that there is nothing to compare.
    """
    in_sections = (_may_end(way) for way in found.remedy if isinstance(way, InSection))
    return _OF_PREFIXES.get(found.kind, max(in_sections, default=None))


def is_harmless(
    before: Mapping[str, Content], after: Mapping[str, Content], may_end: MayEnd
) -> bool:
    """Whether nothing ends sooner once the policies among a folder's files are changed."""
    folder, _ = read_files(before)
    changed = _policies({path: after[path] for path in after if after[path] != before[path]})
    return not any(
        _Changed(program.as_written, changed).ends_sooner(None, may_end)
        for program in programs_of(folder)
    )


def _mended(
    found: Diagnostic, pairs: Sequence[tuple[Way, Fix | None]], harmful: Set[Fix]
) -> Diagnostic:
    # In words, what moves into the retentions leaves to a person what each of them says.
    left = tuple(
        way for way, fix in pairs if fix not in harmful or isinstance(way, SayInRetentions)
    )
    if found.remedy and not left:
        left = (Advise(f"{in_words(found.remedy[:1])}, {_APART}"),)
    harmless = (fix for _, fix in pairs if fix and fix not in harmful)
    return replace(found, remedy=left, fix=next(harmless, None))


_APART = "in a retention of these objects alone: in this one it would let others end sooner"


class _Verdict(Enum):
    """Of a fix: whether something would end sooner by it."""

    HARMLESS = auto()
    HARMFUL = auto()
    NOT_PROVED = auto()
    """The proof would take too long, as with hundreds of prefixes that all begin alike."""


_MOST_WORK_IN_ALL = 1_000_000  # of one run: about a second


def _judged(fixes: Mapping[Fix, Way], programs: Sequence[Program]) -> Mapping[Fix, _Verdict]:
    """A file is read once for fixes of several of its retentions: each changes only its own."""
    judged = dict.fromkeys(fixes, _Verdict.HARMLESS)
    left = _MOST_WORK_IN_ALL
    for batch in _batches(fixes):
        source = next(iter(batch.values())).edits[0].span.source
        left -= len(source.text)  # reading it again takes as long as comparing so many units
        if left < 0:
            judged |= dict.fromkeys(batch.values(), _Verdict.NOT_PROVED)
            continue
        changed = _policies({source.path: apply(source.text, batch.values())[0].encode()})
        for program, (name, fix) in product(programs, batch.items()):
            verdict, took = _judge(_Changed(program, changed), name, _may_end(fixes[fix]), left)
            left -= took
            if verdict is not _Verdict.HARMLESS:
                judged[fix] = verdict
    return judged


def _judge(
    after: _Changed, retention: str | None, may_end: MayEnd, left: int
) -> tuple[_Verdict, int]:
    """The verdict, and how much of the work that is left it took."""
    amount = after.work(retention)
    if amount > min(MOST_WORK, left):
        return _Verdict.NOT_PROVED, 0
    is_harmful = after.ends_sooner(retention, may_end)
    return (_Verdict.HARMFUL if is_harmful else _Verdict.HARMLESS), amount


def _batches(fixes: Mapping[Fix, Way]) -> Iterable[Mapping[str | None, Fix]]:
    """Fixes of one file by the retention that they edit, each another one; or one alone that edits
    more than a retention.
    """
    batches: dict[tuple[object, ...], dict[str | None, Fix]] = {}
    for fix, way in fixes.items():
        path, name = fix.edits[0].span.path, _retention_of(way)
        keys = ((path, turn) for turn in count())
        key = next(each for each in keys if name not in batches.get(each, ())) if name else (fix,)
        batches.setdefault(key, {})[name] = fix
    return batches.values()


def _retention_of(way: Way) -> str | None:
    match way:
        case SetKeys(section) | LetBe(section) | TakeLongerLife(section) | DropKeys(section):
            return section.retention
        case _:
            return None


def _proved(found: Diagnostic, fix: Fix, programs: Sequence[Program]) -> Diagnostic:
    prefix = found.place
    assert isinstance(prefix, Span)
    new, may_end = _new_prefix(fix, prefix), _OF_PREFIXES[found.kind]
    naming = (each for each in programs if any(unit.span == prefix for unit in each.units))
    if not any(may_end_sooner(each, _renamed(each, prefix, new), may_end) for each in naming):
        return found
    note = "with another prefix, some objects might end sooner than they do now"
    return replace(found, fix=None, notes=(*found.notes, note))


def _new_prefix(fix: Fix, written: Span) -> str:
    (edit,) = fix.edits
    is_quoted = edit.span == written and edit.text.startswith('"')
    return str(json.loads(edit.text)) if is_quoted else edit.text


def _renamed(program: Program, prefix: Span, new: str) -> Program:
    units = [
        replace(unit, scope=replace(unit.scope, prefix=new)) if unit.span == prefix else unit
        for unit in program.units
    ]
    return replace(program, units=settle_markers(units))


def _may_end(way: Way) -> MayEnd:
    """An end that a remedy writes is for what is left of deleted objects."""
    writes_end = isinstance(way, SetKeys) and ("old_versions", "delete_after") in dict(way.settings)
    return MayEnd.DELETED if writes_end else MayEnd.NOTHING


def _policies(files: Mapping[str, Content]) -> Mapping[str, Policy]:
    folder, _ = read_files(files)
    return {policy.name.span.path: policy for policy in folder.policies}


class _Changed:
    """A program in which some policies are replaced."""

    def __init__(self, program: Program, changed: Mapping[str, Policy]) -> None:
        bucket = program.buckets[0]
        self._before = program
        self._policies = {
            policy.name.span.path: changed[policy.name.span.path].for_bucket(
                bucket.account, bucket.name
            )
            for policy in program.policies
            if policy.name.span.path in changed
        }

    def ends_sooner(self, retention: str | None, may_end: MayEnd) -> bool:
        """Whether something ends sooner where all of the policies are replaced, or only what they
        say in a retention of that name.
        """
        return bool(self._policies) and ends_sooner(self._before, self._after(retention), may_end)

    def work(self, retention: str | None) -> int:
        """How much there is to compare for that answer."""
        return work(self._before, self._after(retention)) if self._policies else 0

    def _after(self, retention: str | None) -> Program:
        return self._whole() if retention is None else self._in_retention(retention)

    def _whole(self) -> Program:
        before = self._before
        policies = tuple(
            self._policies.get(policy.name.span.path, policy) for policy in before.policies
        )
        return as_written(before.namespace, policies, before.buckets, whole=before.whole)

    def _in_retention(self, name: str) -> Program:
        units = [unit for unit in self._before.units if not self._is_replaced(unit, name)]
        for policy in self._policies.values():
            for retention in policy.retentions:
                if retention.name.value == name:
                    units += units_of(policy, retention, self._before.minimum_size)
        return replace(self._before, units=settle_markers(units))

    def _is_replaced(self, unit: Unit, name: str) -> bool:
        return (
            unit.retention is not None
            and unit.retention.name.value == name
            and unit.policy.name.span.path in self._policies
        )
