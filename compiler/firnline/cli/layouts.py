"""`check --inventory FILE`: what do rules take of the layouts that are stored there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from firnline.cli.layouts_of_stored import look_into
from firnline.cli.stored import StoredIn
from firnline.cli.stored_layouts import Rules, Seen
from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, in_order
from firnline.diagnostics.visible import visible
from firnline.inventory.layouts.recognised import Recognised
from firnline.language.syntax import Content
from firnline.language.waivers import waive, waived
from firnline.lint import Circumstances, is_lifecycle_file
from firnline.lint.check import configurations
from firnline.lint.layouts import named_at_risk as named_in_file
from firnline.lint.layouts import risks as risks_in
from firnline.lint.placed import AcceptedConfiguration
from firnline.pipeline import Compilation
from firnline.reach.doomed.doomed import Covering, entries_of
from firnline.rules.at_risk.by_keys import ByKeys, Said, seeming
from firnline.rules.at_risk.risks import named_at_risk, named_in, of_program
from firnline.rules.bucket_rules import rules_of_patterns
from firnline.rules.program import Program


def with_layouts(
    compilation: Compilation,
    files: Mapping[str, Content],
    said: Circumstances,
    stored: Sequence[StoredIn],
) -> Compilation:
    """With what its rules, and the lifecycle files among `files`, take of the layouts that are
    `stored`. Raises `CommandFailed`.
    """
    if compilation.failed and compilation.folder.policies:
        say("layouts of readers were not looked for: the policies have errors")
    patterns = rules_of_patterns(compilation.folder)
    covering = Covering(entries_of(compilation.buckets), patterns)
    written = list(_of_lifecycle_files(files, said)) if len(stored) == 1 else []
    linted = [(risk, each) for each in written for risk in risks_in(each, tiering=True)]
    about = {risk.threat.place: each.written.about(risk.threat.place) for risk, each in linted}
    only = {each.bucket.name for each in (*compilation.buckets, *patterns)}
    found: list[Diagnostic] = []
    by_keys: dict[str | None, Sequence[Program]] = {}
    for each in stored:
        bucket = each.bucket or (min(only) if len(only) == 1 else None)
        programs = [entry.program for entry in covering.of(bucket or "") if entry.program]
        named = tuple(layout for program in programs for layout in named_in(program))
        threats = [risk for program in programs for risk in of_program(program, tiering=True)]
        rules = Rules((*threats, *(risk for risk, _ in linted)), named)
        seen = look_into(each, bucket, [rules], "check")
        _say(each, seen)
        found += [replace(one, about=about.get(one.place)) for one in seen.found[0]]
        if seen.by_keys:
            by_keys[bucket] = programs
    if len(stored) > 1 and compilation.lifecycle_files:
        say("layouts were not compared with lifecycle files: name the inventory of one bucket")
    elsewhere = [each for each in compilation.buckets if each.bucket.name not in by_keys]
    decided = _decided(
        {program for programs in by_keys.values() for program in programs},
        {each.program for each in (*elsewhere, *patterns)},
        written if by_keys else (),
    )
    return _joined(compilation, ByKeys(tuple(found), decided))


def _decided(
    seen: Set[Program], others: Set[Program | None], written: Iterable[AcceptedConfiguration]
) -> frozenset[Said]:
    """What prefixes only look like, in no bucket whose keys were not looked at."""
    of_programs = [risk for program in seen - others for risk in named_at_risk(program)]
    return seeming([*of_programs, *(risk for each in written for risk in named_in_file(each))])


def _joined(compilation: Compilation, told: ByKeys) -> Compilation:
    """What was found by names alone is told again where keys tell more."""
    policies = compilation.folder.policies
    names = compilation.waived
    kept = set(map(id, told.left_of(each.diagnostic for each in names)))
    return replace(
        compilation,
        diagnostics=in_order(
            [*told.left_of(compilation.diagnostics), *waive(policies, told.found)]
        ),
        waived=(
            *(each for each in names if id(each.diagnostic) in kept),
            *waived(policies, in_order(told.found)),
        ),
    )


def _of_lifecycle_files(
    files: Mapping[str, Content], said: Circumstances
) -> Iterator[AcceptedConfiguration]:
    for path, content in files.items():
        if is_lifecycle_file(path, content):
            yield from configurations(content, path, said)


def _say(stored: StoredIn, seen: Seen) -> None:
    counts: dict[str, tuple[int, Recognised]] = {}
    for each in seen.recognised:
        if each.layout.parts:
            number, _ = counts.get(each.layout.called, (0, each))
            counts[each.layout.called] = number + 1, each
    if counts:
        told = [
            how_many(number, each.layout.called, each.layout.plural)
            for number, each in counts.values()
        ]
        say(f"{visible(stored.path)} shows {', '.join(told)}")
