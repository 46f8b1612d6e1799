"""YAML of other tools is read as data, each value with its place, as PyYAML's own reader does."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.position import Source
from firnline.language.yaml_data import NoYamlData, Tagged, read_yaml

# PyYAML writes U+0085 where it does not read it back: its line break.
TEXT = st.text(st.characters(exclude_characters="\x85", codec="utf-8"), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | TEXT
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def data_of(text: str) -> Any:
    return read_yaml(Source("t.yaml", text)).data


@given(DATA, st.booleans())
def test_data_is_read_as_pyyaml_reads_it(data: Any, flow: bool) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True)
    assert data_of(text) == yaml.safe_load(text) == data


def test_a_value_has_its_place_and_its_key() -> None:
    text = "Rules:\n- ID: a\n  Days: 30\n"
    place = read_yaml(Source("t.yaml", text)).places["Rules", 0, "Days"]
    assert place.key is not None
    assert (place.value.line, place.value.column) == (3, 9)
    assert (place.key.line, place.key.column) == (3, 3)


def test_tags_of_other_tools_are_kept() -> None:
    assert data_of("a: !Sub x-${y}\nb: !If [c, 1, 2]") == {
        "a": Tagged("!Sub", "x-${y}"),
        "b": Tagged("!If", ["c", 1, 2]),
    }


def test_anchors_and_merge_keys_have_their_meaning() -> None:
    text = "vars:\n  base: &base {days: 7, status: Enabled}\nrule: {<<: *base, days: 9}\n"
    assert data_of(text)["rule"] == yaml.safe_load(text)["rule"] == {"days": 9, "status": "Enabled"}


def test_a_key_twice_is_noticed() -> None:
    (again,) = read_yaml(Source("t.yaml", "a: 1\na: 2\n")).twice
    assert again.line == 2


@pytest.mark.parametrize(
    "text",
    [
        "a: [1",
        "a: *b",
        "a: &a [*a]",
        "a: 1\n---\nb: 2",
        "{[1]: 2}",
        "[" * 100 + "]" * 100,
        "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
            for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        ),
    ],
    ids=[
        "open",
        "no anchor",
        "itself",
        "two documents",
        "a map as key",
        "deep",
        "a billion laughs",
    ],
)
def test_what_cannot_be_read_says_where(text: str) -> None:
    with pytest.raises(NoYamlData) as raised:
        read_yaml(Source("t.yaml", text))
    assert str(raised.value)
    assert raised.value.span.start <= len(text)
