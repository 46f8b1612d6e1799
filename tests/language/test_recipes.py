"""What no prefix can select leads to a recipe that works, without words that nobody wrote."""

from __future__ import annotations

import re

import pytest

from firnline.cli import main
from firnline.diagnostics import recipes
from firnline.language.check import Known
from firnline.pipeline import check_files
from sandbox.paths import CHECKOUT
from tests.policies import TODAY, codes, compiled


@pytest.mark.parametrize(
    ("prefix", "settings"),
    [
        ("runs/*/checkpoints/", "prefix: runs/, tags: {kind: checkpoints}"),
        ("/runs/*/checkpoints/", "prefix: runs/, tags: {kind: checkpoints}"),
        ("runs/*/checkpoints/*.pt", "prefix: runs/, tags: {kind: checkpoints}"),
        ("*.bam", 'prefix: "", tags: {kind: bam}'),
        ("data/{a,b}/tmp/", "prefix: data/, tags: {kind: tmp}"),
    ],
)
def test_what_stands_behind_a_wildcard_becomes_a_tag(prefix: str, settings: str) -> None:
    found = compiled(f'retain: {{c: {{prefix: "{prefix}", delete_after: 30d}}}}').diagnostics
    (help,) = (each.help for each in found if each.kind.code == "FL308")
    assert f"`{settings}`" in help
    assert recipes.TAG_AT_WRITE in help
    assert compiled(f"retain: {{c: {{{settings}, delete_after: 30d}}}}").buckets


@pytest.mark.parametrize("prefix", ["logs/2024-??/", "logs/2024-*"])
def test_where_nothing_stands_behind_a_wildcard_the_prefix_is_enough(prefix: str) -> None:
    (found,) = compiled(f'retain: {{c: {{prefix: "{prefix}", delete_after: 30d}}}}').diagnostics
    assert found.help == "write logs/2024-"


def test_in_a_lifecycle_file_the_recipe_is_in_its_own_words() -> None:
    text = (
        '{"Rules": [{"ID": "c", "Status": "Enabled", "Filter": {"Prefix": "runs/*/checkpoints/"},'
        ' "Expiration": {"Days": 30}}]}'
    )
    found = check_files({"rules.json": text.encode()}, Known(today=TODAY)).diagnostics
    (help,) = (each.help for each in found if each.kind.code == "FL308")
    filter = '{"And": {"Prefix": "runs/", "Tags": [{"Key": "kind", "Value": "checkpoints"}]}}'
    assert f'`"Filter": {filter}`' in help


def test_a_longer_life_below_a_shorter_one_leads_to_the_recipe_too() -> None:
    prefixes = "retain: {runs: {prefix: runs/, delete_after: 30d}, best: {prefix: runs/best/, %s}}"
    (found,) = compiled(prefixes % "delete_after: 400d").diagnostics
    assert "tag the short-lived objects" in found.help
    written = set(re.findall(r"`([^`]*/)`", found.help))
    assert written <= {"runs/"}, "no prefix that nobody wrote"
    tagged = "retain: {all: {prefix: r/, delete_after: 30d}, k: {prefix: r/, tags: {keep: y}, %s}}"
    (found,) = compiled(tagged % "delete_after: never").diagnostics
    assert codes((found,)) == ["FL301"]
    assert "S3 filters cannot exclude" in found.help
    assert recipes.TAG_AT_WRITE in found.help


def test_no_tag_is_advised_for_what_has_none() -> None:
    text = (
        "retain:\n"
        "  a: {prefix: a/, delete_after: 30d, uploads: {abort_after: 1d}}\n"
        "  b: {prefix: a/b/, delete_after: 30d, uploads: {abort_after: 9d}}\n"
        "uploads: {abort_after: 9d}\n"
    )
    helps = [each.help for each in compiled(text).diagnostics if each.kind.code == "FL301"]
    assert helps
    assert not any("tag" in help for help in helps)


def test_the_recipe_is_at_hand_offline(capsys: pytest.CaptureFixture[str]) -> None:
    (command,) = re.findall("`firnline (.+?)`", recipes.TAG_AT_WRITE)
    assert main(command.split()) == 0
    page = capsys.readouterr().out
    assert "--tagging kind=checkpoints" in page
    assert "s3:PutObjectTagging" in page


def test_no_message_leads_to_an_address_of_ours_that_may_not_be_published() -> None:
    sources = (CHECKOUT / "compiler/firnline").rglob("*.py")
    assert [each for each in sources if "github.com/firnline" in each.read_text("utf-8")] == []


@pytest.mark.parametrize(
    ("fragment", "message"),
    [
        ("versioning: {on: yes}", "`versioning` must be `enabled`, `suspended` or `off`"),
        ("delete_markers: [keep]", "`delete_markers` must be `expire`, `keep` or `with_objects`"),
    ],
)
def test_where_the_values_are_few_all_of_them_are_listed(fragment: str, message: str) -> None:
    (found,) = compiled(fragment).diagnostics
    assert found.message == message
