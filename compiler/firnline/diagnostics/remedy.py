"""What should change, so that a diagnostic no longer occurs? As data."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from firnline.diagnostics.position import Span

KeyPath = tuple[str, ...]
"""Keys from a section down, such as `old_versions`, `delete_after`."""

Setting = tuple[KeyPath, str]
"""A key, and the value to write there."""


# Named tuples: defining a dataclass takes six times as long, at every start.
class Section(NamedTuple):
    """The settings of a retention, or where `retention` is None the top level of a policy. `called`
    is its name in messages.
    """

    settings: Span
    retention: str | None
    called: str


class Bound(Enum):
    EXACTLY = "exactly"
    AT_LEAST = "at-least"


class WriteName(NamedTuple):
    """A name in place of the one that is pointed at; `is_guess` where it may be another."""

    name: str
    is_guess: bool = False


class Translate(NamedTuple):
    """Settings in place of a key with which `by`, another store or tool, says the same. `written`
    is their text, of `is_example` with values that nobody wrote. `into` is the map that is there
    already and takes them, and `remark` says more about them.
    """

    term: str
    by: str
    written: str
    settings: tuple[Setting, ...]
    is_example: bool = False
    into: str = ""
    remark: str = ""


class WriteValue(NamedTuple):
    """A value in place of the one that is pointed at; `remark` says more about it, and `only_if`
    what a person must have meant.
    """

    value: str
    bound: Bound = Bound.EXACTLY
    remark: str = ""
    only_if: str = ""


class WriteOneOf(NamedTuple):
    """One of these in place of what is pointed at."""

    values: tuple[str, ...]


class BeginAfter(NamedTuple):
    """A later day for a tier; a person must choose it."""

    tier: str
    day: str


class Drop(NamedTuple):
    """Removes a tier or a setting that is pointed at; a person must decide that it is not
    wanted. `called` is its name in messages.
    """

    name: str
    called: str = ""


class DropEither(NamedTuple):
    """Removes one of two settings that are pointed at; a person must decide which."""

    one: str
    other: str


class RemoveOne(NamedTuple):
    """One of these entries is removed; of several, a person must decide which."""

    entries: tuple[Span, ...]
    called: str


class ChooseClass(NamedTuple):
    """Another storage class than the one that is pointed at, of those to which S3 can move from
    `origin`; a person must choose it.
    """

    origin: str
    classes: tuple[str, ...]


class AddKey(NamedTuple):
    """A key that is missing where the diagnostic points; `meaning` describes its value, and `to`
    what lacks it.
    """

    key: str
    meaning: str = ""
    to: str = ""


class SetKeys(NamedTuple):
    """Settings to write in a section; `what` describes them, else they are the same as elsewhere.
    The sentence names their keys from `within` on.
    """

    section: Section
    settings: tuple[Setting, ...]
    within: KeyPath = ()
    what: str = ""


class ChooseEnd(NamedTuple):
    """A day on which ends what so far never does, and the settings that stand beside it. A person
    must choose the day: `such_as` is only an example. The sentence names the keys from `within` on.
    """

    section: Section
    key: KeyPath
    such_as: str
    beside: tuple[Setting, ...]
    within: KeyPath
    what: str


class LetBe(NamedTuple):
    """A section must state this day or a later one, or where it is None that it never comes."""

    section: Section
    key: KeyPath
    day: str | None


class EndSooner(NamedTuple):
    """Something must be deleted so much sooner. A person must choose what: an object, or the
    noncurrent version that it becomes.
    """

    by: str


class TakeLongerLife(NamedTuple):
    """A section takes over these settings, which say how long the other one keeps, and drops
    others.
    """

    section: Section
    other: Section
    settings: tuple[Setting, ...]
    dropped: tuple[KeyPath, ...] = ()


class DropKeys(NamedTuple):
    section: Section
    keys: tuple[KeyPath, ...]


class NameSiblings(NamedTuple):
    """A section's prefixes are replaced by longer ones, without those that are to be different. A
    person must choose them: `siblings` are those chosen, and `what` describes them.
    """

    section: Section
    prefixes: tuple[str, ...]
    what: str = "sibling prefixes"
    siblings: tuple[str, ...] = ()


class WriteRetention(NamedTuple):
    """A retention for the objects that `both` share; sizes are in bytes and exclusive. A person
    must choose its settings: they can be the same as in `like`, one of the two.
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
    """A key at the top level is moved into the retentions that lack it."""

    policy: Section
    key: str


class Advise(NamedTuple):
    """A change that only a person can make, in words."""

    text: str


InPlace = (
    WriteName
    | Translate
    | WriteValue
    | WriteOneOf
    | BeginAfter
    | Drop
    | DropEither
    | RemoveOne
    | ChooseClass
    | AddKey
    | EndSooner
    | Advise
)
"""A change where the diagnostic points, which a person makes."""

InSection = (
    SetKeys
    | ChooseEnd
    | LetBe
    | TakeLongerLife
    | DropKeys
    | NameSiblings
    | WriteRetention
    | SayInRetentions
)
"""A change in a section of the policy, which the way names."""

Way = InPlace | InSection

Remedy = tuple[Way, ...]
"""Each alternative is enough; the best one comes first."""
