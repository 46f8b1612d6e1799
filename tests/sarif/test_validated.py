"""Does code scanning take what `check --out sarif` writes? Asked of Microsoft's validator."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from firnline.catalog import catalog
from firnline.cli import main
from firnline.diagnostics.kinds import Kind, Severity, Waived
from firnline.diagnostics.position import BucketPlace, whole_file
from firnline.diagnostics.repository import Repository
from firnline.language.check import Known
from firnline.pipeline import check_files
from firnline.targets.formats.diagnostics_sarif import to_sarif
from tests.hostile.files import lifecycle_files, policies, rules_json
from tests.hostile.texts import TEXTS
from tests.policies import compiled, whole
from tests.sarif.multitool import objections

HERE = Repository("/repo", "/repo", "policies/fleet.lock.yaml")
KIND = Kind("FL999", "test", Severity.ERROR, "a title", "Why.", "do this", "", "")


@pytest.mark.slow
def test_whatever_is_found_is_taken(tmp_path: Path) -> None:
    documents = {}
    for kind in catalog():
        found = compiled(kind.wrong)
        documents[kind.code] = to_sarif(found.diagnostics, repository=HERE, waived=found.waived)
    assert objections(documents, tmp_path) == []


@pytest.mark.slow
def test_so_is_nothing_and_too_much_and_what_is_in_no_file(tmp_path: Path) -> None:
    many = [KIND.at(whole_file("a.yaml"), str(number)) for number in range(6000)]
    bucket = KIND.at(BucketPlace("logs", "111122223333"), "has rules of others")
    documents = {
        "nothing": to_sarif((), repository=HERE, waived=()),
        "too-much": to_sarif(many, repository=HERE, waived=()),
        "bucket": to_sarif([bucket], repository=HERE, waived=()),
        "waived": to_sarif((), repository=HERE, waived=[Waived(bucket, "known", date(2027, 1, 1))]),
    }
    assert objections(documents, tmp_path) == []


@pytest.mark.slow
def test_so_are_hostile_texts(tmp_path: Path) -> None:
    documents = {}
    for number, text in enumerate(TEXTS.values()):
        files = {f"policies/{text}.yaml": policies(text)["everywhere"], **lifecycle_files(text)}
        found = check_files({path: each.encode() for path, each in files.items()}, Known())
        documents[f"{number}"] = to_sarif(found.diagnostics, repository=HERE, waived=found.waived)
    assert objections(documents, tmp_path) == []


@pytest.mark.slow
def test_so_is_the_review_of_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, days in (("before", "90d"), ("after", "9d")):
        Path(name).mkdir()
        text = f"retain: {{r: {{prefix: r/, warm_after: 7d, delete_after: {days}}}}}\n"
        Path(name, "p.yaml").write_text(whole(f"versioning: off\n{text}"))
    documents = {}
    for before, after in (("before", "after"), ("after", "before"), ("after", "after")):
        main(["diff", before, after, "--out", "sarif"])
        documents[f"{before}-{after}"] = capsys.readouterr().out
    for number, text in enumerate(TEXTS.values()):
        for name, count in (("before", 30), ("after", 20)):
            Path(f"{name}.json").write_text(rules_json(text[:200], count, text[:200]))
        main(["diff", "before.json", "after.json", "--out", "sarif"])
        if printed := capsys.readouterr().out:
            documents[f"{number}"] = printed
    assert len(documents) > 10
    folder = tmp_path / "documents"
    folder.mkdir()
    assert objections(documents, folder) == []


@pytest.mark.slow
def test_the_validator_refuses_what_the_schema_alone_would_take(tmp_path: Path) -> None:
    text = to_sarif([KIND.at(whole_file("a.yaml"), "odd")] * 2, repository=HERE, waived=())
    document = json.loads(text)
    results = document["runs"][0]["results"]
    del results[0]["locations"]
    results[1]["ruleIndex"] = 7
    found = {each.split()[0] for each in objections({"bad": json.dumps(document)}, tmp_path)}
    assert {"GH1015", "SARIF1009"} <= found
