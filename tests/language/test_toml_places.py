"""The place of a setting, against texts of which it is known since they are put together here."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.position import Source, Span
from firnline.language.toml_places import mistake_of, name_of, value_of

NAMES = st.sampled_from(["base", "floor", "a-b", "FL401", "levels", "b", "b2", "x"])
SCALARS = st.one_of(
    st.integers(-99, 99).map(str),
    st.booleans().map(lambda said: json.dumps(said)),
    st.text("ab #=[]'", max_size=6).map(json.dumps),
    st.decimals(0, 9, places=2).map(str),
)
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=2).map(lambda each: f"[{', '.join(each)}]"),
    st.lists(SCALARS, min_size=1, max_size=2).map(lambda each: "[\n" + ",\n".join(each) + "]"),
    st.just('"""a\nx = 1 # b\n[floor]\n"""'),
)
BETWEEN = st.sampled_from(["", "\n", "# base = 1\n", "\n  # [x]\n\n"])


@dataclass
class Written:
    """A text, and where each key and value is in it."""

    text: str = ""
    names: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict)
    values: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict)

    def write(self, part: str) -> tuple[int, int]:
        start = len(self.text)
        self.text += part
        return start, len(self.text)


@st.composite
def texts(draw: st.DrawFn) -> Written:
    written = Written()
    for header in [(), *draw(st.permutations([("one",), ("one", "two"), ("three",)]))]:
        written.write(draw(BETWEEN))
        if header:
            written.write("[" + "".join(f"{each}." for each in header[:-1]))
            written.names[header] = written.write(header[-1])
            written.write("]" + draw(st.sampled_from(["", " # base = 2"])) + "\n")
        for name in draw(st.lists(NAMES, unique=True, max_size=4)):
            written.write(draw(BETWEEN))
            quote = draw(st.sampled_from(["", '"', "'"]))
            written.write(quote)
            written.names[*header, name] = written.write(name)
            written.write(quote + draw(st.sampled_from([" = ", "=", "   =  "])))
            written.values[*header, name] = written.write(draw(VALUES))
            written.write(draw(st.sampled_from(["", "  # floor = 3"])) + "\n")
    if not written.values:
        written.names[*header, "end"] = written.write("end")
        written.write(" = ")
        written.values[*header, "end"] = written.write("1")
    return written


@given(texts(), st.data())
def test_names_and_values_are_found_where_they_were_written(
    written: Written, data: st.DataObject
) -> None:
    source = Source("firnline.toml", written.text)
    key = data.draw(st.sampled_from(sorted(written.values)))
    name, value = name_of(source, key), value_of(source, key)
    assert (name.start, name.end) == written.names[key]
    start, end = written.values[key]
    whole = Span(source, start, end).first_line
    assert (value.start, value.end) == (whole.start, whole.end)


@given(texts())
def test_tables_are_found_by_their_headers(written: Written) -> None:
    source = Source("firnline.toml", written.text)
    of_three = name_of(source, ("three",))
    assert (of_three.start, of_three.end) == written.names["three",]
    assert value_of(source, ("three",)) == of_three


@pytest.mark.parametrize(
    ("text", "key", "place", "value"),
    [
        ("gates.levels = {FL401 = 'x', FL410 = 'x'}", ("gates", "levels", "FL410"), (1, 30), "'x'"),
        ("gates.levels.FL410 = 7", ("gates", "levels", "FL410"), (1, 14), "7"),
        ("x = 1\r\nfloor = 7\r\n", ("floor",), (2, 1), "7"),
        ("floor = 77", ("floor",), (1, 1), "77"),
        ("[a]\n[a.b]\nc = 1979-05-27", ("a", "b", "c"), (3, 1), "1979-05-27"),
    ],
)
def test_however_toml_writes_it(
    text: str, key: tuple[str, ...], place: tuple[int, int], value: str
) -> None:
    source = Source("firnline.toml", text)
    name = name_of(source, key)
    assert (name.line, name.column) == place
    found = value_of(source, key)
    assert text[found.start : found.end] == value


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("floor = \n", (1, 9)),
        ('x = 1\nfloor = "7d\n', (2, 12)),
        ("x = 1\n[review\n", (2, 8)),
        ('x = 1\ny = """a\n\n', (2, 8)),
    ],
)
def test_what_is_no_toml_has_a_place_too(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    found, what = mistake_of(Source("firnline.toml", text), raised.value)
    assert (found.line, found.column) == place
    assert "line" not in what
    assert "end of document" not in what


def test_in_a_long_pyproject_too() -> None:
    lines = "".join(f"[tool.t{n}]\nx = {n}\ny = [\n  1,\n]\n" for n in range(300))
    source = Source(
        "pyproject.toml", f"{lines}[tool.firnline]\nflor = 7\n{lines.replace('.t', '.u')}"
    )
    assert name_of(source, ("tool", "firnline", "flor")).line == 1_502
