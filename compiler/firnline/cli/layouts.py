"""`check --inventory FILE`: what do rules take of the layouts that are stored there?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from firnline.cli.stored import Listed, StoredIn
from firnline.cli.stored_layouts import Seen, look_into_listing
from firnline.cli.streams import say
from firnline.consumers.found import Found
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, in_order
from firnline.diagnostics.position import sort_key
from firnline.diagnostics.visible import visible
from firnline.inventory.layouts.recognised import Recognised
from firnline.language.syntax import Content
from firnline.language.waivers import waive, waived
from firnline.lint import Circumstances, is_lifecycle_file
from firnline.lint.check import configurations
from firnline.lint.layouts import risks as risks_in
from firnline.pipeline import Compilation
from firnline.reach.doomed.doomed import Covering, entries_of
from firnline.rules.at_risk.risks import Risk, named_in, of_program
from firnline.rules.bucket_rules import rules_of_patterns


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
    found: list[Diagnostic] = []
    linted = list(_of_lifecycle_files(files, said)) if len(stored) == 1 else []
    only = {each.bucket.name for each in (*compilation.buckets, *patterns)}
    for each in stored:
        bucket = each.bucket or (min(only) if len(only) == 1 else None)
        programs = [entry.program for entry in covering.of(bucket or "") if entry.program]
        named = [layout for program in programs for layout in named_in(program)]
        threats = [risk for program in programs for risk in of_program(program, tiering=True)]
        seen = _look(each, bucket, [*threats, *(risk for risk, _ in linted)], named)
        _say(each, seen)
        about = {risk.threat.place: of for risk, of in linted}
        found += [replace(one, about=about.get(one.place)) for one in seen.found]
    if len(stored) > 1 and compilation.lifecycle_files:
        say("layouts were not compared with lifecycle files: name the inventory of one bucket")
    return _joined(compilation, found)


def _look(
    stored: StoredIn, bucket: str | None, risks: Sequence[Risk], named: Sequence[Found]
) -> Seen:
    """Raises `CommandFailed`."""
    if isinstance(stored, Listed):
        return look_into_listing(stored, bucket, risks, named)
    from firnline.cli.layouts_in_tables import look_into_table  # an extra, and slow to import

    return look_into_table(stored, risks, named)


def _joined(compilation: Compilation, found: Sequence[Diagnostic]) -> Compilation:
    """What was found by names alone is told again where keys tell more."""
    policies = compilation.folder.policies
    again = {_where(each) for each in found}
    others = [each for each in compilation.diagnostics if _where(each) not in again]
    kept = [each for each in compilation.waived if _where(each.diagnostic) not in again]
    return replace(
        compilation,
        diagnostics=in_order([*others, *waive(policies, found)]),
        waived=(*kept, *waived(policies, in_order(found))),
    )


def _where(found: Diagnostic) -> tuple[str, str, int, int]:
    """The same for a file that is read twice, whose places are not equal."""
    return (found.kind.code, *sort_key(found.place))


def _of_lifecycle_files(
    files: Mapping[str, Content], said: Circumstances
) -> Iterator[tuple[Risk, str | None]]:
    """Each with the resource of a plan or template that it is about."""
    linted = {path: each for path, each in files.items() if is_lifecycle_file(path, each)}
    for path, content in linted.items():
        for each in configurations(content, path, said):
            yield from (
                (risk, each.written.about(risk.threat.place))
                for risk in risks_in(each, tiering=True)
            )


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
