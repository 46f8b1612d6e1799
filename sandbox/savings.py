"""What do the policies save on what the sandbox's buckets store now? In one sentence.

Firnline knows the prices of one region; buckets of others are left out, and that is said.
"""

import json
import subprocess
import sys

from sandbox.inventory import newest
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.state import State

REGION = "us-east-1"
_IN_REGION = "-use1"
_MONTHS = 12


class NoForecast(Exception):
    """The text is what the command said."""


def saved(state: State, paths: SandboxPaths) -> str:
    """Raises `NoForecast`."""
    found = [each for each in newest(state, paths) if each.bucket.endswith(_IN_REGION)]
    command = [sys.executable, "-m", "firnline", "forecast", "--months", str(_MONTHS)]
    for each in found:
        command += ["--inventory", str(each.path)]
    ran = subprocess.run(
        [*command, "--out", "json"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise NoForecast(ran.stderr.strip())
    forecast = json.loads(ran.stdout)
    first, last = (_saved(forecast["months"][number]) for number in (0, -1))
    day = forecast["prices_of"][0]["published"]
    return (
        f"On what is stored now they save ${first:,.2f} in the first month,"
        f" ${last:,.2f} in the\ntwelfth"
        f" ({len(found)} buckets in {REGION}, prices of {day}, nothing new written)."
    )


def _saved(month: dict[str, dict[str, dict[str, float]]]) -> float:
    return month["before"]["usd"]["total"] - month["after"]["usd"]["total"]
