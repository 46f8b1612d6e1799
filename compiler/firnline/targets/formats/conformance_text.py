"""Conformance cases of S3 on which Firnline differs, a line each."""

from __future__ import annotations

from firnline.diagnostics.visible import visible
from firnline.s3.conformance.outcome import Results


def to_text(results: Results) -> str:
    many = len(results.by_file) > 1
    lines = [
        f"{path}: {visible(outcome.text)}" if many else visible(outcome.text)
        for path, outcomes in results.by_file.items()
        for outcome in outcomes
        if not outcome.agrees
    ]
    return "\n".join([*lines, results.tally.text]) + "\n"
