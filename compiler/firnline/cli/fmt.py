"""`firnline fmt`: put files in canonical order and spacing, keeping comments."""

from __future__ import annotations

import argparse

from firnline.atomic_file import write_file
from firnline.cli.paths import add_paths, read_on
from firnline.cli.streams import say, say_diagnostics, write_data
from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.language.layout import Formatted, format_file
from firnline.targets.patch import apply_command, patch
from firnline.workspace import STDIN, File, find_files

SUMMARY = "put files in canonical order and spacing, keeping comments"


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser, "- formats stdin to stdout")
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; name the files that would change, and exit with 1 if there are any",
    )
    parser.add_argument(
        "--diff", action="store_true", help="write nothing; print what would change"
    )


def run(arguments: argparse.Namespace) -> int:
    broken: list[Diagnostic] = []
    changed = unchanged = 0
    for file in find_files(arguments.paths, read_on):
        formatted = format_file(file.content, file.shown)
        if not isinstance(formatted, Formatted):
            broken += formatted
            continue
        if formatted.left_alone:
            say(f"{file.shown} is left as it is: {formatted.left_alone}")
        changed += formatted.changed
        unchanged += not formatted.changed
        if file.real == STDIN and not (arguments.check or arguments.diff):
            write_data(formatted.after.encode())
        elif formatted.changed:
            _report_or_write(file, formatted, arguments)
    if broken:
        say_diagnostics(broken, arguments.color, arguments.paths, end="")
    if arguments.paths != [STDIN]:
        _say_how_many(changed, unchanged, writes=not (arguments.check or arguments.diff))
    return 1 if has_errors(broken) or (arguments.check and changed) else 0


def _report_or_write(file: File, formatted: Formatted, arguments: argparse.Namespace) -> None:
    if arguments.diff:
        write_data("".join(patch(file.shown, formatted.before, formatted.after)).encode())
        if (apply := apply_command(file.shown)) != "git apply":
            say(f"to apply the change of {file.shown}: `{apply}`")
    elif arguments.check:
        print(file.shown)
    else:
        write_file(file.real, formatted.after.encode())
        say(f"formatted {file.shown}")


def _say_how_many(changed: int, unchanged: int, *, writes: bool) -> None:
    done = "formatted" if writes else "would change"
    say(f"{_files(changed)} {done}, {_files(unchanged)} in order")


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
