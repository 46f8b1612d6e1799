"""Questions asked of one policy (`CHECKS`) and of a whole folder (`FOLDER_CHECKS`)."""

from collections.abc import Callable, Iterator

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.checks import (
    bucket_uncovered,
    delete_before_move,
    duplicate_name,
    foreign_rules,
    leading_slash,
    literal_wildcard,
    no_such_bucket,
    stale_lock,
    tiers_out_of_order,
    unknown_account,
    zero_day_delete,
)
from firnline.language.model import Folder, Policy

CHECKS: tuple[Callable[[Policy], Iterator[Diagnostic]], ...] = (
    tiers_out_of_order.check,
    delete_before_move.check,
    zero_day_delete.check,
    literal_wildcard.check,
    leading_slash.check,
)
FOLDER_CHECKS: tuple[Callable[[Folder], Iterator[Diagnostic]], ...] = (
    duplicate_name.check,
    unknown_account.check,
    stale_lock.check,
    no_such_bucket.check,
    bucket_uncovered.check,
    foreign_rules.check,
)
