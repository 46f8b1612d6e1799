"""Values that a file leaves open until it is applied: where are they, and what may they be?

A finding stands if it holds whatever they turn out to be. As nobody can try every value, it must
hold for each of a few that differ as much as possible, and it must not point at an unknown value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stands in a configuration for a value; `until` says when or from what it will be known."""

    until: str


class _Guess(Enum):
    """How the days that are not known are supposed to lie to those that are."""

    EARLY = 0
    BETWEEN = 1
    LATE = 2


_DAYS: Final = frozenset({"Days", "NoncurrentDays", "DaysAfterInitiation"})
_FIRST: Final = {_Guess.EARLY: 1, _Guess.BETWEEN: 1_000, _Guess.LATE: 100_000}
_APART: Final = {_Guess.EARLY: 1, _Guess.BETWEEN: 200, _Guess.LATE: 200}
_ENDS_AFTER: Final = {_Guess.EARLY: 0, _Guess.BETWEEN: 50_000, _Guess.LATE: 1_000_000}
_CLASSES: Final = {
    _Guess.EARLY: "STANDARD_IA",
    _Guess.BETWEEN: "GLACIER",
    _Guess.LATE: "DEEP_ARCHIVE",
}


def unknown_in(shape: object, path: str = "") -> Iterator[tuple[str, Unknown]]:
    """Every unknown value with its path, such as `Rules[0].Filter.Prefix`."""
    match shape:
        case Unknown():
            yield path, shape
        case dict():
            for name, value in shape.items():
                yield from unknown_in(value, f"{path}.{name}" if path else str(name))
        case list():
            for number, value in enumerate(shape):
                yield from unknown_in(value, f"{path}[{number}]")
        case _:
            pass


def suppositions(shape: Any) -> tuple[Any, ...]:
    """The configuration with values for those that are unknown; itself alone if there are none."""
    if next(unknown_in(shape), None) is None:
        return (shape,)
    return tuple(_Supposed(guess).of(shape, "", "") for guess in _Guess)


def concerns(path: str, unknown: str) -> bool:
    """Whether a path leads to an unknown value, or into it."""
    return path == unknown or path.startswith((f"{unknown}.", f"{unknown}["))


class _Supposed:
    def __init__(self, guess: _Guess) -> None:
        self._guess = guess
        self._count = 0

    def of(self, shape: Any, name: str, parent: str) -> Any:
        match shape:
            case Unknown():
                return self._value(name, parent)
            case dict():
                return {key: self.of(value, key, name) for key, value in shape.items()}
            case list():
                return [self.of(value, f"{name}[]", name) for value in shape]
            case _:
                return shape

    def _value(self, name: str, parent: str) -> Any:
        self._count += 1
        number, guess = self._count, self._guess
        if name in _DAYS:
            later = _ENDS_AFTER[guess] if "Expiration" in parent else 0
            return _FIRST[guess] + number * _APART[guess] + later
        match name:
            case "StorageClass":
                return _CLASSES[guess]
            case "Status":
                return "Enabled"
            case "Date":
                return "2100-01-01T00:00:00Z"
            case "ExpiredObjectDeleteMarker":
                return True
            case "NewerNoncurrentVersions":
                return number
            case "ObjectSizeGreaterThan":
                return number
            case "ObjectSizeLessThan":
                return 1 << 40
            case _:
                return self._block(name, f"unknown-{number}")

    def _block(self, name: str, text: str) -> Any:
        days = {"Days": Unknown("")}
        noncurrent = {"NoncurrentDays": Unknown("")}
        tag = {"Key": text, "Value": text}
        rule = {
            "ID": text,
            "Status": "Enabled",
            "Filter": {"Prefix": f"{text}/"},
            "Expiration": days,
        }
        blocks: dict[str, Any] = {
            "Rules": [rule],
            "Rules[]": rule,
            "Filter": {"Prefix": f"{text}/"},
            "And": {"Prefix": f"{text}/", "Tags": [tag]},
            "Tag": tag,
            "Tags": [tag, {"Key": f"{text}-2", "Value": text}],
            "Tags[]": tag,
            "Expiration": days,
            "Transitions": [{**days, "StorageClass": Unknown("")}],
            "Transitions[]": {**days, "StorageClass": Unknown("")},
            "NoncurrentVersionTransitions": [{**noncurrent, "StorageClass": Unknown("")}],
            "NoncurrentVersionTransitions[]": {**noncurrent, "StorageClass": Unknown("")},
            "NoncurrentVersionExpiration": noncurrent,
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            "Prefix": f"{text}/",
        }
        return self.of(blocks[name], name, "") if name in blocks else text
