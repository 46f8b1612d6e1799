"""How diagnostics are drawn."""

from __future__ import annotations

import pytest

from firnline.diagnostics.kinds import Kind, Severity, in_order
from firnline.diagnostics.position import Source, Span, unplaced
from firnline.diagnostics.text import to_text
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
error[FL301]: a longer life is asked for below a shorter-lived prefix
  --> policies/policy.yaml:13:19
   |
 9 |     prefix: checkpoints/
   |             ------------ also matches `checkpoints/prod/`
10 |     delete_after: 90d
   |                   --- S3 applies this one too
...
13 |     delete_after: 400d
   |                   ^^^^ you ask for 400d, S3 would delete objects at 90d
   |
   = note: for example s3://lab-data/checkpoints/prod/x: asked for 400d, gets 90d from `checkpoints`
   = note: S3 has no exclusions: when two rules match, the earlier deletion wins
   = help: name the short-lived prefixes instead of `checkpoints/`, such as `prefix:
           [checkpoints/ci/, checkpoints/dev/]`, or give `checkpoints` the longer life of `releases`

1 error. Explain a code: firnline explain FL301
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
    assert "and 10 more FL103" in drawn
    assert "30 errors" in drawn


def test_what_stands_in_no_file_is_named_without_a_line() -> None:
    drawn = to_text([KIND.at(unplaced("s3://bucket"), "two rules are not ours")])
    assert " --> s3://bucket\n" in drawn
    assert "two rules are not ours" in drawn


def test_notes_wrap_to_the_width_and_hang_below_their_word() -> None:
    note = "word " * 40
    drawn = to_text([KIND.at(_span("a: b", "b"), "here", notes=[note])], columns=60)
    assert max(map(len, drawn.splitlines())) <= 60
