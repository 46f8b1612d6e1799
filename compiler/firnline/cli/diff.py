"""`firnline diff`: what changes for objects between two snapshots, by meaning."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from firnline.cli.base import NO_BASE, base_of, settings_of_base
from firnline.cli.facts import add_facts, read_facts
from firnline.cli.fail_on import ONLY_GATES
from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer, FormatName
from firnline.cli.matching import matched, with_buckets_of
from firnline.cli.out import add_out, outputs, write_out
from firnline.cli.paths import OF_THE_PROJECT
from firnline.cli.review_findings import review_findings
from firnline.cli.review_gates import gates_between
from firnline.cli.reviewed import options_of, repository_after, reviewed
from firnline.cli.snapshot_keys import ReadSnapshot, name_of
from firnline.cli.snapshots import GIT, LIVE, folder_of, names, pair, read_snapshot
from firnline.cli.streams import say, say_diagnostics
from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.visible import visible
from firnline.language.check import Known
from firnline.language.project import Project
from firnline.revision.base_commit import project_base
from firnline.revision.commit import shown_revision
from firnline.revision.no_base import NoBaseCommit
from firnline.rules.checks.not_analysed import not_analysed
from firnline.rules.diff.base_commit import BaseCommit
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import BucketNotAnalysed, Snapshot, compare
from firnline.rules.gates.gate import Circumstances
from firnline.settings import policies_folder
from firnline.targets.review.first_runs import first_runs
from firnline.targets.review.model import DoomedByChange, Review
from firnline.workspace import project_around

SUMMARY = "what changes for objects, not in the text: between two snapshots"
_REPORTS = (
    FormatName.MARKDOWN,
    FormatName.MARKDOWN_PLAIN,
    FormatName.HTML,
    FormatName.GITHUB_SUMMARY,
)
_GATE, _NEVER = "gate", "never"
_SNAPSHOTS = """\
A snapshot is a folder or file of policies; a lifecycle file that `firnline check` reads, such as
JSON or XML of S3 or a Terraform plan; git:REV or git:REV:PATH, the policies of a git revision;
live, the rules on the buckets of the fleet lock (reads AWS); or - for stdin.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _SNAPSHOTS
    parser.add_argument(
        "before",
        metavar="BEFORE",
        nargs="?",
        help="a snapshot, see below (default: the commit at which this branch left the one that it"
        " is merged into)",
    )
    parser.add_argument(
        "after",
        metavar="AFTER",
        nargs="?",
        help=f"the snapshot that it is compared with (default: {OF_THE_PROJECT})",
    )
    parser.add_argument(
        "--bucket",
        metavar="BUCKET",
        action="append",
        default=[],
        help="compare this bucket only, by name, account/region/name, or the resource of a plan;"
        " repeatable",
    )
    parser.add_argument(
        "--policies",
        metavar="DIR",
        help="where the fleet file and the lock are that `live` means (default: the folder that is"
        f" compared, else {OF_THE_PROJECT})",
    )
    parser.add_argument(
        "--expect-no-changes", action="store_true", help="exit with 7 where anything changes"
    )
    parser.add_argument(
        "--fail-on",
        metavar="CATEGORY",
        choices=[*(category.value for category in Category), _GATE, _NEVER],
        help="exit with 7 where something changes in this category or a stricter one: "
        + ", ".join(category.value for category in Category)
        + "; `gate` exits with 5 where a gate is open, and is the default; `never` with 0",
    )
    parser.add_argument(
        "--references",
        metavar="FILE",
        help="also what the change deletes, or archives where it cannot be read, although a"
        " registry needs it, by this file that `firnline gc refs --out` wrote; with --inventory, on"
        " which day",
    )
    add_facts(parser)
    parser.add_argument("--all", action="store_true", help="draw every change, however many")
    add_out(parser, Answer.CHANGES)


def run(arguments: argparse.Namespace) -> int:
    base = None
    try:
        if arguments.before is None:
            base = project_base()
            arguments.before = f"{GIT}{base.commit}{_below(arguments.policies)}"
        return _compared(base, arguments)
    except NoBaseCommit as why:
        _draw([why.diagnostic], arguments.color)
        return 2


def _compared(base: BaseCommit | None, arguments: argparse.Namespace) -> int:
    snapshots = [each for each in (arguments.before, arguments.after) if each is not None]
    for problem in names(snapshots):
        say(f"firnline diff: {problem}")
        return 2
    folder = arguments.policies or folder_of(snapshots)
    named = pair(snapshots, folder)
    try:
        since = base_of(named[0] if named[0].startswith(GIT) else NO_BASE, Project())
        project = project_around([folder if os.path.exists(folder) else os.curdir])
        project = settings_of_base(since, project, [folder])
        known = Known(Project(floor=project.floor))
        read = _read(named, folder, arguments.bucket, known, may_be_gone=base is not None)
        if _have_errors(named, read, arguments.color):
            return 1
        sides = matched(read[0], read[1], arguments.bucket)
        found = compare(*sides)
        facts = read_facts(arguments, found, *sides, read[1].warnings)
        doomed, told = _doomed(arguments, read, sides)
    except CommandFailed as why:
        say(f"firnline diff: {why}")
        return why.code
    except BucketNotAnalysed as why:
        _draw([not_analysed(name_of(why.bucket), why.prefix)], arguments.color)
        return 1
    if found.not_compared and not found.buckets:
        _draw([each for side in read for each in side.diagnostics], arguments.color)
        say("nothing was compared: what the rules do is not known yet")
        return 1
    if not found.buckets:
        say("neither snapshot has a bucket, so there is nothing to compare")
    if base is not None and base.is_head and not found.items:
        say(
            f"nothing to compare: HEAD is on {visible(base.branch)}, and what is not committed"
            " changes nothing; `firnline diff git:HEAD~1` compares with the commit before"
        )
    before = base.branch if base else named[0]
    runs = first_runs(found, facts.radius if facts else None)
    around = Circumstances(before, found, project.gates, runs)
    gates = gates_between(around, read[1], since, project)
    review = Review(
        named[0],
        named[1],
        found,
        facts,
        base,
        gates.items,
        findings=review_findings(read[0], read[1], gates.standing, [*gates.remarks, *told], facts),
        repository=repository_after(read[0], read[1], named[1], folder),
        options=options_of(arguments),
        doomed=doomed,
    )
    if any(format.name in _REPORTS for format, _ in outputs(Answer.CHANGES, arguments)):
        review = replace(review, reviewed=reviewed(base, named[1], folder, *read))
    write_out(review, Answer.CHANGES, arguments, whole=arguments.all)
    return _code(review, arguments)


def _read(
    named: Sequence[str], folder: str, only: Sequence[str], known: Known, *, may_be_gone: bool
) -> list[ReadSnapshot]:
    """What is live comes last: a file may say which buckets are meant. First comes the state
    after, whose every diagnostic counts. Raises `CommandFailed`, `NoPolicies`.
    """
    if may_be_gone and not os.path.lexists(named[1]):
        before = read_snapshot(named[0], folder, only, known=known)
        if before.snapshot or before.diagnostics:
            say(f"{visible(named[1])}: no policies here any more, so all that they did is lost")
            return [before, ReadSnapshot({})]
    read: dict[int, ReadSnapshot] = {}
    for place in sorted((1, 0), key=lambda each: named[each] == LIVE):
        wanted = with_buckets_of(only, tuple(read.values()))
        beside = next(iter(read.values()), None)
        read[place] = read_snapshot(named[place], folder, wanted, beside, known)
    return [read[0], read[1]]


def _doomed(
    arguments: argparse.Namespace, read: Sequence[ReadSnapshot], sides: tuple[Snapshot, Snapshot]
) -> tuple[DoomedByChange | None, tuple[Diagnostic, ...]]:
    """And what is to be said of it. Raises `CommandFailed`."""
    if arguments.references is None:
        return None, ()
    from firnline.cli.doomed_change import doomed_by_change, told  # seldom needed

    today = arguments.as_of.date() if arguments.as_of else date.today()
    found = doomed_by_change(arguments, (read[0], read[1]), sides, today)
    return found, told(found)


def _code(review: Review, arguments: argparse.Namespace) -> int:
    """Gates decide where the command line says nothing else."""
    found, fail_on = review.found, arguments.fail_on
    if arguments.expect_no_changes and found.items:
        return 7
    if fail_on not in (None, _GATE, _NEVER):
        limit = Category(fail_on).place
        if any(item.categories[0].place <= limit for item in found.items):
            return 7
    if found.not_compared:
        return 1
    is_default = fail_on is None and not arguments.expect_no_changes
    if not is_default and fail_on != _GATE:
        return 0
    if review.is_refused or (review.doomed is not None and review.doomed.is_refused):
        return 1
    return ONLY_GATES if review.open_codes else 0


def _below(folder: str | None) -> str:
    """The folder of a revision that is compared: that of the project there, unless another one is
    named than today's.
    """
    return "" if folder in (None, policies_folder().path) else f":{folder}"


def _have_errors(named: Sequence[str], read: Sequence[ReadSnapshot], colour: str) -> bool:
    """Draws what is wrong, and says so."""
    failed = [
        snapshot
        for snapshot, each in zip(named, read, strict=True)
        if has_errors(each.diagnostics) and _draw(each.diagnostics, colour)
    ]
    if failed:
        have = "has" if len(failed) == 1 else "have"
        is_older = named[0] in failed and named[0].startswith(GIT)
        instead = "; `firnline diff git:REV` compares with a commit before them"
        said = f"{' and '.join(map(_called, failed))} {have} errors{instead if is_older else ''}"
        say(f"nothing was compared: {said}")
    return bool(failed)


def _called(snapshot: str) -> str:
    if not snapshot.startswith(GIT):
        return visible(snapshot)
    revision, colon, path = snapshot.removeprefix(GIT).partition(":")
    return f"{GIT}{shown_revision(revision)}{colon}{visible(path)}"


def _draw(found: Sequence[Diagnostic], colour: str) -> bool:
    """Draws what is wrong; returns whether there are errors."""
    if found:
        say_diagnostics(found, colour)
    return has_errors(found)
