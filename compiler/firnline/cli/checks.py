"""Every check that a command runs: those of files, then those of whoever knows more than files.

`pulumi up` and `resolve` run the first alone. What needs facts about what is stored is in
`inventory/checks`: `forecast` finds it, and `check` where it is given some (`stored_checks.py`).
"""

from firnline.language.check import Check
from firnline.pipeline import CHECKS as OF_FILES
from firnline.rules.checks import sent_otherwise

CHECKS: tuple[Check, ...] = (*OF_FILES, sent_otherwise.CHECK)
