"""A table of a price file, read key by key: what is missing, mistyped or unknown is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from firnline.diagnostics.remedy_words import in_words
from firnline.language.nearest import did_you_mean


class NotAPriceFile(Exception):
    """The text says what is wrong, and where in the file."""


class Table:
    """`path` is how one comes to it from the top of the file."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise NotAPriceFile(f"`{path}` must be a table" if path else "it must be a table")
        self._value, self._path = value, path
        self._known: dict[str, None] = {}

    def has(self, key: str) -> bool:
        self._known[key] = None
        return key in self._value

    def is_list(self, key: str) -> bool:
        return isinstance(self._value.get(key), list)

    def text(self, key: str) -> str:
        value = self._get(key)
        if isinstance(value, str) and value:
            return value
        raise self.wrong(key, "must be text")

    def one_of(self, key: str, words: Sequence[str]) -> str:
        word = self.text(key)
        if word in words:
            return word
        near = did_you_mean(word, words)
        cure = in_words((near,)) if near else f"one of {', '.join(words)}"
        raise self.wrong(key, f"has no value `{word}`: {cure}")

    def whole_number(self, key: str) -> int:
        value = self._get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise self.wrong(key, "must be a whole number")

    def usd(self, key: str) -> Decimal:
        value = self._get(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            usd = Decimal(value)
            if usd.is_finite() and usd > 0:
                return usd
        raise self.wrong(key, "must be a number of US dollars above 0")

    def day(self, key: str) -> date:
        value = self._get(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            raise self.wrong(key, "must be a date such as 2026-09-28") from None

    def table(self, key: str) -> Table:
        return Table(self._get(key), self._to(key))

    def tables(self, key: str) -> Iterator[Table]:
        """None where the key is missing. They are counted from 1."""
        if not self.has(key):
            return
        value = self._get(key)
        if not isinstance(value, list):
            raise self.wrong(key, "must be a list of tables")
        for number, each in enumerate(value, 1):
            yield Table(each, f"{self._to(key)}[{number}]")

    def end(self) -> None:
        """Once all is read that may be there."""
        for key in self._value:
            if key not in self._known:
                near = did_you_mean(key, self._known)
                cure = in_words((near,)) if near else f"known here: {', '.join(self._known)}"
                raise NotAPriceFile(f"unknown key `{self._to(key)}`; {cure}")

    def wrong(self, key: str, why: str) -> NotAPriceFile:
        return NotAPriceFile(f"`{self._to(key)}` {why}")

    def _get(self, key: str) -> object:
        if not self.has(key):
            raise self.wrong(key, "is missing")
        return self._value[key]

    def _to(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key
