"""Questions asked of a bucket's program: the union of all policies that apply to it."""

from collections.abc import Callable, Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.rules.checks import (
    ambiguous_overlap,
    delete_frees_nothing,
    directory_bucket,
    early_move,
    keeps_the_deleted,
    longer_child,
    marker_removed_anyway,
    moves_too_close,
    name_too_long,
    setting_said_twice,
    side_effect_move,
    too_many_rules,
    uphill_move,
    versioning_differs,
)
from firnline.rules.program import Program

CHECKS: tuple[Callable[[Program], Iterator[Diagnostic]], ...] = (
    too_many_rules.check,
    name_too_long.check,
    directory_bucket.check,
    early_move.check,
    uphill_move.check,
    moves_too_close.check,
    ambiguous_overlap.check,
    longer_child.check,
    side_effect_move.check,
    delete_frees_nothing.check,
    keeps_the_deleted.check,
    marker_removed_anyway.check,
    setting_said_twice.check,
    versioning_differs.check,
)
