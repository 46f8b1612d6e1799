"""A snapshot that shares its unchanged files with another compiles to what it compiles to alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.cli import main
from firnline.pipeline import Compilation, compile_beside, compile_files
from firnline.workspace import read_folder
from tests.policies import whole

GOLDEN = Path(__file__).parent / "golden"
Files = dict[str, bytes]
_NUMBER = re.compile(rb"\b(\d+)d\b")


def _files(case: Path) -> Files:
    found = read_folder(case / "policies" if (case / "policies").is_dir() else case)
    return {path: content for path, content in found.items() if isinstance(content, bytes)}


CASES = {each.name: _files(each) for each in sorted(GOLDEN.iterdir()) if each.is_dir()}


@st.composite
def changed(draw: st.DrawFn, files: Files) -> Files:
    """Some files gone, twice there, under another name, or with another number of days."""
    found: Files = {}
    for path, content in files.items():
        match draw(st.sampled_from(["same", "same", "gone", "twice", "renamed", "changed"])):
            case "gone":
                continue
            case "twice":
                found |= {path: content, f"copy-of/{Path(path).name}": content}
            case "renamed":
                found[f"renamed/{Path(path).name}"] = content
            case "changed":
                days = list(_NUMBER.finditer(content))
                if days:
                    chosen = draw(st.sampled_from(days))
                    other = str(draw(st.integers(1, 400))).encode()
                    content = content[: chosen.start(1)] + other + content[chosen.end(1) :]
                found[path] = content
            case _:
                found[path] = content
    return found


def meaning(compilation: Compilation) -> object:
    codes = {each.kind.code for each in compilation.diagnostics if each.severity.value == "error"}
    return codes, [(each.bucket, each.rules) for each in compilation.buckets]


@given(st.data())
def test_what_is_shared_changes_no_rule_and_no_error(data: st.DataObject) -> None:
    files = CASES[data.draw(st.sampled_from(sorted(CASES)))]
    other = compile_files(files)
    assert not other.failed
    before = data.draw(changed(files))
    assert meaning(compile_beside(before, other)) == meaning(compile_files(before))


def test_equal_files_and_their_programs_are_compiled_once() -> None:
    files = CASES["patterns-and-lock"]
    other = compile_files(files)
    again = compile_beside(files, other)
    assert [each.program for each in again.buckets] == [each.program for each in other.buckets]
    assert all(one is another for one, another in zip(again.read, other.read, strict=True))


def test_a_mistake_that_only_the_first_snapshot_has_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    short = whole("retain: {logs: {prefix: logs/, delete_after: 90d}}\n")
    longer = short.replace("logs/", "logs/audit/").replace("90d", "400d")
    longer = longer.replace("policy: example", "policy: audit")
    for folder in ("before", "after"):
        Path(folder).mkdir()
        Path(folder, "short.yaml").write_text(short)
    Path("before/audit.yaml").write_text(longer)
    assert main(["diff", "before", "after"]) == 1
    told = capsys.readouterr()
    assert "error[FL301]" in told.err
    assert "nothing was compared: before has errors" in told.err
