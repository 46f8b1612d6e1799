"""Diagnostics as annotations: GitHub Actions shows them beside the lines of a pull request.

An annotation is a workflow command, a line `::error title=…,file=…,line=…,col=…::message` on stdout
(GitHub Docs, workflow commands). How its parts are escaped is what actions/runner undoes
(src/Runner.Common/ActionCommand.cs).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import Span, path_of
from firnline.diagnostics.repository import Repository
from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.victims import Drawn, gathered
from firnline.diagnostics.visible import visible

MOST_ANNOTATED: Final = 9
"""Of each level: GitHub shows ten in a step, and what comes later is dropped without a word
(actions/toolkit#734). The tenth says how many there are besides.
"""
_LONGEST: Final = 4000
"""Characters: the runner cuts a message off at 4,096 (`_maxIssueMessageLength` of
src/Runner.Worker/ExecutionContext.cs).
"""
_LISTED: Final = 5


def to_github(found: Sequence[Diagnostic], *, repository: Repository) -> str:
    return annotated(found, repository, "firnline check")


def annotated(found: Sequence[Diagnostic], repository: Repository, command: str) -> str:
    """A line for each, but for a typo in many places and for what exceeds the limit: all of it is
    what `command` draws.
    """
    by_level: dict[str, list[Drawn]] = {}
    for severity in Severity:
        same = [each for each in gathered(found) if each.diagnostic.severity is severity]
        by_level.setdefault(_level(severity), []).extend(same)
    return "".join(
        f"{line}\n"
        for level, drawn in by_level.items()
        for line in _of_one_level(level, drawn, repository, command)
    )


def _of_one_level(
    level: str, drawn: Sequence[Drawn], repository: Repository, command: str
) -> Iterator[str]:
    for each in drawn[:MOST_ANNOTATED]:
        yield _annotation(each.diagnostic, repository)
    if left := drawn[MOST_ANNOTATED:]:
        text = f"{_left_out(level, left, repository)}; `{command} --all` shows everything"
        yield _command(level, [("title", command)], text)


def _annotation(diagnostic: Diagnostic, repository: Repository) -> str:
    place = diagnostic.place
    code = diagnostic.kind.code + (" (gate)" if diagnostic.severity is Severity.GATE else "")
    properties = [("title", f"{code}: {diagnostic.kind.title}")]
    path = repository.path(place.path) if isinstance(place, Span) else None
    if isinstance(place, Span) and path is not None:
        properties.append(("file", visible(path)))
        if place.source.text:
            properties += [("line", str(place.line)), ("col", str(place.column))]
    about = diagnostic.resource if path is not None else str(place)
    message = f"{about}: {diagnostic.message}" if about else diagnostic.message
    said = [message, *(f"note: {each}" for each in diagnostic.notes)]
    said += [f"help: {diagnostic.help}"] if diagnostic.help else []
    said += [diagnostic.documented_at or f"firnline explain {diagnostic.kind.code}"]
    text = "\n".join(visible(line) for each in said for line in each.split("\n"))
    return _command(_level(diagnostic.severity), properties, shortened(text, _LONGEST))


def _left_out(level: str, left: Sequence[Drawn], repository: Repository) -> str:
    """How many, and where they are."""
    files: Counter[str] = Counter()
    for each in left:
        place = each.diagnostic.place
        path = repository.path(place.path) if isinstance(place, Span) else None
        files[path or path_of(place) or str(place)] += each.stands_for
    listed = [f"{count:,} in {shortened(path, 200)}" for path, count in files.most_common(_LISTED)]
    others = files.total() - sum(count for _, count in files.most_common(_LISTED))
    listed += [f"{others:,} elsewhere"] if others else []
    count = how_many(files.total(), f"more {level}")
    return visible(f"{count}: {', '.join(listed)}")


def _command(level: str, properties: Sequence[tuple[str, str]], message: str) -> str:
    said = ",".join(f"{name}={_property(value)}" for name, value in properties)
    return f"::{level} {said}::{_data(message)}"


def _level(severity: Severity) -> str:
    match severity:
        case Severity.ERROR | Severity.GATE:
            return "error"
        case Severity.WARNING:
            return "warning"
        case Severity.NOTE:
            return "notice"
        case _:
            assert_never(severity)


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
