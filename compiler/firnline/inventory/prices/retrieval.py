"""What does it cost to read an object, by its storage class? us-east-1, as it was on one day.

AWS price lists AmazonS3 of 2026-09-28, and AmazonS3GlacierDeepArchive of 2026-09-11. Archived
objects are restored first, which is billed for each object and its bytes. The standard speed counts
here, and the copy that is there for a while, at the price of STANDARD, does not.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from firnline.inventory.prices.price_list import Prices


class Retrieval(NamedTuple):
    """In USD. `a_restore` and `a_restored_gb` where an object must be restored first, which takes
    so many `hours` at the standard speed and in bulk.
    """

    a_thousand_reads: Decimal
    a_gb: Decimal = Decimal(0)
    a_thousand_restores: Decimal = Decimal(0)
    a_restored_gb: Decimal = Decimal(0)
    hours: str = ""


_GET: Final = Decimal("0.0004")
_KNOWN: Final[dict[str, dict[str, Retrieval]]] = {
    "us-east-1": {
        "STANDARD": Retrieval(_GET),
        "REDUCED_REDUNDANCY": Retrieval(_GET),
        "INTELLIGENT_TIERING": Retrieval(_GET),
        "STANDARD_IA": Retrieval(Decimal("0.001"), Decimal("0.01")),
        "ONEZONE_IA": Retrieval(Decimal("0.001"), Decimal("0.01")),
        "GLACIER_IR": Retrieval(Decimal("0.01"), Decimal("0.03")),
        "GLACIER": Retrieval(
            _GET, Decimal(0), Decimal("0.05"), Decimal("0.01"), "3 to 5 hours, or 5 to 12 in bulk"
        ),
        "DEEP_ARCHIVE": Retrieval(
            _GET, Decimal(0), Decimal("0.10"), Decimal("0.02"), "12 hours, or 48 in bulk"
        ),
    }
}
HOURS: Final = {name: each.hours for name, each in _KNOWN["us-east-1"].items() if each.hours}
"""How long a restore takes; S3 User Guide, "Archive retrieval options"."""


def retrieval(prices: Prices, storage_class: str) -> Retrieval | None:
    """None where it is not known; without the factor of `prices`."""
    return _KNOWN.get(prices.region, {}).get(storage_class)
