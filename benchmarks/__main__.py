"""`make bench`: prints every figure; exit code 1 where one misses its bound."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from benchmarks import (
    advice,
    all_features,
    audits,
    bucket_listing,
    cold_start,
    differences,
    dynamodb,
    growth,
    imports,
    inventories,
    large_fleet,
    listings,
    many_files,
    mlflow_runs,
    pulumi_up,
    read_logs,
    reports,
    revisions,
    rollouts,
    schemas,
    simulate,
    stored_checks,
    summaries,
)
from benchmarks.figure import Figure

ALL = {
    "advice": advice,
    "audits": audits,
    "bucket-listing": bucket_listing,
    "cold-start": cold_start,
    "differences": differences,
    "dynamodb": dynamodb,
    "growth": growth,
    "imports": imports,
    "inventories": inventories,
    "large-fleet": large_fleet,
    "listings": listings,
    "many-files": many_files,
    "mlflow-runs": mlflow_runs,
    "all-features": all_features,
    "pulumi-up": pulumi_up,
    "read-logs": read_logs,
    "reports": reports,
    "revisions": revisions,
    "rollouts": rollouts,
    "schemas": schemas,
    "simulate": simulate,
    "stored-checks": stored_checks,
    "summaries": summaries,
}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ALL))
    parser.add_argument(
        "--rows", type=int, help="of audits and inventories, and the fewest of growth"
    )
    parser.add_argument("--polars", action="store_true", help="beside our answer on inventories")
    asked = parser.parse_args(arguments)
    sized = {
        "audits": partial(audits.measure, asked.rows or audits.ROWS),
        "growth": partial(growth.measure, asked.rows or growth.ROWS),
        "read-logs": partial(read_logs.measure, asked.rows or read_logs.ROWS),
        "inventories": partial(
            inventories.measure, asked.rows or inventories.ROWS, polars=asked.polars
        ),
    }
    figures: list[Figure] = []
    for name in asked.names or ALL:
        print(f"{name}: {ALL[name].__doc__}", flush=True)
        for figure in sized.get(name, ALL[name].measure)():
            print(f"  {figure}", flush=True)
            figures.append(figure)
    return 1 if any(figure.missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
