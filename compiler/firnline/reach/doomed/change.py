"""Which references does a change doom, and which does it no longer?"""

from __future__ import annotations

from collections.abc import Sequence

from firnline.reach.doomed.doomed import Covering, Doomed, Entry, Tally, threatening
from firnline.reach.doomed.threats import Loss, Threat
from firnline.reach.references import Reference


class Change:
    """`added` are threatened by what did not threaten them before, or only later; `removed` were,
    and are no longer; `standing` were before and still are.
    """

    def __init__(self, before: Covering, after: Covering, *, names_all: bool = False) -> None:
        self._before, self._after = before, after
        self._added, self._removed, self._standing = (Tally(names_all=names_all) for _ in range(3))

    @property
    def added(self) -> tuple[Doomed, ...]:
        return self._added.doomed

    @property
    def removed(self) -> tuple[Doomed, ...]:
        return self._removed.doomed

    @property
    def standing(self) -> tuple[Doomed, ...]:
        return self._standing.doomed

    def see(self, registry: str, reference: Reference) -> None:
        bucket = reference.location.bucket
        were = list(threatening(self._before.of(bucket), reference))
        are = list(threatening(self._after.of(bucket), reference))
        for entry, threat in are:
            tally = self._standing if _is_known(threat, were) else self._added
            tally.add(entry, threat, registry, reference)
        for entry, threat in were:
            if not any(other.loss is threat.loss for _, other in are):
                self._removed.add(entry, threat, registry, reference)


def _is_known(threat: Threat, were: Sequence[tuple[Entry, Threat]]) -> bool:
    """Whether the same objects were lost as early before."""
    return any(
        (other.loss is threat.loss or other.loss is Loss.DELETED)
        and other.is_before(threat)
        and other.scope.holds(threat.scope)
        for _, other in were
    )
