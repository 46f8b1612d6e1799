"""Whatever stands in a file or is its name: no report of `check` does what it says."""

from __future__ import annotations

import time

import pytest

from firnline.cli.formats import FormatName
from firnline.diagnostics.visible import visible
from firnline.language.check import Known
from firnline.pipeline import Compilation, check_files
from tests.hostile.files import PLAIN, POLICY, lifecycle_files, other_files, policies
from tests.hostile.judges import MOST, reports, require_inert
from tests.hostile.texts import NUL, SURROGATE, TEXTS, huge
from tests.policies import TODAY

READ = [name for name in FormatName if name is not FormatName.JSON]
"""What people read; JSON is for programs, and has values as they are."""


def checked(files: dict[str, str]) -> Compilation:
    content = {path: text.encode("utf-8", "surrogatepass") for path, text in files.items()}
    return check_files(content, Known(today=TODAY))


def judge(files: dict[str, str]) -> Compilation:
    compilation = checked(files)
    for name, output in reports(compilation.diagnostics, compilation.waived).items():
        require_inert(name, output)
    return compilation


@pytest.mark.parametrize("text", [*TEXTS.values(), SURROGATE, NUL], ids=[*TEXTS, "half", "NUL"])
def test_in_every_place_of_a_policy(text: str) -> None:
    for place, policy in policies(text).items():
        compilation = judge({f"policies/{place}.yaml": policy})
        assert compilation.diagnostics


@pytest.mark.parametrize("text", [*TEXTS.values(), SURROGATE, NUL], ids=[*TEXTS, "half", "NUL"])
def test_in_every_place_of_a_lifecycle_file(text: str) -> None:
    for path, content in lifecycle_files(text).items():
        judge({path: content})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["breaks lines", "turns around", "a command behind a line end"])
def test_in_every_place_of_any_other_file_of_ours(name: str) -> None:
    for path, content in other_files(TEXTS[name]):
        judge({path: content, "policies/a.yaml": POLICY.format_map(PLAIN)})


def test_in_some_places_of_other_files_of_ours() -> None:
    """Of what the slow test does in all."""
    text = "a ##[error]\n::error::\u202e\u001b[2K`"
    for path, content in list(other_files(text))[::3]:
        assert judge({path: content}).diagnostics


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_raw_in_a_file(text: str) -> None:
    judge({"policies/a.yaml": f"firnline: policy/v1\n{text}: {text}\n{text}"})
    judge({"policies/a.yaml": text})
    judge({"rules.json": f'{{"Rules": [{text}'})


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_as_the_name_of_a_file(text: str) -> None:
    policy = POLICY.format_map({**PLAIN, "delete_after": "30"})
    for path in (f"{text}.yaml", f"policies/{text}/a.yaml", f" {text}"):
        assert judge({path: policy}).diagnostics


@pytest.mark.slow
@pytest.mark.parametrize("name", huge(1))
def test_a_huge_value_is_cut_in_what_people_read(name: str) -> None:
    text = huge(3_000_000)[name]
    files = [
        {"policies/a.yaml": POLICY.format_map({**PLAIN, place: f'"{text}"'})}
        for place in ("delete_after", "owner", "prefix", "unknown")
    ]
    files.append({"rules.json": lifecycle_files(text[:1_000_000])["rules.json"]})
    for each in files:
        compilation = checked(each)
        assert compilation.diagnostics
        started = time.process_time()
        outputs = reports(compilation.diagnostics, compilation.waived)
        assert time.process_time() - started < 20
        for format, output in outputs.items():
            require_inert(format, output)
            assert format is FormatName.JSON or len(output) < MOST, (format, len(output))


def test_a_text_is_shown_and_not_swallowed() -> None:
    text = TEXTS["turns around"]
    compilation = checked({"a.yaml": policies(text)["delete_after"]})
    for name, output in reports(compilation.diagnostics).items():
        if name is not FormatName.JSON:
            assert visible(text).replace("\\", "\\\\") in output or visible(text) in output, name
