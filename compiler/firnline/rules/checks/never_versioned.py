"""Is something wrong only with items that a bucket never had?"""

from __future__ import annotations

from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.rules.program import Program
from firnline.s3.terms import Clock, Versioning

_OF_VERSIONS = (Clock.NONCURRENT_VERSIONS, Clock.DELETE_MARKERS)


def judged(found: Diagnostic, program: Program, clock: Clock) -> Diagnostic:
    """The diagnostic about a clock; a note where versioning was never on, as the clock never runs
    there.
    """
    if program.versioning is not Versioning.OFF or clock not in _OF_VERSIONS:
        return found
    why = f"`{program.example}` never had versioning, so there are no {clock.value}"
    return replace(found, severity=Severity.NOTE, notes=(*found.notes, why))
