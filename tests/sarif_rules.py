"""What code scanning of GitHub takes: its rules on SARIF, as far as the tests need them.

After GitHub Docs, SARIF support for code scanning. Slow tests ask Microsoft's validator, which has
them all (tests/sarif/).
"""

from __future__ import annotations

import re
from typing import Any

LEVELS = {"error", "warning", "note", "none"}
_URI = re.compile(r"(?!/)([A-Za-z0-9\-._~/]|%[0-9A-F]{2})+")


def require_ingestible(document: dict[str, Any]) -> None:
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        _require_rule(rule)
    assert len(run["results"]) <= 5000
    prints = [each["partialFingerprints"]["primaryLocationLineHash"] for each in run["results"]]
    assert len(set(prints)) == len(prints)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        _require_result(result)


def _require_rule(rule: dict[str, Any]) -> None:
    for name in ("shortDescription", "fullDescription", "help"):
        assert 0 < len(rule[name]["text"]) <= 1024, name
    assert len(rule["name"]) <= 255
    assert rule.get("helpUri", "https://").startswith("https://")
    assert rule["defaultConfiguration"]["level"] in LEVELS
    properties = rule["properties"]
    assert 0 < len(properties["tags"]) <= 20
    assert ("security-severity" in properties) == rule["id"].startswith("FL4")
    assert 0 < float(properties.get("security-severity", "1")) <= 10


def _require_result(result: dict[str, Any]) -> None:
    assert result["level"] in LEVELS
    assert result["message"]["text"]
    assert 0 < len(result["locations"]) <= 1000
    assert len(result.get("relatedLocations", ())) <= 1000
    for location in [*result["locations"], *result.get("relatedLocations", ())]:
        place = location["physicalLocation"]
        assert _URI.fullmatch(place["artifactLocation"]["uri"]), place
        assert place["region"]["startLine"] >= 1
    for each in result.get("suppressions", ()):
        assert each["justification"]
