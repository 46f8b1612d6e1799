"""`check --references FILE` and `diff --references FILE`: what do rules do to what is needed?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from firnline.cli.failed import CommandFailed
from firnline.cli.named_references import lines_of
from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import in_order
from firnline.diagnostics.visible import visible
from firnline.pipeline import Compilation
from firnline.reach.doomed.doomed import Covering, Doomed, Met, entries_of, read
from firnline.reach.doomed.findings import findings
from firnline.reach.doomed.trusted import distrust
from firnline.reach.reference_file import Head, UnusableReferences, read_whole
from firnline.reach.references import Reference, Root
from firnline.rules.bucket_rules import rules_of_patterns


def with_doomed(compilation: Compilation, arguments: Namespace, today: date) -> Compilation:
    """With what its rules do to what the file says is needed; says so where that is nothing. Raises
    `CommandFailed`.
    """
    if compilation.failed:
        say("references were not compared: the policies have errors")
        return compilation
    patterns = rules_of_patterns(compilation.folder)
    file, are_dated = arguments.references, bool(arguments.inventory)
    met = Met(Covering(entries_of(compilation.buckets), patterns), names_all=are_dated)
    head, _ = read_references(file, met.see)
    doubts = list(distrust(head, file, compilation.folder.policies, today))
    found = _dated(met.doomed, compilation, arguments, today) if are_dated else met.doomed
    doomed = list(findings(found, head.made, file))
    if not doubts and not doomed:
        say(_nothing_doomed(met, head, file))
    if compilation.lifecycle_files:
        say("lifecycle files were not compared with references: they do not name their buckets")
    return replace(compilation, diagnostics=in_order([*compilation.diagnostics, *doubts, *doomed]))


def read_references(
    file: str, see: Callable[[str, Reference], None]
) -> tuple[Head, tuple[tuple[str, Root], ...]]:
    """Raises `CommandFailed`."""
    try:
        return read(read_whole(lines_of(file), file), see)
    except UnusableReferences as why:
        raise CommandFailed(str(why), code=1) from None


def _dated(
    doomed: tuple[Doomed, ...], compilation: Compilation, arguments: Namespace, today: date
) -> tuple[Doomed, ...]:
    """Raises `CommandFailed`."""
    from firnline.cli.doomed_days import dated  # an extra, and slow to import

    only = {each.bucket.name for each in compilation.buckets}
    only |= {each.entry.bucket for each in doomed}  # of patterns
    return dated(doomed, arguments, only.pop() if len(only) == 1 else None, today)


def _nothing_doomed(met: Met, head: Head, file: str) -> str:
    many = how_many(met.references, "reference")
    registries = how_many(len(head.answered), "registry", "registries")
    said = (
        f"nothing doomed: {visible(file)}, read on {head.made.date()}, has {many} of {registries}"
    )
    if met.elsewhere:
        said += f"; {met.elsewhere:,} are in buckets that no policy here covers"
    return said
