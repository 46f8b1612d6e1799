"""`python -m examples.laboratory`: builds the laboratory in the sandbox that the shell sees."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"  # nothing of the sandbox leaves this machine

from examples.laboratory.build import FOLDER, build, is_built


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m examples.laboratory", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=FOLDER, help="where the project is, and its MLflow database"
    )
    folder = parser.parse_args().folder.resolve()
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if not endpoint.startswith("http://127.0.0.1:"):
        print(
            "error: run it in `make shell`: it fills the sandbox, no real account", file=sys.stderr
        )
        return 2
    logging.disable(logging.INFO)  # MLflow tells every migration of its database
    if is_built(folder, endpoint):
        print("the laboratory is there already: acme-ml-lab-use1")
        return 0
    built = build(folder, endpoint)
    print(f"acme-ml-lab-use1: {built.objects:,} objects, {built.orphans:,} of them planted orphans")
    return 0


if __name__ == "__main__":
    sys.exit(main())
