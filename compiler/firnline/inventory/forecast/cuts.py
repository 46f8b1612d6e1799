"""What must be known of an item, so that rules do the same to all of which it is the same?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from firnline.inventory.forecast.horizon import Horizon, horizon
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Rule, RuleSet

Tags = tuple[tuple[str, str], ...]
"""Of which an object must have all, in order."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """`bounds` are keys in the order of their bytes: between two of them, the same of the rules'
    prefixes are the beginning of every key. `sizes` and `counts` are where another answer begins,
    of bytes and of newer noncurrent versions. `tags` are the sets of tags that rules filter by.
    `versions_act` says whether what happens to one version of a key may change when another one
    ends or becomes noncurrent, so that they must be looked at together; but where they act
    `only_by_count`, and none is locked, a noncurrent version with the current one is enough: what
    counts as newer ends no sooner than it does. `expires` says whether current ones may become
    noncurrent. What is before the `horizon` is the same.
    """

    bounds: tuple[str, ...]
    sizes: tuple[int, ...]
    counts: tuple[int, ...]
    tags: tuple[Tags, ...]
    versions_act: bool
    only_by_count: bool
    expires: bool
    horizon: Horizon | None

    @property
    def by_day(self) -> Cuts:
        """Which tell apart all days: for what rules did before the moment of which facts are."""
        return replace(self, horizon=None)

    def with_days(self, days: int) -> Cuts:
        """Which tell apart each of so many last days."""
        return replace(self, horizon=self.horizon and self.horizon.at_least(days))


def cuts(rule_sets: Iterable[RuleSet], is_suspended: bool) -> Cuts:
    """Of all of them together. In a bucket whose versioning is suspended, a delete marker takes the
    place of the version without an ID, wherever that is.
    """
    rules = [rule for each in rule_sets for rule in each.rules if rule.enabled]
    prefixes = {rule.filter.prefix for rule in rules} - {""}
    sizes = {MINIMUM_SIZE.value, SMALL_OBJECT}
    counts: set[int] = set()
    for rule in rules:
        sizes |= {bound for bound in (rule.filter.at_least, rule.filter.smaller_than) if bound}
        counts |= set(_counts(rule))
    tags = {tuple(sorted(rule.filter.tags)) for rule in rules} - {()}
    one_by_one = is_suspended or bool(tags) or any(_singles_out(rule) for rule in rules)
    return Cuts(
        bounds=tuple(sorted(bounds(prefixes))),
        sizes=tuple(sorted(sizes)),
        counts=tuple(sorted(counts)),
        tags=tuple(sorted(tags)),
        versions_act=is_suspended or bool(counts) or any(_singles_out(rule) for rule in rules),
        only_by_count=bool(counts) and not one_by_one,
        expires=any(rule.expires is not None for rule in rules),
        horizon=horizon(rules),
    )


def interval(cuts: Sequence[str], key: str) -> int:
    """The number of the interval that the key lies in."""
    return bisect_right(cuts, key)


def _counts(rule: Rule) -> Iterable[int]:
    counts = [each.newer_versions for each in rule.noncurrent_transitions]
    if rule.noncurrent_expires is not None:
        counts.append(rule.noncurrent_expires.newer_versions)
    return filter(None, counts)


def _singles_out(rule: Rule) -> bool:
    """Whether of two noncurrent versions of a key it may delete the newer one first."""
    return rule.noncurrent_expires is not None and (rule.filter.sized or bool(rule.filter.tags))


def bounds(prefixes: Iterable[str]) -> Iterable[str]:
    """S3 orders keys by their bytes in UTF-8, which is the order of code points."""
    for prefix in prefixes:
        yield prefix
        end = _after(prefix)
        if end is not None:
            yield end


_LAST = chr(0x10FFFF)
_SURROGATES = range(0xD800, 0xE000)


def _after(prefix: str) -> str | None:
    """The first text behind all that begin with the prefix."""
    kept = prefix.rstrip(_LAST)
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(_SURROGATES.stop if following in _SURROGATES else following)
