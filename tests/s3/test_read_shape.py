"""Whatever S3 keeps can be read, in each of the forms in which it comes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from firnline.s3.read_shape import Unreadable, read_rule

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


def expiring(when: Any) -> dict[str, Any]:
    return {"ID": "a", "Status": "Enabled", "Filter": {}, "Expiration": {"Date": when}}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (datetime(9999, 12, 31, tzinfo=UTC), LAST),
        ("9999-12-31T00:00:00Z", LAST),
        ("0001-01-01", FIRST),
        ("2030-01-01T00:00:00+02:00", date(2029, 12, 31)),
        (date(2030, 1, 1), date(2030, 1, 1)),
    ],
)
def test_any_date_is_the_day_in_utc(written: Any, kept: date) -> None:
    assert read_rule(expiring(written)).expires == kept


@pytest.mark.parametrize("written", ["soon", "0001-01-01T00:00:00+02:00", 7])
def test_what_is_no_date_is_said_with_its_path(written: Any) -> None:
    with pytest.raises(Unreadable, match=r"`Rule\.Expiration\.Date` is no date"):
        read_rule(expiring(written))


@pytest.mark.parametrize("written", ["true", "false", 1, {}])
def test_a_marker_action_that_is_neither_true_nor_false_is_named(written: object) -> None:
    shape = {
        "Status": "Enabled",
        "Filter": {},
        "Expiration": {"ExpiredObjectDeleteMarker": written},
    }
    with pytest.raises(Unreadable, match=r"`Rule\.Expiration\.ExpiredObjectDeleteMarker` is"):
        read_rule(shape)
