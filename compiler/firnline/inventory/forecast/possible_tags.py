"""Keys of which the tags are not known, and rules that filter by tags → what rules may see in them.

Which filters match an object depends on those of its tags alone that occur in a filter. So its tags
may be each union of filters' tags that can hold together, a key having one value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, product
from math import prod
from typing import Final

from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.forecast.groups import Group, Stored, began_in_class
from firnline.inventory.forecast.undecided import Contents, Undecided, Unfollowed
from firnline.s3.compare.cells import NotAnalysed, cells
from firnline.s3.model import Rule, RuleSet
from firnline.s3.scope import NO_LIMIT, Tags
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import Versioning

MOST_FOLLOWED: Final = 32
"""Sets of tags of a key's versions. Of one with more it is told only what rules do at all."""
TOLD_BY: Final = (
    "`firnline inventory list --tags` lists tags, and the live inventory table of S3 Metadata has"
    " them"
)


_MOST_OPTIONS: Final = 256
"""Of a key of which more than the tags is open."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Of a bucket before a change and after it."""

    before: RuleSet
    after: RuleSet
    bucket: BucketState

    @property
    def enabled(self) -> list[Rule]:
        return [rule for each in (self.before, self.after) for rule in each.rules if rule.enabled]


def with_possible_tags(
    contents: Contents,
    rules: Rules,
    at: datetime | None,
    most: int = MOST_FOLLOWED,
    *,
    also_idle: bool = False,
) -> Contents:
    """`at` is the moment of the contents, None of what is written later; `most` is how many
    possibilities are followed of a key. `also_idle`: with the tags of filters too that keep their
    rule from an item whatever its tags, since they still tell in the scope of which change it is.
    """
    filtering = [rule for rule in rules.enabled if rule.filter.tags]
    if not filtering:
        return contents
    return _Possible(rules, filtering, at, most, also_idle).contents(contents)


class _Possible:
    def __init__(
        self,
        rules: Rules,
        filtering: Sequence[Rule],
        at: datetime | None,
        most: int,
        also_idle: bool,
    ) -> None:
        self._filtering, self._at, self._most = filtering, at, most
        self._also_idle = also_idle
        self._live = Batch(rules.before, rules.bucket)
        self._keeps_versions = rules.bucket.versioning is not Versioning.OFF
        is_suspended = rules.bucket.versioning is Versioning.SUSPENDED
        self._versions_act = cuts((rules.before, rules.after), is_suspended).versions_act
        self._unions: dict[frozenset[Tags], Sequence[Tags] | None] = {}

    def contents(self, contents: Contents) -> Contents:
        decided: list[Group] = []
        undecided: list[Undecided] = []
        unfollowed = list(contents.unfollowed)
        for possible in chain(
            ((keys,) for group in contents.decided for keys in self._apart(group)),
            (each.possible for each in contents.undecided),
        ):
            told = all(_is_told(each) for group in possible for each in group)
            found = tuple(possible) if told else self._with_tags(possible)
            if found is None:
                unfollowed.append(Unfollowed(possible))
            elif len(found) == 1:
                decided += found
            else:
                undecided.append(Undecided(found))
        return contents._replace(decided=decided, undecided=undecided, unfollowed=unfollowed)

    def _apart(self, group: Group) -> Iterable[Group]:
        """Versions that do not act on each other are followed one by one: they have fewer
        possibilities. One that a lock keeps acts on the one below it.
        """
        locked = any(each.example.legal_hold or each.example.retain_until for each in group)
        if self._versions_act or locked or all(map(_is_told, group)):
            return (group,)
        return ((each,) for each in group)

    def _with_tags(self, possible: Sequence[Group]) -> tuple[Group, ...] | None:
        """None where they are too many."""
        found: list[Group] = []
        for group in possible:
            options = [self._tags(each) for each in group]
            known = [each for each in options if each is not None]
            if len(known) < len(options) or prod(map(len, known)) > self._most:
                return None
            if len(found) > max(_MOST_OPTIONS, len(possible)):
                return None
            for chosen in product(*known):
                pairs = zip(group, chosen, strict=True)
                found.append(tuple(self._tagged(each, tags) for each, tags in pairs))
        return tuple(found)

    def _tags(self, stored: Stored) -> Sequence[Tags] | None:
        """What may be told of its tags; None where it is too much."""
        if _is_told(stored):
            return [stored.example.tags]
        said = frozenset(
            rule.filter.tags for rule in self._filtering if self._may_act(rule, stored.example)
        )
        if said not in self._unions:
            self._unions[said] = _unions(said)
        return self._unions[said]

    def _may_act(self, rule: Rule, item: StoredItem) -> bool:
        """Whether it does something to items like it that have the tags."""
        if not item.key.startswith(rule.filter.prefix):
            return False
        if self._also_idle:
            return True
        later = bool(rule.noncurrent_transitions) or rule.noncurrent_expires is not None
        now = bool(rule.transitions) or rule.expires is not None
        # What moved a noncurrent version while it was current tells since when it is in its class.
        was_moved = bool(rule.transitions) and item.storage_class != _FIRST
        acts = (later and self._keeps_versions) or (now and item.current) or was_moved
        return acts and rule.filter.admits_size(item.size)

    def _tagged(self, stored: Stored, tags: Tags) -> Stored:
        if tags == stored.example.tags:
            return stored
        item = replace(stored.example, tags=tags)
        if self._at is None:
            return replace(stored, example=item)
        since = began_in_class(self._live, item, self._at)
        return replace(stored, example=item, in_class_since=since)


def _is_told(stored: Stored) -> bool:
    """Whether its tags are known; only object versions have any."""
    return stored.tags_known or stored.example.kind is not ItemKind.OBJECT_VERSION


_FIRST = "STANDARD"


def _unions(said: Iterable[Tags]) -> Sequence[Tags] | None:
    """Of tags of filters, the empty one too; None where they are too many."""
    try:
        return [cell.tags for cell in cells("", ((tags, 0, NO_LIMIT) for tags in {(), *said}))]
    except NotAnalysed:
        return None
