"""One measured figure, and the bound it must keep, if it has one."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    what: str
    value: float
    unit: str
    bound: float | None = None

    @property
    def missed(self) -> bool:
        return self.bound is not None and self.value > self.bound

    def __str__(self) -> str:
        bound = "" if self.bound is None else f"  (bound {self.bound:g} {self.unit}".rstrip() + ")"
        verdict = "  MISSED" if self.missed else ""
        return f"{self.what:<62} {self.value:8.2f} {self.unit}{bound}{verdict}"


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def processor_seconds(action: Callable[[], object]) -> float:
    """What this process and those that it started and waited for spent of a processor."""
    began = _processor()
    action()
    return _processor() - began


def _processor() -> float:
    spent = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


def in_turn(
    one: Callable[[], object],
    other: Callable[[], object],
    rounds: int,
    spent: Callable[[Callable[[], object]], float] = seconds,
) -> tuple[float, float, float]:
    """Medians of both in seconds, and the median of the ratios pair by pair; A B A B …"""
    pairs = [(spent(one), spent(other)) for _ in range(rounds)]
    ones, others = zip(*pairs, strict=True)
    return median(ones), median(others), median(a / b for a, b in pairs)
