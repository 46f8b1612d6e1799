"""An answer that shrank does not count, and never becomes what the next is compared with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reach.registries.fleets import answered, fleet_folder, gc_refs, problem_of


def read(folder: Path, count: int, more: str = "", *options: str) -> int:
    """`count` is how many models the registry names now."""
    policies = fleet_folder(
        folder, f'  models: {{json: {{file: m.json, path: "[*]", account: lab{more}}}}}\n'
    )
    (policies / "m.json").write_text(json.dumps([f"s3://acme/m/{n}" for n in range(count)]))
    return gc_refs(folder, "--out", str(folder / "refs"), *options)


def test_a_tenth_fewer_is_complete_and_more_than_that_is_not(tmp_path: Path) -> None:
    assert read(tmp_path, 100) == 0
    assert read(tmp_path, 90) == 0
    assert read(tmp_path, 80) == 1  # less than 81, nine tenths of 90
    assert "names 80 references, and 90 on" in problem_of(tmp_path / "refs", "models")


def test_a_shrunk_answer_is_not_what_the_next_is_compared_with(tmp_path: Path) -> None:
    assert read(tmp_path, 100) == 0
    assert read(tmp_path, 50) == 1
    assert read(tmp_path, 50) == 1
    last = answered(tmp_path / "refs")["models"].last
    assert last is not None
    assert last.references == 100
    assert read(tmp_path, 100) == 0


def test_the_share_may_be_set(tmp_path: Path) -> None:
    assert read(tmp_path, 100) == 0
    assert read(tmp_path, 60, ", may_shrink_by: 40%") == 0
    assert read(tmp_path, 50, ", may_shrink_by: 5%") == 1


@pytest.mark.parametrize(
    ("until", "code"), [("9999-12-31", 0), ("2026-01-31", 1), ("2026-02-31", 1)]
)
def test_a_dated_reason_lets_a_shrunk_answer_count(until: str, code: int, tmp_path: Path) -> None:
    assert read(tmp_path, 100) == 0
    assert read(tmp_path, 5, f", shrank: {{until: {until}, why: old models are gone}}") == code


def test_nothing_at_all_needs_a_reason(tmp_path: Path) -> None:
    assert read(tmp_path, 0) == 1
    assert "names nothing at all" in problem_of(tmp_path / "refs", "models")
    assert read(tmp_path, 0, ", may_be_empty: nothing is registered yet") == 0


def test_an_earlier_file_may_be_named(tmp_path: Path) -> None:
    assert read(tmp_path, 100) == 0
    (tmp_path / "refs").rename(tmp_path / "last")
    assert read(tmp_path, 5, "", "--previous", str(tmp_path / "last")) == 1


def test_a_file_that_is_none_of_ours_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "refs").write_text("my notes\n")
    assert read(tmp_path, 5) == 2
    assert (tmp_path / "refs").read_text() == "my notes\n"
    assert "delete it, or name another file" in " ".join(capsys.readouterr().err.split())


def test_a_registry_that_is_left_out_is_not_read_and_keeps_what_it_is_compared_with(
    tmp_path: Path,
) -> None:
    policies = fleet_folder(
        tmp_path,
        '  models: {json: {file: m.json, path: "[*]"}}\n'
        '  others: {json: {file: o.json, path: "[*]"}}\n',
    )
    for name in "mo":
        (policies / f"{name}.json").write_text(json.dumps([f"s3://acme/m/{n}" for n in range(9)]))
    refs = tmp_path / "refs"
    assert gc_refs(tmp_path, "--out", str(refs)) == 0
    assert gc_refs(tmp_path, "--registry", "models", "--out", str(refs)) == 0
    assert answered(refs)["models"].certificate.is_complete
    assert "left out by `--registry`" in problem_of(refs, "others")
    (policies / "o.json").write_text('["s3://acme/m/1"]')
    assert gc_refs(tmp_path, "--out", str(refs)) == 1
    assert "names 1 reference, and 9 on" in problem_of(refs, "others")
