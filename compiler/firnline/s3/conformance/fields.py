"""The fields of a case, each with its path; null counts as absent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from firnline.s3.timestamps import read_moment

_T = TypeVar("_T")


class NotACase(ValueError):
    """A field is missing or cannot be read; the text names it."""


class Fields:
    """Each reader gives None for what is absent and raises `NotACase` for what it cannot read."""

    def __init__(self, values: object, path: str = "") -> None:
        if not isinstance(values, Mapping):
            raise NotACase(f"`{path}` is no object" if path else "is no object")
        self._values = values
        self._path = f"{path}." if path else ""

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def get(self, name: str) -> Any:
        return self._values.get(name)

    def need(self, name: str) -> Any:
        value = self.get(name)
        if value is None:
            raise self.lacks(name)
        return value

    def lacks(self, name: str) -> NotACase:
        return NotACase(f"lacks `{self._path}{name}`")

    def inner(self, name: str) -> Fields:
        """Empty where it is absent."""
        return Fields({} if self.get(name) is None else self.get(name), f"{self._path}{name}")

    def text(self, name: str) -> str | None:
        value = self.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "no text")
        return value

    def word(self, name: str, read: Callable[[str], _T]) -> _T | None:
        """One of a closed set; `read` raises ValueError for any other word."""
        said = self.text(name)
        try:
            return read(said) if said else None
        except ValueError as problem:
            raise NotACase(f"`{self._path}{name}`: {problem}") from None

    def count(self, name: str) -> int | None:
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():  # such as 5e5
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._wrong(name, "no whole number")
        return value

    def flag(self, name: str) -> bool | None:
        """Also in S3's own words: `ON`, `Enabled`."""
        value = self.get(name)
        if isinstance(value, Mapping):
            value = value.get("Status")
        if value is None or isinstance(value, bool):
            return value
        match str(value).lower():
            case "on" | "enabled" | "true":
                return True
            case "off" | "disabled" | "false" | "":
                return False
            case _:
                raise self._wrong(name, "neither true nor false")

    def moment(self, name: str) -> datetime | None:
        value = self.get(name)
        if value is None:
            return None
        try:
            return read_moment(value)
        except ValueError as problem:
            raise NotACase(f"`{self._path}{name}` {problem}") from None

    def _wrong(self, name: str, what: str) -> NotACase:
        return NotACase(f"`{self._path}{name}` is {self.get(name)!r}, {what}")
