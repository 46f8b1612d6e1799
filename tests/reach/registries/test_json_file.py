"""A JSON manifest: what it says is needed, and everything that makes it not count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reach.registries.fleets import answered, fleet_folder, gc_refs, problem_of, uris

TWO = {"versions": [{"uri": "s3://acme/m/a"}, {"uri": "s3://acme/m/b/"}], "total": 2}


def read(
    folder: Path, document: Any, path: str = "versions[*].uri", more: str = ""
) -> tuple[int, Path]:
    policies = fleet_folder(folder, f'  models: {{json: {{file: m.json, path: "{path}"{more}}}}}\n')
    content = document if isinstance(document, str) else json.dumps(document)
    (policies / "m.json").write_text(content)
    return gc_refs(folder, "--out", str(folder / "refs.jsonl")), folder / "refs.jsonl"


def test_each_location_of_a_manifest_is_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, file = read(tmp_path, TWO)
    assert code == 0
    assert uris(file) == {"s3://acme/m/a/", "s3://acme/m/b/"}
    certificate = answered(file)["models"].certificate
    assert (certificate.count, certificate.independent_count) == (2, 2)
    assert str(certificate.snapshot).startswith("sha256 ")
    shown = capsys.readouterr().out
    assert "models (json): complete" in shown
    assert "pin s3://acme/m/a/ ← models entry 1" in shown


@pytest.mark.parametrize(
    ("document", "path", "why"),
    [
        ({"versions": [{"uri": "s3://acme/a"}, {}]}, "versions[*].uri", "but 2 by"),
        ({"versions": [{"uri": "s3://acme/a"}, None]}, "versions[*].uri", "but 2 by"),
        ({"versions": [{"uri": ""}]}, "versions[*].uri", "entry 1 has no location"),
        ({"versions": [{"uri": {"s3": "x"}}]}, "versions[*].uri", "entry 1 has a location"),
        ({"versions": [{"uri": "gs://acme/a"}]}, "versions[*].uri", "`gs://acme/a` has the"),
        ('{"versions": [{"uri": "s3://ac', "versions[*].uri", "no JSON, or not whole"),
        (TWO, "versions[*", "no JMESPath"),
    ],
)
def test_an_entry_without_a_location_and_a_damaged_document_are_not_complete(
    document: Any, path: str, why: str, tmp_path: Path
) -> None:
    code, file = read(tmp_path, document, path)
    assert code == 1
    assert why in problem_of(file, "models")


@pytest.mark.parametrize(
    "path", ["versions[*].uri | [?@]", "models[].versions[].uri", "models[*].versions[*].uri"]
)
def test_a_path_whose_entries_cannot_be_counted_serves_for_reports_alone(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = {**TWO, "models": [{"versions": TWO["versions"]}, {"name": "empty"}]}
    code, file = read(tmp_path, document, path)
    assert code == 1
    assert answered(file)["models"].certificate.independent_count is None
    assert "give it a count of its own" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("versions[?state != 'deleted'].uri", 2),
        ("models.*.uri", 2),
        ("models.*.[uri, eval]", 4),
        ("groups[*].versions[*].uri", 2),
        ("versions[*].uri || `[]`", None),
    ],
)
def test_the_entries_of_a_path_are_counted_apart_from_what_it_selects(
    path: str, count: int | None, tmp_path: Path
) -> None:
    a, b = (
        {"uri": "s3://acme/a", "eval": "s3://acme/e"},
        {"uri": "s3://acme/b", "eval": "s3://fff/f"},
    )
    document = {
        "versions": [a, b, {"state": "deleted"}],
        "models": {"a": a, "b": b},
        "groups": [{"versions": [a]}, {"versions": [b]}],
    }
    _, file = read(tmp_path, document, path)
    certificate = answered(file)["models"].certificate
    assert certificate.independent_count == count
    assert certificate.is_complete == (count is not None)


def test_a_number_in_the_document_may_count_its_locations(tmp_path: Path) -> None:
    code, file = read(tmp_path, TWO, more=", count: total")
    assert (code, answered(file)["models"].certificate.counted_by) == (0, "`total`")
    code, file = read(tmp_path, {**TWO, "total": 3}, more=", count: total")
    assert (code, "but 3 by" in problem_of(file, "models")) == (1, True)
    code, file = read(tmp_path, TWO, more=", count: missing")
    assert (code, "no whole number at `missing`" in problem_of(file, "models")) == (1, True)


def test_a_file_that_is_missing_is_named_with_what_it_is_relative_to(tmp_path: Path) -> None:
    fleet_folder(tmp_path, "  models: {json: {file: gone.json, path: a}}\n")
    assert gc_refs(tmp_path, "--out", str(tmp_path / "refs")) == 1
    assert "folder of the fleet file" in problem_of(tmp_path / "refs", "models")


def test_only_the_registries_that_are_named_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    read(tmp_path, TWO)
    capsys.readouterr()
    assert gc_refs(tmp_path, "--registry", "modles") == 2
    assert "`models`" in capsys.readouterr().err
    assert gc_refs(tmp_path, "--registry", "models") == 0
