"""Plain data → YAML in many spellings, strewn with comments that name the entry they are at."""

from __future__ import annotations

import json
import random
import re
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]*")


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _key(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quoted(text)


class Scribe:
    """Writes a policy in many spellings and strews comments; each names the entry it is at."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.comments = 0

    def write(self, document: dict[str, Any]) -> str:
        entries = list(document.items())
        rest = entries[1:]
        self.chance.shuffle(rest)
        lines = self.block([entries[0], *rest], 0, ())
        if self.maybe():
            lines.append(self.comment("last in", ()))
        return "\n".join(lines) + self.chance.choice(["", "\n", "\n\n\n"])

    def maybe(self) -> bool:
        return self.chance.random() < 0.3

    def comment(self, place: str, path: tuple[str, ...]) -> str:
        self.comments += 1
        return f"# {self.comments} {place} /{'/'.join(path)}"

    def block(
        self, entries: list[tuple[str, Any]], column: int, path: tuple[str, ...]
    ) -> list[str]:
        indent = " " * column
        lines: list[str] = []
        for key, value in entries:
            here = (*path, key)
            if self.maybe() and lines:
                lines.append(self.chance.choice(["", "   "]))
            while self.maybe():
                lines.append(indent + self.comment("above", here))
            lines += self.entry(f"{indent}{_key(key)}:", value, column, here)
        return lines

    def entry(self, start: str, value: Any, column: int, path: tuple[str, ...]) -> list[str]:
        deeper = column + self.chance.choice([1, 2, 4])
        if isinstance(value, dict) and self.chance.random() < 0.6:
            entries = list(value.items())
            if path != ("retain",):
                self.chance.shuffle(entries)
            lines = [start + self.behind(path), *self.block(entries, deeper, path)]
            if self.maybe():
                lines.append(" " * deeper + self.comment("last in", path))
            return lines
        if isinstance(value, list) and self.chance.random() < 0.6:
            column = column if start.strip() != "-" and self.maybe() else deeper
            lines = [start + self.behind(path)]
            for number, item in enumerate(value):
                here = (*path, str(number))
                if self.maybe():
                    lines.append(" " * column + self.comment("above", here))
                lines.append(f"{' ' * column}-{self.flow(item, column + 1, here)}")
                lines[-1] += self.behind(here)
            return lines
        return [start + self.flow(value, column + 1, path) + self.behind(path)]

    def behind(self, path: tuple[str, ...]) -> str:
        return (
            " " * self.chance.randint(1, 9) + self.comment("behind", path) if self.maybe() else ""
        )

    def flow(self, value: Any, column: int, path: tuple[str, ...]) -> str:
        space = " " * self.chance.randint(1, 3)
        if isinstance(value, str):
            return space + (
                value if _PLAIN.fullmatch(value) and not self.maybe() else quoted(value)
            )
        is_map = isinstance(value, dict)
        entries = list(value.items()) if is_map else [(str(i), v) for i, v in enumerate(value)]
        if is_map and path != ("retain",):
            self.chance.shuffle(entries)
        text = space + ("{" if is_map else "[") + self.broken(column)
        for number, (key, item) in enumerate(entries):
            here = (*path, key)
            if self.chance.random() < 0.15:
                text += f"\n{' ' * column}{self.comment('above', here)}\n{' ' * column}"
            text += f"{_key(key)}:" if is_map else ""
            text += self.flow(item, column + 1, here).lstrip(" " if not is_map else "")
            last = number == len(entries) - 1
            text += "" if last else self.chance.choice([",", " ,  "])
            if self.chance.random() < 0.15:
                text += f"  {self.comment('behind', here)}\n{' ' * column}"
            else:
                text += self.broken(column) or " "
        return text + ("}" if is_map else "]")

    def broken(self, column: int) -> str:
        return f"\n{' ' * column}" if self.chance.random() < 0.2 else ""
