"""The storage metrics of a bucket → what is known of its contents on a day, and how it grew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from firnline.inventory.forecast.sizes_alone import STANDARD, OfPlace, SizesAlone
from firnline.inventory.storage_metrics import (
    OVERHEAD,
    PADDING,
    STAGING,
    STORED,
    Place,
    StorageMetrics,
)
from firnline.s3.billing import OVERHEAD as FOR_EACH_OBJECT

_AGES: Final = (7, 30, 60, 90, 180, 365)


def measured(metrics: StorageMetrics, day: date) -> SizesAlone:
    """On a day of which there are metrics."""
    found = metrics.on(day)
    bytes_in: dict[Place, int] = defaultdict(int)
    padding: dict[Place, int] = {PADDING[name]: found[name] for name in PADDING if name in found}
    archived = {
        OVERHEAD[name]: round(found[name] / FOR_EACH_OBJECT.value)
        for name in OVERHEAD
        if name in found
    }
    for name, place in (*STORED.items(), *((each, STANDARD) for each in STAGING)):
        if name in found:
            bytes_in[place] += found[name]
    places = {
        place: OfPlace(bytes_in[place], padding.get(place, 0), archived.get(place, 0))
        for place in dict.fromkeys((*bytes_in, *padding, *archived))
    }
    others = max(metrics.objects[day] - sum(archived.values()), 0)
    return SizesAlone(places, others, tuple(_older(metrics, day)))


def _older(metrics: StorageMetrics, day: date) -> Iterator[tuple[int, int]]:
    """What is older than so many days was stored on each of them: no more than on any."""
    names = [name for name in ("StandardStorage", *STAGING) if name in metrics.sizes]
    stored = {
        each: sum(metrics.sizes[name].get(each, 0) for name in names)
        for each in metrics.sizes.get("StandardStorage", {})
        if each <= day
    }
    for age in _AGES:
        sizes = [size for each, size in stored.items() if each >= day - timedelta(days=age)]
        if sizes:
            yield age, min(sizes)


def grown_by(metrics: StorageMetrics, since: date, until: date) -> int | None:
    """How much more is stored than on an earlier day; None where one of them has no metrics."""
    if since not in metrics.objects or until not in metrics.objects:
        return None
    return metrics.stored_on(until) - metrics.stored_on(since)
