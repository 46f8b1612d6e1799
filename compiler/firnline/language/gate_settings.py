"""The table `[gates]` of the settings: limits, and what an open gate means to the project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

DEFAULT_FIRST_RUN: Final = Decimal("0.1")
CODES: Final = ("FL401", "FL402", "FL403", "FL404", "FL405", "FL410", "FL411", "FL415")
_KNOWN: Final = "max_first_run_delete, levels"
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%")


class BadGateSettings(ValueError):
    """The text says what is wrong, and what to write."""


class Level(StrEnum):
    """What an open gate of a code is."""

    GATE = "gate"
    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class GateSettings:
    """`max_first_run_delete` is a part of what is stored, from 0 to 1."""

    max_first_run_delete: Decimal = DEFAULT_FIRST_RUN
    levels: tuple[tuple[str, Level], ...] = ()

    def level(self, code: str) -> Level:
        return dict(self.levels).get(code, Level.GATE)


NO_GATE_SETTINGS: Final = GateSettings()


def read_gate_settings(value: object) -> GateSettings:
    """Raises `BadGateSettings`."""
    if not isinstance(value, Mapping):
        raise BadGateSettings("`gates` must be a table: [gates]")
    for key in value:
        if key not in _KNOWN.split(", "):
            raise BadGateSettings(f"unknown setting `gates.{key}`; known here: {_KNOWN}")
    part = value.get("max_first_run_delete")
    return GateSettings(
        DEFAULT_FIRST_RUN if part is None else _part(part),
        _levels(value.get("levels", {})),
    )


def _part(value: object) -> Decimal:
    if isinstance(value, str) and (found := _PERCENT.fullmatch(value)):
        part = Decimal(found[1]) / 100
        if part <= 1:
            return part
    raise BadGateSettings(
        '`gates.max_first_run_delete` must be a part of what is stored, such as "10%"'
    )


def _levels(value: object) -> tuple[tuple[str, Level], ...]:
    if not isinstance(value, Mapping):
        raise BadGateSettings('`gates.levels` must be a table, such as {FL410 = "warning"}')
    for code in value:
        if code not in CODES:
            raise BadGateSettings(
                f"`gates.levels.{code}` is the code of no gate; known here: {', '.join(CODES)}"
            )
    return tuple((code, _level(code, each)) for code, each in value.items())


def _level(code: str, value: object) -> Level:
    """A gate that is off says why."""
    said, why = (
        (value.get("level"), value.get("why")) if isinstance(value, Mapping) else (value, "")
    )
    is_known = isinstance(said, str) and said in tuple(Level)
    unknown = set(value) - {"level", "why"} if isinstance(value, Mapping) else set()
    if not is_known or unknown or not isinstance(why, str):
        raise BadGateSettings(
            f"`gates.levels.{code}` must be one of {', '.join(Level)}, such as"
            f' {code} = "warning" or {code} = {{level = "off", why = "…"}}'
        )
    level = Level(str(said))
    if level is Level.OFF and not why.strip():
        raise BadGateSettings(
            f'`gates.levels.{code}` is off without a reason: write {{level = "off", why = "…"}}'
        )
    return level
