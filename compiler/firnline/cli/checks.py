"""All checks, in the order in which they run. Folders with facts beyond files add theirs here:
`inventory/checks`, `reach/checks`.
"""

from firnline.language.check import Check
from firnline.language.checks import CHECKS as LANGUAGE_CHECKS
from firnline.rules.checks import CHECKS as RULES_CHECKS

CHECKS: tuple[Check, ...] = (*LANGUAGE_CHECKS, *RULES_CHECKS)
