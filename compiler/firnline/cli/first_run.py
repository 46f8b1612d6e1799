"""How much does the first run of a change delete, as far as `check` and `approve` are told?"""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from firnline.cli.gates import FirstRuns, not_measured


def measure_of(arguments: Namespace) -> FirstRuns:
    if not (arguments.inventory or arguments.summaries or arguments.cloudwatch):
        return not_measured
    from firnline.cli.facts import read_first_runs  # slow to import

    return partial(read_first_runs, arguments)
