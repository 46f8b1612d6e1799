"""Addresses of Terraform's resources, such as `module.lake["eu"].aws_s3_bucket.logs[0]`, in parts.

Terraform, "Resource addressing".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_INDEX: Final = r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]'
_CALL: Final = re.compile(rf"module\.([\w-]+)({_INDEX})?\.")
_ANY_INDEX: Final = re.compile(_INDEX)
_RESOURCE: Final = re.compile(rf"([\w-]+)\.([\w-]+)({_INDEX})?")


@dataclass(frozen=True, slots=True)
class Address:
    """`module` is empty or ends in a dot; `index` is empty or in brackets."""

    module: str
    name: str
    index: str

    @property
    def configured(self) -> str:
        """Where the configuration has it: without the keys of instances."""
        return _ANY_INDEX.sub("", f"{self.module}{self.name}")


def address_of(text: str) -> Address:
    end = 0
    while (call := _CALL.match(text, end)) is not None:
        end = call.end()
    found = _RESOURCE.match(text, end)
    if found is None:
        return Address(text[:end], text[end:], "")
    return Address(text[:end], f"{found[1]}.{found[2]}", found[3] or "")


def caller_of(module: str) -> tuple[str, str, str] | None:
    """The module that calls this one, the name of the call, and the key of its instance."""
    calls = list(_CALL.finditer(module))
    if not calls:
        return None
    last = calls[-1]
    return module[: last.start()], last[1], last[2] or ""


def without_keys(module: str) -> str:
    return _ANY_INDEX.sub("", module)
