"""A number that is known, or of which it is known that it is no less and no more than."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

Number = TypeVar("Number", int, Fraction)


@dataclass(frozen=True, slots=True)
class Between(Generic[Number]):
    """Both bounds are inclusive."""

    at_least: Number
    at_most: Number

    @classmethod
    def exactly(cls, number: Number) -> Between[Number]:
        return cls(number, number)

    @property
    def is_exact(self) -> bool:
        return self.at_least == self.at_most

    def plus(self, other: Between[Number]) -> Between[Number]:
        """Of two numbers that know nothing of each other."""
        return Between(self.at_least + other.at_least, self.at_most + other.at_most)
