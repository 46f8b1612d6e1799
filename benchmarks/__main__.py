"""`make bench`: prints every figure; exit code 1 where one misses its bound."""

from __future__ import annotations

import sys

from benchmarks import (
    all_features,
    cold_start,
    differences,
    large_fleet,
    many_files,
    pulumi_up,
    schemas,
    simulate,
)
from benchmarks.figure import Figure

ALL = {
    "cold-start": cold_start,
    "differences": differences,
    "large-fleet": large_fleet,
    "many-files": many_files,
    "all-features": all_features,
    "pulumi-up": pulumi_up,
    "schemas": schemas,
    "simulate": simulate,
}


def main(names: list[str]) -> int:
    figures: list[Figure] = []
    for name in names or ALL:
        print(f"{name}: {ALL[name].__doc__}", flush=True)
        for figure in ALL[name].measure():
            print(f"  {figure}", flush=True)
            figures.append(figure)
    return 1 if any(figure.missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
