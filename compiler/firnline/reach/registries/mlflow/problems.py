"""What a reading could not tell, each once, and no more than a reader takes in."""

from __future__ import annotations

from typing import Final

_SHOWN: Final = 5


class Problems:
    def __init__(self) -> None:
        self._counted: dict[str, int] = {}
        self._examples: dict[str, str] = {}

    def add(self, what: str, example: str = "") -> None:
        self._counted[what] = self._counted.get(what, 0) + 1
        self._examples.setdefault(what, example)

    def sentences(self) -> tuple[str, ...]:
        shown = [self._sentence(what) for what in list(self._counted)[:_SHOWN]]
        if more := len(self._counted) - len(shown):
            shown.append(f"has {more} more problems of such kinds")
        return tuple(shown)

    def _sentence(self, what: str) -> str:
        if not (example := self._examples[what]):
            return what
        if (times := self._counted[what]) > 1:
            return f"{what} (`{example}` and {times - 1} more)"
        return f"{what} (`{example}`)"
