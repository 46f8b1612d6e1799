"""Questions asked of a bucket's program: the union of all policies that apply to it."""

from collections.abc import Callable, Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.project import Project
from firnline.rules.checks import (
    ambiguous_overlap,
    delete_frees_nothing,
    dies_young,
    directory_bucket,
    early_move,
    hold_moves,
    hold_shadow,
    keeps_the_deleted,
    longer_child,
    marker_removed_anyway,
    minimum_duration,
    moves_too_close,
    multipart_leak,
    name_too_long,
    not_analysed,
    promise_broken,
    setting_said_twice,
    shadowed_retention,
    side_effect_move,
    tiering_preferred,
    too_many_rules,
    unreachable_step,
    uphill_move,
    versioning_differs,
    versions_forever,
    whole_bucket,
)
from firnline.rules.program import Program

FIRST_CHECKS = (not_analysed.check,)
"""Where one of these finds something, the others are not asked."""
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
    multipart_leak.check,
    versions_forever.check,
    minimum_duration.check,
    whole_bucket.check,
)
HELD_CHECKS: tuple[Callable[[Program], Iterator[Diagnostic]], ...] = (
    promise_broken.check,
    hold_shadow.check,
    hold_moves.check,
)
"""Asked of what holds leave; all others of what the policies say, whatever the holds."""
LAST_CHECKS: tuple[Callable[[Program], Iterator[Diagnostic]], ...] = (
    unreachable_step.check,
    shadowed_retention.check,
    tiering_preferred.check,
)
"""What could be left out, or would cost: asked only where nothing is an error."""
PROJECT_CHECKS: tuple[Callable[[Program, Project], Iterator[Diagnostic]], ...] = (dies_young.check,)
