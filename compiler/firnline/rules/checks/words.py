"""Phrases that several checks of a program use."""

from __future__ import annotations

from firnline.rules.program import Clock, Owned, Program
from firnline.rules.scope import Scope


def asked(clock: Clock) -> str:
    return {
        Clock.OBJECTS: "objects",
        Clock.OLD_VERSIONS: "old versions",
        Clock.DELETE_MARKERS: "delete markers",
        Clock.UPLOADS: "uploads",
    }[clock]


def example_key(program: Program, owned: Owned) -> str:
    """A witness: an object of the scope, in a bucket of the program."""
    return witness(program, owned.scope)


def witness(program: Program, scope: Scope) -> str:
    more = [f"tagged {key}={value}" for key, value in scope.tags]
    if scope.at_least or scope.at_most is not None:
        more.append(f"of {scope.at_least if scope.at_least else scope.at_most:,} bytes")
    return ", ".join([f"s3://{program.example}/{scope.prefix}x", *more])


def also_matches(inner: Owned) -> str:
    return f"also matches {inner.scope}"
