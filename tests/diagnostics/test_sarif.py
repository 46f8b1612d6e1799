"""Diagnostics as SARIF, by the rules of GitHub's code scanning."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from firnline.catalog import catalog
from firnline.cli import main
from firnline.diagnostics.fix import apply
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity, Waived, documented_on
from firnline.diagnostics.position import BucketPlace, Source, Span, whole_file
from firnline.diagnostics.repository import Repository
from firnline.targets.formats.diagnostics_sarif import to_sarif
from firnline.targets.sarif import MOST_RESULTS
from tests.policies import TODAY, compiled, whole
from tests.sarif_rules import require_ingestible

HERE = Repository("/repo", "/repo", "policies/fleet.lock.yaml")
KIND = Kind("FL999", "test", Severity.ERROR, "a title", "Why.", "do this", "", "")
LOST = Kind("FL499", "test", Severity.ERROR, "a title", "Why.", "do this", "", "")


def results_of(*found: Diagnostic, waived: tuple[Waived, ...] = ()) -> list[dict[str, Any]]:
    document = json.loads(to_sarif(found, repository=HERE, waived=waived))
    require_ingestible(document)
    results: list[dict[str, Any]] = document["runs"][0]["results"]
    return results


def rules_of(*found: Diagnostic) -> list[dict[str, Any]]:
    document = json.loads(to_sarif(found, repository=HERE, waived=()))
    rules: list[dict[str, Any]] = document["runs"][0]["tool"]["driver"]["rules"]
    return rules


def prints_of(text: str, path: str = "policies/a.yaml") -> set[str]:
    found = compiled({path: text}).diagnostics
    assert found
    return {each["partialFingerprints"]["primaryLocationLineHash"] for each in results_of(*found)}


@pytest.mark.parametrize("kind", catalog(), ids=attrgetter("name"))
def test_whatever_is_found_is_taken_by_code_scanning(kind: Kind) -> None:
    compilation = compiled(kind.wrong)
    results = results_of(*compilation.diagnostics, waived=compilation.waived)
    assert len(results) == len(compilation.diagnostics) + len(compilation.waived)


def test_a_result_points_at_the_same_characters() -> None:
    source = Source("ml/größe #1.yaml", "a: 1\nb: 𝒳 22\n")
    (result,) = results_of(KIND.at(Span(source, 10, 12), "odd", also=[(Span(source, 0, 1), "cf.")]))
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {
        "uri": "ml/gr%C3%B6%C3%9Fe%20%231.yaml",
        "uriBaseId": "%SRCROOT%",
    }
    # Columns count characters, as the run says: the letter before takes two units of UTF-16.
    assert place["region"] == {"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 8}
    (related,) = result["relatedLocations"]
    assert related["message"] == {"text": "cf."}
    assert related["physicalLocation"]["region"]["startLine"] == 1


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "note")],
)
def test_levels_and_only_what_loses_data_is_of_security(severity: Severity, level: str) -> None:
    for kind in (KIND, LOST):
        found = replace(kind, severity=severity).at(whole_file("a.yaml"), "odd")
        (result,), (rule,) = results_of(found), rules_of(found)
        assert result["level"] == rule["defaultConfiguration"]["level"] == level
        assert ("security-severity" in rule["properties"]) == (kind is LOST)


@pytest.mark.parametrize(
    "place", [BucketPlace("logs", "111122223333"), whole_file("<stdin>"), whole_file("/etc/a.yaml")]
)
def test_what_is_in_no_file_of_the_repository_is_shown_in_the_lock_and_named(place: Any) -> None:
    (result,) = results_of(KIND.at(place, "odd"))
    (location,) = result["locations"]
    where = location["physicalLocation"]["artifactLocation"]["uri"]
    assert where == "policies/fleet.lock.yaml"
    assert location["logicalLocations"][0]["fullyQualifiedName"] == str(place)


MOVED = whole(
    "retain:\n  a: {prefix: a/, delete_after: 30d}\n  b: {prefix: /b/, delete_after: 9d}\n"
)
PLACES = {
    "a line above": "# by the platform team\n" + MOVED,
    "another order": whole(
        "retain:\n  b: {prefix: /b/, delete_after: 9d}\n  a: {prefix: a/, delete_after: 30d}\n"
    ),
    "block style": MOVED.replace(
        "{prefix: /b/, delete_after: 9d}", "\n    prefix: /b/\n    delete_after: 9d"
    ),
}


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_a_policy_that_moves_is_the_same_alert(text: str) -> None:
    assert prints_of(text) == prints_of(MOVED)
    assert prints_of(text, "policies/team/b.yaml") == prints_of(MOVED)


def test_another_retention_another_policy_and_another_code_are_other_alerts() -> None:
    assert prints_of(MOVED.replace("  b:", "  c:")).isdisjoint(prints_of(MOVED))
    named = re.sub(r"policy: \S+", "policy: other", MOVED, count=1)
    assert named != MOVED or "policy: " not in MOVED
    twice = MOVED.replace("prefix: /b/", "prefix: [/b/, /c/]")
    assert len(prints_of(twice)) == 2


def test_a_waived_finding_is_suppressed_with_its_reason() -> None:
    text = whole(
        "retain: {b: {prefix: /b/, delete_after: 30d}}\n"
        "waivers: [{code: FL309, why: keys begin with a slash here, expires: 2026-12-31}]"
    )
    compilation = compiled({"policies/a.yaml": text})
    assert compilation.diagnostics == ()
    (result,) = results_of(waived=compilation.waived)
    assert result["ruleId"] == "FL309"
    (suppression,) = result["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["justification"] == (
        "keys begin with a slash here (waived until 2026-12-31)"
    )


def test_a_fix_is_given_where_it_is_safe_and_makes_the_same_text() -> None:
    text = whole("retain: {r: {prefix: r/, delete_after: 30 d}}")
    found = [each for each in compiled({"a.yaml": text}).diagnostics if each.fix]
    assert found
    for each, result in zip(found, results_of(*found), strict=True):
        assert each.fix is not None
        if not each.fix.safe:
            assert "fixes" not in result
            continue
        (change,) = result["fixes"][0]["artifactChanges"]
        (edit,) = change["replacements"]
        region, lines = edit["deletedRegion"], text.splitlines(keepends=True)
        start = sum(map(len, lines[: region["startLine"] - 1])) + region["startColumn"] - 1
        end = sum(map(len, lines[: region["endLine"] - 1])) + region["endColumn"] - 1
        made = text[:start] + edit["insertedContent"]["text"] + text[end:]
        assert made == apply(text, [each.fix])[0]


def test_a_message_cannot_link_to_elsewhere() -> None:
    (result,) = results_of(KIND.at(whole_file("a.yaml"), "see [here](https://evil.example) \\](x)"))
    assert "](" not in result["message"]["text"]


def test_of_too_many_results_the_gravest_are_kept_and_the_rest_is_counted() -> None:
    place = whole_file("a.yaml")
    warnings = [KIND.at(place, str(n), severity=Severity.WARNING) for n in range(MOST_RESULTS)]
    errors = [KIND.at(place, str(n)) for n in range(20)]
    waived = (Waived(warnings[0], "known", date(2027, 1, 1)),)
    document = json.loads(to_sarif([*warnings, *errors], repository=HERE, waived=waived))
    require_ingestible(document)
    (run,) = document["runs"]
    levels = [each["level"] for each in run["results"]]
    assert levels == ["error"] * 20 + ["warning"] * (MOST_RESULTS - 20)
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("21 results are left out")


def test_results_without_end_stay_below_what_github_takes() -> None:
    import random

    chosen = random.Random(7)
    letters = [chr(each) for each in range(0x4E00, 0x9000)]
    found = [
        KIND.at(
            whole_file("a.yaml"),
            "".join(chosen.choices(letters, k=900)),
            notes=["".join(chosen.choices(letters, k=900))],
        )
        for _ in range(2000)
    ]
    text = to_sarif(found, repository=HERE, waived=())
    assert len(gzip.compress(text.encode())) < 10_000_000
    assert "are left out" in text


def test_it_is_written_beside_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "policies").mkdir()
    text = whole("retain: {r: {prefix: r/, delete_after: 30}}")
    (tmp_path / "policies/a.yaml").write_text(text)
    monkeypatch.chdir(tmp_path / "policies")
    outputs = ("--out", "text", "--out", "sarif:../found.sarif")
    assert main(["check", "--today", f"{TODAY}", *outputs]) == 1
    assert "error[FL105]" in capsys.readouterr().out
    document = json.loads((tmp_path / "found.sarif").read_text())
    require_ingestible(document)
    (result,) = document["runs"][0]["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "policies/a.yaml"


def test_a_rule_has_the_address_of_its_page_where_the_project_says_one() -> None:
    found = KIND.at(whole_file("a.yaml"), "odd")
    assert "helpUri" not in rules_of(found)[0]
    (documented,) = documented_on("https://docs.example.com", [found])
    assert rules_of(documented)[0]["helpUri"] == "https://docs.example.com/diagnostics/FL999.html"
