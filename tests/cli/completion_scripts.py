"""What a script completes, read from the script; and what the command line takes, to compare.

zsh and fish are not on every machine, so their scripts are read here by the documented forms of
fish's `complete` (https://fishshell.com/docs/current/cmds/complete.html) and of zsh's `_arguments`
and `_describe` (https://zsh.sourceforge.io/Doc/Release/Completion-System.html). Slow tests ask the
shells.
"""

from __future__ import annotations

import argparse
import functools
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

import shtab

from firnline.cli import whole_parser
from firnline.cli.completion import _say_what_fits


class Completed(NamedTuple):
    """`word` is a command, an option, or `…`: an argument. `offered` may follow the option, or be
    the argument: words of ours, or what the shell finds as files or folders."""

    command: str
    word: str
    help: str
    offered: frozenset[str] = frozenset()


_Parser = tuple[str, argparse.ArgumentParser]
ARGUMENT, FILES, FOLDERS = "…", frozenset({"(files)"}), frozenset({"(folders)"})
_FISH_FINDS = {
    "(__fish_complete_path (commandline -ct))": FILES,
    "(__fish_complete_directories)": FOLDERS,
}
_ZSH_FINDS = {"_files": FILES, "_files -/": FOLDERS}
_ZSH_OPTIONS = re.compile(r"^_shtab_firnline_(?:(\w+)_)?options=(\(\n.*?^\))$", re.M | re.S)
_ZSH_COMMANDS = re.compile(
    r"^_shtab_firnline_(?:(\w+)_)?commands\(\) \{\n  local _commands=(\(\n.*?^  \))$", re.M | re.S
)
_UP_TO_A_COLON, _UP_TO_A_BRACKET = r"(?:\\.|[^\\:])*", r"(?:\\.|[^\\\]])*"
_ZSH_OPTION = re.compile(
    rf"(?:\([^)]*\))?\*?(-[^\[]+)\[({_UP_TO_A_BRACKET})\](?::{_UP_TO_A_COLON}:(.*))?"
)
_ZSH_POSITIONAL = re.compile(rf"(?:\(\*\))?::?({_UP_TO_A_COLON}):(.*)")


def saved_script(shell: str, folder: Path) -> Path:
    path = folder / f"completion.{shell}"
    words = [sys.executable, "-m", "firnline", "completion", shell]
    path.write_text(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    return path


def command_line() -> set[Completed]:
    """As the command line itself declares it."""
    return {each for name, parser in _parsers() for each in _declared(name, parser)}


def _parsers(name: str = "", parser: argparse.ArgumentParser | None = None) -> Iterator[_Parser]:
    """The whole, its commands, and those of a command: `inventory list`."""
    parser = parser or whole_parser()
    yield name, parser
    for commands in filter(_has_commands, parser._actions):
        for each, below in commands.choices.items():
            yield from _parsers(f"{name} {each}".strip(), below)


def _declared(command: str, parser: argparse.ArgumentParser) -> Iterator[Completed]:
    for action in parser._actions:
        if _has_commands(action):
            for name, below in action.choices.items():
                yield Completed(command, name, below.description or "")
        elif action.help != argparse.SUPPRESS:
            _say_what_fits(action)
            help, offered = _help(parser, action), _offered(action)
            for word in action.option_strings or [ARGUMENT]:
                yield Completed(command, word, help, offered)


def _has_commands(action: argparse.Action) -> TypeGuard[argparse._SubParsersAction[Any]]:
    return isinstance(action, argparse._SubParsersAction)


@functools.cache
def _with_commands() -> set[str]:
    return {name for name, parser in _parsers() if any(map(_has_commands, parser._actions))}


def _help(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    if action.help:
        return parser._get_formatter()._expand_help(action)
    return str(action.metavar or action.dest)


def _offered(action: argparse.Action) -> frozenset[str]:
    match getattr(action, "complete", None):
        case shtab.FILE:
            return FILES
        case shtab.DIRECTORY:
            return FOLDERS
        case _:
            return frozenset(action.choices or ())


def fish(script: Path) -> set[Completed]:
    lines = [line for line in script.read_text().splitlines() if line.startswith("complete -c")]
    return {each for line in lines[2:] for each in _fish_completes(shlex.split(line))}


def _fish_completes(words: list[str]) -> Iterator[Completed]:
    complete = argparse.ArgumentParser(add_help=False)
    for flag in ("-c", "-n", "-d", "-a"):
        complete.add_argument(flag, default="")
    for flag in ("-s", "-l"):
        complete.add_argument(flag, action="append", default=[])
    for flag in ("-x", "-k"):
        complete.add_argument(flag, action="store_true")
    given = complete.parse_args(words[1:])
    used, _, place = given.n.partition(";")
    command = used.removeprefix("_shtab_firnline_using").strip()
    offered = _FISH_FINDS.get(given.a, frozenset(given.a.split()))
    for word in [*(f"-{name}" for name in given.s), *(f"--{name}" for name in given.l)]:
        yield Completed(command, word, given.d, offered)
    if place and command in _with_commands():
        yield Completed(command, given.a, given.d)
    elif place:
        yield Completed(command, ARGUMENT, given.d, offered)


def zsh(script: Path) -> set[Completed]:
    text = script.read_text()
    found = set()
    for command, array in _ZSH_COMMANDS.findall(text):
        for name, _, help in (each.partition(":") for each in _elements(array)):
            found.add(Completed(_named(command), name, help))
    for command, array in _ZSH_OPTIONS.findall(text):
        found |= {_zsh_completes(_named(command), each) for each in _elements(array)}
    return found


def _named(function: str) -> str:
    return _names_in_zsh()[function]


@functools.cache
def _names_in_zsh() -> dict[str, str]:
    """Of the commands, in which a dash too is an underscore there."""
    return {re.sub("[ -]", "_", name): name for name, _ in _parsers()}


def _zsh_completes(command: str, described: str) -> Completed:
    if option := _ZSH_OPTION.fullmatch(described):
        word, help, action = option.groups()
    else:
        positional = _ZSH_POSITIONAL.fullmatch(described)
        assert positional, described
        word, (help, action) = ARGUMENT, positional.groups()
    action = action or ""
    offered = _ZSH_FINDS.get(action, frozenset(action.strip("()").split()))
    return Completed(command, word, re.sub(r"\\(.)", r"\1", help), offered)


def _elements(array: str) -> list[str]:
    """Bash makes of quoted words and braces what zsh makes: a `$` or a backtick of ours, in place
    of which a shell would put something else, is seen."""
    ran = subprocess.run(
        ["bash", "-c", f'a={array}; printf "%s\\0" "${{a[@]}}"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
    return ran.stdout.split("\0")[:-1]
