"""Paths of `s3/law` in a configuration, such as `Rules[3].Transitions[0].Days`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_IN_RULE: Final = re.compile(r"(Rules\[\d+\])(?:\.(.*))?", re.DOTALL)
_STEP: Final = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")
ABSENT: Final[Any] = object()


def split(path: str) -> tuple[str, str]:
    """`Rules[3]`, and the rest; outside of the rules, all of it is the rest."""
    found = _IN_RULE.fullmatch(path)
    return (found[1], found[2] or "") if found else ("", path)


def steps(path: str) -> tuple[str | int, ...]:
    """Its keys and indices."""
    return tuple(name or int(index) for name, index in _STEP.findall(path))


def value_at(shape: Any, path: str) -> Any:
    """`ABSENT` where nothing is there."""
    for step in steps(path):
        match shape, step:
            case Mapping(), str():
                shape = shape.get(step, ABSENT)
            case list(), int() if step < len(shape):
                shape = shape[step]
            case _:
                return ABSENT
    return shape
