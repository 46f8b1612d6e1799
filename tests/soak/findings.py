"""The second part of `make soak`: what is found in lifecycle files, held against who suffers.

`python -m tests.soak.findings 1000` tries fewer; `--first 4711 1` a single one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys

from tests.lint.agreement import disagreement
from tests.lint.lifecycle_files import lifecycle_file

FILES = 20_000
AT_ONCE = 100


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.findings")
    parser.add_argument("files", nargs="?", type=int, default=FILES)
    parser.add_argument("--first", type=int, default=0, help="the number of the first file")
    arguments = parser.parse_args(words)
    numbers = range(arguments.first, arguments.first + arguments.files)
    failed = 0
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
        for number, told in pool.imap_unordered(_judged, numbers, AT_ONCE):
            if told:
                failed += 1
                print(f"file {number}:\n{told}", flush=True)
    print(f"{len(numbers):,} lifecycle files, {failed} judged in two ways")
    return 1 if failed else 0


def _judged(number: int) -> tuple[int, str]:
    return number, disagreement(lifecycle_file(number))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
