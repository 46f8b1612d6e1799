"""What Pulumi's engine prints, without what the sandbox alone causes: standard library only.

It warns of each program that it takes from the PATH, as the sandbox's are: in a row of progress,
again below its diagnostics, and in the number of warnings that it counts.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

_STAND_IN = "from $PATH at"
_BEGINS = ("Previewing ", "Updating ", "Refreshing ", "Destroying ")
_COUNT = re.compile(r"(?<=pulumi:pulumi:Stack )(.*?)(\d+) warnings?(?:; (.*))?$")
# Each resource has a second row when it is done.
_GOES_ON = re.compile(r" (?:creating|updating|refreshing|deleting|replacing) \(\d+s\)\s*$")


def calm(lines: Iterable[str]) -> Iterator[str]:
    stand_ins = 0
    for line in lines:
        if line.startswith(_BEGINS):
            stand_ins = 0
        if _STAND_IN in line:
            stand_ins += 1
        elif line.strip() and not _GOES_ON.search(line):
            yield _COUNT.sub(partial(_counted, stand_ins), line.rstrip()).rstrip()


def _counted(stand_ins: int, found: re.Match[str]) -> str:
    left = max(int(found[2]) - stand_ins, 0)
    warnings = [f"{left} warning{'s' if left > 1 else ''}"] if left else []
    return found[1] + "; ".join([*warnings, *([found[3]] if found[3] else [])])
