"""Golden cases: a folder of policies, and beside it the S3 JSON that it means, read by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from firnline.language.syntax import Content
from firnline.pipeline import compile_files
from firnline.rules.expected import outcomes
from firnline.targets.expected import Answered
from firnline.targets.formats.expected_text import to_text as outcomes_to_text
from firnline.targets.formats.rules_s3_json import to_s3_json
from firnline.targets.formats.rules_text import to_words
from firnline.workspace import read_folder
from tests.golden_files import Golden
from tests.policies import codes

GOLDEN = Path(__file__).parent / "golden"
# Notes: an override drops a transition, `gc` deletes and no rule does, a hold keeps more than it
# names.
REMARKS = {"whole-language": ["FL324"], "design-sample": ["FL324", "FL326", "FL701"]}
CASES = sorted(folder.name for folder in GOLDEN.iterdir())


@pytest.mark.parametrize("case", CASES)
def test_a_golden_case_compiles_to_the_json_beside_it(case: str, golden: Golden) -> None:
    compilation = compile_files(read_folder(GOLDEN / case))
    assert codes(compilation.diagnostics) == REMARKS.get(case, [])
    golden.json(GOLDEN / case / "s3.json", to_s3_json(compilation))


@pytest.mark.parametrize("case", [case for case in CASES if (GOLDEN / case / "words.txt").exists()])
def test_a_golden_case_is_told_in_the_words_beside_it(case: str, golden: Golden) -> None:
    golden.text(GOLDEN / case / "words.txt", to_words(compile_files(read_folder(GOLDEN / case))))


@pytest.mark.parametrize(
    "case", [case for case in CASES if (GOLDEN / case / "expectations.yaml").exists()]
)
def test_what_is_expected_of_a_golden_case_is_answered_beside_it(
    case: str, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(GOLDEN / case)
    compilation = compile_files(read_folder("."))
    answer = Answered(
        tuple(
            each for one in compilation.folder.cases for each in outcomes(one, compilation.buckets)
        )
    )
    golden.text(Path("tested.txt"), outcomes_to_text(answer))


@pytest.mark.parametrize("case", CASES)
def test_the_names_of_files_and_the_order_of_keys_change_no_byte(case: str) -> None:
    files = read_folder(GOLDEN / case)
    renamed = {
        f"{number}.yaml": _with_keys_reversed(files[name])
        for number, name in enumerate(sorted(files, reverse=True))
    }
    assert to_s3_json(compile_files(renamed)) == to_s3_json(compile_files(files))


def _with_keys_reversed(content: Content) -> bytes:
    """The same document, all its keys in the opposite order but for `firnline`, which is first."""
    assert isinstance(content, bytes)
    document = yaml.load(content, Loader=yaml.BaseLoader)
    return json.dumps({"firnline": document["firnline"], **_reversed(document)}).encode()


def _reversed(value: Any) -> Any:
    match value:
        case dict():
            return {key: _reversed(value[key]) for key in reversed(value)}
        case list():
            return [_reversed(each) for each in value]
        case _:
            return value


def test_the_hash_seed_changes_no_byte() -> None:
    case = str(GOLDEN / "one-bucket-many-policies")
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "firnline", "compile", case, "--out", "s3-json"],
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


def test_the_order_of_retentions_changes_no_rule() -> None:
    text = (GOLDEN / "classic-ml" / "policy.yaml").read_text()
    failed = "  failed-experiments:\n    prefix: experiments/failed/\n    delete_after: 14d\n"
    assert failed in text
    assert _rules(text.replace(failed, "").replace("retain:\n", f"retain:\n{failed}")) == _rules(
        text
    )


def test_rule_ids_stay_when_other_entries_come_and_go() -> None:
    text = (GOLDEN / "classic-ml" / "policy.yaml").read_text()
    more = text.replace("retain:\n", "retain:\n  aa: {prefix: aa/, delete_after: 9d}\n")
    before = {rule["ID"]: rule for rule in _rules(text)}
    after = {rule["ID"]: rule for rule in _rules(more)}
    assert {rule_id: after[rule_id] for rule_id in before} == before


def _rules(text: str) -> list[dict[str, Any]]:
    compilation = compile_files({"p.yaml": text.encode()})
    assert not compilation.failed, compilation.diagnostics
    (configuration,) = json.loads(to_s3_json(compilation)).values()
    rules: list[dict[str, Any]] = configuration["Rules"]
    return rules
