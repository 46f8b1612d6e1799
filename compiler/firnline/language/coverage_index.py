"""Which policies cover a bucket? An index, so that not every policy is tested for every bucket."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from firnline.language.model import Policy
from firnline.language.tag import Tags

_ANY = "*"
"""Means every account: account patterns are not indexed."""


class CoverageIndex:
    """Policies by the literal beginnings of their patterns."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._by_beginning: dict[tuple[str, str], list[tuple[int, Policy]]] = defaultdict(list)
        for place in enumerate(policies):
            for key in _beginnings(place[1]):
                self._by_beginning[key].append(place)

    def covering(
        self, account: str, bucket: str, region: str | None, tags: Tags | None = None
    ) -> Iterator[Policy]:
        """The policies that cover it, in their order."""
        candidates = dict(
            place
            for label in (account, _ANY)
            for length in range(len(bucket) + 1)
            for place in self._by_beginning.get((label, bucket[:length]), ())
        )
        for place in sorted(candidates):
            if candidates[place].covers(account, bucket, region, tags):
                yield candidates[place]


def _beginnings(policy: Policy) -> set[tuple[str, str]]:
    """Accounts, each with the text before the first `*` of its patterns."""
    return {
        (_ANY if "*" in account.value else account.value, name)
        for entry in policy.applies_to
        for account in entry.accounts
        for name in [said.value.partition("*")[0] for said in entry.included] or [""]
    }
