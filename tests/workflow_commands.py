"""What would GitHub Actions do with the output of a step? As its runner reads lines.

Written after src/Runner.Common/ActionCommand.cs and src/Runner.Worker/ActionCommandManager.cs of
actions/runner (commits 079cdb1d and 02523b9a): a line that begins with `::`, behind white space or
not, is a command of today's form, and `##[` anywhere in a line begins one of the older form. Both
are carried out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

REGISTERED = frozenset(
    [
        "error",
        "warning",
        "notice",
        "debug",
        "group",
        "endgroup",
        "echo",
        "add-mask",
        "add-matcher",
        "remove-matcher",
        "set-env",
        "set-output",
        "save-state",
        "add-path",
        "stop-commands",
        "internal-set-repo-path",
    ]
)
_DATA = (("\r", "%0D"), ("\n", "%0A"), ("%", "%25"))
_PROPERTY = (("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C"), ("%", "%25"))
_OLD = ((";", "%3B"), ("\r", "%0D"), ("\n", "%0A"), ("]", "%5D"), ("%", "%25"))
_Escapes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


def commands_in(output: str) -> list[Command]:
    """Those that the runner would carry out, in order."""
    return list(_commands(output))


def _commands(output: str) -> Iterator[Command]:
    for line in re.split(r"\r\n|\r|\n", output):  # as .NET reads lines of a process
        command = _todays(line.lstrip()) or _older(line)
        if command is not None:
            yield command


def _todays(line: str) -> Command | None:
    if not line.startswith("::") or (end := line.find("::", 2)) < 0:
        return None
    return _command(line[2:end], ",", line[end + 2 :], _PROPERTY, _DATA)


def _older(line: str) -> Command | None:
    if (start := line.find("##[")) < 0 or (end := line.find("]", start)) < 0:
        return None
    return _command(line[start + 3 : end], ";", line[end + 1 :], _OLD, _OLD)


def _command(
    info: str, between: str, data: str, of_properties: _Escapes, of_data: _Escapes
) -> Command | None:
    name, _, said = info.partition(" ")
    if name.lower() not in REGISTERED:
        return None
    pairs = [each.partition("=") for each in said.strip().split(between)]
    properties = {key: _unescaped(value, of_properties) for key, _, value in pairs if key and value}
    return Command(name, properties, _unescaped(data, of_data))


def _unescaped(text: str, escapes: _Escapes) -> str:
    for token, replacement in escapes:
        text = text.replace(replacement, token)
    return text
