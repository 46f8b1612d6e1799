"""Which units' implied settings of delete markers do explicit ones override?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from firnline.rules.program import Unit


def settle_markers(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Explicit settings of delete markers, for the same keys or more, override implied ones."""
    said = tuple({unit.scope.prefix for unit in units if unit.clocks.delete_markers is not None})
    return tuple(_settled(unit, said) for unit in units)


def _settled(unit: Unit, said: tuple[str, ...]) -> Unit:
    is_overridden = unit.clocks.delete_markers is None and unit.scope.prefix.startswith(said)
    return unit if unit.markers_said == is_overridden else replace(unit, markers_said=is_overridden)
