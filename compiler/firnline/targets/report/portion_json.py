"""A portion of what is stored, and dollars, as data: null where they are not known."""

from __future__ import annotations

from typing import Any, Final

from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.stays import by_class
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.portions.dollars import Dollars
from firnline.inventory.portions.due import StoredFate
from firnline.inventory.portions.paid import Paid
from firnline.inventory.portions.portion import Portion
from firnline.targets.between_json import number, volume_of
from firnline.targets.report.model import ALL_MONTHS, NEXT_MONTH
from firnline.targets.report.verdict import classes_into

_HAPPENS: Final = {
    Happens.DELETED: "deleted",
    Happens.DELETE_MARKERS: "hidden",
    Happens.ABORTED: "aborted",
    Happens.MARKERS_REMOVED: "markers_removed",
}


def portion_json(portion: Portion) -> dict[str, Any]:
    now = portion.now
    return {
        **stored_json(now.total),
        "noncurrent": stored_json(now.noncurrent),
        "delete_markers": now.delete_markers,
        "uploads": stored_json(now.uploads),
        "classes": {
            name: _billed(volume, portion.usd_by_class[name])
            for name, volume in by_class(now.billed).items()
        },
        "usd_a_month": usd_json(portion.usd_a_month),
        "next_month": events_json(portion, NEXT_MONTH),
        "all_months": events_json(portion, ALL_MONTHS),
        "fates": {each.value: volume_of(portion.fate(each)) for each in StoredFate},
        **paid_json(portion.paid),
    }


def _billed(volume: Volume, usd: Dollars) -> dict[str, Any]:
    return {**stored_json(volume), "usd_a_month": usd_json(usd), "usd_without": without_json(usd)}


def paid_json(paid: Paid) -> dict[str, Any]:
    return {
        **{f"{name}_usd": usd_json(total) for name, total in paid._asdict().items()},
        "usd_without": without_json(paid.saved),
    }


def events_json(portion: Portion, month: int | None) -> dict[str, Any]:
    return {
        **{name: volume_of(portion.done([each], month)) for each, name in _HAPPENS.items()},
        "moved": {name: volume_of(portion.done([name], month)) for name in classes_into(portion)},
    }


def stored_json(volume: Volume) -> dict[str, int]:
    return {"objects": volume.objects, "bytes": volume.bytes}


def usd_json(total: Dollars) -> Any:
    return None if total.amount is None else number(total.amount)


def without_json(total: Dollars) -> list[str]:
    return sorted(total.without)
