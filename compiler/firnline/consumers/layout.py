"""`Layout`: how a program arranges its objects, by what their keys show it, and what it needs."""

from __future__ import annotations

from typing import Final, NamedTuple

READ: Final = "2026-11-29"
LATER: Final = "2026-11-30"
FOLDER: Final = "((?:.*/)?)"
"""The group of a pattern that is the root: a folder, or the whole bucket."""


# Named tuples: defining a dataclass takes six times as long, at every start.
class Source(NamedTuple):
    """Where a fact stands; `states` is what it says, in short. It was `read` on that day."""

    url: str
    states: str
    read: str = READ


class Part(NamedTuple):
    """What a reader cannot do without: all keys below the root that begin with one of these. A key
    belongs to the part of the longest. One that has no name of its own is all of the layout.
    """

    called: str
    prefixes: tuple[str, ...] = ("",)


class Looks(NamedTuple):
    """How the prefix of a rule looks that may be of a layout, but of others as well: it matches
    `like`, of which the group is the root. That is `likely` so where it matches one of these too,
    or where a prefix with the same root goes on with `beside`.
    """

    like: str
    likely: tuple[str, ...]
    beside: str


class Layout(NamedTuple):
    """`called` is one such layout in a sentence, and `plural` several.

    A key that `mark` matches whole shows one, in words `sign`: the group is its root, which ends
    with a slash, is empty or, of a layout that is one object, is that key. Each such key contains
    one of `hints`, so that others are told apart fast. `named` are the same for prefixes of rules
    that say it by themselves; `looks` is for those that may. All are patterns where a dot matches
    anything, and Python and RE2 read marks alike.

    One that `is_object` has keys that end with one of `hints`.

    A rule that archives or deletes by age what belongs to `parts` breaks it; without parts, one
    may. With `undo`, old versions of the objects are what a mistake is undone from. `instead` is
    how it is cleaned, and `untold` what keys do not tell.
    """

    called: str
    plural: str
    sign: str
    mark: str
    hints: tuple[str, ...]
    by_age: str
    instead: str
    untold: str
    sources: tuple[Source, ...]
    parts: tuple[Part, ...] = ()
    named: tuple[str, ...] = ()
    looks: Looks | None = None
    undo: bool = False
    is_object: bool = False
