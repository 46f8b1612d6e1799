"""What a table of the settings holds, and what in it is wrong; a mistake hides no other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
Key = tuple[str, ...]
"""What leads to a setting, such as `gates`, `levels`, `FL410`."""


class BadSetting(ValueError):
    """One that is wrong: its name where `is_name`, else its value. Of an unknown one `known` are
    those that may be meant. `cure` says what to write.
    """

    def __init__(
        self,
        key: Key,
        message: str,
        cure: str = "",
        known: Collection[str] = (),
        *,
        is_name: bool = False,
    ) -> None:
        super().__init__(message)
        self.key, self.message, self.cure, self.known = key, message, cure, tuple(known)
        self.is_name = is_name or bool(known)


Wrong = list[BadSetting]
"""Those that were found so far."""


def dotted(key: Key) -> str:
    return ".".join(key)


def table(value: object, key: Key, known: Collection[str], wrong: Wrong) -> dict[str, Any]:
    """What is known in it."""
    if not isinstance(value, Mapping):
        name = f"`{dotted(key)}`" if key else "what holds the settings"
        cure = f"begin it with [{dotted(key)}]" if key else "begin it with [tool.firnline]"
        wrong.append(BadSetting(key, f"{name} must be a table", cure))
        return {}
    for name in value:
        if name not in known:
            here = (*key, name)
            wrong.append(BadSetting(here, f"unknown setting `{dotted(here)}`", known=known))
    return {name: each for name, each in value.items() if name in known}


def read(
    parse: Callable[[object], T], values: Mapping[str, Any], name: str, wrong: Wrong
) -> T | None:
    """None where it is not said, or wrong."""
    if name not in values:
        return None
    try:
        return parse(values[name])
    except BadSetting as mistake:
        wrong.append(mistake)
        return None
