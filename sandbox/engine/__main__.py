"""Prints the path of the Pulumi engine, building it where there is none.

With `--check` nothing is built: exit code 0 where an engine is or can be had, else 1.
"""

import argparse
import sys
from pathlib import Path

from sandbox.engine.errors import EngineError
from sandbox.engine.find import check, find_engine


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.engine", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether one can be had")
    parser.add_argument("--quiet", action="store_true", help="do not print the path")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    options = parser.parse_args()
    try:
        if options.check:
            check(options.root)
            return 0
        engine = find_engine(options.root)
        if not options.quiet:
            print(engine.path)
    except EngineError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted: nothing was changed", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
