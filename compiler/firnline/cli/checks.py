"""Every check that a command runs: those of files, then those of whoever knows more than files.

`pulumi up` and `resolve` run the first alone. `inventory/checks` and `reach/checks` will be joined
here.
"""

from firnline.language.check import Check
from firnline.pipeline import CHECKS as OF_FILES

CHECKS: tuple[Check, ...] = (*OF_FILES,)
