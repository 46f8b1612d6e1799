"""The first line of a review is read as it was written, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.forge.marker import NO_CHANGE, NO_COMMIT, Marker, Run, key_of, read_marker, verdict_of

HEADS = st.sampled_from([NO_COMMIT, "a" * 40, "0" * 64])
VERDICTS = st.one_of(st.just(NO_CHANGE), st.text().map(verdict_of))
NAMES = st.from_regex(
    r"[A-Za-z0-9][A-Za-z0-9-]{0,20}(/[A-Za-z0-9][A-Za-z0-9._-]{0,20})?", fullmatch=True
)
MENTIONS = st.lists(NAMES.map("@{}".format), max_size=3).map(tuple)
RUNS = st.none() | st.builds(Run, st.integers(0, 10**12), st.integers(1, 99))
KEYS = st.text().map(key_of)
MARKERS = st.builds(Marker, KEYS, VERDICTS, HEADS, MENTIONS, RUNS)


@given(MARKERS)
def test_what_is_written_is_read(marker: Marker) -> None:
    assert read_marker(marker.line()) == marker
    assert marker.line().count("-->") == 1
    assert "\n" not in marker.line()


def test_the_form_that_others_may_rely_on() -> None:
    marker = Marker("ml/data", NO_CHANGE, "a" * 40, ("@acme/ml", "@ada"), Run(12, 3))
    assert marker.line() == (
        f"<!-- firnline:comment v1 key=ml/data verdict=none head={'a' * 40}"
        " mentions=@acme/ml,@ada run=12.3 -->"
    )


@given(st.text())
def test_every_project_has_a_key_of_its_own(name: str) -> None:
    assert Marker(key_of(name), NO_CHANGE, NO_COMMIT)
    assert key_of(name) == name or key_of(name) != key_of(f"{name}.")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("key", each) for each in ("", "a b", "a -->", "a\nb", "--><b>", "ä", "x" * 101)),
        *(("verdict", each) for each in ("", "sha256:x", "SHA256:" + "0" * 64, "none ")),
        *(("head", each) for each in ("", "HEAD", "a" * 39, "A" * 40, "a" * 40 + "\n")),
        *(("mentions", (each,)) for each in ("ada", "@", "@a,@b", "@a b", "@a/", "@a/b/c", "@-->")),
    ],
)
def test_what_could_break_the_line_is_no_field(field: str, value: object) -> None:
    fields = {"key": "a", "verdict": NO_CHANGE, "head": NO_COMMIT, field: value}
    with pytest.raises(ValueError, match="fits no field"):
        Marker(**fields)  # type: ignore[arg-type]


LINE = "<!-- firnline:comment v1 key=a verdict=none head=none -->"


@pytest.mark.parametrize(
    "line",
    [
        f" {LINE}",
        f"{LINE} ",
        f"{LINE}\n",
        f"{LINE}{LINE}",
        LINE.upper(),
        LINE.replace("v1", "v2"),
        LINE.replace("key=a ", ""),
        LINE.replace("key=a", "key=a\u200b"),
        LINE.replace(" verdict", "  verdict"),
        LINE.replace("head=none", "head=none more=1"),
        LINE.replace("head=none", "head=none run=1"),
        LINE.replace(" -->", "-->"),
    ],
)
def test_any_other_line_is_none(line: str) -> None:
    assert read_marker(LINE) is not None
    assert read_marker(line) is None
