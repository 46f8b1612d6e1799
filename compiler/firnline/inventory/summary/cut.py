"""At which prefixes, sizes and numbers of versions is a summary cut, so that rules cut no group?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from firnline.inventory.forecast.cuts import cuts
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import RuleSet

_SIZES: Final = (SMALL_OBJECT, 1 << 20, 1 << 26, 1 << 30)
"""128 KiB, at which S3 bills and moves otherwise; 1 MiB, 64 MiB and 1 GiB for the reader."""
_COUNTS: Final = (1, 2, 3)
"""Of newer noncurrent versions, for the reader."""


@dataclass(frozen=True, slots=True)
class Cut:
    """`prefixes` begin with the empty one; a key counts to the longest that it begins with. At each
    of `sizes` and `counts` (of newer noncurrent versions) another class begins. Of tags the values
    of `tag_keys` are known. `together`: versions of a key are kept together, as rules need them by
    which versions of a key act on each other.
    """

    prefixes: tuple[str, ...]
    sizes: tuple[int, ...]
    counts: tuple[int, ...]
    tag_keys: tuple[str, ...]
    together: bool

    @property
    def apart(self) -> Cut:
        """The same, without keeping versions of a key together."""
        return replace(self, together=False)


@dataclass(frozen=True, slots=True)
class Detail:
    """What a summary has to tell: what rules do, exactly; how much lies in large folders, so many
    deep; and values of tags. It may have so many groups.
    """

    rule_sets: tuple[RuleSet, ...]
    is_suspended: bool
    depth: int
    groups: int
    tag_keys: tuple[str, ...] = ()

    def cut(self, folders: Iterable[str], *, all_versions: bool, tags_known: bool) -> Cut:
        return cut_for(
            self.rule_sets,
            folders,
            self.tag_keys,
            is_suspended=self.is_suspended,
            all_versions=all_versions,
            tags_known=tags_known,
        )


def cut_for(
    rule_sets: Sequence[RuleSet],
    folders: Iterable[str],
    tag_keys: Iterable[str] = (),
    *,
    is_suspended: bool,
    all_versions: bool,
    tags_known: bool,
) -> Cut:
    """For these rules, and for folders and tags that the reader wants to tell apart. The rest says
    what is known.
    """
    found = cuts(rule_sets, is_suspended)
    filters = [rule.filter for each in rule_sets for rule in each.rules if rule.enabled]
    named = {*tag_keys, *(key for each in filters for key, _ in each.tags)}
    return Cut(
        prefixes=tuple(sorted({"", *folders, *(each.prefix for each in filters)})),
        sizes=tuple(sorted({*_SIZES, *found.sizes})),
        counts=tuple(sorted({*_COUNTS, *found.counts})),
        tag_keys=tuple(sorted(named)) if tags_known else (),
        together=found.versions_act and all_versions,
    )
