"""What does an expression of GitHub Actions come to? The part of the language that we write.

Written after GitHub Docs, "Evaluate expressions in workflows and actions": literals, contexts,
`!`, `==`, `!=`, `&&`, `||`, brackets, and the functions that tell the status of a job. Anything
else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

Functions = Mapping[str, Callable[[], Any]]
STATUS: Final = ("success", "failure", "always", "cancelled")
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<sign>&&|\|\||==|!=|!|\(|\))|(?P<name>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*))"
)
_NONE_OF: Final = {False: 0.0, True: float("nan")}
"""The number of a text that is none: of an empty one, and of any other."""
_EMBEDDED: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


class NotAnExpression(Exception):
    """Of ours: the text says why."""


def filled_in(text: str, contexts: Mapping[str, Any]) -> str:
    """A value with each `${{ … }}` in it replaced by what it comes to."""
    return _EMBEDDED.sub(lambda found: as_text(evaluated(found[1], contexts, {})), text)


def holds(condition: str, contexts: Mapping[str, Any], functions: Functions) -> bool:
    """An `if`: it is an expression as a whole, and needs success unless it says otherwise."""
    inner = _EMBEDDED.fullmatch(condition.strip())
    words = inner[1] if inner else condition
    if not any(re.search(rf"\b{name}\s*\(", words) for name in STATUS):
        words = f"success() && ({words})"
    return _is_true(evaluated(words, contexts, functions))


def evaluated(words: str, contexts: Mapping[str, Any], functions: Functions) -> Any:
    reader = _Reader(words, contexts, functions)
    value = reader.either()
    if reader.rest():
        raise NotAnExpression(f"{reader.rest()!r} is left of {words!r}")
    return value


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise NotAnExpression(f"{value!r} is no text")


def _is_true(value: Any) -> bool:
    return value is True or (value not in (None, False, "", 0))


def _equal(one: Any, other: Any) -> bool:
    """Texts without regard to case; values of two types as numbers."""
    if isinstance(one, str) and isinstance(other, str):
        return one.lower() == other.lower()
    if type(one) is type(other):
        return bool(one == other)
    return _number(one) == _number(other)


def _number(value: Any) -> float:
    if isinstance(value, str):
        return float(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else _NONE_OF[bool(value)]
    return float("nan") if isinstance(value, Mapping) else float(value or 0)


class _Reader:
    """Both sides of `&&` and `||` are read, and one is the value."""

    def __init__(self, words: str, contexts: Mapping[str, Any], functions: Functions) -> None:
        self._words, self._place = words, 0
        self._contexts, self._functions = contexts, functions

    def rest(self) -> str:
        return self._words[self._place :].strip()

    def either(self) -> Any:
        value = self._both()
        while self._takes("||"):
            other = self._both()
            value = value if _is_true(value) else other
        return value

    def _both(self) -> Any:
        value = self._compared()
        while self._takes("&&"):
            other = self._compared()
            value = other if _is_true(value) else value
        return value

    def _compared(self) -> Any:
        value = self._single()
        while True:
            if self._takes("=="):
                value = _equal(value, self._single())
            elif self._takes("!="):
                value = not _equal(value, self._single())
            else:
                return value

    def _single(self) -> Any:
        if self._takes("!"):
            return not _is_true(self._single())
        if self._takes("("):
            value = self.either()
            self._requires(")")
            return value
        found = self._next()
        if found["text"]:
            return found["text"][1:-1].replace("''", "'")
        if found["number"]:
            return float(found["number"])
        if found["name"]:
            return self._named(found["name"])
        raise NotAnExpression(f"{found[0]!r} in {self._words!r}")

    def _named(self, name: str) -> Any:
        if self._takes("("):
            self._requires(")")
            if name not in self._functions:
                raise NotAnExpression(f"no function {name!r} here")
            return self._functions[name]()
        if name in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[name]
        value: Any = self._contexts
        context, *_ = name.split(".")
        if context not in self._contexts:
            raise NotAnExpression(f"no context {context!r} here")
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    def _next(self) -> re.Match[str]:
        found = _TOKEN.match(self._words, self._place)
        if found is None:
            raise NotAnExpression(f"{self.rest()!r} in {self._words!r}")
        self._place = found.end()
        return found

    def _takes(self, sign: str) -> bool:
        found = _TOKEN.match(self._words, self._place)
        if found is None or found["sign"] != sign:
            return False
        self._place = found.end()
        return True

    def _requires(self, sign: str) -> None:
        if not self._takes(sign):
            raise NotAnExpression(f"{sign} is missing in {self._words!r}")
