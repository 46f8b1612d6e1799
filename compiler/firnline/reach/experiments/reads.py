"""When was something in a folder last read, and for which time is that known?"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, assert_never
from urllib.parse import unquote, unquote_plus

from firnline.inventory.reads.known import Period
from firnline.reach.location import Location, LocationKind


class ReadsOfBucket:
    """The newest read of each object that was read at all."""

    def __init__(self, period: Period, newest: Mapping[str, datetime]) -> None:
        self.period = period
        self._keys = sorted(newest)
        self._moments = array("q", (_since_epoch(newest[key]) for key in self._keys))
        count = len(self._keys)
        self._blocks = array(
            "q", (max(self._moments[at : at + _BLOCK]) for at in range(0, count, _BLOCK))
        )

    def newest(self, location: Location) -> datetime | None:
        """Of all that the location covers."""
        found = max((self._newest(*each) for each in self._covered(location)), default=_NEVER)
        return None if found == _NEVER else _EPOCH + found * _UNIT

    def _covered(self, location: Location) -> Iterator[tuple[int, int]]:
        key = location.key
        match location.kind:
            case LocationKind.EXACT:
                yield self._equal(key)
            case LocationKind.DIR:
                yield self._equal(key)
                yield self._beginning(f"{key}/" if key else "")
            case LocationKind.RAW_PREFIX:
                yield self._beginning(key)
            case _:
                assert_never(location.kind)

    def _equal(self, key: str) -> tuple[int, int]:
        return bisect_left(self._keys, key), bisect_right(self._keys, key)

    def _beginning(self, prefix: str) -> tuple[int, int]:
        first = bisect_left(self._keys, prefix)
        past = bisect_left(self._keys, True, first, key=lambda key: not key.startswith(prefix))
        return first, past

    def _newest(self, first: int, past: int) -> int:
        """Of the keys in this range; the blocks that lie in it whole were looked at before."""
        block, past_block = -(-first // _BLOCK), past // _BLOCK
        if block >= past_block:
            return max(self._moments[first:past], default=_NEVER)
        ends = self._moments[first : block * _BLOCK], self._moments[past_block * _BLOCK : past]
        return max(*ends[0], *ends[1], *self._blocks[block:past_block], _NEVER)


@dataclass(frozen=True, slots=True)
class Reads:
    """By bucket; of others nothing is known."""

    of: Mapping[str, ReadsOfBucket]

    def newest(self, location: Location) -> datetime | None:
        of = self.of.get(location.bucket)
        return of.newest(location) if of else None


def keys_of(logged: str) -> tuple[str, ...]:
    """What a key in a log may be: server access logs have it URL-encoded, some of them twice, and
    in their documentation begin it with a slash.
    """
    if "%" not in logged and "+" not in logged and logged[:1] != "/":
        return (logged,)
    once = unquote(logged)
    readings = (logged, once, unquote(once), unquote_plus(once))
    return tuple(dict.fromkeys((*readings, *(each.removeprefix("/") for each in readings))))


_BLOCK: Final = 1024
_NEVER: Final = -(1 << 63)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNIT: Final = timedelta(microseconds=1)


def _since_epoch(moment: datetime) -> int:
    return (moment - _EPOCH) // _UNIT
