"""A `match` over an enum says something of each member, and so does a table of its members.

mypy does the rest (`exhaustive-match`): with `assert_never` it refuses a match that leaves one out.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import pytest

from sandbox.paths import CHECKOUT

ENUMS = {"Enum", "IntEnum", "StrEnum"}
FOLDERS = ("compiler", "sandbox")


@cache
def sources() -> Mapping[str, ast.Module]:
    paths = [path for folder in FOLDERS for path in sorted((CHECKOUT / folder).rglob("*.py"))]
    return {str(path.relative_to(CHECKOUT)): ast.parse(path.read_text()) for path in paths}


@pytest.fixture(scope="module", autouse=True)
def dropped_when_read() -> Iterator[None]:
    """They are millions of objects, which the garbage collector would go through from then on."""
    yield
    sources.cache_clear()


def members_of(enum: ast.ClassDef) -> frozenset[str]:
    targets = [each.targets[0] for each in enum.body if isinstance(each, ast.Assign)]
    return frozenset(each.id for each in targets if isinstance(each, ast.Name))


def enum_classes() -> Iterator[ast.ClassDef]:
    for tree in sources().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                if bases & ENUMS:
                    yield node


@cache
def enums() -> Mapping[str, frozenset[str]]:
    return {each.name: members_of(each) for each in enum_classes()}


def member(node: ast.expr) -> tuple[str, str] | None:
    """`Clock.OBJECTS` as the enum and its member."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        enum = node.value.id
        if node.attr in enums().get(enum, ()):
            return enum, node.attr
    return None


def open_ended(tree: ast.AST) -> Iterator[int]:
    """Lines of matches over an enum that do not end in `case _: assert_never(…)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Match):
            continue
        patterns = [each for case in node.cases for each in ast.walk(case.pattern)]
        if any(isinstance(each, ast.MatchValue) and member(each.value) for each in patterns):
            last = node.cases[-1]
            never = f"assert_never({ast.unparse(node.subject)})"
            if not (ast.unparse(last.pattern) == "_" and ast.unparse(last.body[0]) == never):
                yield node.lineno


def partial(tree: ast.AST) -> Iterator[int]:
    """Lines of tables that hold some members of an enum and not all."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict) and node.keys:
            found = [member(key) for key in node.keys if key is not None]
            known = [each for each in found if each is not None]
            if known and known == found:
                enum = known[0][0]
                if {name for _, name in known} != enums()[enum]:
                    yield node.lineno


def test_the_enums_are_found() -> None:
    assert enums()["Versioning"] == {"ENABLED", "SUSPENDED", "OFF"}
    assert len(enums()) >= 20


def test_two_enums_of_one_name_have_the_same_members() -> None:
    """Else the two tests below would look for the members of the wrong one."""
    for each in enum_classes():
        assert members_of(each) == enums()[each.name], each.name


def places(find: Callable[[ast.AST], Iterator[int]]) -> list[str]:
    return [f"{path}:{line}" for path, tree in sources().items() for line in find(tree)]


def test_a_match_over_an_enum_ends_in_assert_never() -> None:
    assert places(open_ended) == []


def test_a_table_over_an_enum_holds_all_of_it() -> None:
    assert places(partial) == []


MATCH = """
match versioning:
    case Versioning.OFF | Versioning.SUSPENDED:
        pass
    case _:
        {}
"""


@pytest.mark.parametrize(
    ("last", "lines"),
    [("assert_never(versioning)", []), ("assert_never(other)", [2]), ("return None", [2])],
)
def test_a_match_that_takes_whatever_comes_is_found(last: str, lines: list[int]) -> None:
    assert list(open_ended(ast.parse(MATCH.format(last)))) == lines


def test_a_match_that_does_not_say_that_it_is_whole_is_found() -> None:
    text = MATCH.partition("    case _")[0]
    assert list(open_ended(ast.parse(text))) == [2]


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("{Versioning.OFF: 1, Versioning.ENABLED: 2, Versioning.SUSPENDED: 3}", []),
        ("{Versioning.OFF: 1, Versioning.ENABLED: 2}", [1]),
        ("{Versioning.OFF: 1, 'another': 2}", []),
        ("{}", []),
    ],
)
def test_a_table_that_lacks_a_member_is_found(table: str, lines: list[int]) -> None:
    assert list(partial(ast.parse(table, mode="eval"))) == lines
