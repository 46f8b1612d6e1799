"""What does a change come to, in one sentence?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.bounded import NO_VOLUME
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.radius.radius import Radius
from firnline.inventory.radius.sooner import Window
from firnline.rules.gates.owner import SELF_APPROVED
from firnline.targets.between import bytes_between, count_between
from firnline.targets.review.findings_lines import about_approvals
from firnline.targets.review.model import Review


def in_backticks(name: str) -> str:
    return f"`{visible(name)}`"


def verdict(review: Review, quoted: Callable[[str], str] = in_backticks) -> str | None:
    """None where nothing changes, or nothing is known of what is stored. `quoted`: the name of the
    first snapshot.
    """
    if review.facts is None or not review.found.items or not review.facts.radius.known:
        return None
    before = review.base.branch if review.base else review.one
    return "".join(_parts(review.facts.radius, quoted(before)))


def brings_approvals(review: Review) -> bool:
    """Whether the change itself adds to what is approved, and others are to review that."""
    if SELF_APPROVED in about_approvals(review):
        return False
    return review.reviewed is not None and review.reviewed.brings_approvals


def approved_in_words(review: Review) -> str:
    """Anybody can write an approval: who merges must know whose review makes it one."""
    if not brings_approvals(review):
        return "What needs approval has it."
    return (
        "What needs approval has it by what this change adds to the approvals: that counts once"
        " those who own the file have reviewed it."
    )


def _parts(radius: Radius, before: str) -> Iterator[str]:
    deleted = radius.total.deleted
    unknown = " as far as is known" if radius.is_partial else ""
    if not deleted.objects.at_most:
        yield f"deletes nothing{unknown} on the first run that {before} keeps"
        return
    many = count_between(deleted.objects, "object")
    yield f"deletes {bytes_between(deleted.bytes)} that {before} keeps{unknown}: {many}"
    yield " on the first run"
    hidden = radius.total.in_window(Window.FIRST_RUN).get(Happens.DELETE_MARKERS, NO_VOLUME)
    if hidden.objects.at_most:
        share = "" if hidden == deleted else f"{bytes_between(hidden.bytes)} of them "
        yield f", {share}hidden by delete markers"
