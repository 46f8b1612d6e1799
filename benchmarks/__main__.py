"""`make bench`: prints every figure; exit code 1 where one misses its bound."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from benchmarks import (
    all_features,
    bucket_listing,
    cold_start,
    differences,
    inventories,
    large_fleet,
    listings,
    many_files,
    mlflow_runs,
    pulumi_up,
    revisions,
    schemas,
    simulate,
    summaries,
)
from benchmarks.figure import Figure

ALL = {
    "bucket-listing": bucket_listing,
    "cold-start": cold_start,
    "differences": differences,
    "inventories": inventories,
    "large-fleet": large_fleet,
    "listings": listings,
    "many-files": many_files,
    "mlflow-runs": mlflow_runs,
    "all-features": all_features,
    "pulumi-up": pulumi_up,
    "revisions": revisions,
    "schemas": schemas,
    "simulate": simulate,
    "summaries": summaries,
}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ALL))
    parser.add_argument("--rows", type=int, help="of inventories", default=inventories.ROWS)
    parser.add_argument("--polars", action="store_true", help="beside our answer on inventories")
    asked = parser.parse_args(arguments)
    of_inventories = partial(inventories.measure, asked.rows, polars=asked.polars)
    figures: list[Figure] = []
    for name in asked.names or ALL:
        print(f"{name}: {ALL[name].__doc__}", flush=True)
        measure = of_inventories if name == "inventories" else ALL[name].measure
        for figure in measure():
            print(f"  {figure}", flush=True)
            figures.append(figure)
    return 1 if any(figure.missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
