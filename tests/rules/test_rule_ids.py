"""The rules of different units never share an ID."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from firnline.pipeline import Compilation
from firnline.rules.lower import id_length
from tests.policies import compiled

# Few signs, so that what stands between the parts of an ID often stands in them as well.
ODD = st.lists(st.sampled_from(["a", "?", "=", "?x=", "?y=", ":", "+", "/", "1"]), max_size=5).map(
    "".join
)
PREFIXES = st.lists(
    ODD.map(lambda text: text.replace("?", "")), min_size=1, max_size=3, unique=True
)
VALUES = st.lists(ODD, min_size=1, max_size=3, unique=True)


def _compiled(prefixes: list[str], tags: dict[str, list[str]]) -> Compilation:
    retention = {"prefix": prefixes, "tags": tags, "delete_after": "30d"}
    return compiled(f'versioning: "off"\nretain: {json.dumps({"a": retention})}')


def _ids(compilation: Compilation) -> list[str]:
    assert not compilation.failed, compilation.diagnostics
    return [rule.id for rule in compilation.buckets[0].rules.rules if rule.expires]


@given(PREFIXES, VALUES, VALUES)
def test_as_many_ids_as_units_whatever_their_prefixes_and_tags(
    prefixes: list[str], xs: list[str], ys: list[str]
) -> None:
    compilation = _compiled([f"{prefix}x/" for prefix in prefixes], {"x": xs, "y": ys})
    ids = _ids(compilation)
    assert len(set(ids)) == len(ids) == len(prefixes) * len(xs) * len(ys)


def test_values_that_read_alike_in_an_id_are_told_apart_and_the_others_keep_theirs() -> None:
    ids = _ids(_compiled(["a/"], {"x": ["1", "1?y=2"], "y": ["3", "2?y=3"]}))
    start = "firnline/default/example/a:a/?x=1"
    plain = {f"{start}?y=3", f"{start}?y=2?y=2?y=3"}
    assert plain < set(ids)
    assert all(
        re.fullmatch(rf"{re.escape(start)}\?y=2\?y=3:[0-9a-f]{{16}}", each)
        for each in set(ids) - plain
    )
    assert len(set(ids)) == 4


def test_an_id_that_is_told_apart_is_no_longer_than_s3_takes() -> None:
    long = "v" * 110
    ids = _ids(_compiled(["a/"], {"x": [long, f"{long}?y=2"], "y": [long, f"2?y={long}"]}))
    assert len(set(ids)) == 4
    assert max(map(id_length, ids)) <= 255
