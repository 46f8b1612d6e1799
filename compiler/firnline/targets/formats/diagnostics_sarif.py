"""What `firnline check` finds, as SARIF for code scanning."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.diagnostics.kinds import Diagnostic, Waived
from firnline.diagnostics.repository import Repository
from firnline.targets.sarif import sarif


def to_sarif(
    found: Sequence[Diagnostic], *, repository: Repository, waived: Sequence[Waived]
) -> str:
    return sarif(found, repository, waived)
