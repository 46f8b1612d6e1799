"""`--ingest PREFIX=SIZE/month[@SIZE]` → what is written every month."""

from __future__ import annotations

import argparse
import re
from typing import Final

from firnline.cli.option_types import option_type, size
from firnline.inventory.forecast.arrivals import Ingest
from firnline.language.units import suggest_size
from firnline.s3.terms import SIZE_UNITS

EACH: Final = "64MiB"
"""The size of an object, unless it is said."""
_INGEST: Final = re.compile(r"(?P<prefix>.*)=(?P<size>[^/@=]+)/month(@(?P<each>.+))?")
_UNITS: Final = {**SIZE_UNITS, "PiB": 2**50}
_AMOUNT: Final = re.compile(rf"([0-9]{{1,18}})({'|'.join(_UNITS)})?")
_MOST: Final = 1_000 * _UNITS["PiB"]


@option_type
def ingest(text: str) -> Ingest:
    found = _INGEST.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} does not say how much: write checkpoints/=500GiB/month")
    amount = _of_a_month(found["size"])
    try:
        each = size(found["each"] or EACH)
    except argparse.ArgumentTypeError as problem:
        raise ValueError(str(problem)) from None
    if not amount or not each:
        raise ValueError(f"{text!r} is nothing: write checkpoints/=500GiB/month")
    return Ingest(found["prefix"], amount, each)


def _of_a_month(text: str) -> int:
    """In bytes. Raises `ValueError`."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        near = suggest_size(text) or f"a whole number of {', '.join(_UNITS)}, such as 1536GiB"
        raise ValueError(f"{text!r} is not a size; write {near}")
    amount = int(found[1]) * _UNITS[found[2] or "B"]
    if amount > _MOST:
        raise ValueError(f"{text!r} is more than 1,000PiB a month; write 1000PiB or less")
    return amount
