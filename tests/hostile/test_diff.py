"""Whatever rules are called and select: no comparison does what they say."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from firnline.cli import main
from firnline.cli.formats import FORMATS, Answer, FormatName
from tests.hostile.files import PLAIN, POLICY, quoted, rules_json
from tests.hostile.judges import MOST, require_inert
from tests.hostile.texts import SURROGATE, TEXTS, huge

ALL = {**TEXTS, "half": SURROGATE}
OUTPUTS = [each.name for each in FORMATS[Answer.CHANGES]]


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
@pytest.mark.parametrize("name", OUTPUTS)
def test_rules_with_hostile_names_prefixes_and_tags(
    name: FormatName, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    for prefix in (text, text[:200]):
        before.write_text(rules_json(prefix, 30, text))
        after.write_text(rules_json(prefix, 20, text))
        main(["diff", str(before), str(after), "--out", name])
        printed = capsys.readouterr()
        judge(name, printed.out)
        require_inert(FormatName.TEXT, printed.err)


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_policies_that_are_in_order_and_hostile(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A prefix and the value of a tag may be any text without odd characters."""
    before, after = tmp_path / "before.yaml", tmp_path / "after.yaml"
    values = {**PLAIN, "unknown": "delete_markers", "prefix": quoted(text[:200])}
    policy = POLICY.format_map({**values, "why": quoted(text), "reason": quoted(text)})
    policy = policy.replace("delete_markers: 1", "old_versions: {delete_after: 7d}")
    for path, days in ((before, "30d"), (after, "20d")):
        path.write_text(policy.replace("30d", days))
    files = {name: tmp_path / f"review.{name}" for name in OUTPUTS}
    outputs = [word for name, file in files.items() for word in ("--out", f"{name}:{file}")]
    main(["diff", str(before), str(after), *outputs])
    require_inert(FormatName.TEXT, capsys.readouterr().err)
    for name, file in files.items():
        judge(name, file.read_text() if file.exists() else "")


@pytest.mark.slow
@pytest.mark.parametrize("name", huge(1))
def test_a_huge_name_is_cut_in_what_people_read(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = huge(10_000_000)[name]
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(rules_json("a/", 30, text))
    after.write_text(rules_json(text, 20, text))
    files = {each: tmp_path / f"review.{each}" for each in OUTPUTS}
    outputs = [word for each, file in files.items() for word in ("--out", f"{each}:{file}")]
    started = time.process_time()
    main(["diff", str(before), str(after), *outputs])
    assert time.process_time() - started < 60
    printed = capsys.readouterr()
    require_inert(FormatName.TEXT, printed.err)
    assert len(printed.err) < MOST
    require_short(files)


@pytest.mark.slow
@pytest.mark.parametrize("name", huge(1))
def test_so_is_a_huge_reason(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """S3 takes no long name, but a file may say why in 8 MiB, and larger ones are not read."""
    monkeypatch.chdir(tmp_path)
    text = quoted(huge(2_000_000)[name])
    Path("before").mkdir()
    Path("after").mkdir()
    values = {**PLAIN, "unknown": "delete_markers", "waived": text, "why": text, "reason": text}
    policy = POLICY.format_map(values).replace(
        "delete_markers: 1", "old_versions: {delete_after: 7d}"
    )
    Path("before/p.yaml").write_text(policy.partition("waivers")[0])
    Path("after/p.yaml").write_text(policy.partition("holds")[0].replace("30d", "20d"))
    Path("after/approvals.yaml").write_text(
        f"firnline: approvals/v1\nemergencies:\n- buckets: prod/*/acme-logs\n"
        f"  codes: [FL401]\n  why: {text}\n  by: me\n  until: {date.today() + timedelta(days=3)}\n"
    )
    Path("firnline.toml").write_text('[review]\napprovals = "self"\n')
    files = {each: tmp_path / f"review.{each}" for each in OUTPUTS}
    outputs = [word for each, file in files.items() for word in ("--out", f"{each}:{file}")]
    refused = name == "escapes"  # they hide what is written
    assert main(["diff", "before", "after", *outputs]) == (1 if refused else 5)
    require_short(files)
    assert refused or "FL419" in files[FormatName.TEXT].read_text()


def require_short(files: Mapping[FormatName, Path]) -> None:
    """Nothing was printed where S3 refuses the names; what programs read has values as they are."""
    for name, file in files.items():
        output = file.read_text() if file.exists() else ""
        judge(name, output)
        assert name is FormatName.JSON or len(output) < MOST


def judge(name: FormatName, output: str) -> None:
    """Nothing is printed where a rule is refused, but on stderr."""
    if output:
        require_inert(name, output)
        assert name is not FormatName.JSON or json.loads(output)["items"]
