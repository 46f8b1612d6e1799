"""The table `[gates]` of the settings: limits, and what an open gate means to the project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Final

from firnline.language.setting import BadSetting, Key, Wrong, dotted, read, table

DEFAULT_FIRST_RUN: Final = Decimal("0.1")
CODES: Final = (
    *("FL401", "FL402", "FL403", "FL404", "FL405", "FL410", "FL411", "FL415"),
    "FL422",
)
_KNOWN: Final = ("max_first_run_delete", "levels")
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%")


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


def read_gate_settings(value: object, wrong: Wrong) -> GateSettings:
    values = table(value, ("gates",), _KNOWN, wrong)
    part = read(_part, values, "max_first_run_delete", wrong)
    return GateSettings(
        DEFAULT_FIRST_RUN if part is None else part, _levels(values.get("levels", {}), wrong)
    )


def _part(value: object) -> Decimal:
    if isinstance(value, str) and (found := _PERCENT.fullmatch(value)):
        part = Decimal(found[1]) / 100
        if part <= 1:
            return part
    raise BadSetting(
        ("gates", "max_first_run_delete"),
        "`gates.max_first_run_delete` must be a part of what is stored",
        'write it in quotes, such as "10%"',
    )


def _levels(value: object, wrong: Wrong) -> tuple[tuple[str, Level], ...]:
    key = ("gates", "levels")
    if isinstance(value, Mapping):
        wrong += [_no_gate((*key, code)) for code in value if code not in CODES]
        value = {code: each for code, each in value.items() if code in CODES}
    values = table(value, key, CODES, wrong)
    found = {code: read(partial(_level, code), values, code, wrong) for code in values}
    return tuple((code, level) for code, level in found.items() if level is not None)


def _no_gate(key: Key) -> BadSetting:
    cure = f"remove it; known here: {', '.join(CODES)}"
    return BadSetting(key, f"`{dotted(key)}` is the code of no gate", cure, is_name=True)


def _level(code: str, value: object) -> Level:
    """A gate that is off says why."""
    said, why = (
        (value.get("level"), value.get("why", "")) if isinstance(value, Mapping) else (value, "")
    )
    is_known = isinstance(said, str) and said in tuple(Level)
    unknown = set(value) - {"level", "why"} if isinstance(value, Mapping) else set()
    key = ("gates", "levels", code)
    if not is_known or unknown or not isinstance(why, str):
        raise BadSetting(
            key,
            f"`{dotted(key)}` must be one of {', '.join(Level)}",
            f'write {code} = "warning", or {code} = {{level = "off", why = "…"}}',
        )
    level = Level(str(said))
    if level is Level.OFF and not why.strip():
        raise BadSetting(
            key,
            f"`{dotted(key)}` is off without a reason",
            f'write {code} = {{level = "off", why = "…"}}',
        )
    return level
