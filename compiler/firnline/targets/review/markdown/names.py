"""What are both snapshots called?"""

from __future__ import annotations

from typing import Final

from firnline.diagnostics.visible import visible
from firnline.targets.review.markdown_text import code_in_cell
from firnline.targets.review.model import Review

_NARROW: Final = 12


def names_in_cells(review: Review) -> tuple[str, str]:
    if review.base is None:
        return code_in_cell(review.one), code_in_cell(review.other)
    return f"On {code_in_cell(review.base.branch)}", "This change"


def short_names(review: Review) -> tuple[str, str]:
    """Of at most twelve characters."""
    branch = visible(review.base.branch) if review.base else ""
    return branch if 0 < len(branch) <= _NARROW else "before", "after"
