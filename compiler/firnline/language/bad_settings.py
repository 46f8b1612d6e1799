"""What is wrong in the settings of a project, with its place in their file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity, by_place
from firnline.diagnostics.position import Source
from firnline.diagnostics.remedy import Advise, Way
from firnline.diagnostics.visible import visible
from firnline.language.nearest import did_you_mean
from firnline.language.setting import BadSetting, Key
from firnline.language.toml_places import mistake_of, name_of, value_of

BAD_SETTING = Kind(
    code="FL008",
    name="bad-setting",
    severity=Severity.ERROR,
    title="the settings of the project are not valid",
    why=(
        "The settings say where the policies are, what is a gate, and who approves. If a misspelt"
        " one were ignored, a limit that people rely on would never take effect: so every command"
        " that reads them stops, with exit code 2."
    ),
    help="write what `firnline schema settings` lists",
    wrong={"firnline.toml": '[gates]\nmax_first_run_delet = "10%"\n'},
    right={"firnline.toml": '[gates]\nmax_first_run_delete = "10%"\n'},
)
_NOT_TOML = (
    "a setting is written `name = value`, with text in quotes, and a table begins with [name]"
)


def bad_settings(
    mistakes: Iterable[BadSetting], text: str, path: str, below: Key
) -> tuple[Diagnostic, ...]:
    """`below` leads to the table of the settings in the file, which is TOML."""
    source = Source(path, text)
    return tuple(by_place([_diagnostic(each, source, below) for each in mistakes]))


def bad_toml(error: ValueError | RecursionError, text: str, path: str) -> Diagnostic:
    source, remedy = Source(path, text), Advise(_NOT_TOML)
    if not isinstance(error, tomllib.TOMLDecodeError):
        return BAD_SETTING.at(source.whole(), f"this cannot be read: {error}", remedy=remedy)
    place, what = mistake_of(source, error)
    message = f"this is not TOML: {what[:1].lower()}{what[1:]}"
    return BAD_SETTING.at(place, message, remedy=remedy)


def in_words(found: Iterable[Diagnostic]) -> str:
    """A line for each, where nothing can be drawn."""
    return "\n".join(f"{each.place}: {visible(each.message)}; {each.help}" for each in found)


def _diagnostic(mistake: BadSetting, source: Source, below: Key) -> Diagnostic:
    key = (*below, *mistake.key)
    remedy: Way = Advise(mistake.cure)
    if mistake.known:
        known = f"remove it; known here: {', '.join(sorted(mistake.known))}"
        remedy = did_you_mean(key[-1], mistake.known) or Advise(known)
    place = name_of(source, key) if mistake.is_name else value_of(source, key)
    return BAD_SETTING.at(place, mistake.message, remedy=remedy)
