"""What does S3 do with this? Cases in the published format, and whether we say the same."""

from firnline.rules.conformance.fields import NotACase
from firnline.rules.conformance.outcome import Outcome, Tally, tally
from firnline.rules.conformance.run import run_cases

__all__ = ["NotACase", "Outcome", "Tally", "run_cases", "tally"]
