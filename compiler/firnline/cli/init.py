"""`firnline init`: the files of a first project; only new ones are written."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import TextIO

from firnline.cli import questions
from firnline.cli.additions import additions
from firnline.cli.answers import Answers, World
from firnline.cli.code_owner import SELF, approvals_file
from firnline.cli.filled import templates
from firnline.cli.installed import is_of_this_machine, requirement
from firnline.cli.obstacles import obstacle_to
from firnline.cli.paths import OF_THE_PROJECT
from firnline.cli.starter import (
    PROJECTS,
    REQUIREMENTS,
    Existing,
    Plan,
    files_for,
    fleet_file,
    plan_init,
    run_init,
)
from firnline.cli.streams import say, show, write_data
from firnline.diagnostics.how_many import how_many
from firnline.settings import PYPROJECT, SETTINGS, policies_of, settings_in
from firnline.targets.patch import patch
from firnline.workspace import CODE_OWNERS

SUMMARY = "begin: a starter policy, a fleet file, a Pulumi project, CI files; only new files"
_LIST = "list"
_NEXT = """\
next{where}:
  python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
  .venv/bin/firnline resolve{dir}      looks which buckets there are (reads AWS)
  .venv/bin/firnline compile{dir}      what would happen to them, in words"""
_DEPLOY = """\
  .venv/bin/firnline approve --base live --by {owner} --deletes-up-to SIZE
                                  agrees to that: needed where buckets hold data already
  export PULUMI_RUN_PROGRAM=true  so `destroy` and `refresh` are checked too
  pulumi stack init {stack} && pulumi up"""
_SELF_APPROVED = (
    f"nobody else reviews approvals: firnline.toml says `{SELF}`. To have them reviewed, add"
    " `/{path} @org/team` to CODEOWNERS and take that line out, or begin with --code-owner"
)
_NO_FLEET = """\
next{where}:
  write {fleet}: the accounts that the policies name
    (`firnline resolve{dir}` shows an example)"""
# `make up` would write rules to the bucket, which may belong to somebody else.
_SANDBOX = """\
to practise on the sandbox's bucket and account (SOURCES is your checkout of Firnline):
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
            f"whose data it is, the team to ask before a change (default: {questions.OWNER})",
        ),
        (
            "--code-owner",
            "OWNER",
            questions.to_code_owner,
            "who reviews approvals, for CODEOWNERS: @org/team, @user or an e-mail address (default:"
            " the owner, if that is one; without any, approvals count without a review)",
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
        "--from",
        dest="template",
        metavar="TEMPLATE",
        nargs="?",
        const=_LIST,
        choices=[*templates(), _LIST],
        help=f"the policy to begin with: {', '.join(templates())}; or {_LIST}: what each is for"
        " (default: a small starter)",
    )
    parser.add_argument(
        "--policies",
        dest="into",
        metavar="DIR",
        type=questions.to_folder,
        help="where the policies go, such as retention where `policies` is taken; firnline.toml"
        f" then says so to every command (default: {OF_THE_PROJECT})",
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
    if arguments.template == _LIST:
        for name, what in templates().items():
            print(f"{name:<16} {what}")
        return 0
    folder = Path.cwd()
    arguments.into = arguments.into or policies_of(settings_in("."))
    # With existing policies, no file is written that an answer would change.
    interactive = not arguments.yes and not _policies(folder, arguments.into)
    interactive = interactive and _is_terminal(sys.stdin) and _is_terminal(sys.stderr)
    try:
        answers = questions.settle(arguments, folder, requirement(), _ask if interactive else None)
    except (ValueError, EOFError) as error:
        say(f"firnline init: {str(error) or 'no answer'}; nothing was written")
        return 2
    existing = _existing(folder, answers)
    if obstacle := obstacle_to(answers, existing, account_given=bool(arguments.account)):
        say(f"firnline init: {obstacle.why}; nothing was written")
        if obstacle.cure:
            show(obstacle.cure)
        return 2
    plan = plan_init(answers, existing)
    if arguments.diff:
        for path, text in plan.new.items():
            write_data("".join(patch(answers.place.from_top(path), None, text)).encode())
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
    paths = [*files_for(answers, {}), *PROJECTS, *map(answers.place.at_top, CODE_OWNERS)]
    paths = [path for path in dict.fromkeys(paths) if os.path.lexists(folder / path)]
    policies = _policies(folder, answers.place.policies)
    settings = settings_in(".")
    ours = [PYPROJECT] if settings and settings.path == PYPROJECT else []
    return {path: _text(folder / path) for path in (*paths, *policies, *ours)}


def _policies(folder: Path, policies: str) -> list[str]:
    found = [*(folder / policies).rglob("*.yaml"), *(folder / policies).rglob("*.yml")]
    return [path.relative_to(folder).as_posix() for path in found]


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8") if path.is_file() else None
    except (OSError, ValueError):
        return None


def _report_kept_files(plan: Plan, existing: Existing, answers: Answers) -> None:
    for path in plan.kept:
        say(f"{path} is there already and left as it is")
    for other in dict.fromkeys(plan.left_out.values()):
        skipped = ", ".join(path for path, why in plan.left_out.items() if why == other)
        say(f"skipped: {skipped}: {_why_skipped(other, answers)}")
    for where, text in additions(plan, existing, answers).items():
        say(f"{where}:")
        show(f"{text}\n")


def _why_skipped(other: str, answers: Answers) -> str:
    policies = answers.place.policies
    if other.startswith(f"{policies}/"):
        return f"`{policies}/` already has policies ({other})"
    return f"{other} is of another program"


def _report_next_steps(plan: Plan, answers: Answers, *, wrote: bool) -> None:
    if not plan.new:
        say("nothing was written: there is no file to add")
        return
    files = how_many(len(plan.new), "file")
    if not wrote:
        say(f"{files} would be written")
        return
    say(f"{files} written")
    if SELF in plan.new.get(SETTINGS, ""):
        say(_SELF_APPROVED.format(path=answers.place.from_top(approvals_file(answers.place))))
    if REQUIREMENTS in plan.new and is_of_this_machine(answers.requirement):
        say(
            f"{REQUIREMENTS} and the workflows take Firnline from a folder here: CI needs an"
            " address it can reach"
        )
    place = answers.place
    where = f", in {place.below}" if place.below else ""
    fleet = fleet_file(place)
    if fleet in plan.left_out:
        show(_NO_FLEET.format(where=where, fleet=fleet, dir=place.after_command))
        return
    if answers.world is World.SANDBOX and not plan.left_out:
        show(_SANDBOX)
    show(_NEXT.format(where=where, dir=place.after_command))
    if not plan.left_out:
        show(_DEPLOY.format(stack=answers.stack, owner=shlex.quote(answers.owner)))
