"""Keys, or the prefixes that keys are summed up by → the folders in which most of it is stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from firnline.inventory.facts.branch import Branch, StoredBy, large_folders, total
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume, merged

Below = tuple[str, StoredBy]
"""A prefix that keys begin with, and what is stored there."""


ChildOf = Callable[[Sequence[str], str], str | None]


def tree_of(found: Iterable[Below], depth: int, child_of: ChildOf) -> Branch:
    """Of all that, at most so many folders deep. What is summed up by a longer text than a folder's
    name counts to the folder that it is in, as `child_of` says.
    """
    stored = [(prefix, by) for prefix, by in found if by]
    whole = merged(by for _, by in stored)
    in_all = total(whole).bytes
    shown: dict[str, StoredBy] = {"": whole}

    def below(parents: Sequence[str]) -> Mapping[str, int]:
        sums: dict[str, dict[StoredAs, Volume]] = defaultdict(dict)
        for prefix, by in stored:
            folder = child_of(parents, prefix)
            if folder is not None:
                sums[folder] = merged((sums[folder], by))
        shown.update((each, sums[each]) for each in sums if each not in parents)
        return {each: total(by).bytes for each, by in sums.items()}

    children: dict[str, list[str]] = defaultdict(list)
    for prefix, parent in large_folders(in_all, depth, below).items():
        children[parent].append(prefix)
    return _branch("", shown, children)


def folder_of(parents: Sequence[str], prefix: str) -> str | None:
    """The folder of one of the parents that a key is in; the parent itself where it is in none."""
    for parent in parents:
        if prefix.startswith(parent):
            folder, slash, _ = prefix[len(parent) :].partition("/")
            return f"{parent}{folder}/" if slash else parent
    return None


def told_folder_of(told: Collection[str]) -> ChildOf:
    """The same of folders that are told whole: what is below another one may be summed up above."""

    def child_of(parents: Sequence[str], prefix: str) -> str | None:
        for parent in parents:
            if prefix.startswith(parent):
                ends = (at + 1 for at, sign in enumerate(prefix) if sign == "/")
                folders = (prefix[:end] for end in ends if end > len(parent))
                return next((each for each in folders if each in told), parent)
        return None

    return child_of


def _branch(
    prefix: str, stored: Mapping[str, StoredBy], children: Mapping[str, Sequence[str]]
) -> Branch:
    below = (_branch(child, stored, children) for child in children.get(prefix, ()))
    return Branch(prefix, stored[prefix], tuple(below))
