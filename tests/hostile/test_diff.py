"""Whatever rules are called and select: no comparison does what they say."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from firnline.cli import main
from firnline.cli.formats import FormatName
from tests.hostile.files import PLAIN, POLICY, quoted, rules_json
from tests.hostile.judges import MOST, require_inert
from tests.hostile.texts import SURROGATE, TEXTS, huge

ALL = {**TEXTS, "half": SURROGATE}
FORMATS = (FormatName.TEXT, FormatName.JSON, FormatName.MARKDOWN, FormatName.HTML)


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
@pytest.mark.parametrize("name", FORMATS)
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
    for name in FORMATS:
        main(["diff", str(before), str(after), "--out", name])
        printed = capsys.readouterr()
        judge(name, printed.out)
        require_inert(FormatName.TEXT, printed.err)


@pytest.mark.slow
@pytest.mark.parametrize("name", huge(1))
def test_a_huge_name_is_cut_in_what_people_read(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = huge(3_000_000)[name]
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(rules_json("a/", 30, text))
    after.write_text(rules_json(text, 20, text))
    started = time.process_time()
    main(["diff", str(before), str(after)])
    assert time.process_time() - started < 30
    printed = capsys.readouterr()
    for output in printed:
        require_inert(FormatName.TEXT, output)
        assert len(output) < MOST
    main(["diff", str(before), str(after), "--out", "json"])
    out = capsys.readouterr().out
    judge(FormatName.JSON, out)


def judge(name: FormatName, output: str) -> None:
    """Nothing is printed where a rule is refused, but on stderr."""
    if output:
        require_inert(name, output)
        assert name is not FormatName.JSON or json.loads(output)["items"]
