"""Every check there is, in the order in which they are asked.

The folders that know more than files join theirs here: `inventory/checks`, `reach/checks`.
"""

from firnline.language.check import Check
from firnline.language.checks import CHECKS as LANGUAGE_CHECKS
from firnline.rules.checks import CHECKS as RULES_CHECKS

CHECKS: tuple[Check, ...] = (*LANGUAGE_CHECKS, *RULES_CHECKS)
