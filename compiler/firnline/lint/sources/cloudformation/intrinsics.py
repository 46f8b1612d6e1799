"""What is the value of an expression in a template, as far as the template alone tells?

AWS CloudFormation User Guide, "Intrinsic function reference", "Parameters" and "Pseudo parameters
reference". Whoever deploys a template may set any parameter, so a `Default` is no promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.language.data_tree import Path
from firnline.language.yaml_data import Tagged
from firnline.lint.unknown import Unknown

_NO_VALUE: Final = "AWS::NoValue"
_PLACEHOLDER: Final = re.compile(r"\$\{(!?)([^}]*)\}")
_WITHOUT_PREFIX: Final = frozenset({"Ref", "Condition"})  # the other functions are `Fn::…`


@dataclass(frozen=True, slots=True)
class Expressions:
    """`parameters` are those of the template, by name; `supposed` says which conditions are taken
    to hold, and which are taken not to.
    """

    parameters: Mapping[str, Any]
    supposed: Mapping[str, bool] = field(default_factory=dict)

    def look(self, value: Any, where: Path) -> tuple[Any, Path]:
        """The value of one expression, and its place; what is inside of it is not looked at. None
        stands for `AWS::NoValue`, as for what is absent.
        """
        while (found := _function(value, where)) is not None:
            name, argument, inside = found
            if name != "Fn::If":
                return self._value(name, argument), where
            if not isinstance(argument, list) or len(argument) != 3:
                return Unknown("computed by CloudFormation with `Fn::If`"), where
            branch = 1 if self.supposed.get(str(argument[0]), True) else 2
            if str(argument[0]) not in self.supposed and self._differ(*argument[1:]):
                return Unknown(f"decided by the condition `{argument[0]}`"), where
            value, where = argument[branch], (*inside, branch)
        return value, where

    def _differ(self, one: Any, other: Any) -> bool:
        return bool(self.whole(one) != self.whole(other))

    def condition(self, value: Any) -> Iterator[str]:
        """The condition that decides which of two different values an expression has."""
        found = _function(value, ())
        match found:
            case ("Fn::If", [condition, one, other], _) if self._differ(one, other):
                yield str(condition)

    def whole(self, value: Any) -> Any:
        """The value with all that is inside of it."""
        known, _ = self.look(value, ())
        match known:
            case dict():
                inside = {name: self.whole(each) for name, each in known.items()}
                return {name: each for name, each in inside.items() if each is not None}
            case list():
                items = map(self.whole, known)
                return [each for each in items if each is not None]
            case _:
                return known

    def _value(self, name: str, argument: Any) -> Any:
        match name:
            case "Ref":
                return self._ref(str(argument))
            case "Fn::Sub":
                return self._sub(argument)
            case "Fn::Join":
                return self._join(argument)
            case _:
                return Unknown(f"computed by CloudFormation with `{name}`")

    def _ref(self, name: str) -> Any:
        if name == _NO_VALUE:
            return None
        parameter = self.parameters.get(name)
        if not isinstance(parameter, dict):
            return Unknown(f"known only when the template is deployed: `{name}`")
        allowed = parameter.get("AllowedValues")
        if isinstance(allowed, list) and len(allowed) == 1:
            return allowed[0]
        return Unknown(f"decided by the parameter `{name}`")

    def _sub(self, argument: Any) -> Any:
        """A text whose placeholders all have one possible value."""
        if not isinstance(argument, str):
            return Unknown("computed by CloudFormation with `Fn::Sub`")
        values = {
            name: self._ref(name) for literal, name in _PLACEHOLDER.findall(argument) if not literal
        }
        for each in values.values():
            if each is None or isinstance(each, Unknown):
                return each or Unknown("computed by CloudFormation with `Fn::Sub`")
        return _PLACEHOLDER.sub(
            lambda found: f"${{{found[2]}}}" if found[1] else str(values[found[2]]), argument
        )

    def _join(self, argument: Any) -> Any:
        known = self.whole(argument)
        match known:
            case [str(between), [*texts]] if all(isinstance(each, str) for each in texts):
                return between.join(texts)
            case _:
                return Unknown("computed by CloudFormation with `Fn::Join`")


def _function(value: Any, where: Path) -> tuple[str, Any, Path] | None:
    """The name of an intrinsic function, its argument and the place of that."""
    if isinstance(value, Tagged):
        name = value.tag.removeprefix("!")
        return (name if name in _WITHOUT_PREFIX else f"Fn::{name}"), value.value, where
    if not isinstance(value, dict):
        return None
    if len(value) == 1:
        ((name, argument),) = value.items()
        if name == "Ref" or str(name).startswith("Fn::"):
            return str(name), argument, (*where, name)
    # A macro or a loop may stand beside what it adds to.
    added = [str(name) for name in value if str(name).startswith(("Fn::Transform", "Fn::ForEach"))]
    return (added[0], None, where) if added else None
