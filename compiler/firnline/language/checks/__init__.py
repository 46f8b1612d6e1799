"""Questions asked of one policy (`CHECKS`; on a day: `DATED_CHECKS`) and of a whole folder."""

from collections.abc import Callable, Iterator
from datetime import date

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.checks import (
    bucket_in_prefix,
    bucket_uncovered,
    calendar_years,
    contradicting_promise,
    cut_by_comment,
    delete_before_move,
    deleted_by_gc,
    duplicate_name,
    empty_why,
    foreign_rules,
    hold_due,
    leading_slash,
    left_behind,
    literal_wildcard,
    newest_kept,
    no_such_bucket,
    no_versions,
    open_prefix,
    own_filter,
    review_overdue,
    stale_lock,
    tiers_out_of_order,
    unknown_account,
    unknown_owner,
    unknown_registry,
    unknown_waived,
    zero_day_delete,
)
from firnline.language.model import Folder, Policy
from firnline.language.project import Project

CHECKS: tuple[Callable[[Policy], Iterator[Diagnostic]], ...] = (
    tiers_out_of_order.check,
    delete_before_move.check,
    zero_day_delete.check,
    literal_wildcard.check,
    bucket_in_prefix.check,
    leading_slash.check,
    own_filter.check,
    newest_kept.check,
    contradicting_promise.check,
    deleted_by_gc.check,
    open_prefix.check,
    cut_by_comment.check,
    calendar_years.check,
    empty_why.check,
    unknown_waived.check,
)
DATED_CHECKS: tuple[Callable[[Policy, date], Iterator[Diagnostic]], ...] = (
    review_overdue.check,
    hold_due.check,
)
PROJECT_CHECKS: tuple[Callable[[Policy, Project], Iterator[Diagnostic]], ...] = (
    unknown_owner.check,
)
FOLDER_CHECKS: tuple[Callable[[Folder], Iterator[Diagnostic]], ...] = (
    duplicate_name.check,
    unknown_account.check,
    unknown_registry.check,
    stale_lock.check,
    no_such_bucket.check,
    bucket_uncovered.check,
    left_behind.check,
    foreign_rules.check,
    no_versions.check,
)
