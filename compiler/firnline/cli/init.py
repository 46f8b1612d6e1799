"""`firnline init`: the files of a first project; only new ones are written."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from pathlib import Path
from typing import TextIO

from firnline.cli import questions
from firnline.cli.installed import is_of_this_machine, requirement
from firnline.cli.starter import (
    REQUIREMENTS,
    Answers,
    Existing,
    Plan,
    World,
    files_for,
    plan_init,
    run_init,
)
from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.workspace import DEFAULT_FOLDER

SUMMARY = "begin: a starter policy, a fleet file, a Pulumi project, CI files; only new files"
_NEXT = """\
next:
  python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
  .venv/bin/firnline resolve      looks which buckets there are (reads AWS)
  .venv/bin/firnline compile      what would happen to them, in words
  export PULUMI_RUN_PROGRAM=true  `pulumi destroy` and `refresh` too are checked by the program
  pulumi stack init {stack} && pulumi up"""
# `make up` would write rules to the bucket, which may belong to somebody else.
_SANDBOX = """\
the bucket and the account are the sandbox's, to practise on; with SOURCES for Firnline's own:
  (cd SOURCES && make engine down && python3 -m sandbox up)
  eval "$(cd SOURCES && python3 -m sandbox env)\""""


def configure(parser: argparse.ArgumentParser) -> None:
    for option, metavar, type, what in (
        ("--bucket", "NAME", questions.to_bucket, "the first bucket (default: the sandbox's)"),
        (
            "--account",
            "[LABEL=]ID",
            questions.to_account,
            f"the account that owns it, and how policies call it (default: {questions.LABEL})",
        ),
        ("--role", "ARN", questions.to_role, "the role to assume there (default: none)"),
        (
            "--owner",
            "TEAM",
            questions.to_owner,
            f"who reviews changes of the policy (default: {questions.OWNER})",
        ),
    ):
        parser.add_argument(option, metavar=metavar, type=type, help=what)
    parser.add_argument(
        "--region",
        metavar="REGION",
        type=questions.to_region,
        action="append",
        default=[],
        help=f"where the account's buckets are looked for (default: {questions.REGION});"
        " repeatable",
    )
    parser.add_argument(
        "--yes",
        action="store_true",
        help="never prompt; without a terminal there is no prompt anyway",
    )
    parser.add_argument(
        "--diff", action="store_true", help="only show the files; nothing is written"
    )


def run(arguments: argparse.Namespace) -> int:
    folder = Path.cwd()
    # With existing policies, no file is written that an answer would change.
    interactive = not arguments.yes and not _policies(folder)
    interactive = interactive and _is_terminal(sys.stdin) and _is_terminal(sys.stderr)
    try:
        answers = questions.settle(arguments, folder, requirement(), _ask if interactive else None)
    except (ValueError, EOFError) as error:
        say(f"firnline init: {str(error) or 'no answer'}; nothing was written")
        return 2
    existing = _existing(folder, answers)
    plan = plan_init(answers, existing)
    if arguments.diff:
        for path, text in plan.new.items():
            sys.stdout.writelines(_as_diff(path, text))
    else:
        for path in run_init(folder, plan):
            print(path, flush=True)
    _report_kept_files(plan, existing, answers)
    _report_next_steps(plan, answers, wrote=not arguments.diff)
    return 0


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _ask(question: str) -> str:
    """On stderr: stdout is a list of files."""
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        print(file=sys.stderr)
        raise EOFError
    return line


def _existing(folder: Path, answers: Answers) -> Existing:
    """Broken links exist too: writing would follow them."""
    paths = [*files_for(answers), "Pulumi.yml"]
    paths = [path for path in paths if os.path.lexists(folder / path)]
    return {path: _text(folder / path) for path in (*paths, *_policies(folder))}


def _policies(folder: Path) -> list[str]:
    found = [*(folder / DEFAULT_FOLDER).rglob("*.yaml"), *(folder / DEFAULT_FOLDER).rglob("*.yml")]
    return [path.relative_to(folder).as_posix() for path in found]


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8") if path.is_file() else None
    except (OSError, ValueError):
        return None


def _as_diff(path: str, text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    return list(difflib.unified_diff([], lines, "/dev/null", f"b/{path}"))


def _report_kept_files(plan: Plan, existing: Existing, answers: Answers) -> None:
    for path in plan.kept:
        say(f"{path} is there already and left as it is")
    for path, other in plan.left_out.items():
        say(f"{path} is left out: it would not go with {other}, which is there already")
    if "firnline" not in (existing.get(REQUIREMENTS, "firnline") or ""):
        say(f"add this line to {REQUIREMENTS}: {answers.requirement}")


def _report_next_steps(plan: Plan, answers: Answers, *, wrote: bool) -> None:
    if not plan.new:
        say("nothing was written: there is no file to add")
        return
    files = how_many(len(plan.new), "file")
    if not wrote:
        say(f"{files} would be written")
        return
    say(f"{files} written")
    if REQUIREMENTS in plan.new and is_of_this_machine(answers.requirement):
        say(f"{REQUIREMENTS} takes Firnline from a folder here: CI needs an address it can reach")
    if top := _repository_above(Path.cwd()):
        say(f"CI and pre-commit look for their files in {top}: move them there")
    if not plan.left_out:
        if answers.world is World.SANDBOX:
            say(_SANDBOX)
        say(_NEXT.format(stack=answers.stack))


def _repository_above(folder: Path) -> Path | None:
    """The root of the repository that contains this folder; None if the folder is the root."""
    if (folder / ".git").exists():
        return None
    return next((each for each in folder.parents if (each / ".git").exists()), None)
