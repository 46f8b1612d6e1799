"""Every check that a command runs: those of files, then those of whoever knows more than files.

`pulumi up` and `resolve` run the first alone. `reach/checks` will be joined here; what needs facts
about what is stored (`inventory/checks`) is found by `forecast`, which has them.
"""

from firnline.language.check import Check
from firnline.pipeline import CHECKS as OF_FILES

CHECKS: tuple[Check, ...] = (*OF_FILES,)
