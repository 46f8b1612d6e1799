"""A word with a meaning of its own is never rewritten as a key of another meaning."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Final

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from firnline.cli.fixing import plan_fixes
from firnline.diagnostics.kinds import Diagnostic
from firnline.language.check import Known
from firnline.language.mistyped import mistyped
from firnline.language.schemas import FileKind, schema
from firnline.language.syntax import Content
from firnline.pipeline import check_files
from tests.policies import TODAY, compiled, whole

# What people who know S3, another store or only English might write.
TEXT: Final = (
    "abandon age allow any archive archives arm ban begin bucket burn bury bytes cancel change "
    "clean clear close code cold cool condition copy cost count cover create date day days dead "
    "deep destroy detain disable disabled done drop dump empire enable end ever every exclude "
    "exempt exist expert expire expired expiration expires expiry fast file filter fire first fold "
    "forever form free freeze frozen gain gave glacier glass gold gone grade grant grave group "
    "guard have heap held hold holds home hot hour hover ice idle ignore inspire keep keeper kept "
    "kill last late latest least leave left legal life limit list lock long look lose lost make "
    "market match max merge min minimum mode mold month more mount move moved name never new newer "
    "newest next none noncurrent number objects off old older oldest on only open order over own "
    "park part past pause pay peek permit police premise preserve prevent previous prove provide "
    "purge rare read regain remain remove rename replace reserve rest restore retain retention "
    "revert role roll rule rules safe save scan sell send ship side since site size skip sleep "
    "soft sold some source stable stale start state stay step still stop store sure suspend swap "
    "table tablet tag tags take target temp then tier time told touch trace track transition "
    "transitions trash turn under undo unless until upload use user version versions view wait "
    "wake war ward warm warn warp watch wave week weigh when while whole wipe without wolf worm "
    "worst write year"
)
WORDS: Final = TEXT.split()

# Spellings of the same meaning: these a fix may write.
SAME: Final = {
    "archive": "archive",
    "holds": "holds",
    "retain": "retain",
    "tag": "tags",
    "upload": "uploads",
    "hold": "holds",
}
KEYS: Final = sorted(
    {key for kind in (FileKind.POLICY, FileKind.FLEET) for key in schema(kind)["properties"]}
    | {
        key
        for shape in schema(FileKind.POLICY)["definitions"].values()
        for key in shape.get("properties", ())
    }
)
ALLOWED: Final = {
    "versioning": {"enable": "enabled"},
    "delete_markers": {"expired": "expire", "expires": "expire"},
}
PLACES: Final = {
    "the top level": "{word}: {value}",
    "a retention": "retain: {{t: {{prefix: t/, {word}: {value}}}}}",
    "noncurrent versions": "old_versions: {{{word}: {value}}}",
    "uploads": "uploads: {{{word}: {value}}}",
    "an override": "retain: {{t: {{prefix: t/, per_account: {{lab: {{{word}: {value}}}}}}}}}",
    "a promise": "promises: {{p: {{prefix: t/, {word}: {value}}}}}",
    "a hold": "holds: {{p: {{prefix: t/, {word}: {value}}}}}",
    "tiers": "storage_classes: {{{word}: {value}}}",
    "size": "retain: {{t: {{prefix: t/, delete_after: 9d, size: {{{word}: {value}}}}}}}",
}


def fixed(text: str) -> str:
    def check(files: Mapping[str, Content]) -> tuple[Diagnostic, ...]:
        return check_files(files, Known(today=TODAY)).diagnostics

    content = plan_fixes({"p.yaml": text.encode()}, check, unsafe=False).files["p.yaml"]
    assert isinstance(content, bytes)
    return content.decode()


@st.composite
def _keys_with_another_word(draw: st.DrawFn) -> str:
    """A word alone, or in place of one part of a key."""
    word = draw(st.sampled_from(WORDS))
    parts = draw(st.sampled_from(KEYS)).split("_")
    at = draw(st.integers(0, len(parts) - 1))
    assume(SAME.get(word, word) != parts[at] and SAME.get(parts[at], "") != word)
    parts[at] = word
    return "_".join(parts)


@example("hold_after", "a retention", "3d")
@example("old_after", "a retention", "3d")
@example("count", "a promise", "x/")
@given(_keys_with_another_word(), st.sampled_from(sorted(PLACES)), st.sampled_from(["3d", "x/"]))
def test_no_safe_fix_turns_a_word_into_a_key_of_another_meaning(
    word: str, place: str, value: str
) -> None:
    assume(not any(_is(word, key) for key in KEYS))
    text = whole(PLACES[place].format(word=word, value=value))
    assert f"{word}: {value}" in fixed(text)


def test_no_word_in_place_of_a_part_of_a_key_is_taken_for_a_slip() -> None:
    taken = {}
    for key, word in product(KEYS, WORDS):
        parts = key.split("_")
        for at, part in enumerate(parts):
            if SAME.get(word, word) != part and SAME.get(part, part) != word:
                written = "_".join([*parts[:at], word, *parts[at + 1 :]])
                taken[written] = mistyped(written, [each for each in KEYS if each != written])
    assert {written: key for written, key in taken.items() if key and not _is(written, key)} == {}


def _is(written: str, key: str) -> bool:
    """Whether it is that key in another form of the same words."""
    stems = [[part.rstrip("sd") for part in each.split("_")] for each in (written, key)]
    return stems[0] == stems[1]


def test_a_word_one_letter_away_from_a_key_is_not_suggested_as_that_key() -> None:
    text = "retain: {t: {prefix: t/, delete_after: 9d, hold_after: 3d}}"
    (found,) = compiled(text).diagnostics
    assert "is a promise: `promises: {NAME: {prefix: …, keep_at_least: 3d}}`" in found.help
    assert fixed(whole(text)) == whole(text)


@pytest.mark.parametrize("key", ["versioning", "delete_markers", "foreign_rules"])
def test_no_word_is_taken_for_a_slip_of_a_value_of_another_meaning(key: str) -> None:
    whole = schema(FileKind.POLICY)
    values = list((whole["properties"][key] | whole["definitions"].get(key, {}))["enum"])
    taken = {word: mistyped(word, values) for word in WORDS if word not in values}
    assert {word: name for word, name in taken.items() if name} == ALLOWED.get(key, {})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("delete_afer", "delete_after"),
        ("deleteAfter", "delete_after"),
        ("detlete_after", "delete_after"),
        ("wram_after", "warm_after"),
        ("archiv_after", "archive_after"),
        ("perfix", "prefix"),
        ("old_version", "old_versions"),
    ],
)
def test_a_slip_is_asked_about_and_mended(written: str, meant: str) -> None:
    settings = {"prefix": "t/", "delete_after": "9d", "warm_after": "1d", "archive_after": "3d"}
    settings["old_versions"] = "{delete_after: 9d}"
    drawn = ", ".join(f"{written if key == meant else key}: {settings[key]}" for key in settings)
    text = whole(f"retain: {{t: {{{drawn}}}}}")
    (found,) = [
        each
        for each in compiled(f"retain: {{t: {{{drawn}}}}}").diagnostics
        if each.kind.code == "FL103"
    ]
    assert found.help == f"did you mean `{meant}`?"
    assert fixed(text) == text.replace(written, meant)
