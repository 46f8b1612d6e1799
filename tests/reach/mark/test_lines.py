"""Reading a references file in columns says, and refuses, what reading it line by line does."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.reach.location import Location, LocationKind
from firnline.reach.mark import lines as in_columns
from firnline.reach.mark.lines import Lines, lines_of, read_at, read_lines
from firnline.reach.reference_file import UnusableReferences, read_whole, to_lines
from firnline.reach.references import (
    CheckpointRule,
    OrphanReason,
    Reference,
    Root,
    Strength,
    Unneeded,
)
from firnline.reach.source import Certificate

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
_TEXTS = st.text(st.sampled_from('a/é"\\\n\r\t\x00\x7f\u2028\U0010ffff ]}{,:'), max_size=6)
_SOME = st.none() | _TEXTS
_LOCATIONS = st.builds(Location, st.sampled_from(["a", "b"]), st.sampled_from(LocationKind), _TEXTS)
_BECAUSE = st.lists(_TEXTS, max_size=2).map(tuple)
_MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
_SAID = st.one_of(
    st.builds(Reference, _LOCATIONS, st.sampled_from(Strength), _BECAUSE, _SOME, _SOME),
    st.builds(
        Unneeded, _LOCATIONS, st.sampled_from(OrphanReason), _BECAUSE, _MOMENTS, _SOME, _SOME
    ),
    st.builds(Root, _LOCATIONS, _TEXTS, _TEXTS, _SOME),
    st.builds(
        CheckpointRule,
        _LOCATIONS,
        match=_BECAUSE,
        keep_newest=st.integers(0, 3),
        registered_only=st.booleans(),
        because=_BECAUSE,
        owner=_SOME,
        experiment=_SOME,
    ),
)
_FOUND = st.lists(st.tuples(_TEXTS, st.just("kind"), _SAID), max_size=8)
_CERTIFICATE = ("prod", "mlflow", Certificate(NOON, NOON, 1, 1, 1, "count(*)"))
_PLAIN = (
    '{"registry":"prod","reference":{"bucket":"a","kind":"dir","key":"k","strength":"pin",'
    '"because":["m"],"owner":"ann","experiment":"churn"}}\n'
)
_NO_LONGER = (
    '{"registry":"prod","unneeded":{"bucket":"a","kind":"dir","key":"k","reason":"run_failed",'
    '"because":[],"since":"2026-11-29T12:00:00Z"}}\n'
)


def saved(found: list[tuple[str, str, Any]]) -> str:
    return "".join(to_lines(NOON, [*found, _CERTIFICATE]))


@pytest.fixture(autouse=True, params=[1 << 22, 50])
def at_a_time(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_columns, "AT_A_TIME", request.param)


def both(text: str) -> tuple[object, object]:
    return _told(_by_lines(text)), _told(_in_columns(text))


def _told(said: Iterator[Any]) -> object:
    """All of it, or why not; in a batch, certificates come before what is referenced."""
    try:
        every = list(said)
    except UnusableReferences as why:
        return str(why)
    rows = pl.concat([each.rows for each in every if isinstance(each, Lines)])
    others: list[Any] = []
    before = 0
    for each in every:
        if isinstance(each, Lines):
            others += [(before + row, other) for row, other in each.others]
            before += len(each.rows)
    beside = [each for each in every if not isinstance(each, Lines)]
    return rows.drop("line").rows(), others, beside


def _by_lines(text: str) -> Iterator[Any]:
    every = list(read_whole(io.StringIO(text, newline=None), "refs"))
    yield lines_of(each for each in every if isinstance(each, tuple))
    yield from (each for each in every if not isinstance(each, tuple))


def _in_columns(text: str) -> Iterator[Any]:
    return iter(read_lines(io.StringIO(text, newline=None), "refs"))


@settings(max_examples=40, deadline=None)
@given(_FOUND)
def test_what_was_written_is_read_in_order(found: list[tuple[str, str, Any]]) -> None:
    by_lines, columns = both(saved(found))
    assert not isinstance(by_lines, str)
    assert columns == by_lines


@settings(max_examples=40, deadline=None)
@given(_FOUND, st.sets(st.integers(0, 9), max_size=3))
def test_lines_are_read_again_by_their_number(
    found: list[tuple[str, str, Any]], wanted: set[int]
) -> None:
    text = saved(found)
    said = list(read_at(io.StringIO(text, newline=None), "refs", wanted))
    assert said == [
        (1 + at, (name, each)) for at, (name, _, each) in enumerate(found) if 1 + at in wanted
    ]
    numbers = [each.rows["line"] for each in _in_columns(text) if isinstance(each, Lines)]
    assert pl.concat(numbers).to_list() == list(range(1, 1 + len(found)))
    for cut in (text[:-1] + " ", text + text, text.replace("prod", "test")):
        with pytest.raises(UnusableReferences):
            list(read_at(io.StringIO(cut, newline=None), "refs", wanted))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"pin"', '"PIN"'),
        ('"pin"', '"firm"'),
        ('"strength":"pin"', '"reason":"run_failed"'),
        ('"reason":"run_failed"', '"strength":"pin"'),
        ('"unneeded"', '"reference"'),
        ('"kind":"dir"', '"kind":"folder"'),
        ('"kind":"dir",', ""),
        ('"bucket":"a",', ""),
        ('"bucket":"a","kind":"dir","key":"k"', '"uri":"s3://a/k%2Fb"'),
        ('"bucket":"a","kind":"dir","key":"k"', '"uri":"file:///k"'),
        ('"key":"k"', '"key":"k","key":"other"'),
        ('"key":"k"', '"key":"k\\u0020\\ud800"'),
        ('"key":"k"', '"key":"k\tk"'),
        ('"key":"k"', '"key":3'),
        ('"key":"k"', '"key" : "k"'),
        ('"owner":"ann"', '"owner":null'),
        ('"owner":"ann","experiment":"churn"', '"experiment":"churn","owner":"ann"'),
        ('["m"]', '"m"'),
        ('["m"]', '["m",]'),
        ('["m"]', '["m",["n"]]'),
        ('"since":"2026-11-29', '"since":"2026-02-30'),
        ('"since":"2026-11-29', '"since":"2024-02-29'),
        ('"since":"2026-11-29', '"since":"0000-11-29'),
        ("T12:00:00Z", "T12:00:60Z"),
        ("T12:00:00Z", "T12:00:00"),
        ("T12:00:00Z", "T12:00:00.5+02:00"),
        ('"registry":"prod",', ""),
        ('{"registry":"prod",', '{"firnline":"references/v1","registry":"prod",'),
        ('{"registry":"prod",', '{"firnline":"references/v0","registry":"prod",'),
        ('"churn"}}', '"churn"}} '),
        ('"churn"}}', '"churn"}}}'),
        ('"churn"}}', '"churn"}},{}'),
        ('"churn"}}\n', '"churn"}}\r\n'),
        ('"churn"}}\n', '"churn"}}\r'),
        ('"churn"}}\n', '"churn"}}\n\n'),
        (_PLAIN, '{"end":{"lines":1,"sha256":"0"}}\n' + _PLAIN),
        (_PLAIN, '{"end":{"lines":1,"sha256":"0"}}\nno JSON\n'),
        (_PLAIN, _PLAIN + "[]\n"),
        (_PLAIN, "\ufeff" + _PLAIN),
    ],
)
def test_whatever_else_a_line_holds_is_read_or_refused_as_line_by_line(old: str, new: str) -> None:
    head, *_, end = saved([]).splitlines(keepends=True)
    whole = "".join([head, _PLAIN, _NO_LONGER, _PLAIN, *_[1:]])
    assert old in whole
    for count in (1, -1):
        changed = whole.replace(old, new, count)
        by_lines, columns = both(changed + _end_of(changed))
        assert columns == by_lines
        by_lines, columns = both(changed + end)
        assert isinstance(by_lines, str)
        assert columns == by_lines


def _end_of(text: str) -> str:
    """What proves whatever it is."""
    read = text.replace("\r\n", "\n").replace("\r", "\n")
    return json.dumps(
        {"end": {"lines": read.count("\n"), "sha256": sha256(read.encode()).hexdigest()}}
    )


@settings(max_examples=40, deadline=None)
@given(_FOUND, st.data())
def test_a_file_that_was_cut_or_changed_is_refused(
    found: list[tuple[str, str, Any]], data: st.DataObject
) -> None:
    text = saved(found)
    place = data.draw(st.integers(0, len(text) - 2))
    kept = data.draw(st.integers(0, 5))
    by_lines, columns = both(text[:place] + text[place + 1 :][:kept])
    assert isinstance(by_lines, str)
    assert columns == by_lines


def test_a_file_may_begin_with_its_first_line_only() -> None:
    for text in ("", "\n", _PLAIN, "".join(saved([]).splitlines(keepends=True)[1:])):
        by_lines, columns = both(text)
        assert isinstance(by_lines, str)
        assert columns == by_lines
