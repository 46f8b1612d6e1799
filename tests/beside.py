"""`python -m tests.beside "mypy" pytest …`: a check that needs one core, beside the tests.

What it says comes behind theirs. Both must pass; an interrupt ends both.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence


def main(beside: str, tests: Sequence[str]) -> int:
    with tempfile.TemporaryFile() as said:
        check = subprocess.Popen(["sh", "-c", beside], stdout=said, stderr=subprocess.STDOUT)
        try:
            tested = subprocess.run(tests, check=False).returncode
            checked = check.wait()
        except KeyboardInterrupt:
            check.wait()  # the terminal has interrupted all of them
            return 130
        said.seek(0)
        sys.stdout.flush()
        sys.stdout.buffer.write(said.read())
    return tested or checked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
