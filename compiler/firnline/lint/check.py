"""A lifecycle file that people wrote without us → diagnostics: what S3 refuses, and what hurts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.language.syntax import Content
from firnline.lint import NOTHING_SAID, Circumstances
from firnline.lint.file_kinds import NOT_KNOWN
from firnline.lint.hazards import hazards
from firnline.lint.kinds import RULE_COUNT
from firnline.lint.placed import AcceptedConfiguration, place
from firnline.lint.plan_kinds import COUNTS_AS_NEVER_VERSIONED
from firnline.lint.refused import refused
from firnline.lint.refused_rules import Remaining, remaining
from firnline.lint.rule_set import minimum_sizes, read_accepted
from firnline.lint.sources.read import read_file
from firnline.lint.unknown import Unknown, concerns
from firnline.lint.written import Written, with_conditions
from firnline.s3.law.header import MEMBER
from firnline.s3.law.limits import MOST_RULES
from firnline.s3.law.verdict import BucketFacts, Finding, Verdict
from firnline.s3.model import MinimumSize
from firnline.s3.terms import BucketType, Versioning

_EITHER: Final = (Versioning.ENABLED, Versioning.OFF)


def check_lifecycle_file(
    content: Content, path: str, said: Circumstances = NOTHING_SAID
) -> tuple[Diagnostic, ...]:
    """Whatever `lint/sources` reads. Never raises."""
    read = read_file(content, path)
    return (
        *read.diagnostics,
        *(each for written in read.configurations for each in _check_with_supposed(written, said)),
    )


def _check_with_supposed(written: Written, said: Circumstances) -> Iterator[Diagnostic]:
    found = tuple(_check(written, said))
    yield from found
    # One of these is said once of a configuration, wherever its last rule stands.
    said_once = {NOT_KNOWN, *(each.kind for each in found if each.kind is RULE_COUNT)}
    yield from with_conditions(
        found,
        (
            (where, each)
            for where in written.supposed
            for each in _check(where.written, said)
            if each.kind not in said_once
        ),
    )


def configurations(
    content: Content, path: str, said: Circumstances = NOTHING_SAID
) -> Iterator[AcceptedConfiguration]:
    """What S3 accepts of each configuration in a file, however many rules. Never raises."""
    for written in read_file(content, path).configurations:
        verdict, _ = _refused(written, said)
        readable = list(_readable(written, verdict, written.unknown))
        yield _accepted(written, said, verdict, readable, minimum_sizes(written)[0])


def _check(written: Written, said: Circumstances) -> Iterator[Diagnostic]:
    verdict, refusals = _refused(written, said)
    yield from refusals
    yield from _not_known(written, written.unknown)
    sizes = minimum_sizes(written)
    readable = list(_readable(written, verdict, written.unknown))
    if len(readable) > MOST_RULES:
        return  # S3 refuses it, and to compare them all would take long
    configuration = _accepted(written, said, verdict, readable, sizes[0])
    assumed = "" if said.versioning or _is_directory(written) else written.assumed
    for each in _under_each_size(configuration, sizes, assumed):
        yield replace(each, about=written.about(each.place))


def _refused(written: Written, said: Circumstances) -> tuple[Verdict, Iterable[Diagnostic]]:
    bucket = BucketFacts(written.bucket_type, written.mfa_delete)
    return refused(written, bucket, said.partition, said.as_of)


def _accepted(
    written: Written,
    said: Circumstances,
    verdict: Verdict,
    read: Sequence[tuple[int, Remaining]],
    size: MinimumSize,
) -> AcceptedConfiguration:
    """Directory buckets have no versioning (S3 User Guide, "Differences for directory buckets")."""
    versioning = said.versioning or written.versioning
    if _is_directory(written):
        versioning = Versioning.OFF
    rules = [place(index, read_accepted(each.rule)) for index, each in read]
    return AcceptedConfiguration(
        written,
        tuple(each for each in rules if each.rule.enabled),
        size,
        (versioning,) if versioning else _EITHER,
        said.today,
        whole=_is_whole(verdict, read) and not written.unknown.keys() - {MEMBER},
        accepted=all(finding.member == "ID" for finding in verdict.findings),
    )


def _is_directory(written: Written) -> bool:
    return written.bucket_type is BucketType.DIRECTORY


def _under_each_size(
    configuration: AcceptedConfiguration, sizes: Sequence[MinimumSize], assumed: str
) -> Iterator[Diagnostic]:
    """What holds under every minimum size as it is; the rest says under which one it holds."""
    found: dict[object, dict[MinimumSize, Diagnostic]] = {}
    for size in sizes:
        for each in _hazards(replace(configuration, minimum_size=size), assumed):
            found.setdefault((each.kind.code, each.place, each.message), {})[size] = each
    for by_size in found.values():
        size, first = next(iter(by_size.items()))
        only = f"only where `{MEMBER}` is `{size.value}`: which it is, is not known"
        yield first if len(by_size) == len(sizes) else replace(first, notes=(*first.notes, only))


def _hazards(configuration: AcceptedConfiguration, assumed: str) -> Iterator[Diagnostic]:
    """Those that depend on what was assumed say so. Where none does, and more would be found
    without that, it is said by itself.
    """
    beside_others = configuration.written.beside_others
    found = tuple(hazards(configuration))
    assumptions = (
        (assumed, replace(configuration, versionings=_EITHER)),
        (beside_others, replace(configuration, whole=False)),
    )
    without = {why: set(hazards(each)) for why, each in assumptions if why}
    for each in found:
        notes = [why for why, anyhow in without.items() if each not in anyhow]
        yield replace(each, notes=(*each.notes, *notes))
    if assumed and without[assumed] > set(found):
        yield _not_judged(configuration, assumed, without[assumed] - set(found))


def _not_judged(
    configuration: AcceptedConfiguration, assumed: str, others: Collection[Diagnostic]
) -> Diagnostic:
    codes = ", ".join(sorted({each.kind.code for each in others}))
    return COUNTS_AS_NEVER_VERSIONED.at(
        configuration.written.place("Rules", key=True),
        assumed,
        notes=[f"where it keeps versions, there is more to say: {codes}"],
    )


def _not_known(written: Written, unknown: Mapping[str, Unknown]) -> Iterator[Diagnostic]:
    """Once for each cause."""
    by_cause: dict[Unknown, list[str]] = {}
    for path, value in unknown.items():
        by_cause.setdefault(value, []).append(path)
    for value, (first, *more) in by_cause.items():
        others = f" and {how_many(len(more), 'other value')}" if more else ""
        message = f"`{written.called(first)}`{others}: {value.until}"
        found = NOT_KNOWN.at(written.place(first, key=True), message)
        yield replace(found, about=written.about(found.place))


def _readable(
    written: Written, verdict: Verdict, unknown: Mapping[str, Unknown]
) -> Iterator[tuple[int, Remaining]]:
    """The rules without unknown values, each without what S3 refuses in it; not those of which that
    leaves nothing.
    """
    if not isinstance(written.configuration, Mapping):
        return
    said = written.configuration.get("Rules")
    refused_in: dict[int | None, list[Finding]] = {}
    for finding in verdict.findings:
        refused_in.setdefault(finding.rule, []).append(finding)
    for index, rule in enumerate(said if isinstance(said, list) else ()):
        here = f"Rules[{index}]"
        left_open = any(concerns(each, here) for each in unknown if each != f"{here}.ID")
        if not left_open and (left := remaining(rule, refused_in.get(index, ()))) is not None:
            yield index, left


def _is_whole(verdict: Verdict, read: Sequence[tuple[int, Remaining]]) -> bool:
    """Whether each end of each rule is known."""
    complete = {index for index, each in read if each.has_all_ends}
    return all(finding.rule in complete for finding in verdict.findings)
