"""What is stored in a bucket → its portions, such as the prefixes that are told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import TypeVar

from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.undecided import Contents, Undecided, Unfollowed

Name = TypeVar("Name", bound=Hashable)


def split(contents: Contents, name: Callable[[Stored], Name]) -> dict[Name, Contents]:
    """`name` says of what is stored in which portion it is; versions of a key are in that of the
    newest. What may be in several counts to the first that it may be like.
    """
    decided: dict[Name, list[Group]] = defaultdict(list)
    undecided: dict[Name, list[Undecided]] = defaultdict(list)
    unfollowed: dict[Name, list[Unfollowed]] = defaultdict(list)
    for group in contents.decided:
        decided[name(group[-1])].append(group)
    for each in contents.undecided:
        undecided[name(each.possible[0][-1])].append(each)
    for keys in contents.unfollowed:
        unfollowed[name(keys.possible[0][-1])].append(keys)
    return {
        each: Contents(decided.get(each, ()), undecided.get(each, ()), unfollowed.get(each, ()))
        for each in dict.fromkeys((*decided, *undecided, *unfollowed))
    }
