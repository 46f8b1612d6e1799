"""What a line of a program or of a references file means."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.reach.location import Location, LocationKind, UnknownLocation, location_as_written
from firnline.reach.reference_lines import from_json, to_json
from firnline.reach.references import (
    CheckpointRule,
    OrphanReason,
    Reference,
    Root,
    Strength,
    Unneeded,
)

MORE: dict[str, dict[str, Any]] = {
    "unneeded": {"reason": "run_failed", "because": ["run owl"]},
    "root": {"known_ids": "[0-9a-f]{32}", "what": "runs"},
    "checkpoints": {"match": ["*"], "keep_newest": 1, "because": ["run owl"]},
}


@pytest.mark.parametrize("kind", MORE)
@pytest.mark.parametrize("key", ["runs/x#1", "runs/a%20b", "runs/a+b", "runs//x", "runs/../x"])
def test_further_readings_of_a_uri_are_needed_and_never_let_anything_go(
    kind: str, key: str
) -> None:
    """Of `s3://lab/runs/x#1` all of `runs/` is a reading."""
    uri = f"s3://lab/{key}/"
    (found,) = from_json({kind: {"uri": uri, **MORE[kind]}})
    assert isinstance(found, Unneeded | Root | CheckpointRule)
    assert found.location == Location("lab", LocationKind.DIR, key)
    needed = list(from_json({"reference": {"uri": uri, "because": ["model m"]}}))
    assert len(needed) > 1


def test_a_folder_may_be_given_with_its_slash_or_without() -> None:
    for key in ("models/churn", "models/churn/"):
        said = {"bucket": "lab", "key": key, "because": ["model churn"]}
        (found,) = from_json({"reference": said})
        assert isinstance(found, Reference)
        assert found.location.covers("models/churn/v1/model.pkl")


_KEYS = st.text("ab/", max_size=6)


@given(_KEYS, st.sampled_from(LocationKind))
def test_lines_read_back_are_what_was_written(key: str, kind: LocationKind) -> None:
    try:
        where = location_as_written(f"s3://lab/{key}", kind)
    except UnknownLocation:
        return
    unneeded = Unneeded(where, OrphanReason.RUN_FAILED, ("run owl",))
    root = Root(where, "[0-9a-f]{32}", "runs")
    for said in (unneeded, root):
        assert list(from_json(to_json(said))) == [said]


@given(_KEYS, st.sampled_from(LocationKind), _KEYS)
def test_a_reference_read_back_covers_all_that_it_covered(
    key: str, kind: LocationKind, stored: str
) -> None:
    written = Reference(Location("lab", kind, key), Strength.PIN, ("model m",))
    (found,) = from_json(to_json(written))
    assert isinstance(found, Reference)
    assert found.location.covers(stored) or not written.location.covers(stored)
