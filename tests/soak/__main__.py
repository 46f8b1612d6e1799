"""`make soak`: a million inputs the whole way, on every processor; exit code 1 where one fails.

`python -m tests.soak 1000` tries fewer, `python -m tests.soak --only 4711` one, with its traceback.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from types import FrameType

from tests.soak.inputs import files_for
from tests.soak.whole_way import go_the_whole_way

INPUTS = 1_000_000
AT_ONCE = 1_000
SLOWEST = 20  # seconds of the processor for one small input: it hangs


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("inputs", nargs="?", type=int, default=INPUTS)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--only", type=int, help="the number of a single input")
    arguments = parser.parse_args(words)
    if arguments.only is not None:
        for path, content in (files := files_for(arguments.only)).items():
            print(f"--- {path}\n{content!r}")
        go_the_whole_way(files)
        return 0
    return _all(range(arguments.first, arguments.first + arguments.inputs))


def _all(numbers: range) -> int:
    began = time.monotonic()
    done = failed = 0
    parts = [numbers[start : start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE)]
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
        for count, failures in pool.imap_unordered(_part, parts):
            done += count
            failed += len(failures)
            for each in failures[:3] if failed < 30 else ():
                print(each, flush=True)
            if done % (20 * AT_ONCE) == 0 or done == len(numbers):
                spent = time.monotonic() - began
                left = spent / done * (len(numbers) - done)
                print(
                    f"{done:>9,} of {len(numbers):,} inputs, {failed} failed;"
                    f" {spent:,.0f} s, {left:,.0f} s to go",
                    flush=True,
                )
    return 1 if failed else 0


def _part(numbers: range) -> tuple[int, list[str]]:
    signal.signal(signal.SIGVTALRM, _hangs)
    gc.disable()  # looking for garbage once in a thousand inputs saves a tenth
    failures = list(_failures(numbers))
    gc.collect()
    return len(numbers), failures


def _failures(numbers: range) -> Iterator[str]:
    for number in numbers:
        signal.setitimer(signal.ITIMER_VIRTUAL, SLOWEST)
        try:
            go_the_whole_way(files_for(number))
        except Exception:  # noqa: BLE001  # this is what is looked for; told with its traceback
            told = "\n".join(traceback.format_exc().splitlines()[-7:])
            yield f"input {number} fails (python -m tests.soak --only {number}):\n{told}"
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _hangs(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"an input took more than {SLOWEST} s of the processor")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
