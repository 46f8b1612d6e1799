"""The inputs of a resource as Pulumi has them → the arguments of the Terraform provider below it.

pulumi-aws is a bridge: names are in camel case, those of lists in the plural, and a block of which
there is at most one is an object (pulumi/pulumi-terraform-bridge, docs). A value that is not known
is one of a few texts, and a secret an object with a signature (pulumi/pulumi,
sdk/go/common/resource/plugin/rpc.go and resource/properties.go).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from firnline.language.data_tree import Path
from firnline.lint.unknown import Unknown
from firnline.s3.shape import Json

_UNKNOWN: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
PLURALS: Final = {
    "rules": "rule",
    "lifecycleRules": "lifecycle_rule",
    "transitions": "transition",
    "noncurrentVersionTransitions": "noncurrent_version_transition",
}
_OF_PULUMI: Final = {terraform: pulumi for pulumi, terraform in PLURALS.items()}
_WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")
_NEXT: Final = re.compile(r"_([a-z])")
_FREE: Final = "tags"
"""Its keys are the user's."""
KNOWN_AFTER_UP: Final = Unknown("known only after `pulumi up`")
_SECRET: Final = Unknown("a secret of the stack")


def arguments(inputs: Json, plurals: Mapping[str, str] = PLURALS) -> Json:
    """What is a resource's: Pulumi adds names that begin with underscores."""
    return {
        plurals.get(name) or _WORD.sub("_", name).lower(): _free(value)
        if name == _FREE
        else _value(value, plurals)
        for name, value in inputs.items()
        if not name.startswith("__")
    }


def in_pulumi(where: Path) -> Path:
    """The place of an argument, below the inputs of its resource."""
    below = where.index("inputs") + 1
    steps = [*where[:below]]
    free = False
    for step in where[below:]:
        steps.append(step if free or isinstance(step, int) else _camel(step))
        free = free or step == _FREE
    return tuple(steps)


def _camel(name: str) -> str:
    return _OF_PULUMI.get(name) or _NEXT.sub(lambda found: found[1].upper(), name)


def _value(value: Any, plurals: Mapping[str, str]) -> Any:
    known = _known(value)
    match known:
        case dict():
            return arguments(known, plurals)
        case list():
            return [_value(each, plurals) for each in known]
        case _:
            return known


def _free(value: Any) -> Any:
    known = _known(value)
    if not isinstance(known, dict):
        return known
    return {name: _known(each) for name, each in known.items() if not name.startswith("__")}


def _known(value: Any) -> Any:
    """A secret is shown with `--show-secrets`, as JSON."""
    if isinstance(value, str) and value in _UNKNOWN:
        return KNOWN_AFTER_UP
    if not isinstance(value, dict) or _SIGNATURE not in value:
        return value
    shown = value.get("plaintext")
    try:
        return json.loads(shown) if isinstance(shown, str) else value.get("value", _SECRET)
    except ValueError:
        return _SECRET
