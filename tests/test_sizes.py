"""Is every module and function of the package short and flat enough to be read at once?"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import pytest

import firnline

PACKAGE = Path(firnline.__file__).parent


class Measured(NamedTuple):
    place: str
    lines: int
    nesting: int


@cache
def modules() -> dict[str, int]:
    """The lines of each."""
    return {_name(path): len(path.read_text().splitlines()) for path in PACKAGE.rglob("*.py")}


@cache
def functions() -> tuple[Measured, ...]:
    return tuple(
        each._replace(place=f"{_name(path)}:{each.place}")
        for path in sorted(PACKAGE.rglob("*.py"))
        for each in measured(path.read_text())
    )


def measured(code: str) -> Iterator[Measured]:
    """Each function, also one inside another, from its `def` to its last line."""
    for node in _outside_expressions(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            lines = node.end_lineno - node.lineno + 1
            yield Measured(f"{node.lineno} {node.name}", lines, _nesting(node))


def _outside_expressions(node: ast.AST) -> Iterator[ast.AST]:
    """All but expressions, which hold no statement and are nine nodes of ten."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.expr):
            yield child
            yield from _outside_expressions(child)


def _nesting(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """By how many levels its deepest statement is indented; `case` inside `match` is two."""
    deepest = max(each.col_offset for each in _statements(function))
    return (deepest - function.body[0].col_offset) // 4


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Those of the function itself: one inside it is measured alone."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if not isinstance(child, ast.expr | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _statements(child)


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _ninetieth(sizes: list[int]) -> float:
    return quantiles(sizes, n=10)[-1]


def test_the_package_is_found() -> None:
    assert len(modules()) > 200
    assert len(functions()) > 1000


def test_most_modules_are_short() -> None:
    assert median(modules().values()) <= 150
    assert _ninetieth(list(modules().values())) <= 250


def test_no_module_is_long() -> None:
    assert {name: lines for name, lines in modules().items() if lines > 400} == {}


def test_most_functions_fit_on_half_a_screen() -> None:
    assert _ninetieth([each.lines for each in functions()]) <= 25


def test_no_function_is_long() -> None:
    assert [each for each in functions() if each.lines > 60] == []


def test_no_function_is_nested_deeper_than_three_levels() -> None:
    assert [each for each in functions() if each.nesting > 3] == []


@pytest.mark.parametrize(
    ("body", "nesting"),
    [
        ("return 1", 0),
        ("if a:\n    b\nelif c:\n    d\nelse:\n    e", 1),
        ("if a:\n    b\nelse:\n    if c:\n        d", 2),
        ("for a in b:\n    while c:\n        with d:\n            e", 3),
        ("try:\n    a\nexcept B:\n    if c:\n        d", 2),
        ("match a:\n    case 1:\n        if b:\n            c", 3),
        ("for a in b:\n    match a:\n        case 1:\n            if b:\n                c", 4),
        ("return [a for b in c for d in b if d]", 0),
    ],
)
def test_nesting_is_counted_in_levels_of_indent(body: str, nesting: int) -> None:
    code = "def check(policy):\n" + "\n".join(f"    {line}" for line in body.splitlines())
    assert [each.nesting for each in measured(code)] == [nesting]


def test_a_function_inside_another_is_measured_alone() -> None:
    code = "def a():\n    if b:\n        def c():\n            if d:\n                return e\n"
    assert list(measured(code)) == [Measured("1 a", 5, 1), Measured("3 c", 3, 1)]
