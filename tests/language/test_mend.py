"""A remedy is carried out in the text of the policy, and everything else in it stays."""

from __future__ import annotations

import pytest

from firnline.diagnostics.fix import apply
from firnline.diagnostics.position import Source
from firnline.diagnostics.remedy import (
    Advise,
    DropKeys,
    NameSiblings,
    SayInRetentions,
    Section,
    SetKeys,
    Way,
    WriteName,
)
from firnline.language.mend import fix_of
from firnline.language.nodes import Map
from firnline.language.yaml_tree import TreeBuilder
from firnline.pipeline import compile_files
from tests.policies import whole

OLD_END = ((("old_versions", "delete_after"), "7d"),)


def section(text: str, retention: str | None) -> Section:
    root = TreeBuilder(Source("p.yaml", text)).build()
    assert isinstance(root, Map)
    if retention is None:
        return Section(root.span, None, "the policy")
    retain = root.get("retain")
    assert isinstance(retain, Map)
    settings = retain.get(retention)
    assert settings is not None
    return Section(settings.span, retention, f"`{retention}`")


def done(way: Way, text: str) -> str:
    fix = fix_of(way)
    assert fix is not None
    assert not fix.safe, "it chooses a meaning"
    edited, left_out = apply(text, [fix])
    assert left_out == ()
    return edited


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "retain: {a: {prefix: a/}}\n",
            "retain: {a: {prefix: a/, old_versions: {delete_after: 7d}}}\n",
        ),
        (
            "retain:\n  a:\n    prefix: a/  # the a's\n    # and that is all\n",
            "retain:\n  a:\n    prefix: a/  # the a's\n    old_versions: {delete_after: 7d}\n"
            "    # and that is all\n",
        ),
        (
            "retain:\r\n  a:\r\n    prefix:\r\n    - a/\r\n    - b/\r\nversioning: off\r\n",
            "retain:\r\n  a:\r\n    prefix:\r\n    - a/\r\n    - b/\r\n"
            "    old_versions: {delete_after: 7d}\r\nversioning: off\r\n",
        ),
        (
            "retain:\n  a:\n    prefix: a/",
            "retain:\n  a:\n    prefix: a/\n    old_versions: {delete_after: 7d}",
        ),
        (
            "retain:\n  a:\n    old_versions:\n      warm_after: 1d\n    prefix: a/\n",
            "retain:\n  a:\n    old_versions:\n      warm_after: 1d\n      delete_after: 7d\n"
            "    prefix: a/\n",
        ),
        (
            "retain: {a: {prefix: a/, old_versions: {delete_after: 30d}}}  # a month\n",
            "retain: {a: {prefix: a/, old_versions: {delete_after: 7d}}}  # a month\n",
        ),
        (
            '{"retain": {"a": {"prefix": "a/"}}}',
            '{"retain": {"a": {"prefix": "a/", "old_versions": {"delete_after": "7d"}}}}',
        ),
    ],
)
def test_a_setting_is_written_as_its_surroundings_are(before: str, after: str) -> None:
    assert done(SetKeys(section(before, "a"), OLD_END), before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{prefix: a/, warm_after: 1d}", "{prefix: a/}"),
        ("{warm_after: 1d, prefix: a/}", "{prefix: a/}"),
        (
            "\n    prefix: a/  # the a's\n    warm_after: 1d  # soon\n    # never deleted",
            "\n    prefix: a/  # the a's\n    # never deleted",
        ),
    ],
)
def test_a_key_is_taken_out_with_its_line_and_nothing_else(before: str, after: str) -> None:
    text = f"retain:\n  a: {before}\n"
    way = DropKeys(section(text, "a"), (("warm_after",),))
    assert done(way, text) == f"retain:\n  a: {after}\n"


def test_a_map_that_would_be_left_empty_is_taken_out_too() -> None:
    text = "retain: {a: {prefix: a/, old_versions: {warm_after: 1d}}}\n"
    way = DropKeys(section(text, "a"), (("old_versions", "warm_after"),))
    assert done(way, text) == "retain: {a: {prefix: a/}}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{warm_after: 1d, cold_after: 9d, prefix: a/}", "{prefix: a/}"),
        ("{warm_after: 1d, prefix: a/, cold_after: 9d}", "{prefix: a/}"),
        ("{prefix: a/, warm_after: 1d, cold_after: 9d}", "{prefix: a/}"),
        ("\n    warm_after: 1d\n    cold_after: 9d\n    prefix: a/", "\n    prefix: a/"),
    ],
)
def test_several_keys_are_taken_out_wherever_they_stand(before: str, after: str) -> None:
    text = f"retain:\n  a: {before}\n"
    way = DropKeys(section(text, "a"), (("warm_after",), ("cold_after",)))
    assert done(way, text) == f"retain:\n  a: {after}\n"


def test_a_map_that_several_keys_leave_empty_is_taken_out_once() -> None:
    text = "retain: {a: {prefix: a/, old_versions: {warm_after: 1d, cold_after: 9d}}}\n"
    keys = (("old_versions", "warm_after"), ("old_versions", "cold_after"))
    assert done(DropKeys(section(text, "a"), keys), text) == "retain: {a: {prefix: a/}}\n"


def test_siblings_stand_where_their_parent_stood() -> None:
    text = "retain: {a: {prefix: [z/, a/, b/]}}\n"
    way = NameSiblings(section(text, "a"), ("a/",), siblings=("a/x/", "a/y/"))
    assert done(way, text) == 'retain: {a: {prefix: ["z/", "a/x/", "a/y/", "b/"]}}\n'


def test_what_is_said_for_the_whole_bucket_moves_into_the_retentions_that_may_say_it() -> None:
    text = whole(
        "uploads: {abort_after: 2d}\n"
        "retain:\n"
        "  a: {prefix: a/, delete_after: 7d}\n"
        "  b: {prefix: b/, delete_after: 7d, uploads: {abort_after: 9d}}\n"
        "  c: {prefix: c/, delete_after: 7d, tags: {x: y}}\n"
        "versioning: off\n"
    )
    better = done(SayInRetentions(section(text, None), "uploads"), text)
    (policy,) = compile_files({"p.yaml": better.encode()}).folder.policies
    said = {each.name.value: each.clocks.uploads for each in policy.retentions}
    assert policy.whole_bucket.uploads is None
    assert {name: each and str(each.value) for name, each in said.items()} == {
        "a": "2d",
        "b": "9d",
        "c": None,  # S3 takes no tags there
    }


ENDS = "old_versions: {delete_after: 30d}"
NEVER = "old_versions: {delete_after: never}"


def test_what_a_retention_above_decides_is_not_said_again_below_it() -> None:
    text = f"{ENDS}\nretain:\n  a: {{prefix: a/, {NEVER}}}\n  b: {{prefix: [a/b/, a/c/]}}\n"
    better = done(SayInRetentions(section(text, None), "old_versions"), text)
    assert better == text.removeprefix(f"{ENDS}\n")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("prefix: a/", "prefix: [a/b/, c/]"),  # a part of b is a's
        ("prefix: a/, tags: {x: y}", "prefix: a/b/"),
        ("prefix: a/b/", "prefix: a/, tags: {x: y}"),
    ],
)
def test_where_retentions_share_a_part_a_person_says_who_decides(a: str, b: str) -> None:
    text = f"{ENDS}\nretain: {{a: {{{a}, {NEVER}}}, b: {{{b}}}}}\n"
    assert fix_of(SayInRetentions(section(text, None), "old_versions")) is None


@pytest.mark.parametrize(
    "text",
    [
        "retain: {a: {prefix: a/, old_versions: {delete_after: &x 30d}}}\n",  # an anchor
        'retain: {a: {prefix: a/, old_versions: {delete_after: "3\\u0030d"}}}\n',  # an escape
        "retain:\n  a:\n    prefix: a/\n    why: >\n      on two\n      lines\n",
    ],
)
def test_what_is_written_in_an_unusual_way_is_left_to_a_person(text: str) -> None:
    assert fix_of(SetKeys(section(text, "a"), OLD_END)) is None


@pytest.mark.parametrize(
    "settings",
    [
        "{prefix: a/, per_account: {lab: {delete_after: 7d}}}",
        "{prefix: a/, old_versions: {delete_after: 9d, per_bucket: {lab: {delete_after: 30d}}}}",
    ],
)
def test_what_does_not_hold_for_all_buckets_is_left_to_a_person(settings: str) -> None:
    text = f"retain: {{a: {settings}}}\n"
    assert fix_of(SetKeys(section(text, "a"), OLD_END)) is None


def test_what_is_written_already_is_not_written_again() -> None:
    text = "retain: {a: {prefix: a/, old_versions: {delete_after: 7d}}}\n"
    assert fix_of(SetKeys(section(text, "a"), OLD_END)) is None


@pytest.mark.parametrize("way", [Advise("think again"), WriteName("tmp")])
def test_what_names_no_place_to_edit_has_no_fix(way: Way) -> None:
    assert fix_of(way) is None


def test_an_error_in_one_policy_is_mended_in_the_file_of_the_other() -> None:
    one = whole("versioning: off\nretain: {wide: {prefix: x/, delete_after: 30d}}\n")
    other = whole("versioning: off\nretain: {deep: {prefix: x/y/, delete_after: 90d}}\n")
    files = {
        "one.yaml": one.encode(),
        "other.yaml": other.replace("policy: ", "policy: b-").encode(),
    }
    found = compile_files(files).diagnostics
    fixes = [each.fix for each in found if each.kind.code == "FL301"]
    assert fixes
    (edit,) = fixes[0].edits if fixes[0] else ()
    assert (edit.span.path, edit.text) == ("one.yaml", "90d")
