"""Below which prefixes, and from which sizes on, can what is stored be told apart?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Protocol, runtime_checkable

from firnline.cli.failed import CommandFailed
from firnline.cli.stored import Listed, StoredIn
from firnline.diagnostics.visible import ODD, visible
from firnline.inventory.advice.choices import SIZES
from firnline.inventory.facts.branch import is_shown
from firnline.language.checks.bucket_in_prefix import is_location
from firnline.language.checks.literal_wildcard import is_wild


@runtime_checkable
class InFolders(Protocol):
    """What is stored in a bucket, where its large folders are known."""

    def folders(self, depth: int) -> Sequence[str]:
        """At most so deep. Raises `CommandFailed`."""


@runtime_checkable
class Cut(Protocol):
    """What tells apart no other prefixes and sizes than some."""

    @property
    def sizes(self) -> Sequence[int]: ...


def prefixes_in(stored: StoredIn, folders: Collection[str], more: Collection[str]) -> list[str]:
    """Those of `folders` that a policy can name, and `more` as wanted. Raises `CommandFailed`."""
    found = [each for each in folders if can_be_written(each)]
    if isinstance(stored, Cut) and (lacking := [each for each in more if each not in found]):
        raise CommandFailed(
            f"{visible(stored.path)} does not tell apart what is below {visible(lacking[0])}: name"
            " the inventory"
        )
    return sorted({"", *found, *more})


def can_be_written(prefix: str) -> bool:
    """In a policy, without an error."""
    odd = ODD.search(prefix) or "\n" in prefix or "\t" in prefix
    return not (odd or is_wild(prefix) or is_location(prefix))


def folders_in(stored: StoredIn, depth: int) -> list[str]:
    """None where nothing tells them. Raises `CommandFailed`."""
    if isinstance(stored, Listed):
        return _folders(stored, depth)
    return list(stored.folders(depth)) if isinstance(stored, InFolders) else []


def sizes_in(stored: StoredIn) -> list[int]:
    if isinstance(stored, Cut):
        return [size for size in SIZES if size in stored.sizes]
    return list(SIZES)


def _folders(listed: Listed, depth: int) -> list[str]:
    sizes: Counter[str] = Counter()
    for item in listed.items:
        parts = item.key.split("/")[:-1][:depth]
        for end in range(1, len(parts) + 1):
            sizes["/".join(parts[:end]) + "/"] += item.size
    whole = sum(item.size for item in listed.items)
    return [each for each, size in sizes.items() if is_shown(size, whole)]
