"""How Firnline is called: arguments in, exit code out; the only place that prints."""

from __future__ import annotations

import argparse
import atexit
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from gc import disable, freeze  # `gc` is a module of this package
from types import ModuleType
from typing import NamedTuple

from firnline import __version__
from firnline.cli.parser import Parser, add_everywhere
from firnline.cli.paths import look_above
from firnline.language.project import BadSettings

HELP = """\
firnline: retention policies for S3, checked before they delete anything

Usage: firnline <command> [options] [PATH ...]

Examples:
  firnline check                   every policy below ./policies
  firnline check --fix             correct slips; --diff only shows that
  firnline fmt --check             name files that are not in canonical order
  firnline compile --out s3-json   the rules of each bucket, as S3 takes them
  firnline explain FL301           what a diagnostic means, and its cure
  firnline diff                    what this branch does to objects
  firnline show my-bucket          what is live there now, in words

Write
  init         begin: a starter policy, a fleet file, a Pulumi project, CI files
  check        find mistakes; reads files, and an inventory in S3 if named
  fmt          put files in canonical order and spacing, keeping comments
  explain      a code such as FL301, or an object: who owns it, what S3 does
  schema       the JSON Schema, for editors
  completion   of commands and options in bash, zsh or fish

Ship
  compile      rules in words, or as S3 JSON, Terraform or CloudFormation
  diff         what changes for objects: policies, git:REV, live or JSON
  approve      write down that the owner of the data agrees to a change
  comment      post or update the review on a pull request (network)
  resolve      look which buckets there are, write the fleet lock (reads AWS)
  rollout      deploy all accounts, wave by wave, by Pulumi (writes to AWS)
  show         what is live, in words (reads AWS), or what no policy covers
  verify       whether S3 still has what the policies say (reads AWS)
  import       lifecycle rules of others as policies that mean the same
  iam          the least IAM policies for the roles of these accounts

Ask
  simulate     what S3 does with objects, as of a date or day by day
  inventory    list a live bucket, as S3 Inventory would (reads AWS)
  forecast     what is stored and what it costs, before a change and after it
  advise       a policy that pays for a bucket, with the dollars of each line
  report       what is deleted when, what it saves, and whom to ask: one page
  gc           what registries still need (reads them; writes nothing in S3)
  schedule     how long what is kept, and who says so, for an auditor
  prices       what S3 costs, and who says so; `update` reads AWS's price lists
  test         whether S3 does with objects what is expected of it
  conformance  cases of what S3 does, against what Firnline says

Rules are applied by Pulumi: `pulumi up` in a project as `firnline init` begins.
`firnline COMMAND --help` for options.

Options everywhere:
  -C DIR        run as if started there
  --color WHEN  auto, always, never (also NO_COLOR, FORCE_COLOR)
  --version     of Firnline

Exit codes: 0 ok · 1 errors in policies · 2 wrong use
            3 no access to AWS or GitHub · 5 only gates are open
            7 unexpected changes, or drift · 10 some accounts failed
            11 all accounts failed · 130 interrupted · 255 internal error

All codes: firnline explain. All keys of a policy: firnline schema policy.
"""
COMMANDS = (
    "advise",
    "approve",
    "check",
    "comment",
    "compile",
    "completion",
    "conformance",
    "diff",
    "explain",
    "fmt",
    "forecast",
    "gc",
    "iam",
    "import",
    "init",
    "inventory",
    "prices",
    "report",
    "resolve",
    "rollout",
    "schedule",
    "schema",
    "show",
    "simulate",
    "test",
    "verify",
)
# Words of Python are no names of modules.
_MODULES = {"import": "importing"}


def main(argv: Sequence[str] | None = None, *, on_start: Callable[[], None] = lambda: None) -> int:
    """Run one command; returns its exit code. `on_start` is called once all is imported."""
    # A command runs for a moment and creates little garbage: collecting it takes a tenth of the
    # time, and so does the collection at exit, when all memory is freed anyway.
    disable()
    atexit.register(freeze)
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv), on_start)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except Exception as error:  # noqa: BLE001  # the last resort: reported in full, as FL901
        return _outside_or_internal(error)
    return code


def whole_parser() -> argparse.ArgumentParser:
    """With every command and all its options."""
    return _parser(COMMANDS).whole


def _run(words: list[str], on_start: Callable[[], None]) -> int:
    if sys.stdout is None:
        raise OSError("stdout is closed")
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    if not words or words[0] in ("-h", "--help"):
        sys.stdout.write(HELP)
        return 0 if words else 2
    parsers = _parser(words)
    arguments, unknown = parsers.whole.parse_known_args(words)
    if unknown:
        # A command of a command has its own parser.
        parser = vars(arguments).get("parser", parsers.by_command[arguments.command])
        parser.refuse(unknown)
    if arguments.directory:
        os.chdir(arguments.directory)
    module = parsers.modules[arguments.command]
    try:
        arguments = look_above(arguments)
        on_start()
        return int(module.run(arguments))
    except BadSettings as wrong:
        if arguments.command != "check" or not (arguments.out and wrong.diagnostics):
            raise
        return int(module.report_settings(wrong, arguments))


def _outside_or_internal(error: Exception) -> int:
    import traceback  # only needed here, and slow to import

    from firnline.diagnostics.log_lines import Notation, without_commands
    from firnline.revision.no_base import NoBaseCommit
    from firnline.workspace import NoPolicies

    if isinstance(error, NoBaseCommit):
        from firnline.cli.streams import Colour, say_diagnostics

        say_diagnostics([error.diagnostic], Colour.AUTO)
        return 2
    if isinstance(error, BadSettings) and error.diagnostics:
        from firnline.cli.streams import Colour, say_diagnostics

        say_diagnostics(error.diagnostics, Colour.AUTO, None)
        return 2
    if isinstance(error, NoPolicies | BadSettings | OSError):
        print(f"firnline: {without_commands(_said(error), Notation.WORDS)}", file=sys.stderr)
        if isinstance(error, OSError) and sys.stdout is not None:
            _give_up_stdout()
        return 2
    print(without_commands(traceback.format_exc(), Notation.WORDS), end="", file=sys.stderr)
    if case := _saved_case(error):
        print(f"\nwhat was compiled is saved in {case}: please send it along", file=sys.stderr)
    print(
        "\nfirnline: internal error (FL901). Nothing was changed. Please report it with the lines"
        " above\nand, if you can, the file that caused it.",
        file=sys.stderr,
    )
    return 255


def _said(error: Exception) -> str:
    """A system error in words, without its number."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _saved_case(error: Exception) -> str | None:
    """The file with the configuration that `s3/law` rejected; None for another error."""
    from firnline.rules.emitted import RejectedByTheLaw

    if not isinstance(error, RejectedByTheLaw):
        return None
    import json
    import tempfile

    case = {
        "bucket": error.bucket.key,
        "partition": error.bucket.partition,
        "rejected": [f"{each.path}: {each.code}: {each.message}" for each in error.findings],
        "config": error.configuration,
    }
    with tempfile.NamedTemporaryFile(
        "w", prefix="firnline-rejected-", suffix=".json", delete=False, encoding="utf-8"
    ) as file:
        json.dump(case, file, indent=2)
    return file.name


def _give_up_stdout() -> None:
    """Drops output that could not be written, so that Python does not try again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parsers(NamedTuple):
    """`by_command` and `modules` have only the commands that are called."""

    whole: Parser
    by_command: dict[str, Parser]
    modules: dict[str, ModuleType]


def _parser(words: Sequence[str]) -> _Parsers:
    """Only the module of the command that is called is imported."""
    parser = Parser(prog="firnline", add_help=False)
    parser.add_argument("--version", action="version", version=f"firnline {__version__}")
    add_everywhere(parser, default=None)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    called = _Parsers(parser, {}, {})
    for name in COMMANDS:
        if name in words:
            module = _MODULES.get(name, name)
            called.modules[name] = importlib.import_module(f"firnline.cli.{module}")
            summary = called.modules[name].SUMMARY
            sub = commands.add_parser(name, help=summary, description=summary)
            add_everywhere(sub, default=argparse.SUPPRESS)
            called.modules[name].configure(sub)
            called.by_command[name] = sub
        else:
            commands.add_parser(name)
    return called
