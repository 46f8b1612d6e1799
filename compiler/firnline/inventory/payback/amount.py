"""An amount that follows from how many objects, bytes and padded bytes there are."""

from __future__ import annotations

from typing import NamedTuple

from firnline.inventory.forecast.volume import Volume


class Amount(NamedTuple):
    """For each object, byte and padded byte, in the units of a `Rates`."""

    an_object: int = 0
    a_byte: int = 0
    a_padded_byte: int = 0

    def plus(self, other: Amount, times: int = 1) -> Amount:
        return Amount(
            self.an_object + times * other.an_object,
            self.a_byte + times * other.a_byte,
            self.a_padded_byte + times * other.a_padded_byte,
        )

    def of(self, volume: Volume) -> int:
        return (
            self.an_object * volume.objects
            + self.a_byte * volume.bytes
            + self.a_padded_byte * volume.padded
        )


NOTHING = Amount()
