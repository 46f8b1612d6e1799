"""What a script completes, read from the script; and what the command line takes, to compare.

zsh and fish are not on every machine, so their scripts are read here by the documented forms of
fish's `complete` (https://fishshell.com/docs/current/cmds/complete.html) and of zsh's `_arguments`
and `_describe` (https://zsh.sourceforge.io/Doc/Release/Completion-System.html). Slow tests ask the
shells.
"""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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


ARGUMENT, FILES, FOLDERS = "…", frozenset({"(files)"}), frozenset({"(folders)"})
_FISH_FINDS = {
    "(__fish_complete_path (commandline -ct))": FILES,
    "(__fish_complete_directories)": FOLDERS,
}
_ZSH_FINDS = {"_files": FILES, "_files -/": FOLDERS}
_ZSH_OPTIONS = re.compile(r"^_shtab_firnline_(?:(\w+)_)?options=(\(\n.*?^\))$", re.M | re.S)
_ZSH_COMMANDS = re.compile(r"^  local _commands=(\(\n.*?^  \))$", re.M | re.S)
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
    parser = whole_parser()
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    found = {Completed("", name, each.description or "") for name, each in commands.choices.items()}
    for command, declared in {"": parser, **commands.choices}.items():
        for action in declared._actions:
            if action.help != argparse.SUPPRESS and action is not commands:
                _say_what_fits(action)
                help, offered = _help(declared, action), _offered(action)
                words = action.option_strings or [ARGUMENT]
                found |= {Completed(command, word, help, offered) for word in words}
    return found


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
    if place and not command:
        yield Completed("", given.a, given.d)
    elif place:
        yield Completed(command, ARGUMENT, given.d, offered)


def zsh(script: Path) -> set[Completed]:
    text = script.read_text()
    found = set()
    for array in _ZSH_COMMANDS.findall(text):
        for name, _, help in (each.partition(":") for each in _elements(array)):
            found.add(Completed("", name, help))
    for command, array in _ZSH_OPTIONS.findall(text):
        found |= {_zsh_completes(command, each) for each in _elements(array)}
    return found


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
