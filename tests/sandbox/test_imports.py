"""Does the sandbox import in one direction, inside functions and under TYPE_CHECKING too?"""

import subprocess
import sys
from itertools import combinations

import grimp
import pytest

import sandbox
from sandbox.paths import CHECKOUT


def cycles(graph: grimp.ImportGraph, package: str) -> list[tuple[str, ...]]:
    """Each ring of packages or modules that lie in one package and import each other."""
    found = []
    for parent in sorted(graph.modules):
        siblings = sorted(graph.find_children(parent)) if parent.startswith(package) else []
        for one, other in combinations(siblings, 2):
            there = graph.find_shortest_chain(one, other, as_packages=True)
            back = graph.find_shortest_chain(other, one, as_packages=True)
            if there and back:
                found.append((*there, *back))
    return found


def imports(*pairs: tuple[str, str]) -> grimp.ImportGraph:
    graph = grimp.ImportGraph()
    for module in ("house", "house.one", "house.one.part", "house.two", "house.three"):
        graph.add_module(module)
    for importer, imported in pairs:
        graph.add_import(importer=importer, imported=imported)
    return graph


def test_nothing_in_the_sandbox_imports_in_a_circle() -> None:
    graph = grimp.build_graph("sandbox", cache_dir=None)
    assert f"{sandbox.__name__}.engine.find" in graph.modules
    assert cycles(graph, "sandbox") == []


@pytest.mark.parametrize(
    "pairs",
    [
        [("house.one", "house.two"), ("house.two", "house.one")],
        [
            ("house.one", "house.two"),
            ("house.two", "house.three"),
            ("house.three", "house.one"),
        ],
        [("house.one.part", "house.two"), ("house.two", "house.one")],
    ],
    ids=["of two", "of three", "through a package"],
)
def test_a_circle_is_found(pairs: list[tuple[str, str]]) -> None:
    assert cycles(imports(*pairs), "house")


def test_imports_in_one_direction_are_no_circle() -> None:
    graph = imports(("house.one", "house.two"), ("house.one.part", "house.two"))
    assert cycles(graph, "house") == []


@pytest.mark.parametrize("module", ["sandbox.__main__", "sandbox.walkthrough"])
def test_the_commands_start_with_nothing_but_the_standard_library(module: str) -> None:
    program = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); import {module}"
    ran = subprocess.run(
        [sys.executable, "-S", "-E", "-c", program], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
