"""Of what that S3 charges for is there no price?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.inventory.prices.price_list import INTELLIGENT_TIERING, NoPrice, Prices, in_words
from firnline.inventory.prices.retrieval import BILLED, unpriced
from firnline.s3.law.classes import CLASSES, DIRECTORY_CLASS, TARGETS
from firnline.s3.terms import AccessTier


def missing(prices: Prices) -> tuple[str, ...]:
    """In words; a forecast that needs one of these fails, or says of reads that their cost is not
    known.
    """
    return tuple(_missing(prices))


def _missing(prices: Prices) -> Iterator[str]:
    for name in (*CLASSES, DIRECTORY_CLASS):
        for tier in AccessTier if name == INTELLIGENT_TIERING else (None,):
            try:
                prices.storage(name, tier)
            except NoPrice:
                yield f"storage in {in_words(name, tier)}"
    for name in TARGETS:
        try:
            prices.transition_into(name)
        except NoPrice:
            yield f"transitions into {name}"
    try:
        prices.monitoring()
    except NoPrice:
        yield f"monitoring in {INTELLIGENT_TIERING}"
    if without := unpriced(prices):
        every = len(without) == len(BILLED)
        yield "reads" if every else f"reads from {' and '.join(without)}"
