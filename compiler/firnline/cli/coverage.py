"""`firnline show --coverage`: which buckets, prefixes and folders of registries lack a policy?"""

from __future__ import annotations

import argparse
from datetime import date

from firnline.cli.coverage_of_stored import covered_stored
from firnline.cli.doomed import read_references
from firnline.cli.failed import CommandFailed, code_of
from firnline.cli.formats import FORMATS, Answer
from firnline.cli.out import Output, outputs
from firnline.cli.streams import columns, say, say_diagnostics, write
from firnline.diagnostics.kinds import has_errors
from firnline.inventory.coverage.uncovered import Coverage, UnpolicedBucket
from firnline.language.model import Folder
from firnline.pipeline import Compilation, compile_files
from firnline.reach.doomed.doomed import Covering, entries_of
from firnline.reach.doomed.trusted import distrust
from firnline.reach.doomed.uncovered import uncovered
from firnline.rules.bucket_rules import rules_of_patterns
from firnline.targets.coverage_report import CoverageReport, Registries
from firnline.workspace import read_folder


def show_coverage(arguments: argparse.Namespace) -> int:
    """Reads files alone, and an inventory in S3 if one is named."""
    try:
        wanted = _wanted(arguments)
        compilation = compile_files(read_folder(arguments.policies))
        if compilation.failed:
            say_diagnostics(compilation.diagnostics, arguments.color, [arguments.policies])
            return 1
        registries, code = _registries(compilation, arguments)
        report = CoverageReport(coverage_from(compilation, arguments), registries)
    except CommandFailed as why:
        say(f"firnline show: {why}")
        return code_of(why)
    for format, file in wanted:
        write(format.render(report, colour=False, columns=columns()), file)
    return code


def _wanted(arguments: argparse.Namespace) -> list[Output]:
    """Of what `--out` takes, which is for live rules too. Raises `CommandFailed`."""
    formats = {each.name: each for each in FORMATS[Answer.COVERAGE]}
    wanted = outputs(Answer.COVERAGE, arguments)
    for format, _ in wanted:
        if format.name not in formats:
            raise CommandFailed(f"--coverage is not written as {format.name}")
    return [(formats[format.name], file) for format, file in wanted]


def coverage_from(compilation: Compilation, arguments: argparse.Namespace) -> Coverage:
    """Raises `CommandFailed`."""
    buckets, prices = covered_stored(compilation, arguments)
    told = {each.bucket for each in buckets}
    covered = [each.bucket.name for each in compilation.buckets if each.program is not None]
    lock = compilation.folder.lock
    return Coverage(
        buckets=buckets,
        unpoliced=tuple(_unpoliced(compilation.folder)),
        untold=tuple(name for name in dict.fromkeys(covered) if name not in told),
        locked=None if lock is None else len(lock.buckets),
        prices=prices,
    )


def _unpoliced(folder: Folder) -> list[UnpolicedBucket]:
    buckets = folder.lock.buckets if folder.lock else ()
    return [
        UnpolicedBucket(each.name.value, each.account_id) for each in buckets if not each.covered
    ]


def _registries(
    compilation: Compilation, arguments: argparse.Namespace
) -> tuple[Registries | None, int]:
    """And the exit code. Raises `CommandFailed`."""
    if arguments.references is None:
        return None, 0
    head, roots = read_references(arguments.references, lambda _registry, _reference: None)
    policies = compilation.folder.policies
    doubts = list(distrust(head, arguments.references, policies, date.today()))
    say_diagnostics(doubts, arguments.color)
    patterns = rules_of_patterns(compilation.folder)
    covering = Covering(entries_of(compilation.buckets), patterns)
    gaps = tuple(uncovered(roots, covering))
    count = len(dict.fromkeys(roots))
    return Registries(arguments.references, head.made.date(), count, gaps), int(has_errors(doubts))
