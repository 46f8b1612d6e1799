"""The table `[max_age]` of the settings: from which age on facts and tables count as stale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from firnline.language.setting import BadSetting, Wrong, read, table
from firnline.language.units import NotADuration, parse_duration
from firnline.s3.terms import Days

DEFAULT_INVENTORY: Final = Days(9)
"""S3 Inventory lists weekly at the longest, and delivers within 48 hours (S3 User Guide, "Amazon S3
Inventory"): a newer one should be there.
"""
DEFAULT_TABLES: Final = Days(365)
"""S3 changed what lifecycle rules may say eight times in ten years (`s3/law`): after a year one
change is likely to be missing.
"""
_KNOWN: Final = ("inventory", "tables")


@dataclass(frozen=True, slots=True)
class AgeSettings:
    """Older ones are reported, by FL902 and FL903."""

    inventory: Days = DEFAULT_INVENTORY
    tables: Days = DEFAULT_TABLES


NO_AGE_SETTINGS: Final = AgeSettings()


def read_age_settings(value: object, wrong: Wrong) -> AgeSettings:
    values = table(value, ("max_age",), _KNOWN, wrong)
    inventory, tables = (read(_days(name), values, name, wrong) for name in _KNOWN)
    return AgeSettings(
        DEFAULT_INVENTORY if inventory is None else inventory,
        DEFAULT_TABLES if tables is None else tables,
    )


def _days(name: str) -> Callable[[object], Days]:
    return partial(_duration, name)


def _duration(name: str, value: object) -> Days:
    try:
        if isinstance(value, str):
            return parse_duration(value)
    except NotADuration:
        pass
    raise BadSetting(
        ("max_age", name),
        f"`max_age.{name}` must be a duration",
        'write days, weeks or years, such as "9d"',
    )
