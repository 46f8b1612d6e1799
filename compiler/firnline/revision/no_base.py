"""Why can a commit not be compared with, and what brings it here?"""

from __future__ import annotations

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import whole_file
from firnline.diagnostics.remedy import Advise
from firnline.workspace import NoPolicies

NO_BASE = Kind(
    code="FL904",
    name="no-base",
    severity=Severity.ERROR,
    title="the commit to compare with is not here",
    why=(
        "A difference needs both of its sides. CI systems fetch as little as they can: often one"
        " commit, without the branch that it is merged into. Compared with nothing, every change"
        " would look new, and one that deletes sooner like any other."
    ),
    help="fetch the whole history and the branch that is compared with",
    wrong={
        ".github/workflows/firnline.yml": "steps:\n  - uses: actions/checkout@v4\n"
        "  - run: firnline diff\n"
    },
    right={
        ".github/workflows/firnline.yml": "steps:\n  - uses: actions/checkout@v4\n"
        "    with: {fetch-depth: 0}\n  - run: firnline diff\n"
    },
)


class NoBaseCommit(NoPolicies):
    """`place` is what was looked for: `git:REV`, or the file that names the branch."""

    def __init__(self, place: str, message: str, cure: str) -> None:
        super().__init__(f"no base commit: {message}; {cure}")
        self.diagnostic: Diagnostic = NO_BASE.at(whole_file(place), message, remedy=Advise(cure))
