"""A wrong line in a copy of the sources, as a slip would put it there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.docs.running import Clone


@dataclass(frozen=True, slots=True)
class Fault:
    """`wrong` in place of `right`, which stands once in the module."""

    module: str
    right: str
    wrong: str


@contextmanager
def planted(fault: Fault, copy: Clone) -> Iterator[None]:
    module = copy.folder / "compiler" / "firnline" / fault.module
    right = module.read_text(encoding="utf-8")
    assert right.count(fault.right) == 1
    module.write_text(right.replace(fault.right, fault.wrong), encoding="utf-8")
    try:
        yield
    finally:
        module.write_text(right, encoding="utf-8")
