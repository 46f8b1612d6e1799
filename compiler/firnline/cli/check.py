"""`firnline check`: find mistakes; reads files, and an inventory in S3 if named."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from firnline.cli.base_snapshot import Base
from firnline.cli.checks import CHECKS
from firnline.cli.fail_on import FAIL_ON, add_fail_on, code_of
from firnline.cli.failed import CommandFailed
from firnline.cli.first_run_options import add_first_run, moment, refuse_idle
from firnline.cli.formats import Answer, DrawnFor
from firnline.cli.out import add_out, outputs
from firnline.cli.paths import add_paths, read_on
from firnline.cli.repository_of import repository_of
from firnline.cli.streams import columns, day, say, wants_colour, write
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity, Waived, documented_on
from firnline.diagnostics.position import path_of
from firnline.diagnostics.repository import Repository
from firnline.language.check import Known
from firnline.language.model import Folder
from firnline.language.project import BadSettings, Project
from firnline.language.syntax import Content
from firnline.lint import Circumstances
from firnline.pipeline import Compilation, check_files
from firnline.revision.base_commit import TARGETS
from firnline.s3.terms import Partition, Versioning
from firnline.workspace import project_around, read_paths, refuse_empty

SUMMARY = "find mistakes; reads files, and an inventory in S3 if named"


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(
        parser,
        "- reads one policy or lifecycle file from stdin;"
        " also S3 lifecycle files by name: JSON, YAML, XML, Terraform and Pulumi plans,"
        " CloudFormation templates, Cloud Custodian policies",
    )
    _add_choice(parser)
    _add_baseline(parser)
    _add_circumstances(parser)
    add_first_run(parser)
    _add_fixing(parser)
    parser.add_argument(
        "--base",
        metavar="SNAPSHOT",
        help="ask what needs an approval since this snapshot: git:REV, or a folder; none to compare"
        " with nothing; auto for where this branch left the one that it is merged into, as"
        " `firnline diff` finds it (default: the same if `base` is in the table `[review]` of"
        " firnline.toml, else none)",
    )
    parser.add_argument(
        "--references",
        metavar="FILE",
        help="also what rules delete, or archive where it cannot be read, although a registry needs"
        " it, by this file that `firnline gc refs --out` wrote; with --inventory, on which day",
    )
    parser.add_argument(
        "--reads",
        metavar="PATH",
        help="also which rules archive what is still read (FL508), by what `firnline inventory"
        " reads --into` saved, or the folder of S3's logs; with --inventory",
    )
    parser.add_argument(
        "--today",
        metavar="DATE",
        type=day,
        help="judge reviews, waivers, holds and the age of references as of this day, such as"
        " 2027-03-31 (default: today)",
    )
    parser.add_argument("--all", action="store_true", help="draw everything, however much it is")
    add_out(parser, Answer.DIAGNOSTICS)


def run(arguments: argparse.Namespace) -> int:
    select, ignore = _words(arguments.select), _words(arguments.ignore)
    if problem := _misuse(arguments, [*select, *ignore]):
        say(f"firnline check: {problem}")
        return 2
    try:
        return _check(arguments, select, ignore)
    except CommandFailed as why:
        say(f"firnline check: {why}")
        return why.code


def report_settings(wrong: BadSettings, arguments: argparse.Namespace) -> int:
    """In the formats that were asked for: settings are judged before anything else is read."""
    around = path_of(wrong.diagnostics[0].place) or os.curdir
    _report(wrong.diagnostics, (), arguments, False, repository_of(Folder(), [around]))
    return 2


def _check(arguments: argparse.Namespace, select: list[str], ignore: list[str]) -> int:
    """Raises `CommandFailed`, `NoBaseCommit`."""
    today = arguments.today or date.today()
    files = read_paths(arguments.paths, read_on)
    refuse_empty(files, and_no_rules=True)
    said = _circumstances(arguments, today)
    base, project = _base(arguments.base, arguments.paths)
    refuse_idle(arguments, has_use=True)
    known = Known(project, today)
    checked = partial(_checked, known=known, said=said, arguments=arguments)
    compilation = _gated(checked(files), base, known, arguments)
    notes: Sequence[Diagnostic] = ()
    prints_text = False
    if arguments.fix or arguments.diff:
        from firnline.cli.fixing import plan_fixes, show_or_write  # seldom needed

        plan = plan_fixes(
            files,
            lambda each: _chosen(checked(each).diagnostics, select, ignore),
            unsafe=arguments.unsafe_fixes,
        )
        prints_text = show_or_write(files, plan, only_show=arguments.diff)
        if not arguments.diff:
            compilation = _gated(checked(plan.files), base, known, arguments)
            notes = plan.notes
    if arguments.references is not None:
        from firnline.cli.doomed import with_doomed  # seldom needed

        compilation = with_doomed(compilation, arguments, today)
    shown = (*_chosen(compilation.diagnostics, select, ignore), *notes)
    if arguments.baseline is not None:
        from firnline.cli.baseline import without_known, write_baseline  # seldom needed

        if arguments.write_baseline:
            write_baseline(shown, files, arguments.baseline)
            return 0
        shown = without_known(shown, compilation.diagnostics, files, arguments.baseline)
    _report(
        documented_on(known.project.docs_url, shown),
        _chosen_waived(compilation.waived, select, ignore),
        arguments,
        prints_text,
        repository_of(compilation.folder, files),
    )
    if not shown and not arguments.diff and arguments.baseline is None:
        say(_nothing_to_show(compilation))
    return code_of(shown, _failing(arguments))


def _checked(
    files: Mapping[str, Content], known: Known, said: Circumstances, arguments: argparse.Namespace
) -> Compilation:
    """With what is found in what is stored, where files tell that. Raises `CommandFailed`."""
    compilation = check_files(files, known, said, CHECKS)
    if not (arguments.inventory or arguments.summaries or arguments.cloudwatch):
        if arguments.reads:
            raise CommandFailed("--reads is joined to what is stored: name it with --inventory")
        return compilation
    from firnline.cli.layouts import with_layouts  # slow to import
    from firnline.cli.open_stored import opened
    from firnline.cli.stored_checks import with_stored

    if compilation.failed and not compilation.lifecycle_files:
        return with_stored(compilation, known, arguments, ())
    with opened(arguments) as stored:
        compilation = with_stored(compilation, known, arguments, stored)
        return with_layouts(compilation, files, said, stored)


def _base(said: str | None, paths: Sequence[str]) -> tuple[Base | None, Project]:
    """With the settings that count there. Raises `CommandFailed`, `NoBaseCommit`."""
    project = project_around(paths)
    is_for_pull_request = any(os.environ.get(variable) for variable in TARGETS)
    if said is None and project.review.base is None and not is_for_pull_request:
        return None, project
    from firnline.cli.base import base_of, settings_of_base  # it compiles what is compared with

    base = base_of(said, project, paths)
    return base, settings_of_base(base, project, paths)


def _gated(
    compilation: Compilation, base: Base | None, known: Known, arguments: argparse.Namespace
) -> Compilation:
    """With what is to be said of gates, where there may be any. Raises `CommandFailed`,
    `NoBaseCommit`.
    """
    has_gates = any(each.severity is Severity.GATE for each in compilation.diagnostics)
    if base is None and not has_gates and not compilation.folder.approvals:
        return compilation
    from firnline.cli.first_run import measure_of  # slow to import
    from firnline.cli.gates import with_gates

    return with_gates(compilation, base, known, measure_of(arguments))


def _add_choice(parser: argparse.ArgumentParser) -> None:
    for option, what in (
        ("--select", "report only these: codes, families such as FL3, or names; repeatable"),
        (
            "--ignore",
            "leave these out of the report and of the exit code of `check`;"
            " `compile` and `pulumi up` refuse a policy with errors all the same",
        ),
    ):
        parser.add_argument(option, metavar="KIND[,KIND]", action="append", default=[], help=what)
    add_fail_on(parser)
    parser.add_argument(
        "--exit-zero", action="store_true", help="exit with 0 whatever is found in the policies"
    )


def _add_baseline(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--baseline",
        metavar="FILE",
        help="report only what is not in this file, a list of findings that are known; `compile`"
        " and `pulumi up` refuse a policy with errors all the same",
    )
    parser.add_argument(
        "--write-baseline",
        action="store_true",
        help="with --baseline: what is found now is known from now on",
    )


def _add_circumstances(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--versioning",
        choices=[each.value for each in Versioning],
        help="of the bucket that a lifecycle file is for (default: not known), and of buckets of"
        " which nothing says it",
    )
    parser.add_argument(
        "--partition",
        choices=[each.value for each in Partition],
        default="aws",
        help="where the bucket of a lifecycle file is (default: aws)",
    )
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        type=moment,
        help="use the limits that S3 had on this day (default: the newest that are known), and ask"
        " what the first run deletes then (default: now)",
    )


def _add_fixing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--fix",
        action="store_true",
        help="apply fixes that have one possible meaning; the fixed text of stdin is printed",
    )
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="with --fix or --diff: also apply fixes that choose among several meanings",
    )
    parser.add_argument(
        "--diff", action="store_true", help="only show what --fix would change; nothing is written"
    )


def _circumstances(arguments: argparse.Namespace, today: date) -> Circumstances:
    said = arguments.versioning
    return Circumstances(
        Versioning(said) if said else None,
        Partition(arguments.partition),
        arguments.as_of and arguments.as_of.date(),
        today,
    )


def _failing(arguments: argparse.Namespace) -> tuple[Severity, ...]:
    """What makes the command fail."""
    return () if arguments.exit_zero else FAIL_ON[arguments.fail_on]


def _words(options: Sequence[str]) -> list[str]:
    return [word.strip() for option in options for word in option.split(",") if word.strip()]


def _chosen(
    found: Sequence[Diagnostic], select: Sequence[str], ignore: Sequence[str]
) -> Sequence[Diagnostic]:
    if not select and not ignore:
        return found
    from firnline.diagnostics.choice import chosen

    return chosen(found, select, ignore)


def _chosen_waived(
    waived: Sequence[Waived], select: Sequence[str], ignore: Sequence[str]
) -> Sequence[Waived]:
    kept = set(map(id, _chosen([each.diagnostic for each in waived], select, ignore)))
    return [each for each in waived if id(each.diagnostic) in kept]


def _misuse(arguments: argparse.Namespace, words: Sequence[str]) -> str | None:
    if arguments.unsafe_fixes and not (arguments.fix or arguments.diff):
        return "--unsafe-fixes says which fixes; add --fix to make them, or --diff to see them"
    if arguments.write_baseline and arguments.baseline is None:
        return "--write-baseline needs --baseline FILE, the file that it writes"
    if arguments.write_baseline and words:
        return "--write-baseline takes everything that is found: leave out --select and --ignore"
    if words:
        from firnline.catalog import catalog  # reads every module: only where it is needed
        from firnline.diagnostics.choice import unknown_words

        unknown = unknown_words(words, catalog())
        if unknown:
            return f"no code, family or name {unknown[0]!r}; `firnline explain` lists them"
    return None


def _report(
    shown: Sequence[Diagnostic],
    waived: Sequence[Waived],
    arguments: argparse.Namespace,
    prints_text: bool,
    repository: Repository,
) -> None:
    """Writes the report to the requested files, and to stdout or, if that has a text, to stderr."""
    if arguments.diff and not arguments.out:
        return
    for format, file in outputs(Answer.DIAGNOSTICS, arguments):
        stream = sys.stderr if prints_text else sys.stdout
        if not shown and format.drawn_for is DrawnFor.WIDTH_COLOUR_AND_LENGTH:
            text = ""  # nothing to draw: the drawing module is not imported
        else:
            colour = file is None and wants_colour(stream, arguments.color)
            text = format.render(
                shown,
                colour=colour,
                columns=columns(),
                whole=arguments.all,
                failing=_failing(arguments),
                repository=repository,
                waived=waived,
            )
        if file is None and prints_text:
            sys.stderr.write(text)
        else:
            write(text, file)


def _nothing_to_show(compilation: Compilation) -> str:
    hidden = len(compilation.diagnostics)
    if not hidden:
        return f"nothing wrong in {_counted(compilation)}{_kept(compilation)}"
    refused = "; `firnline compile` refuses these files" if compilation.failed else ""
    return f"nothing of the selected kinds; {hidden:,} of other kinds{refused}"


def _kept(compilation: Compilation) -> str:
    """How many rules of others stay as they are, where there are any."""
    numbers = [len(each.kept) for each in compilation.buckets if each.kept]
    if not numbers:
        return ""
    are = "is" if sum(numbers) == 1 else "are"
    on = how_many(len(numbers), "bucket")
    return f"; {how_many(sum(numbers), 'rule')} of others {are} kept on {on}"


def _counted(compilation: Compilation) -> str:
    policies = compilation.folder.policies
    retentions = sum(len(policy.retentions) for policy in policies)
    buckets = len(compilation.buckets)
    if compilation.lifecycle_files and not policies:
        return how_many(compilation.lifecycle_files, "lifecycle file")
    kinds = [
        how_many(len(policies), "policy", "policies"),
        how_many(retentions, "retention"),
        how_many(buckets, "bucket") if buckets else "no bucket known by name",
    ]
    return ", ".join(kinds)
