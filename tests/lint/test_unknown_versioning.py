"""Where nobody says whether versions are kept, both are judged, and what depends on it says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.lint import Circumstances
from firnline.s3.terms import Versioning
from tests.lint.marked import found_in

RULE: dict[str, Any] = {
    "ID": "logs",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Expiration": {"Days": 30},
}
COLD = {"Transitions": [{"Days": 10, "StorageClass": "GLACIER"}]}
OLD = {"NoncurrentVersionExpiration": {"NoncurrentDays": 80}}


def found(rule: dict[str, Any], versioning: Versioning | None = None) -> dict[str, Diagnostic]:
    text = json.dumps({"Rules": [rule]}, indent=1)
    return {each.kind.code: each for each in found_in(text, Circumstances(versioning=versioning))}


def says_that_it_depends(diagnostic: Diagnostic, *, on_kept_versions: bool) -> bool:
    start = (
        "only where the bucket keeps" if on_kept_versions else "only where the bucket never kept"
    )
    return any(note.startswith(start) for note in diagnostic.notes)


def test_a_plain_expiration_frees_nothing_only_where_versions_are_kept() -> None:
    unknown = found(RULE)
    assert unknown.keys() == {"FL310"}
    assert unknown["FL310"].severity is Severity.WARNING
    assert says_that_it_depends(unknown["FL310"], on_kept_versions=True)


def test_a_stay_is_short_only_where_versions_are_not_kept() -> None:
    unknown = found({**RULE, **COLD, **OLD})
    assert says_that_it_depends(unknown["FL502"], on_kept_versions=False)
    assert "FL502" in found({**RULE, **COLD, **OLD}, Versioning.OFF)
    assert "FL502" not in found({**RULE, **COLD, **OLD}, Versioning.ENABLED)


@pytest.mark.parametrize("versioning", Versioning)
def test_what_is_known_does_not_depend(versioning: Versioning) -> None:
    for diagnostic in found({**RULE, **COLD, **OLD}, versioning).values():
        assert not any(note.startswith("only where") for note in diagnostic.notes)


def test_what_holds_either_way_is_said_once_without_a_condition() -> None:
    everything = found({**RULE, "Filter": {}})["FL240"]
    assert not any(note.startswith("only where") for note in everything.notes)


def test_what_is_found_twice_in_one_reading_still_depends_on_it() -> None:
    """Two rules move different objects, which leave by one expiration."""
    moves = [
        {"ID": name, "Status": "Enabled", "Filter": {"Prefix": f"logs/{name}/"}, **COLD}
        for name in ("app", "web")
    ]
    text = json.dumps({"Rules": [{**RULE, **OLD}, *moves]}, indent=1)
    (short,) = [each for each in found_in(text) if each.kind.code == "FL502"]
    assert says_that_it_depends(short, on_kept_versions=False)


def test_of_many_rules_that_may_free_nothing_one_stands_for_all() -> None:
    rules = [{**RULE, "ID": str(n), "Filter": {"Prefix": f"{n}/"}} for n in range(20)]
    text = json.dumps({"Rules": rules})
    (diagnostic,) = found_in(text)
    assert "the same holds for 19 more rules" in diagnostic.notes
    known = found_in(text, Circumstances(versioning=Versioning.ENABLED))
    assert len(known) == 20


def test_a_rule_for_old_versions_is_only_noted_where_none_were_ever_kept() -> None:
    rule = {**RULE, "Expiration": {"ExpiredObjectDeleteMarker": True}, **OLD}
    (idle,) = found(rule, Versioning.OFF).values()
    assert (idle.kind.code, idle.severity) == ("FL241", Severity.NOTE)
    assert found(rule) == {}
