"""libyaml's errors in our words, at the character that caused them."""

from __future__ import annotations

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Source, Span
from firnline.diagnostics.remedy import Advise
from firnline.language.pyyaml import NotYaml

YAML_SYNTAX = Kind(
    code="FL002",
    name="yaml-syntax",
    severity=Severity.ERROR,
    title="this is not YAML",
    is_spelling=True,
    why=(
        "In YAML `*`, `&`, `!`, `@`, `%`, tabs and `: ` have a special meaning, which is rarely"
        " intended."
    ),
    help="put the value in quotes",
    wrong="why: *.tmp files",
    right='why: "*.tmp files"',
)


def syntax_error(source: Source, error: NotYaml) -> Diagnostic:
    """At the character that caused it: where something was opened, or where reading cannot go
    on.
    """
    opened, problem = error.opened_at, error.problem
    index = 0 if error.at is None else min(error.at, len(source.text))
    if "alphabetic or numeric" in problem and source.text[index - 1 : index] in ("*", "&"):
        index -= 1  # libyaml points after the character that it rejects
    word = (source.text[:index].split() or [""])[-1]
    if "whitespace or line break" in problem and (bang := word.find("!")) >= 0:
        start = index - len(word) + bang
        shown = source.text[start:index]
        message = "YAML reads what begins with `!` as a tag"
        return YAML_SYNTAX.at(
            Span(source, start, index), message, remedy=Advise(f'write "{shown}"')
        )
    character = source.text[index : index + 1]
    if opened is not None and ("':'" in problem or "end of stream" in problem or not character):
        sign = source.text[opened : opened + 1]
        if sign and sign in "\"'[{":
            message = f"this `{sign}` is never closed"
            span = Span(source, opened, opened + 1)
            return YAML_SYNTAX.at(span, message, remedy=Advise("close it"))
        if sign:
            line_end = source.text.find("\n", opened)
            end = line_end if line_end > 0 else len(source.text)
            message = "a key and its value need `: ` between them, colon and space"
            return YAML_SYNTAX.at(
                Span(source, opened, end), message, remedy=Advise("write `key: value`")
            )
    message, help = _in_words(problem, character)
    return YAML_SYNTAX.at(
        Span(source, index, index + 1), message, remedy=Advise(help) if help else None
    )


def _in_words(problem: str, character: str) -> tuple[str, str | None]:
    """libyaml's problem in our words, and the remedy where it is not the usual one."""
    if "mapping values are not allowed" in problem:
        return "`: ` inside a value starts a new map", None
    if not character:
        return "the file ends inside a quote, a list or a map", "close what is open"
    if character == "\t":
        return "a tab cannot indent or start a value", "indent with spaces"
    if character in "*&!|>@`%":
        return f"a value cannot start with `{character}`", None
    if "',' or" in problem:
        return "a comma or a closing bracket is missing before this", "add it"
    if "key" in problem:
        return (
            "a key and its `:` are expected here",
            "write `key: value`, in line with its siblings",
        )
    return problem, "look at the line above as well: brackets, quotes, indentation"
