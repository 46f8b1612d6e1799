"""Columns are aligned by what a terminal shows, and the last one fits the screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.visible import width
from firnline.targets.aligned import aligned, aligned_whole, cut, cut_inside


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    rows = [("", "objects", "by"), ("moved", "5", "a"), ("deleted", "1,000", "b")]
    assert aligned(rows, 80, right=(1,)) == [
        "         objects  by",
        "moved          5  a",
        "deleted    1,000  b",
    ]


def test_a_title_stands_in_no_column() -> None:
    rows = [("a long title",), ("a", "b"), ("ab", "c")]
    assert aligned(rows, 80) == ["a long title", "a   b", "ab  c"]
    assert aligned(rows, 8)[0] == "a long …"


def test_wide_characters_take_two_cells() -> None:
    assert aligned([("長い", "x"), ("ab", "y")], 80) == ["長い  x", "ab    y"]


def test_the_last_column_is_cut_to_the_width() -> None:
    lines = aligned([("a", "b" * 100), ("a", "長" * 100)], 20)
    assert [width(line) for line in lines] == [20, 20]
    assert all(line.endswith("…") for line in lines)


def test_a_whole_last_column_is_wrapped_below_itself_and_no_word_is_cut() -> None:
    rows = [("a", "owner"), ("aa", "one or other"), ("b", "a-long-team-of-data")]
    assert aligned_whole(rows, 16) == [
        "a   owner",
        "aa  one or other",
        "b   a-long-team-of-data",
    ]
    assert aligned_whole([("a" * 20, "of a team or another")], 24) == [
        f"{'a' * 20}  of a team or",
        f"{' ' * 20}  another",
    ]


def test_what_fits_is_not_cut() -> None:
    assert (cut("abc", 3), cut("abcd", 3), cut("", 0)) == ("abc", "ab…", "")


def test_a_path_keeps_its_end() -> None:
    assert cut_inside("models/churn/v1/step-0001.pt", 20) == "models…/step-0001.pt"


@given(st.text("ab長/", max_size=40), st.integers(3, 30))
def test_what_is_cut_inside_fits_and_has_beginning_and_end(text: str, columns: int) -> None:
    shown = cut_inside(text, columns)
    assert width(shown) <= columns
    if shown != text:
        start, _, end = shown.partition("…")
        assert text.startswith(start)
        assert text.endswith(end)
        assert width(text) > columns
