"""`firnline show --coverage`: which buckets and folders of registries does no policy cover?"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from firnline.cli.doomed import read_references
from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say, say_diagnostics, write
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.language.model import Folder
from firnline.pipeline import Compilation, compile_files
from firnline.reach.doomed.doomed import Covering, entries_of
from firnline.reach.doomed.trusted import distrust
from firnline.reach.doomed.uncovered import Uncovered, uncovered
from firnline.reach.reference_file import Head
from firnline.reach.references import Root
from firnline.rules.bucket_rules import rules_of_patterns
from firnline.workspace import read_folder

_SHOWN = 30


def show_coverage(arguments: argparse.Namespace) -> int:
    """Reads files alone."""
    compilation = compile_files(read_folder(arguments.policies))
    if compilation.failed:
        say_diagnostics(compilation.diagnostics, arguments.color, [arguments.policies])
        return 1
    try:
        lines, code = _lines(compilation, arguments)
    except CommandFailed as why:
        say(f"firnline show: {why}")
        return why.code
    write("\n".join(lines) + "\n", None)
    return code


def _lines(compilation: Compilation, arguments: argparse.Namespace) -> tuple[list[str], int]:
    """And the exit code. Raises `CommandFailed`."""
    lines = list(_buckets(compilation.folder))
    if arguments.references is None:
        return [*lines, "--references FILE says it of the folders of registries, too"], 0
    head, roots = read_references(arguments.references, lambda _registry, _reference: None)
    policies = compilation.folder.policies
    doubts = list(distrust(head, arguments.references, policies, date.today()))
    say_diagnostics(doubts, arguments.color)
    patterns = rules_of_patterns(compilation.folder)
    covering = Covering(entries_of(compilation.buckets), patterns)
    found = list(uncovered(roots, covering))
    return [*lines, *_roots(found, roots, head, arguments.references)], int(has_errors(doubts))


def _buckets(folder: Folder) -> Iterator[str]:
    if folder.lock is None:
        yield "no fleet lock: which buckets there are is not known; `firnline resolve` writes it"
        return
    bare = [each for each in folder.lock.buckets if not each.covered]
    if not bare:
        yield f"policies cover all {how_many(len(folder.lock.buckets), 'bucket')} of the fleet lock"
        return
    are = "bucket of the fleet lock has" if len(bare) == 1 else "buckets of the fleet lock have"
    yield f"{len(bare):,} {are} rules of ours, and no policy covers them:"
    yield from _few([f"{visible(x.name.value)} (account {x.account_id})" for x in bare])


def _roots(
    found: Sequence[Uncovered], roots: Iterable[tuple[str, Root]], head: Head, file: str
) -> Iterator[str]:
    by = f"by {visible(file)}, read on {head.made.date()}"
    count = len(dict.fromkeys(roots))
    if not found:
        yield f"retentions cover all {how_many(count, 'folder')} of registries, {by}"
        return
    yield f"{len(found):,} of {how_many(count, 'folder')} of registries have a gap, {by}:"
    yield from _few([_line(each) for each in found])


def _line(each: Uncovered) -> str:
    what = f"{visible(each.root.what)}, {visible(each.registry)}"
    parts = f": {', '.join(map(visible, each.parts[:3]))}" if each.parts else ""
    return f"{visible(str(each.root.location))} ({what}): {each.gap.value}{parts}"


def _few(lines: Sequence[str]) -> Iterator[str]:
    yield from (f"  {each}" for each in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"  and {len(lines) - _SHOWN:,} more"
