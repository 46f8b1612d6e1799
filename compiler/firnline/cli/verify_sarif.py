"""What `firnline verify` found, as SARIF for code scanning."""

from __future__ import annotations

from firnline.cli.verify_answer import Verification
from firnline.targets.sarif import sarif


def to_sarif(found: Verification) -> str:
    return sarif(found.findings, found.repository)
