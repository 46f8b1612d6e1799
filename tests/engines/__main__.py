"""`make engines`: random worlds on SeaweedFS and on Firnline.

Exit code 1 where they differ and no row of the table explains it.
`python -m tests.engines --seed 7 --only 12` plays one world again, and shows all its differences.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from datetime import date
from itertools import islice
from pathlib import Path
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from tests.engines.build import NotBuilt, seaweedfs_binary
from tests.engines.play import Midnight, play
from tests.engines.seaweedfs import MOST_BUCKETS, EngineFailed, seaweedfs
from tests.engines.tally import Tally, describe
from tests.engines.worlds import World, make_world

ROOT = Path(__file__).resolve().parents[2]

ROUND_TAKES = 2.0
"""Minutes, about: none is begun that would end much too late."""


def main(words: list[str]) -> int:
    options = _options(words)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        binary = seaweedfs_binary(ROOT)
        if options.only:
            worlds = [make_world(options.seed, number) for number in options.only]
            return _play_again(binary, worlds)
        return _play_many(binary, options.seed, options.worlds, options.minutes)
    except (NotBuilt, EngineFailed, BotoCoreError, ClientError) as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted: nothing is left running, and no data", file=sys.stderr)
        return 130


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.engines", description=__doc__)
    today = int(f"{date.today():%Y%m%d}")
    parser.add_argument("--seed", type=int, default=today, help="of the worlds (default: the date)")
    parser.add_argument("--worlds", type=int, default=2000, help="at most so many (default: 2000)")
    parser.add_argument("--minutes", type=float, default=10, help="about so long (default: 10)")
    parser.add_argument("--only", type=int, nargs="+", default=[], help="the numbers of worlds")
    return parser.parse_args(words)


def _play_many(binary: Path, seed: int, count: int, minutes: float) -> int:
    """As many worlds at once as one server bears; a new server for the next ones."""
    print(f"seed {seed}: up to {count:,} worlds, about {minutes:g} minutes", flush=True)
    began, tally = time.monotonic(), Tally()
    coming = (make_world(seed, number) for number in range(count))
    while worlds := list(islice(coming, MOST_BUCKETS)):
        _play_round(binary, worlds, tally, began)
        if (time.monotonic() - began) / 60 + ROUND_TAKES > minutes:
            break
    print("\n".join(tally.to_table()))
    for midnight in tally.unexplained:
        print("", *describe(midnight), midnight.world.to_json(), sep="\n")
    return _exit_code(tally)


def _play_again(binary: Path, worlds: list[World]) -> int:
    for world in worlds:
        print(world.to_json(), flush=True)
    tally = Tally()
    for midnight in _play_round(binary, worlds, tally, time.monotonic()):
        print("\n".join(describe(midnight)))
    print("\n".join(tally.to_table()))
    return _exit_code(tally)


def _exit_code(tally: Tally) -> int:
    if tally.failure is None:
        return 0
    print(f"error: {tally.failure}", file=sys.stderr)
    return 1


def _play_round(binary: Path, worlds: list[World], tally: Tally, began: float) -> list[Midnight]:
    """Counts all midnights; those with a difference."""

    def report(line: str) -> None:
        minutes, seconds = divmod(round(time.monotonic() - began), 60)
        took = f"{minutes} min {seconds:02} s"
        print(f"engines: {took}: {line}; {tally.in_one_line()}", file=sys.stderr, flush=True)

    tally.worlds += len(worlds)
    different = []
    with seaweedfs(binary) as server:
        for midnight in play(server, worlds, report):
            tally.add(midnight)
            if midnight.differences:
                different.append(midnight)
    return different


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
