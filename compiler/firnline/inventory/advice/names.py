"""What is a retention called, whose prefix is this?"""

from __future__ import annotations

import re
from collections.abc import Collection

_OTHERS = re.compile(r"[^a-z0-9._]+")
_LONGEST = 63
_UNNAMED = "prefix"
_WHOLE, _REST = "everything", "everything-else"


def policy_name(bucket: str) -> str:
    """Old buckets may have capital letters and underscores in their names."""
    return slug(bucket) or _UNNAMED


def names_of(prefixes: Collection[str]) -> dict[str, str]:
    """By prefix, each once."""
    found: dict[str, str] = {}
    whole = _WHOLE if len(prefixes) == 1 else _REST
    for prefix in prefixes:
        name = slug(prefix) or (_UNNAMED if prefix else whole)
        number, told = 1, name
        while told in found.values() or told in _NOT_ALLOWED:
            number += 1
            told = f"{name}-{number}"
        found[prefix] = told
    return found


def slug(text: str) -> str:
    """What a name of a policy or a retention may hold of a text; nothing, where that is nothing."""
    return _OTHERS.sub("-", text.lower()).strip("-._")[:_LONGEST].strip("-._")


_NOT_ALLOWED = ("per_account", "per_bucket")
