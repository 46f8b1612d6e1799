#!/usr/bin/env python3
"""Stands in for `pulumi`: fails where a file says so, and writes down every call.

Beside it: `STACK.VERB` holds what that command of the stack prints before it fails; where that ends
with `once`, it fails once. `calls` has a line for each, `planned` what it may apply.
"""

import os
import sys
import time
from pathlib import Path

HERE = Path(os.environ["FAKE_PULUMI"])


def main(words: list[str]) -> int:
    words = [word for word in words if not word.startswith("--non")]
    if words[0] == "version":
        print("v3.250.0")
        return 0
    stack = words[words.index("--stack") + 1] if "--stack" in words else words[2]
    verb = "init" if words[:2] == ["stack", "init"] else words[0]
    with (HERE / "calls").open("a") as calls:
        calls.write(f"{stack} {verb}\n")
    with (HERE / "planned").open("a") as planned:
        planned.write(f"{os.environ['FIRNLINE_PLANNED']}\n")
    if verb == "cancel":
        (HERE / f"{stack}.up").unlink()
    failing = HERE / f"{stack}.{verb}"
    if failing.exists():
        text = failing.read_text()
        if text.endswith("once\n"):
            failing.unlink()
        print(text, file=sys.stderr)
        return 255
    slow = HERE / "slow"
    time.sleep(float(slow.read_text()) if slow.exists() else 0)
    return 0


sys.exit(main(sys.argv[1:]))
