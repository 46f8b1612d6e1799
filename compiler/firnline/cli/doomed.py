"""`check --references FILE` and `diff --references FILE`: what do rules do to what is needed?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import in_order
from firnline.diagnostics.visible import visible
from firnline.pipeline import Compilation
from firnline.reach.doomed.doomed import Compared, Covering, compare
from firnline.reach.doomed.findings import findings
from firnline.reach.doomed.trusted import distrust
from firnline.reach.reference_file import UnusableReferences, read_whole
from firnline.rules.bucket_rules import rules_of_patterns


def lines_of(file: str) -> Iterator[str]:
    """One by one. Raises `CommandFailed`."""
    try:
        with open(file, encoding="utf-8", newline="\n") as lines:
            yield from lines
    except UnicodeDecodeError:
        raise CommandFailed(f"{visible(file)}: it is not UTF-8, so no references file") from None
    except OSError as why:
        raise CommandFailed(f"{visible(file)}: {why.strerror}") from None


def with_doomed(compilation: Compilation, file: str, today: date) -> Compilation:
    """With what its rules do to what the file says is needed; says so where that is nothing. Raises
    `CommandFailed`.
    """
    if compilation.failed:
        say("references were not compared: the policies have errors")
        return compilation
    covering = Covering(compilation.buckets, rules_of_patterns(compilation.folder))
    try:
        found = compare(read_whole(lines_of(file), file), covering)
    except UnusableReferences as why:
        raise CommandFailed(str(why), code=1) from None
    doubts = list(distrust(found.head, file, compilation.folder.policies, today))
    doomed = list(findings(found, file))
    if not doubts and not doomed:
        say(_nothing_doomed(found, file))
    if compilation.lifecycle_files:
        say("lifecycle files were not compared with references: they do not name their buckets")
    return replace(compilation, diagnostics=in_order([*compilation.diagnostics, *doubts, *doomed]))


def _nothing_doomed(found: Compared, file: str) -> str:
    many = how_many(found.references, "reference")
    registries = how_many(len(found.head.answered), "registry", "registries")
    said = (
        f"nothing doomed: {visible(file)}, read on {found.head.made.date()}, has {many} of"
        f" {registries}"
    )
    if found.elsewhere:
        said += f"; {found.elsewhere:,} are in buckets that no policy here covers"
    return said
