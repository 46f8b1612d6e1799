"""No fix lets anything end sooner, or end at all, than the policies said before it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import inf

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.catalog import catalog
from firnline.cli.fixing import plan_fixes
from firnline.diagnostics.fix import Fix, apply
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.remedy import (
    Advise,
    DropKeys,
    NameSiblings,
    SayInRetentions,
    TakeLongerLife,
)
from firnline.language.mend import fix_of
from firnline.language.syntax import Content
from firnline.pipeline import compile_files
from tests.policies import whole
from tests.rules.stated_ends import Ends, Policy, sooner, stated_ends
from tests.rules.strategies import KEYS, policies

ENDS_THE_DELETED = "FL310"
"""Its fix ends noncurrent versions, and says so: a week in which to recover what is deleted."""
Files = Mapping[str, Content]


def files_of(*texts: str) -> dict[str, Content]:
    return {f"p{number}.yaml": text.encode() for number, text in enumerate(texts)}


def found_in(files: Files) -> tuple[Diagnostic, ...]:
    return compile_files(files).diagnostics


def ends_in(files: Files, keys: Sequence[str] = KEYS) -> Ends:
    texts = (content for content in files.values() if isinstance(content, bytes))
    loaded = (yaml.load(text, yaml.CSafeLoader) for text in texts)  # a tenth of the time
    return stated_ends(loaded, keys)


def fixes_of(found: Diagnostic) -> Iterator[Fix]:
    """What is offered as a fix, and what the remedy says where that leaves nothing to choose."""
    ways = [way for way in found.remedy if not isinstance(way, SayInRetentions)]
    yield from dict.fromkeys(fix for fix in [found.fix, *map(fix_of, ways)] if fix is not None)


def fixed(files: Files) -> Iterator[tuple[Diagnostic, Files]]:
    for found in found_in(files):
        for fix in fixes_of(found):
            source = fix.edits[0].span.source
            yield found, {**files, source.path: apply(source.text, [fix])[0].encode()}


def all_fixed(files: Files, *codes: str) -> Files:
    """The files with all fixes made at once, or all of some kinds."""

    def chosen(of: Files) -> list[Diagnostic]:
        found = [each for each in found_in(of) if each.kind.code != ENDS_THE_DELETED]
        return [each for each in found if not codes or each.kind.code in codes]

    return plan_fixes(files, chosen, unsafe=True).files


def assert_no_fix_ends_anything_sooner(files: Files) -> None:
    before = ends_in(files)
    for found, better in fixed(files):
        items = sooner(before, ends_in(better))
        if found.kind.code == ENDS_THE_DELETED:
            assert {item.clock for item in items} <= {"old_versions", "delete_markers"}
            for item in items:
                assert not before[item], "an end is stated already"
                if item.clock == "old_versions":
                    of_object = before[item._replace(clock="objects")]
                    assert min(end[0] for end in of_object) < inf, "nothing deletes it"
        else:
            assert not items, found.kind.code
    assert not sooner(before, ends_in(all_fixed(files)))


@st.composite
def policies_with_markers(draw: st.DrawFn) -> Policy:
    policy: Policy = draw(policies())
    for section in [policy, *policy["retain"].values()]:
        if not {"tags", "size"} & section.keys() and draw(st.integers(0, 5)) == 0:
            section["delete_markers"] = draw(st.sampled_from(["keep", "expire"]))
    return policy


WRITTEN = st.sampled_from([json.dumps, yaml.safe_dump])


# About half of these policies have a fix.
@settings(max_examples=200, deadline=None)
@given(policies_with_markers(), WRITTEN)
def test_whatever_the_policy_no_fix_lets_anything_end_sooner(
    policy: Policy, written: Callable[[Policy], str]
) -> None:
    assert_no_fix_ends_anything_sooner(files_of(written(policy)))


@settings(max_examples=100, deadline=None)
@given(policies_with_markers(), policies_with_markers(), WRITTEN)
def test_whatever_two_policies_of_a_bucket_say_no_fix_lets_anything_end_sooner(
    policy: Policy, other: Policy, written: Callable[[Policy], str]
) -> None:
    other |= {"policy": "other", "versioning": policy["versioning"]}
    assert_no_fix_ends_anything_sooner(files_of(written(policy), written(other)))


def written(retain: str, rest: str = "versioning: enabled\n") -> Files:
    return files_of(whole(f"{rest}retain:\n{retain}"))


LIMITED_IN_BOTH_OF_ITS_PREFIXES = written(
    "  inner: {prefix: a/b/, size: {over: 1KiB}, delete_after: never,"
    " old_versions: {delete_after: never}}\n"
    "  outer: {prefix: [a/, a/b/], delete_after: never,"
    " old_versions: {delete_after: 1d, keep_newest: 2}}\n",
    "versioning: enabled\nold_versions: {delete_after: 1d}\n",
)
NO_NARROWEST_ONE_ONCE_LIMITED = written(
    "  tagged: {prefix: '', tags: {t: x}, delete_after: never}\n"
    "  inner: {prefix: ['', a/], size: {over: 1KiB}, delete_after: never,"
    " old_versions: {delete_after: never}}\n"
    "  outer: {prefix: ['', a/], delete_after: 1d, old_versions: {delete_after: never}}\n"
)
REPEATED_WHERE_ANOTHER_KEEPS_LONGER = written(
    "  outer: {prefix: x/, delete_after: 30d, old_versions: {delete_after: 7d}}\n"
    "  inner: {prefix: [x/, y/], size: {over: 1GiB}, delete_after: 90d}\n"
    "  other: {prefix: y/, delete_after: 90d, old_versions: {delete_after: 90d}}\n"
)


@pytest.mark.parametrize(
    "files",
    [
        LIMITED_IN_BOTH_OF_ITS_PREFIXES,
        NO_NARROWEST_ONE_ONCE_LIMITED,
        REPEATED_WHERE_ANOTHER_KEEPS_LONGER,
    ],
)
def test_no_size_limit_is_offered_that_leaves_objects_to_what_ends_them_sooner(
    files: Files,
) -> None:
    for found in found_in(files):
        if found.kind.code == "FL301":
            assert "smaller objects" not in found.help
            assert "larger objects" not in found.help
    assert_no_fix_ends_anything_sooner(files)


@pytest.mark.parametrize(("whole_bucket", "may_name_siblings"), [("30d", True), ("7d", False)])
def test_naming_siblings_is_offered_only_where_what_they_leave_out_is_kept_as_long(
    whole_bucket: str, may_name_siblings: bool
) -> None:
    files = written(
        "  logs: {prefix: logs/, delete_after: 90d, old_versions: {delete_after: 30d}}\n"
        "  prod: {prefix: logs/prod/, delete_after: 400d, old_versions: {delete_after: 30d}}\n",
        f"versioning: enabled\nold_versions: {{delete_after: {whole_bucket}}}\n",
    )
    (of_objects,) = (each for each in found_in(files) if "objects at 90d" in each.message)
    ways = [type(way) for way in of_objects.remedy]
    # Who tags the short-lived ones leaves out the others, too.
    named = [NameSiblings, TakeLongerLife, Advise] if may_name_siblings else [TakeLongerLife]
    assert ways == named


def test_where_siblings_cannot_be_named_the_transition_can_be_dropped() -> None:
    files = written(
        "  all: {prefix: '', delete_after: 300d}\n"
        "  data: {prefix: data/, warm_after: 350d, delete_after: 400d}\n"
        "  hot: {prefix: data/hot/, delete_after: 300d}\n",
        "versioning: enabled\nold_versions: {delete_after: 7d}\n",
    )
    (found,) = (each for each in found_in(files) if each.kind.code == "FL303")
    assert [type(way) for way in found.remedy] == [DropKeys]
    assert_no_fix_ends_anything_sooner(files)


@pytest.mark.parametrize(
    "other",
    [
        # Its noncurrent versions are kept longer, by a wider retention.
        "data: {prefix: data/, delete_after: 7d, old_versions: {delete_after: 365d}}",
        # Its objects are kept, and what is overwritten there with them.
        "data: {prefix: data/x/, tags: {t: x}, delete_after: never}",
    ],
)
def test_old_versions_get_an_end_only_where_deletions_leave_them_and_nothing_ends_them(
    other: str,
) -> None:
    files = written(f"  tmp: {{prefix: [tmp/, data/x/], delete_after: 7d}}\n  {other}\n")
    (found,) = (each for each in found_in(files) if each.kind.code == ENDS_THE_DELETED)
    assert found.fix is None
    assert "in a retention of these objects alone" in found.help


@pytest.mark.parametrize(("of_other", "is_fixed"), [("b/", True), ("a/", False)])
def test_what_moves_into_retentions_overrules_no_policy_of_another_file(
    of_other: str, is_fixed: bool
) -> None:
    policy = whole(
        "versioning: enabled\nold_versions: {delete_after: 1d}\nretain:\n"
        "  deep: {prefix: a/x/, delete_after: never}\n"
        "  cut: {prefix: c/, delete_after: never, old_versions: {delete_after: 3d}}\n"
    )
    other = whole(
        f"versioning: enabled\nretain:\n  other: {{prefix: {of_other}, delete_after: never,"
        " old_versions: {delete_after: 9d}}\n"
    )
    files = files_of(policy, other.replace("policy: example", "policy: other"))
    found = [each for each in found_in(files) if each.kind.code == "FL301"]
    assert {type(way) for each in found for way in each.remedy} == {SayInRetentions}
    assert {each.fix is not None for each in found} == {is_fixed}


@pytest.mark.parametrize(("wider", "is_fixed"), [("90d", True), ("30d", False)])
def test_a_prefix_is_closed_only_where_the_keys_that_it_leaves_are_kept_as_long(
    wider: str, is_fixed: bool
) -> None:
    files = written(
        "  log: {prefix: a/log, delete_after: 60d}\n"
        f"  all: {{prefix: a/, delete_after: {wider}}}\n",
        "versioning: off\n",
    )
    (found,) = (each for each in found_in(files) if each.kind.code == "FL314")
    assert (found.fix is not None) is is_fixed
    assert ("might end sooner" in " ".join(found.notes)) is not is_fixed


@pytest.mark.parametrize("prefix", ["/tmp/", "tmp/*"])
@pytest.mark.parametrize("is_kept", [False, True])
def test_a_mistaken_prefix_is_corrected_only_where_no_retention_keeps_the_keys_longer(
    prefix: str, is_kept: bool
) -> None:
    kept = "  kept: {prefix: tmp, delete_after: never}\n" if is_kept else ""
    files = written(f"  tmp: {{prefix: {prefix!r}, delete_after: 7d}}\n{kept}", "versioning: off\n")
    (found,) = (each for each in found_in(files) if each.kind.code in ("FL308", "FL309"))
    assert (found.fix is None) is is_kept


def test_fixes_that_only_together_let_something_end_sooner_are_not_made_together() -> None:
    files = written(
        "  all: {prefix: a/, delete_after: 10d}\n"
        "  one: {prefix: a/log, delete_after: 30d}\n"
        "  two: {prefix: a/log, delete_after: 30d}\n",
        "versioning: off\n",
    )
    closing = [each for each in found_in(files) if each.kind.code == "FL314"]
    assert [each.fix is not None for each in closing] == [True, True]
    better = all_fixed(files, "FL314")
    assert better != files
    assert not sooner(ends_in(files, ["a/log-x"]), ends_in(better, ["a/log-x"]))
    assert not [each for each in found_in(better) if each.kind.code == "FL314" and each.fix]


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("delete_after: 9d, keep_newest: 3", "delete_after: 60d"),
        ("delete_after: 9d, keep_newest: 3", "delete_after: 60d, keep_newest: 2"),
        (
            "delete_after: 9d, keep_newest: {count: 3, delete_after: 90d}",
            "delete_after: 60d, keep_newest: {count: 1, delete_after: 70d}",
        ),
        ("delete_after: 30d", "delete_after: 7d, keep_newest: {count: 3, delete_after: 60d}"),
    ],
)
def test_a_parent_that_takes_the_longer_life_of_a_child_loses_none_of_its_own(
    outer: str, inner: str
) -> None:
    files = written(
        f"  outer: {{prefix: a/, delete_after: never, old_versions: {{{outer}}}}}\n"
        f"  inner: {{prefix: a/b/, delete_after: never, old_versions: {{{inner}}}}}\n"
    )
    ((found, better),) = fixed(files)
    assert found.kind.code == "FL301"
    assert_no_fix_ends_anything_sooner(files)
    assert [*fixed(better)] == []


def test_versions_that_are_kept_for_ever_get_no_end_from_a_fix() -> None:
    (wrong,) = (kind.wrong for kind in catalog() if kind.code == "FL319")
    assert isinstance(wrong, str)
    (found,) = found_in(files_of(whole(wrong)))
    assert (found.kind.code, found.fix) == ("FL319", None)
