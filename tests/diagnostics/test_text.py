"""How diagnostics are drawn."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firnline.diagnostics.json import to_json
from firnline.diagnostics.kinds import Kind, Severity, in_order
from firnline.diagnostics.position import BucketPlace, ObjectPlace, Place, Source, Span
from firnline.diagnostics.remedy import Advise
from firnline.diagnostics.text import to_text
from firnline.diagnostics.visible import visible, width
from tests.policies import compiled

KIND = Kind("FL999", "test", Severity.ERROR, "a title", "why", "do this", "", "")


def _span(text: str, part: str) -> Span:
    source = Source("policies/p.yaml", text)
    start = text.index(part)
    return Span(source, start, start + len(part))


def test_tiers_out_of_order_are_drawn_with_both_places_underlined() -> None:
    fragment = """\
retain:
  models:
    prefix: models/
    warm_after: 60d
    cold_after: 30d
    delete_after: 365d
"""
    assert (
        to_text(compiled(fragment).diagnostics)
        == """\
error[FL214]: a colder tier begins no later than a warmer one
  --> policies/policy.yaml:11:17
   |
10 |     warm_after: 60d
   |                 --- `warm` begins here
11 |     cold_after: 30d
   |                 ^^^ `cold` begins at 30d, but `warm` only at 60d
   |
   = help: let `cold` begin after 60d, or drop `warm`

1 error. Explain a code: firnline explain FL214
"""
    )


def test_a_longer_lived_child_is_drawn_with_its_parent_a_witness_and_a_remedy() -> None:
    fragment = """\
retain:
  checkpoints:
    prefix: checkpoints/
    delete_after: 90d
  releases:
    prefix: checkpoints/prod/
    delete_after: 400d
"""
    assert (
        to_text(compiled(fragment).diagnostics)
        == """\
error[FL301]: a broader rule cuts a narrower one short
  --> policies/policy.yaml:13:19
   |
 9 |     prefix: checkpoints/
   |             ------------ also matches `checkpoints/prod/`
10 |     delete_after: 90d
   |                   --- S3 applies this one too
...
13 |     delete_after: 400d
   |                   ^^^^ 400d required here, but S3 would delete objects at 90d
   |
   = note: for example s3://lab-data/checkpoints/prod/x: required 400d, gets 90d from `checkpoints`
   = note: S3 has no exclusions: when two rules match, the earlier deletion wins
   = help: name the short-lived prefixes instead of `checkpoints/`, or give `checkpoints` the longer
           life of `releases`, or tag the short-lived objects when they are written
           (`firnline explain FL308`)

1 error. Explain a code: firnline explain FL301
1 fixable with `firnline check --fix --unsafe-fixes`
"""
    )


def test_places_in_two_files_are_drawn_one_below_the_other() -> None:
    drawn = to_text(compiled(_TWO_FILES).diagnostics)
    assert "--> policies/b.yaml:7:" in drawn
    assert "::: policies/a.yaml:7:" in drawn


_TWO_FILES = {
    "a.yaml": "retain: {x: {prefix: x/, delete_after: 7d}}",
    "b.yaml": "policy: other\nretain: {y: {prefix: x/, delete_after: 9d}}",
}


def test_wide_and_combining_characters_do_not_shift_the_underline() -> None:
    line, under = to_text(in_order([KIND.at(_span("why: 日本e\u0301 BAD", "BAD"), "here")])).split(
        "\n"
    )[3:5]
    assert line == "1 | why: 日本e\u0301 BAD"
    assert under == "  |            ^^^ here"


@pytest.mark.parametrize("hostile", ["\x1b[2K", "\u202e", "\r", "\x07", "\u2066"])
def test_control_and_direction_characters_are_shown_escaped(hostile: str) -> None:
    drawn = to_text([KIND.at(_span(f"why: a{hostile}b BAD", "BAD"), f"not {hostile} this")])
    assert hostile not in drawn
    assert "\\" in drawn


def test_colour_is_added_only_when_asked_for() -> None:
    found = compiled("wyh: x").diagnostics
    assert "\x1b[" not in to_text(found)
    assert "\x1b[1;31merror[FL103]" in to_text(found, colour=True)


def test_the_twenty_first_diagnostic_is_only_counted() -> None:
    found = compiled("".join(f"key-{number}: x\n" for number in range(30))).diagnostics
    drawn = to_text(found)
    assert drawn.count("error[FL103]") == 20
    assert "10 more not shown (10 FL103): `firnline check --all` shows everything" in drawn
    assert "30 errors" in drawn


def test_of_a_line_that_is_too_long_the_marked_part_is_shown() -> None:
    line = f"why: {'long ' * 30}BAD{' more' * 30}"
    _, _, _, shown, under, *_ = to_text([KIND.at(_span(line, "BAD"), "here")], columns=80).split(
        "\n"
    )
    assert shown.startswith("1 | …")
    assert shown.endswith("…")
    assert shown[under.index("^") :].startswith("BAD more")
    assert width(shown) <= 80


def test_what_is_left_of_where_a_line_is_cut_is_marked_there_by_one_sign() -> None:
    bad = _span(f"why: {'x ' * 22}BAD{' y' * 30}", "BAD")
    found = KIND.at(bad, "here", also=[(Span(bad.source, 0, 3), "also here")])
    drawn = to_text([found], columns=60).split("\n")
    assert drawn[3].startswith("1 | …")
    assert drawn[5] == "  | - also here"


def test_whole_leaves_nothing_out_and_counts_no_typo_as_one() -> None:
    found = compiled("".join(f"key-{number}: x\n" for number in range(30))).diagnostics
    drawn = to_text(found, whole=True)
    assert drawn.count("error[FL103]") == 30
    assert "not shown" not in drawn
    same = compiled("".join(f"retain{number}: {{wyh: x}}\n" for number in range(3))).diagnostics
    assert to_text(same, whole=True).count("error[") == len(same)


def test_the_last_line_explains_the_first_error_and_not_a_warning_above_it() -> None:
    warning = KIND.at(_span("a: BAD", "BAD"), "here", severity=Severity.WARNING)
    error = replace(KIND, code="FL998").at(_span("b: BAD", "BAD"), "here")
    assert error.severity is Severity.ERROR
    assert to_text([warning, error]).endswith("Explain a code: firnline explain FL998\n")
    assert to_text([warning]).endswith(f"Explain a code: firnline explain {KIND.code}\n")


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (BucketPlace("lab"), "s3://lab"),
        (BucketPlace("lab", "111122223333"), "s3://lab (account 111122223333)"),
        (ObjectPlace("lab", "a/b"), "s3://lab/a/b"),
        (
            ObjectPlace("lab", "a/b", "v1", "111122223333"),
            "s3://lab/a/b version v1 (account 111122223333)",
        ),
    ],
)
def test_what_stands_in_no_file_is_named_without_a_line(place: Place, named: str) -> None:
    drawn = to_text([KIND.at(place, "two rules are not ours")])
    assert drawn.splitlines()[1:4] == [f" --> {named}", "  |", "  | two rules are not ours"]


def test_a_bucket_and_a_line_of_a_file_are_drawn_one_below_the_other() -> None:
    said = Source("p.yaml", "a: b\n")
    drawn = to_text([KIND.at(BucketPlace("lab"), "not so", also=[(Span(said, 3, 4), "said here")])])
    assert drawn.splitlines()[1:8] == [
        " --> s3://lab",
        "  |",
        "  | not so",
        " ::: p.yaml:1:4",
        "  |",
        "1 | a: b",
        "  |    - said here",
    ]


def test_a_bucket_stands_before_its_objects_whoever_finds_them_first() -> None:
    places: list[Place] = [ObjectPlace("lab", "b"), ObjectPlace("lab", "a"), BucketPlace("lab")]
    found = in_order(KIND.at(place, "here") for place in places)
    assert [str(each.place) for each in found] == ["s3://lab", "s3://lab/a", "s3://lab/b"]


def test_notes_wrap_to_the_width_and_hang_below_their_word() -> None:
    note = "word " * 40
    drawn = to_text([KIND.at(_span("a: b", "b"), "here", notes=[note])], columns=60)
    assert max(map(len, drawn.splitlines())) <= 60


def test_a_typo_in_many_places_is_drawn_once_with_its_victims_listed() -> None:
    retentions = [f"  r{n}: {{prefix: r{n}/, delete_aftr: 7d}}\n" for n in range(5)]
    found = [
        each
        for each in compiled("retain:\n" + "".join(retentions)).diagnostics
        if each.kind.code == "FL103"
    ]
    drawn = to_text(found)
    assert drawn.count("error[FL103]") == 1
    assert (
        "= note: the same in 4 other places: policies/policy.yaml:9:21, 10:21, 11:21, 12:21"
        in drawn
    )
    assert "\n5 errors. " in drawn
    assert "\n5 fixable with `firnline check --fix`\n" in drawn
    assert len(json.loads(to_json(found))["diagnostics"]) == 5
    assert to_text(found[:3]).count("error[FL103]") == 3


@pytest.mark.parametrize(("is_spelling", "drawn"), [(True, 1), (False, 5)])
def test_only_what_is_wrong_with_the_word_itself_is_drawn_once(
    drawn: int, *, is_spelling: bool
) -> None:
    source = Source("p.yaml", "tmp/ tmp/ tmp/ tmp/ tmp/")
    kind = replace(KIND, is_spelling=is_spelling)
    found = [kind.at(Span(source, n * 5, n * 5 + 4), "of `tmp/`") for n in range(5)]
    assert to_text(found).count("error[FL999]") == drawn


def test_the_last_line_says_how_many_can_be_fixed_and_how() -> None:
    safe = "retain: {t: {prefix: t/, delete_after: 7 days}}"
    assert to_text(compiled(safe).diagnostics).endswith("\n1 fixable with `firnline check --fix`\n")
    both = "retain: {t: {prefix: /t/, delete_after: 7 days}}"
    assert to_text(compiled(both).diagnostics, columns=120).endswith(
        "\n1 fixable with `firnline check --fix`,"
        " 1 more with `firnline check --fix --unsafe-fixes`\n"
    )
    none = "retain: {t: {prefix: t/, delete_after: 1m}}"
    assert "fixable" not in to_text(compiled(none).diagnostics)


def test_a_label_with_a_word_too_long_to_stand_beside_the_underline_stands_below() -> None:
    drawn = to_text(
        [KIND.at(_span(f"{'x' * 20}BAD", "BAD"), "w" * 34, remedy=Advise(""))], columns=60
    )
    assert max(map(len, drawn.split("\n"))) <= 60
    assert f"{'^' * 3} w" not in drawn


def test_a_label_that_would_run_over_wraps_beside_its_underline_or_below() -> None:
    label = "this says a good deal more than fits into what is left of a line"
    near = to_text([KIND.at(_span("why: BAD", "BAD"), label, remedy=Advise(""))], columns=60)
    assert near.split("\n")[4:6] == [
        "  |      ^^^ this says a good deal more than fits into what",
        "  |          is left of a line",
    ]
    far = to_text([KIND.at(_span(f"{'x' * 40}BAD", "BAD"), label, remedy=Advise(""))], columns=60)
    assert far.split("\n")[4:7] == [
        f"  | {' ' * 40}^^^",
        f"  | {' ' * 16}this says a good deal more than fits",
        f"  | {' ' * 16}into what is left of a line",
    ]


_WORDS = st.text(
    st.sampled_from("aé日本한e\u0301\u0941\u20dd\u1100\u1161🙂\t\u202e\x1b` "),
    min_size=1,
    max_size=60,
)


@example(  # the accent of a letter stands first behind the place where the line is cut
    before="`",
    bad="```\x1b\x1b\u202e\u202e日日日日",
    behind="\x1b\u202e\u202e日日日日\u0301`",
    texts=["`", "`", "`", "`"],
    columns=60,
    lines=0,
)
@example(  # the spaces in front of a label take the room that its word needs
    before="```",
    bad="```\x1b\x1b\x1b\x1b\u1100日日日日日",
    behind="`",
    texts=["\t`\x1b\x1b\u202e\u202e", "`", "`", "`"],
    columns=63,
    lines=0,
)
@given(
    before=_WORDS,
    bad=_WORDS,
    behind=_WORDS,
    texts=st.lists(_WORDS, min_size=4, max_size=4),
    columns=st.integers(60, 200),
    lines=st.sampled_from([0, 9, 99_999]),
)
def test_no_line_is_wider_than_asked_and_underlines_stand_below_what_they_mark(
    before: str, bad: str, behind: str, texts: list[str], columns: int, lines: int
) -> None:
    text = "\n" * lines + before + bad + behind
    source = Source("policies/p.yaml", text)
    start = lines + len(before)
    span, first = Span(source, start, start + len(bad)), Span(source, lines, lines + 1)
    label, also, note, help = texts
    drawn = to_text(
        [KIND.at(span, label, also=[(first, also)], notes=[note], remedy=Advise(help))],
        columns=columns,
    ).split("\n")
    at = next(n for n, line in enumerate(drawn) if line.startswith(f"{lines + 1} | "))
    shown = visible(before + bad + behind)
    words = max(width(word) for each in texts for word in [*visible(each).split(" "), ""])
    gutter = len(str(lines + 1)) + 3
    for line in drawn:
        assert width(line) <= max(columns, gutter + columns // 2 + words)
    head, line = drawn[at][:gutter], drawn[at][gutter:]
    under = drawn[at + 1][gutter:]
    indent = len(under) - len(under.lstrip(" "))
    assert under[indent] == "^"
    if width(shown) <= columns - gutter:
        assert (head, line) == (f"{lines + 1} | ", shown)
        assert indent == width(visible(before))
        assert under[indent:].startswith("^" * max(1, width(visible(bad))))
    else:
        assert "…" in line
        marked = next(line[n:] for n in range(len(line) + 1) if width(line[:n]) == indent)
        narrow = "\u0301\u0941\u20dd\u1161"  # of the letter before, and no cell wide
        assert bad[0] in narrow or marked.lstrip(narrow).startswith(visible(bad[0]))


@given(st.lists(st.sampled_from(["a", "word", "日本", "e\u0301", "longer-than-most"]), max_size=60))
def test_ordinary_words_never_run_over(words: list[str]) -> None:
    text = " ".join(words)
    found = [KIND.at(_span("why: here BAD", "BAD"), text, notes=[text], remedy=Advise(text))]
    for columns in (60, 80, 200):
        assert max(map(width, to_text(found, columns=columns).split("\n"))) <= columns


def test_the_last_line_explains_the_first_of_the_most_severe() -> None:
    place = _span("x", "x")
    found = [
        replace(KIND, code=code, severity=severity).at(place, "here")
        for code, severity in [("FL997", Severity.NOTE), ("FL998", Severity.WARNING)]
    ]
    assert to_text(found).endswith("1 warning, 1 note. Explain a code: firnline explain FL998\n")
