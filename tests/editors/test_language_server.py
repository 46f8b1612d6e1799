"""What a person sees while they write a policy in an editor with yaml-language-server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firnline.language.project_schema import policy_schema_of
from firnline.language.read_files import read_files
from firnline.language.schemas import FileKind, schema
from firnline.workspace import read_folder
from sandbox.paths import CHECKOUT
from tests.editors.language_server import Editor, Mistake, opened
from tests.policies import whole

LANGUAGE = CHECKOUT / "compiler/firnline/language"
MODELINE = f"# yaml-language-server: $schema={LANGUAGE}/policy.schema.json\n"
SAMPLES = sorted(
    path
    for path in (CHECKOUT / "policies").glob("*.yaml")
    if "# yaml-language-server:" in path.read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def editor(node: Path) -> Iterator[Editor]:
    """Its window shows the checkout, so that a sample's modeline leads to the schema."""
    with opened(CHECKOUT, node) as editor:
        yield editor


def policy(fragment: str) -> str:
    return MODELINE + whole(fragment)


def test_the_keys_of_a_policy_are_offered(editor: Editor) -> None:
    offered = editor.completions(MODELINE + "firnline: policy/v1\n│\n")
    assert set(offered) >= set(_policy()) - {"firnline"}


def test_the_keys_of_a_retention_are_offered_less_those_it_has(editor: Editor) -> None:
    offered = editor.completions(policy("retain:\n  tmp:\n    prefix: tmp/\n    │\n"))
    assert set(offered) >= set(_retention()) - {"prefix"}
    assert "prefix" not in offered
    assert "applies_to" not in offered


def test_the_values_of_a_choice_are_offered(editor: Editor) -> None:
    classes = editor.completions(policy("storage_classes: {warm: │}"))
    assert set(classes) >= {"STANDARD_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE"}
    assert set(editor.completions(policy("versioning: │"))) >= {"enabled", "suspended"}


def test_hovering_over_a_key_tells_what_the_schema_says_of_it(editor: Editor) -> None:
    for key, said in _policy().items():
        if "description" in said and key != "firnline":
            hovered = editor.hover(MODELINE + f"firnline: policy/v1\n{key[0]}│{key[1:]}: x\n")
            assert _plain(said["description"]) in _plain(hovered), key


def test_hovering_over_a_retentions_key_tells_what_the_schema_says_of_it(editor: Editor) -> None:
    said = _retention()["delete_after"]["description"]
    hovered = editor.hover(policy("retain: {tmp: {prefix: tmp/, delete│_after: 7d}}"))
    assert _plain(said) in _plain(hovered)


def test_durations_and_sizes_are_offered(editor: Editor) -> None:
    ages = editor.completions(policy("retain: {tmp: {prefix: tmp/, delete_after: │}}"))
    assert set(ages) >= {"7d", "30d", "90d", "1y", "never"}
    assert set(editor.completions(policy("promises: {p: {prefix: a/, keep_at_least: │}}"))) >= {
        "7y",
        "forever",
    }
    sizes = editor.completions(policy("retain: {t: {prefix: t/, smallest_move: │}}"))
    assert set(sizes) >= {"128KiB", "1MiB"}


def test_a_retention_is_offered_whole_and_is_valid_as_it_is(editor: Editor) -> None:
    offered = editor.insertions(policy("retain:\n  │\n"))
    assert list(offered) == ["a retention"]
    written = re.sub(r"\$\{\d:([^}]*)\}", r"\1", offered["a retention"])
    indented = "".join(f"  {line}\n" for line in written.splitlines())
    assert editor.mistakes(policy(f"retain:\n{indented}")) == []


@pytest.mark.parametrize(
    "fragment",
    [
        "│\n",
        "retain:\n  tmp:\n    │\n",
        "promises:\n  │\n",
        "holds:\n  │\n",
        "old_versions:\n  │\n",
    ],
)
def test_no_place_to_fill_in_holds_the_name_of_what_is_missing(
    fragment: str, editor: Editor
) -> None:
    for text in editor.insertions(policy(fragment)).values():
        assert not re.search(r"\$\{\d:(name|property|value|text|duration)\}", text)


# Nobody writes a lock.
@pytest.mark.parametrize("kind", [FileKind.POLICY, FileKind.FLEET, FileKind.EXPECTATIONS])
def test_every_key_says_what_it_is_for_and_every_pattern_what_to_write(kind: FileKind) -> None:
    root = schema(kind)
    for part in _parts(root):
        for key, said in part.get("properties", {}).items():
            assert "description" in {**_resolved(said, root), **said}, key
        assert "pattern" not in part or "patternErrorMessage" in part, part


def _parts(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for value in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from _parts(value)


@pytest.mark.parametrize(
    ("fragment", "marked", "says"),
    [
        ("retain: {tmp: {prefix: tmp/, delete_after: 7d, wyh: x}}", "wyh", "wyh is not allowed"),
        ("versioning: on", "on", "write enabled, suspended or off"),
        ("applies_to: [{account: lab, buckets: LAB}]", "LAB", "write a name, a pattern such as"),
        ("applies_to: [{account: lab, regions: us, buckets: a}]", "us", "such as us-east-1"),
        ("retain: {tmp: {prefix: 7, delete_after: 7d}}", "7", "write the beginning of the keys"),
        ('why: " "', '" "', "write a line of text"),
        ("storage_classes: {warm: GLACIAR}", "GLACIAR", "STANDARD_IA"),
        ("retain: {tmp: {prefix: tmp/}}", "tmp", 'Missing property "delete_after"'),
        ("retain: {tmp: {prefix: tmp/, delete_after: 7 days}}", "7 days", ""),
        ("retain: {tmp: {prefix: tmp/, delete_after: 1m}}", "1m", ""),
        ("retain: {tmp: {prefix: tmp/, delete_after: 30}}", "30", ""),
        ("review_by: 31.3.2027", "31.3.2027", ""),
        ("retain: {Tmp: {prefix: tmp/, delete_after: 7d}}", "Tmp", ""),
        ("promises: {p: {prefix: a/, keep_at_least: never}}", "never", "or forever"),
        ("promises: {p: {prefix: a/, tags: [], keep_at_least: 3d}}", "[]", "map of tags"),
        ("promises: {p: {prefix: a/, gone_within: forever}}", "forever", "write a day or more"),
        ("retain: {m: {prefix: m/, delete_after: 7d, delete_when: old}}", "old", "unreferenced"),
    ],
)
def test_a_mistake_is_marked_where_it_stands(
    fragment: str, marked: str, says: str, editor: Editor
) -> None:
    (mistake,) = editor.mistakes(policy(fragment))
    assert mistake.marked == marked
    assert says in mistake.message


def test_a_bad_duration_is_told_in_the_words_of_the_schema(editor: Editor, tmp_path: Path) -> None:
    """Not as a regular expression, once the schema has words for it."""
    words = "write days, weeks or years, such as 30d, 2w or 7y, or never"
    changed = json.loads((LANGUAGE / "policy.schema.json").read_text(encoding="utf-8"))
    changed["definitions"]["duration"]["patternErrorMessage"] = words
    path = tmp_path / "policy.schema.json"
    path.write_text(json.dumps(changed), encoding="utf-8")
    text = whole("retain: {tmp: {prefix: tmp/, delete_after: 7 days}}")
    found = editor.mistakes(f"# yaml-language-server: $schema={path}\n{text}")
    assert found == [Mistake("7 days", words)]


@pytest.mark.parametrize(
    ("fragment", "offered"),
    [
        ("applies_to: [{account: │, buckets: a}]", {"ml-prod", "ml-staging"}),
        ("applies_to: [{account: ml-prod, buckets: │}]", {"acme-ml-artifacts-use1"}),
        ("applies_to: [{account: ml-prod, regions: │, buckets: a}]", {"us-east-1", "eu-west-1"}),
        ("retain: {tmp: {prefix: tmp/, delete_after: │}}", {"7d", "30d", "1y"}),
        ("retain:\n  tmp:\n    prefix: t/\n    per_account:\n      │\n", {"ml-prod", "ml-staging"}),
        ("references: {from: │, grace: 7d}", {"prod-mlflow"}),
    ],
)
def test_the_names_of_a_project_are_offered_by_its_own_schema(
    fragment: str, offered: set[str], editor: Editor, tmp_path: Path
) -> None:
    folder, _ = read_files(read_folder(CHECKOUT / "tests/golden/design-sample"))
    path = tmp_path / "policy.schema.json"
    path.write_text(json.dumps(policy_schema_of(folder)), encoding="utf-8")
    modeline = f"# yaml-language-server: $schema={path}\n"
    completed = editor.completions(modeline + whole(fragment))
    assert offered <= set(completed)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_nothing_is_marked_in_a_sample_policy(sample: Path, editor: Editor) -> None:
    assert editor.mistakes(sample.read_text(encoding="utf-8")) == []


def test_a_samples_modeline_leads_to_the_schema(editor: Editor) -> None:
    """So that nothing marked means something."""
    assert len(SAMPLES) > 3
    for sample in SAMPLES:
        assert editor.mistakes(sample.read_text(encoding="utf-8") + "\nwyh: x\n")


def _policy() -> dict[str, Any]:
    found: dict[str, Any] = schema(FileKind.POLICY)["properties"]
    return found


def _retention() -> dict[str, Any]:
    found: dict[str, Any] = schema(FileKind.POLICY)["definitions"]["retention"]["properties"]
    return found


def _resolved(said: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    name = said.get("$ref", "").removeprefix("#/definitions/")
    found: dict[str, Any] = root["definitions"][name] if name else said
    return found


def _plain(text: str) -> str:
    """Without the marks of Markdown, and what it escapes."""
    for mark in ("\\", "`", "*", "&lt;", "&gt;", "<", ">"):
        text = text.replace(mark, "")
    return " ".join(text.split())
