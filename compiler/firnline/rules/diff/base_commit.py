"""The commit that a change is compared with, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from firnline.diagnostics.visible import visible

_SHOWN = 12


class FoundBy(Enum):
    """What named the branch that a change is merged into."""

    SETTING = "setting"
    PULL_REQUEST = "pull-request"
    REMOTE_HEAD = "remote-head"
    USUAL_NAME = "usual-name"


@dataclass(frozen=True, slots=True)
class BaseCommit:
    """`commit` is the one at which HEAD left `branch`: HEAD itself, if `is_head`. `named_by` is the
    setting, the variable or the reference that named the branch.
    """

    commit: str
    branch: str
    found_by: FoundBy
    named_by: str
    is_head: bool = False

    @property
    def short(self) -> str:
        return self.commit[:_SHOWN]

    def in_words(self) -> str:
        """`since …`"""
        branch = visible(self.branch)
        by = "" if self.named_by == self.branch else f" ({visible(self.named_by)})"
        if self.is_head:
            return (
                f"since {self.short}, which is HEAD and on {branch}{by}: only what is not committed"
                " can differ"
            )
        return f"since {self.short}, where this branch left {branch}{by}"
