"""Who approves changes of what a row is about?"""

from __future__ import annotations

from collections.abc import Iterable

from firnline.language.approvals import Approval
from firnline.targets.schedule.model import Approvers, Row


def code_owners(row: Row, approvers: Approvers) -> tuple[str, ...]:
    """Who must review a change of its settings."""
    found = (approvers.code_owners.get(each.path, ()) for each in row.settings)
    return tuple(dict.fromkeys(owner for owners in found for owner in owners))


def approvals_of(row: Row, keys: Iterable[str], approvers: Approvers) -> tuple[Approval, ...]:
    """Those of changes of its settings on some of the buckets, and of all rules that a bucket got
    when it had none.
    """
    names = {each.name for each in row.settings}
    keys = set(keys)
    return tuple(
        each
        for each in approvers.approvals
        if names and each.retention in (None, *names) and not keys.isdisjoint(each.buckets)
    )


def approvals_in_words(approvers: Approvers) -> str:
    """Who must agree where a change deletes sooner."""
    if approvers.self_approved:
        return "a change that deletes sooner needs an approval, which nobody else reviews"
    if not approvers.reviewers:
        return "a change that deletes sooner needs an approval; CODEOWNERS names nobody for it"
    return (
        "a change that deletes sooner needs an approval, reviewed by"
        f" {', '.join(approvers.reviewers)}"
    )
