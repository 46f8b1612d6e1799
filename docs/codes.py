"""The frozen list of codes, `codes.txt`: what it says, lacks, and says against the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from firnline.diagnostics.kinds import Kind

FILE = Path(__file__).resolve().parent / "codes.txt"


class State(Enum):
    """What has happened to a name of a code; the value stands behind it."""

    CURRENT = ""
    RENAMED = "renamed"
    RETIRED = "retired"
    REUSED = "reused"


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    name: str
    state: State = State.CURRENT

    def __str__(self) -> str:
        return " ".join(filter(None, (self.code, self.name, self.state.value)))


def read(text: str) -> tuple[Line, ...]:
    """Without the comment at its head."""
    return tuple(_line(line) for line in text.splitlines() if not line.startswith("#"))


def with_new(text: str, kinds: Iterable[Kind]) -> str:
    """The text, and a line for each kind whose code it has never had. It changes no other line."""
    comment = "".join(line for line in text.splitlines(keepends=True) if line.startswith("#"))
    lines = read(text)
    known = {line.code for line in lines}
    new = [Line(kind.code, kind.name) for kind in kinds if kind.code not in known]
    in_order = sorted((*lines, *new), key=lambda line: line.code)
    return comment + "".join(f"{line}\n" for line in in_order)


def contradictions(lines: Sequence[Line], kinds: Iterable[Kind]) -> Iterator[str]:
    """Where the list and the catalog do not agree, and what to do."""
    names = {kind.code: kind.name for kind in kinds}
    current = {line.code: line.name for line in lines if line.state is State.CURRENT}
    retired = {line.code for line in lines if line.state is State.RETIRED}
    for code, name in names.items():
        if code in retired:
            yield f"{code} is retired: give {name} a code that was never used"
        elif code not in current:
            yield f"{code} {name} is not listed: run `make docs`"
        elif current[code] != name:
            yield (
                f"{code} was {current[code]} and is now {name}: "
                f"mark the old line `renamed`, and add `{code} {name}`"
            )
    for code, name in current.items():
        if code not in names:
            yield f"{code} {name} is gone: mark its line `retired`"


def _line(text: str) -> Line:
    code, name, *state = text.split()
    return Line(code, name, State(" ".join(state)))
