"""Words of S3 and of other stores are answered with keys of ours, their values carried over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.cli.fixing import plan_fixes
from firnline.diagnostics.fix import apply
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Translate
from firnline.language.check import Known
from firnline.language.other_words import ADVICE, RENAMED
from firnline.language.schemas import FileKind, schema
from firnline.language.synonyms import (
    IN_OLD_VERSIONS,
    IN_SIZE,
    IN_UPLOADS,
    SYNONYMS,
    Means,
    Synonym,
    plain,
)
from firnline.language.syntax import Content
from firnline.pipeline import check_files
from firnline.s3.compare.same import same
from firnline.s3.read_shape import read_configuration
from tests.policies import TODAY, codes, compiled, whole

ABORT: Final = {
    "ID": "uploads",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
}


def _check(files: Mapping[str, Content]) -> tuple[Diagnostic, ...]:
    return check_files(files, Known(today=TODAY)).diagnostics


def translated(text: str) -> str:
    plan = plan_fixes({"policies/p.yaml": text.encode()}, _check, unsafe=True)
    content = plan.files["policies/p.yaml"]
    assert isinstance(content, bytes)
    return content.decode()


def help_of(fragment: str, code: str = "FL103") -> list[str]:
    return [each.help for each in compiled(fragment).diagnostics if each.kind.code == code]


# Each sample: what is written in a retention of `logs/`, and S3's own rule for it.
SAMPLES: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "S3's Expiration": ("Expiration: {Days: 30}", {"Expiration": {"Days": 30}}),
    "Terraform's expiration": (
        "expiration: {days: 30, expired_object_delete_marker: false}",
        {"Expiration": {"Days": 30}},
    ),
    "a block of Terraform in JSON": ("expiration: [{days: 30}]", {"Expiration": {"Days": 30}}),
    "CloudFormation's ExpirationInDays": ("ExpirationInDays: 30", {"Expiration": {"Days": 30}}),
    "a bare number": ("expire_after: 30", {"Expiration": {"Days": 30}}),
    "a duration": ("expire_after: 2w", {"Expiration": {"Days": 14}}),
    "MinIO's expiry": ("expire-days: 30", {"Expiration": {"Days": 30}}),
    "transitions to the usual classes": (
        "delete_after: 400d, transitions: [{days: 30, storage_class: STANDARD_IA},"
        " {days: 90, storage_class: GLACIER_IR}, {days: 200, storage_class: DEEP_ARCHIVE}]",
        {
            "Expiration": {"Days": 400},
            "Transitions": [
                {"Days": 30, "StorageClass": "STANDARD_IA"},
                {"Days": 90, "StorageClass": "GLACIER_IR"},
                {"Days": 200, "StorageClass": "DEEP_ARCHIVE"},
            ],
        },
    ),
    "a transition to another class": (
        "delete_after: 400d, Transition: {TransitionInDays: 0, StorageClass: INTELLIGENT_TIERING}",
        {
            "Expiration": {"Days": 400},
            "Transitions": [{"Days": 0, "StorageClass": "INTELLIGENT_TIERING"}],
        },
    ),
    "transitions to other classes, in the order of their ages": (
        "delete_after: 400d, transitions: [{days: 30, storage_class: ONEZONE_IA},"
        " {days: 90, storage_class: GLACIER}]",
        {
            "Expiration": {"Days": 400},
            "Transitions": [
                {"Days": 30, "StorageClass": "ONEZONE_IA"},
                {"Days": 90, "StorageClass": "GLACIER"},
            ],
        },
    ),
    "a class in the name": (
        "delete_after: 400d, glacier_after: 90d",
        {
            "Expiration": {"Days": 400},
            "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}],
        },
    ),
    "a class in the name that no setting may change": (
        "delete_after: 400d, storage_classes: {archive: DEEP_ARCHIVE}, archive_after: 300d,"
        " glacier_after: 90d",
        {
            "Expiration": {"Days": 400},
            "Transitions": [
                {"Days": 90, "StorageClass": "GLACIER"},
                {"Days": 300, "StorageClass": "DEEP_ARCHIVE"},
            ],
        },
    ),
    "NoncurrentVersionExpiration": (
        "delete_after: never, noncurrent_version_expiration: {noncurrent_days: 30}",
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
    ),
    "NoncurrentVersionExpiration with days": (
        "delete_after: never, noncurrent_version_expiration: {days: 30}",
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
    ),
    "NoncurrentVersionExpiration as a number": (
        "delete_after: never, NoncurrentVersionExpirationInDays: 30",
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
    ),
    "NoncurrentVersionExpiration that keeps some": (
        "delete_after: never, noncurrent_version_expiration: {noncurrent_days: 30,"
        " newer_noncurrent_versions: 3}",
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 3}},
    ),
    "both for noncurrent versions": (
        "delete_after: never, noncurrent_version_transition: [{noncurrent_days: 30,"
        " storage_class: GLACIER}], noncurrent_version_expiration: {noncurrent_days: 200}",
        {
            "NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER"}],
            "NoncurrentVersionExpiration": {"NoncurrentDays": 200},
        },
    ),
    "days of noncurrent versions in their own map": (
        "delete_after: never, old_versions: {noncurrent_days: 30, newer_noncurrent_versions: 2}",
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2}},
    ),
    "a filter of prefix alone": (
        "filter: {prefix: logs/}, expiration: {days: 30}",
        {"Expiration": {"Days": 30}},
    ),
    "a filter by tag and size": (
        "filter: {and: {prefix: logs/, tags: {class: tmp}, object_size_greater_than: 1024}},"
        " expiration: {days: 30}",
        {
            "Filter": {
                "And": {
                    "Prefix": "logs/",
                    "Tags": [{"Key": "class", "Value": "tmp"}],
                    "ObjectSizeGreaterThan": 1024,
                }
            },
            "Expiration": {"Days": 30},
        },
    ),
    "tags as S3 lists them": (
        "filter: {prefix: logs/, tags: [{key: a, value: x}, {Key: b, Value: y}]}, expire_days: 9",
        {
            "Filter": {
                "And": {
                    "Prefix": "logs/",
                    # Every joined filter of ours has a lower bound: the AWS provider sends one.
                    "ObjectSizeGreaterThan": 0,
                    "Tags": [{"Key": "a", "Value": "x"}, {"Key": "b", "Value": "y"}],
                }
            },
            "Expiration": {"Days": 9},
        },
    ),
}


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("in_block", [False, True], ids=["in braces", "in a block"])
def test_what_is_translated_compiles_and_means_what_s3s_own_rule_does(
    sample: str, in_block: bool
) -> None:
    settings, rule = SAMPLES[sample]
    if "ilter" not in settings:
        settings = f"prefix: logs/, {settings}"
    versioning = "enabled" if "oncurrent" in settings else "off"
    text = whole(
        f"retain: {{logs: {{{settings}}}}}\ndelete_markers: keep\nversioning: {versioning}"
    )
    if in_block:
        text = text.replace(f"{{logs: {{{settings}}}}}", _block(settings))
    after = translated(text)
    compilation = check_files({"policies/p.yaml": after.encode()}, Known(today=TODAY))
    assert compilation.buckets, (after, [each.message for each in compilation.diagnostics])
    filtered = {"ID": "logs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, **rule}
    theirs = read_configuration({"Rules": [filtered, ABORT]})
    assert same(compilation.buckets[0].rules, theirs), after


def _block(settings: str) -> str:
    """Each setting of a line on its own."""
    lines, depth, start = [], 0, 0
    for place, letter in enumerate(settings):
        depth += (letter in "{[") - (letter in "}]")
        if letter == "," and depth == 0:
            lines.append(settings[start:place].strip())
            start = place + 1
    lines.append(settings[start:].strip())
    return "\n  logs:\n" + "\n".join(f"    {line}" for line in lines)


@pytest.mark.parametrize("table", [SYNONYMS, IN_OLD_VERSIONS, IN_UPLOADS, IN_SIZE])
def test_each_word_says_whose_it_is_and_where_that_is_documented(
    table: Mapping[str, Synonym],
) -> None:
    assert all(word == plain(word) for word in table)
    assert all(each.origin.source.startswith("https://") for each in table.values())


def test_no_word_of_the_tables_is_a_key_at_its_place() -> None:
    policy = schema(FileKind.POLICY)
    shapes = {
        name: set(shape.get("properties", ())) for name, shape in policy["definitions"].items()
    }
    keys = {plain(key) for key in shapes["retention"] | set(policy["properties"])}
    assert not (SYNONYMS.keys() | ADVICE.keys()) & keys - {"holds"}
    assert not IN_OLD_VERSIONS.keys() & {plain(key) for key in shapes["old_versions"]}
    assert not IN_UPLOADS.keys() & {plain(key) for key in shapes["uploads"]}
    assert not IN_SIZE.keys() & shapes["size"]
    assert set(RENAMED.values()) <= {key for each in shapes.values() for key in each} | set(
        policy["properties"]
    ) | set(policy["properties"]["applies_to"]["items"]["properties"])


@pytest.mark.parametrize("word", sorted(SYNONYMS))
def test_a_value_that_cannot_be_read_is_answered_with_an_example(word: str) -> None:
    (found,) = (
        each
        for each in compiled(f"retain: {{t: {{prefix: t/, {word}: {{x: 1}}}}}}").diagnostics
        if each.message == f"unknown key `{word}`"
    )
    (way,) = found.remedy
    if SYNONYMS[word].means is Means.TAGS:
        return  # `{x: 1}` is a map of tags
    assert isinstance(way, Translate)
    assert way.is_example
    assert found.fix is None


@pytest.mark.parametrize(
    ("written", "help"),
    [
        (
            "noncurrent_version_expiration: {days: 30}",
            "S3 calls this NoncurrentVersionExpiration: write `old_versions: {delete_after: 30d}`",
        ),
        (
            "noncurrent_version_expiration: 30",
            "S3 calls this NoncurrentVersionExpiration: write `old_versions: {delete_after: 30d}`",
        ),
        (
            "glacier_after: 90d",
            "S3 calls this a transition to GLACIER: write"
            " `storage_classes: {archive: GLACIER}, archive_after: 90d`",
        ),
        (
            "abort_incomplete_multipart_upload: {days_after_initiation: 7}",
            "S3 calls this AbortIncompleteMultipartUpload: write `uploads: {abort_after: 7d}`",
        ),
        ("age: 30", "Google Cloud Storage calls this age: write `delete_after: 30d`"),
        (
            "tierToCool: {daysAfterModificationGreaterThan: 30}",
            "Azure calls this tierToCool: write `warm_after: 30d`",
        ),
        ("expiry: 30", "MinIO calls this expiry: write `delete_after: 30d`"),
        (
            "expiration: {date: 2027-01-01}",
            "policies have no dates: `delete_after` is an age in days of each object; for an end on"
            " a day, write `review_by: 2027-01-01` at the top level, and shorten `delete_after`"
            " when `firnline check` reports that the day has come",
        ),
        (
            "transitions: [{date: 2027-01-01, storage_class: GLACIER}]",
            "policies have no dates: the age of an action is counted in days for each object, such"
            " as 30d",
        ),
        ("expiration: {x: 1}", "S3 calls this Expiration: write, for example, `delete_after: 30d`"),
        (
            "min_size: 1MiB",
            "S3 calls this ObjectSizeGreaterThan: write `size: {over: 1MiB}`",
        ),
        ("max_size: 1MiB", "S3 calls this ObjectSizeLessThan: write `size: {under: 1MiB}`"),
        (
            "transition_days: 40",
            "S3 calls this a transition; the key says into which storage class: `warm_after: 40d`"
            " (STANDARD_IA), `cold_after: 40d` (GLACIER_IR) or `archive_after: 40d` (DEEP_ARCHIVE)",
        ),
        (
            "storage_class: GLACIER",
            "S3 calls this StorageClass: write `storage_classes: {archive: GLACIER}`; its age"
            " is set by `warm_after`, `cold_after` or `archive_after`",
        ),
        (
            "storage_class: GLACIER, days: 90",
            "S3 calls this Transitions: write"
            " `storage_classes: {archive: GLACIER}, archive_after: 90d`",
        ),
        (
            "versioned: true",
            "S3 calls this Versioning: write `versioning: enabled`; it belongs at the top level, as"
            " it is a setting of the bucket",
        ),
        (
            "keep_newest: 3",
            "S3 counts versions of one key, not objects: in `old_versions`, write"
            " `delete_after: 30d, keep_newest: {count: 3, delete_after: 90d}`",
        ),
        (
            "bucket: acme-logs",
            "write it in the list `applies_to`, of which each entry names an account and buckets of"
            " it: `{account: lab, buckets: acme-logs}`",
        ),
        (
            "delete_after: 9d, noncurrent_version_expiration: {noncurrent_days: 30,"
            " newer_noncurrent_versions: 3}",
            "S3 calls this NoncurrentVersionExpiration: write `old_versions: {delete_after: 30d,"
            " keep_newest: {count: 3, delete_after: 90d}}`; S3's rule keeps the newest for ever,"
            " those of deleted objects too: choose when they end",
        ),
        (
            "newer_noncurrent_versions: 3",
            "S3 calls this NewerNoncurrentVersions: write `old_versions: {keep_newest: {count: 3,"
            " delete_after: 90d}, delete_after: 30d}`; S3 takes a count only beside days: choose"
            " when the others are deleted; S3's rule keeps the newest for ever, those of deleted"
            " objects too: choose when they end",
        ),
        ("description: old logs", "write `why`"),
        ("warm: 30d", "write `warm_after`"),
        ("cold: 30d", "write `cold_after`"),
        ("archive: 30d", "write `archive_after`"),
        (
            "intelligent_tiering: true",
            "S3 calls this a transition to INTELLIGENT_TIERING; the key says when, and the class"
            " stands beside it: `warm_after: 30d` and"
            " `storage_classes: {warm: INTELLIGENT_TIERING}`",
        ),
        (
            "versions: 5",
            "S3 counts versions of one key, not objects: in `old_versions`, write"
            " `delete_after: 30d, keep_newest: {count: 5, delete_after: 90d}`",
        ),
    ],
)
def test_the_reader_is_told_whose_word_it_is_and_what_to_write(written: str, help: str) -> None:
    assert help in help_of(f"retain: {{t: {{prefix: t/, {written}}}}}")


def test_a_tier_with_an_age_is_rewritten_and_one_with_a_class_is_not() -> None:
    tier = "retain: {t: {prefix: t/, delete_after: 90d, archive: %s}}"
    assert "archive_after: 30d" in translated(whole(tier % "30d"))
    assert translated(whole(tier % "GLACIER")) == whole(tier % "GLACIER")


def test_who_follows_the_help_for_intelligent_tiering_has_a_policy_that_compiles() -> None:
    wrong = "retain: {t: {prefix: t/, delete_after: 90d, intelligent_tiering: true}}"
    (help,) = help_of(wrong)
    _, age, _, classes, _ = help.split("`")
    right = wrong.replace("intelligent_tiering: true", f"{age}, {classes}")
    assert not compiled(right).diagnostics


@pytest.mark.parametrize("day", ["2027-01-01", "2027-01-01T00:00:00Z"])
@pytest.mark.parametrize("key", ["delete_on", "expire-on", "ExpirationDate", "until"])
def test_a_date_is_answered_with_what_can_be_done_on_a_day(key: str, day: str) -> None:
    found = compiled(f'retain: {{t: {{prefix: t/, {key}: "{day}"}}}}').diagnostics
    assert [each.kind.code for each in found] == ["FL103"]
    assert found[0].help.startswith("policies have no dates")
    assert "`review_by: 2027-01-01`" in found[0].help
    assert "delete_when" not in found[0].help


@pytest.mark.parametrize(
    ("key", "said"),
    [("delete_after", "write `review_by: 2027-01-01`"), ("warm_after", "counted in days")],
)
def test_a_date_in_place_of_an_age_is_answered_with_what_can_be_written(
    key: str, said: str
) -> None:
    settings = {"delete_after": "9d", key: "2027-01-01"}
    written = ", ".join(f"{name}: {value}" for name, value in settings.items())
    (help,) = help_of(f"retain: {{t: {{prefix: t/, {written}}}}}", "FL105")
    assert help.startswith("policies have no dates: ")
    assert said in help


@pytest.mark.parametrize(
    "written",
    [
        "age: 30",  # another store
        "days: 30, storage_class: GLACIER",
        "storage_class: GLACIER",
        "newer_noncurrent_versions: 3",
        "delete_after: 9d, noncurrent_version_expiration: {days: 9, newer_noncurrent_versions: 3}",
        "delete_after: never, NoncurrentVersionExpiration: {NoncurrentDays: 9,"
        " NewerNoncurrentVersions: 101}",
        "expiration: {date: 2027-01-01}",
        "expiration: {days: 0}",
        "expiration: {days: 30, days_after: 3}",
        "expire_after: 30, delete_after: 40d",
        "transitions: [{days: 30, storage_class: REDUCED_REDUNDANCY}]",
        "transitions: [{days: 30, storage_class: GLACIER}, {days: 3, storage_class: STANDARD_IA}]",
        "hold_after: 3d",
        "status: Disabled",
        "expiration: &a {days: 30}",
    ],
)
def test_nothing_is_rewritten_where_the_translation_is_not_certain(written: str) -> None:
    text = whole(f"retain: {{t: {{prefix: t/, {written}}}}}")
    assert translated(text) == text


def test_comments_within_a_value_are_left_for_a_person_to_move() -> None:
    text = whole(
        "retain:\n  t:\n    prefix: t/\n    expiration:\n      # a month\n      days: 30\n"
    )
    assert translated(text) == text


def test_what_stands_at_the_top_level_but_belongs_into_a_retention_is_shown_there() -> None:
    text = whole("expiration: {days: 10}")
    assert help_of("expiration: {days: 10}") == [
        'S3 calls this Expiration: write `retain: {all: {prefix: "", delete_after: 10d}}`'
    ]
    assert translated(text) == text


@pytest.mark.parametrize(
    ("written", "entry"),
    [
        ("expiration: {days: 10}", '{prefix: "", delete_after: 10d}'),
        ("days: 10", '{prefix: "", delete_after: 10d}'),
        (
            "transitions: [{days: 90, storage_class: DEEP_ARCHIVE}]",
            '{prefix: "", delete_after: never, archive_after: 90d}',
        ),
        ("filter: {prefix: a/}", "{prefix: a/, delete_after: never}"),
    ],
)
@pytest.mark.parametrize("taken", ["t", "all"])
def test_beside_retentions_it_becomes_one_more_that_can_be_added_as_it_is(
    written: str, entry: str, taken: str
) -> None:
    name = "all-2" if taken == "all" else "all"
    there = f"retain: {{{taken}: {{prefix: t/, delete_after: 9d}}"
    (help,) = help_of(f"{there}}}\n{written}")
    assert help.endswith(f"add this entry of `retain`: `{name}: {entry}`")
    followed = compiled(f"{there}, {name}: {entry}}}").diagnostics
    assert not {each.kind.code for each in followed} & {"FL003", "FL102", "FL103", "FL104"}


_AGES: Final = st.one_of(
    st.integers(1, 4000).map(str),
    st.integers(1, 4000).map("{}d".format),
    st.integers(1, 500).map("{} weeks".format),
    st.sampled_from(["0", "never", "disabled", "2027-01-01", "12 months", "x"]),
)
_VALUES: Final = st.one_of(
    _AGES,
    st.builds("{{days: {}}}".format, _AGES),
    st.builds("{{noncurrent_days: {}}}".format, _AGES),
    st.builds(
        "{{noncurrent_days: {}, newer_noncurrent_versions: {}}}".format, _AGES, st.integers(0, 120)
    ),
    st.sampled_from(["GLACIER", "true", "{prefix: a/}", "[a/, b/]", "{}", "1MiB", "text here"]),
)
_KEYS: Final = st.sampled_from(sorted({*SYNONYMS, *ADVICE, *RENAMED, "delete_after"}))


@settings(max_examples=100, deadline=None)
@given(
    _KEYS,
    _VALUES,
    st.sampled_from(["", ", delete_after: never", ", delete_after: 4000d"]),
    st.booleans(),
)
def test_a_fix_of_a_word_or_an_age_leaves_no_other_mistake_in_what_it_writes(
    key: str, value: str, beside: str, is_at_top: bool
) -> None:
    inside = "" if is_at_top or (key == "delete_after" and beside) else f", {key}: {value}"
    text = f"versioning: enabled\nretain: {{t: {{prefix: t/{beside}{inside}}}}}\n"
    text = whole(text + f"{key}: {value}\n" * is_at_top)
    found = [each for each in compiled(text).diagnostics if each.kind.code in ("FL103", "FL105")]
    for each in found:
        if each.fix is None:
            continue
        after, _ = apply(text, [each.fix])
        written = [edit.text for edit in each.fix.edits if edit.text]
        errors = [
            wrong
            for wrong in compiled(after).diagnostics
            if wrong.severity is Severity.ERROR
            and wrong.kind.code.startswith(("FL1", "FL319"))  # others are of what the words mean
            and isinstance(wrong.place, Span)
            and any(_is_in(wrong.place, after, part) for part in written)
        ]
        assert not errors, (text, after, [f"{e.kind.code} {e.message}" for e in errors])


def _is_in(place: Span, text: str, part: str) -> bool:
    start = text.index(part)
    return start <= place.start < start + len(part)


def test_what_belongs_to_the_bucket_is_written_at_the_top_level() -> None:
    text = whole("retain: {t: {prefix: t/, delete_after: 9d}}")
    theirs = text.replace("versioning: off", "versioned: false")
    assert translated(theirs) == text


def test_what_holds_for_the_whole_bucket_is_rewritten_at_the_top_level() -> None:
    text = "retain: {t: {prefix: t/, delete_after: 9d}}\nversioning: enabled\n"
    theirs = "noncurrent_version_expiration: {noncurrent_days: 30}\n"
    ours = "old_versions: {delete_after: 30d}\n"
    assert translated(whole(text + theirs)) == whole(text + ours)


def test_a_key_that_stands_there_in_both_words_is_written_once() -> None:
    (help,) = help_of("retain: {t: {prefix: t/, delete_after: 9d, expire_after: 9d}}")
    assert help == "remove one of the two"


def test_words_of_other_files_stay_what_they_are() -> None:
    fleet = (
        "firnline: fleet/v1\nnamespace: acme\nexpiration: 3\n"
        'accounts: {lab: {id: "111122223333", regions: us-east-1}}\n'
    )
    (found,) = _check({"fleet.yaml": fleet.encode()})
    assert "S3 calls" not in found.help


@pytest.mark.parametrize(
    ("fragment", "meant"),
    [
        ("versioning: Disabled", "off"),
        ("versioning: false", "off"),
        ("versioning: Enabled", "enabled"),
        ("delete_markers: expired", "expire"),
        ("storage_classes: {archive: GLACIER_FLEXIBLE_RETRIEVAL}", "GLACIER"),
        ("storage_classes: {archive: GLACIER_FR}", "GLACIER"),
        ("storage_classes: {cold: Glacier Instant Retrieval}", "GLACIER_IR"),
    ],
)
def test_a_value_by_another_name_is_answered_with_ours(fragment: str, meant: str) -> None:
    (found,) = compiled(fragment).diagnostics
    assert found.help == f"write `{meant}`"
    written = fragment.split(": ")[-1].rstrip("}")
    assert translated(whole(fragment)) == whole(fragment.replace(written, meant))


def test_a_class_of_another_store_is_answered_with_the_nearest_and_left_to_a_person() -> None:
    (found,) = compiled("storage_classes: {warm: NEARLINE}").diagnostics
    assert found.help == "write STANDARD_IA, the nearest that S3 has"
    assert found.fix is None


@pytest.mark.parametrize("value", ["disabled", "never", "off", "{days: never}", "none"])
@pytest.mark.parametrize("key", ["expiration", "expire_after"])
def test_an_expiration_that_is_switched_off_is_never_answered_with_a_deletion(
    key: str, value: str
) -> None:
    (found,) = (
        each
        for each in compiled(f"retain: {{t: {{prefix: t/, {key}: {value}}}}}").diagnostics
        if each.kind.code == "FL103"
    )
    assert "delete_after: never" in found.help
    assert "30d" not in found.help


@pytest.mark.parametrize(
    "written",
    [
        "glacier_after: never",
        "transition: {days: off, storage_class: GLACIER}",
        "transitions: [{days: disabled, storage_class: GLACIER}]",
        "old_versions: {glacier_after: never}",
        "noncurrent_version_transition: {noncurrent_days: never, storage_class: GLACIER}",
    ],
)
def test_a_transition_that_is_switched_off_is_answered_too(written: str) -> None:
    found = compiled(f"retain: {{t: {{prefix: t/, delete_after: 9d, {written}}}}}").diagnostics
    assert "FL103" in {each.kind.code for each in found}
    assert all(each.fix is None for each in found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("retain: %s", "[{prefix: t/, delete_after: 9d}]"),
        ("applies_to: %s", "acme-logs"),
        ("retain: {t: {prefix: t/, delete_after: 9d, tags: %s}}", "temporary"),
        ("retain: {t: {prefix: t/, delete_after: 9d, size: %s}}", "1MiB"),
        ("retain: {t: {prefix: t/, delete_after: 9d, storage_classes: %s}}", "GLACIER"),
    ],
)
def test_a_value_of_another_shape_is_answered_with_one_that_the_key_takes(
    text: str, value: str
) -> None:
    (help,) = help_of(text % value, "FL104")
    example = help.partition("such as ")[2]
    assert example
    assert help_of(text % example, "FL104") == []


@pytest.mark.parametrize(
    "theirs",
    [
        "newer_noncurrent_versions: 3",
        "noncurrent_version_expiration: {days: 30, newer_noncurrent_versions: 3}",
        "noncurrent_version_expiration: {days: 365, newer_noncurrent_versions: 3}",
    ],
)
@pytest.mark.parametrize("end", ["9d", "never"])
def test_who_follows_the_help_for_a_count_gets_no_other_error_of_it(theirs: str, end: str) -> None:
    text = f"versioning: enabled\nretain: {{t: {{prefix: t/, delete_after: {end}, %s}}}}"
    (help,) = help_of(text % theirs)
    written = help.split("`")[1]
    assert not codes(compiled(text % written).diagnostics)


@pytest.mark.parametrize("inner", ["days: 60", "days: 30"])
def test_two_fixes_that_would_write_one_key_are_both_left_to_a_person(inner: str) -> None:
    text = whole(
        "versioning: enabled\nretain: {t: {prefix: t/, delete_after: never,"
        f" old_versions: {{{inner}}},"
        " noncurrent_version_expiration: {noncurrent_days: 30}}}\n"
    )
    found = [each for each in compiled(text).diagnostics if each.kind.code == "FL103"]
    assert len(found) == 2
    assert all(each.fix is None for each in found)
    says = "contradicts it" if inner == "days: 60" else "says it too"
    assert all(says in label for each in found for _, label in each.also)
