"""Why a saved summary cannot be used: each names the file, and says what is wrong and what to do.

There is no smaller answer instead: what a forecast does not count must not look like savings.
"""

from __future__ import annotations

from firnline.diagnostics.visible import visible


class UnusableSummary(Exception):
    """`file` is as people call it; `why` may quote what it says."""

    def __init__(self, file: str, why: str) -> None:
        super().__init__(f"{visible(file)} {visible(why)}")
        self.file = file


class NotASummary(UnusableSummary):
    """It is something else."""


class OtherVersion(UnusableSummary):
    """It was written by a Firnline whose summaries say something else."""


class DamagedSummary(UnusableSummary):
    """It is not what was written."""
