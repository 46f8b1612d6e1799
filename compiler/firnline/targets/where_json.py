"""Which objects a change or a row of a schedule is about, as data."""

from __future__ import annotations

from typing import Any

from firnline.rules.diff.boxes import EVERY_SIZE, Box
from firnline.rules.diff.where import Excluded, Where
from firnline.s3.scope import NO_LIMIT


def where_json(where: Where) -> dict[str, Any]:
    plain = [each for each in where.excluded if _is_plain(each)]
    return {
        "prefixes": list(where.prefixes),
        "boxes": [_box(box) for box in where.boxes],
        "but_not": [
            {"prefix": each.prefix, "tags": dict(box.tags)} for each in plain for box in each.boxes
        ],
        "but_not_boxes": [
            {
                "prefix": each.prefix,
                "outside": list(each.outside),
                "boxes": [_box(box) for box in each.boxes],
            }
            for each in where.excluded
            if each not in plain
        ],
    }


def _is_plain(excluded: Excluded) -> bool:
    """Whether a prefix and tags say it all."""
    return not excluded.outside and all(
        box.sizes == EVERY_SIZE and not box.without for box in excluded.boxes
    )


def _box(box: Box) -> dict[str, Any]:
    return {
        "tags": dict(box.tags),
        "sizes": [
            {"at_least": least, "at_most": None if most == NO_LIMIT else most}
            for least, most in box.sizes
        ],
        "without_tags": [dict(tags) for tags in box.without],
    }
