"""What should change, so that what a diagnostic says no longer holds? As data."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from firnline.diagnostics.position import Span

KeyPath = tuple[str, ...]
"""Keys from a section down, such as `old_versions`, `delete_after`."""

Setting = tuple[KeyPath, str]
"""A key, and the value to write there."""


# Named tuples: a dataclass is made six times more slowly, and that at every start.
class Section(NamedTuple):
    """The settings of a retention, or where `retention` is none the top level of a policy.

    `called` is what messages call it.
    """

    settings: Span
    retention: str | None
    called: str


class Bound(Enum):
    EXACTLY = "exactly"
    AT_LEAST = "at-least"


class WriteName(NamedTuple):
    """A name in place of the one that is pointed at."""

    name: str


class WriteValue(NamedTuple):
    """A value in place of the one that is pointed at; `remark` says what speaks for it."""

    value: str
    bound: Bound = Bound.EXACTLY
    remark: str = ""


class WriteOneOf(NamedTuple):
    """One of these in place of what is pointed at."""

    values: tuple[str, ...]


class BeginAfter(NamedTuple):
    """A later day for a tier; which one, a person must say."""

    tier: str
    day: str


class Drop(NamedTuple):
    """A tier or a setting that is pointed at; that it is no longer wanted, a person must say."""

    name: str


class AddKey(NamedTuple):
    """A key that is missing where the diagnostic points; `meaning` says what to write there."""

    key: str
    meaning: str = ""


class SetKeys(NamedTuple):
    """Settings to write in a section; `what` says what they state, else they are the same as
    elsewhere. Words name their keys from `within` on."""

    section: Section
    settings: tuple[Setting, ...]
    within: KeyPath = ()
    what: str = ""


class LetBe(NamedTuple):
    """A day that a section must name, or a later one."""

    section: Section
    key: KeyPath
    value: str


class TakeLongerLife(NamedTuple):
    """A section takes over how long the other one keeps, so these settings, and drops others."""

    section: Section
    other: Section
    settings: tuple[Setting, ...]
    dropped: tuple[KeyPath, ...] = ()


class DropKeys(NamedTuple):
    section: Section
    keys: tuple[KeyPath, ...]


class NameSiblings(NamedTuple):
    """Prefixes below those of a section, in their place, without what is to be different.

    Which ones, a person must say: `siblings` are those, `such_as` only an example.
    """

    section: Section
    prefixes: tuple[str, ...]
    such_as: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()


class WriteRetention(NamedTuple):
    """A retention for what `both` share; sizes are in bytes and exclude themselves.

    What it requires, a person must say: it can be the same as in `like`, one of the two.
    """

    both: tuple[Section, Section]
    name: str
    prefix: str
    tags: tuple[tuple[str, str], ...]
    over: int | None
    under: int | None
    called: str
    like: Section | None = None


class SayInRetentions(NamedTuple):
    """A key at the top level moves into the retentions that lack it."""

    policy: Section
    key: str


class Advise(NamedTuple):
    """What only a person can do, in words."""

    text: str


Way = (
    WriteName
    | WriteValue
    | WriteOneOf
    | BeginAfter
    | Drop
    | AddKey
    | SetKeys
    | LetBe
    | TakeLongerLife
    | DropKeys
    | NameSiblings
    | WriteRetention
    | SayInRetentions
    | Advise
)

Remedy = tuple[Way, ...]
"""Each way alone mends it; the best one comes first."""
