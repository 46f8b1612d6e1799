"""The keys under which a place of a file stands."""

from __future__ import annotations

import pytest

from firnline.diagnostics.position import Source
from firnline.language.key_path import key_paths


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a: {b: {c: HERE}}", "a.b.c"),
        ("a:\n  x: 1\n  b:\n  - c: 1\n  - d: HERE\n", "a.b.d"),
        ("a: [{id: x}, {id: y, c: HERE}]", "a[y].c"),
        ('[{"ID": "x", "c": 1}, {"c": "HERE", "ID": "y"}]', "[y].c"),
        ("a: [[1, HERE]]", "a"),
        ("a: 1\nHERE: 2", "HERE"),
        ("HERE", ""),
        ("<a>HERE</a>", ""),
        ("a: [HERE", ""),
        ("# HERE\na: 1", ""),
    ],
)
def test_a_place_is_known_by_its_keys(text: str, path: str) -> None:
    assert key_paths(Source("x", text), [text.index("HERE")]) == [path]
