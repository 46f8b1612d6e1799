"""`firnline schedule`: how long what is kept, who says so, and who approves; reads files only."""

from __future__ import annotations

import argparse
from datetime import date

from firnline.cli.checks import CHECKS
from firnline.cli.formats import Answer
from firnline.cli.out import add_out, write_out
from firnline.cli.paths import add_paths, read_on
from firnline.cli.streams import day, say, say_diagnostics
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.language.check import Known
from firnline.language.code_owners import owners_of
from firnline.language.model import Folder
from firnline.language.project import Project
from firnline.pipeline import compile_files
from firnline.rules.bucket_rules import rules_of_patterns
from firnline.s3.compare.cells import MOST_CELLS, NotAnalysed
from firnline.targets.schedule.model import Approvers
from firnline.targets.schedule.schedule import schedule_of
from firnline.workspace import code_owners_around, path_in_repository, project_around, read_paths

SUMMARY = "the retention schedule for an auditor: minimum and maximum days, owners, holds"
EPILOG = """\
firnline schedule
firnline schedule --out csv:retention.csv --out html:retention.html
firnline schedule --out json:retention.json --today 2026-12-31

Days are what the proved rules do, not numbers as they are written. `readable`
is until an object that nobody touches cannot be read any more, `bytes` until
all its bytes are gone, `old versions` how long it can be recovered once
somebody overwrites or deletes it.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add_paths(parser, "with a fleet lock in it, each bucket has its rows")
    parser.add_argument(
        "--today",
        metavar="DATE",
        type=day,
        help="the date of the schedule, such as 2026-12-31 (default: today)",
    )
    add_out(parser, Answer.SCHEDULE)


def run(arguments: argparse.Namespace) -> int:
    today = arguments.today or date.today()
    known = Known(project_around(arguments.paths), today=today)
    compilation = compile_files(read_paths(arguments.paths, read_on), known, CHECKS)
    if compilation.failed:
        errors = [each for each in compilation.diagnostics if has_errors([each])]
        say_diagnostics(errors, arguments.color, arguments.paths)
        say("no schedule: the policies have errors, so how long objects are kept is not known")
        return 1
    folder = compilation.folder
    buckets = (*compilation.buckets, *rules_of_patterns(folder))
    approvers = _approvers(folder, known.project)
    try:
        schedule = schedule_of(folder, buckets, approvers, today)
    except NotAnalysed as why:
        say(
            "firnline schedule: what policies and promises say of tags below"
            f" `{visible(why.prefix)}` makes more than {MOST_CELLS:,} sets of objects"
        )
        return 1
    write_out(schedule, Answer.SCHEDULE, arguments)
    return 0


def _approvers(folder: Folder, project: Project) -> Approvers:
    paths = dict.fromkeys(policy.name.span.path for policy in folder.policies)
    return Approvers(
        {path: _code_owners(path) for path in paths},
        tuple(each for file in folder.approvals for each in file.approvals),
        tuple(dict.fromkeys(who for file in folder.approvals for who in _code_owners(file.path))),
        project.review.self_approved,
    )


def _code_owners(path: str) -> tuple[str, ...]:
    text = code_owners_around(path)
    return () if text is None else owners_of(text, path_in_repository(path))
