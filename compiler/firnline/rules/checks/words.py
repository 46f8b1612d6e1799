"""Phrases that several checks of a program use."""

from __future__ import annotations

from firnline.rules.program import Clock, Owned, Program


def asked(clock: Clock) -> str:
    return {
        Clock.OBJECTS: "objects",
        Clock.OLD_VERSIONS: "old versions",
        Clock.DELETE_MARKERS: "delete markers",
        Clock.UPLOADS: "uploads",
    }[clock]


def example_key(program: Program, owned: Owned) -> str:
    """A witness: a key that the prefix matches, in a bucket of the program."""
    return f"s3://{program.example}/{owned.prefix}x"


def also_matches(inner: Owned) -> str:
    return f"also matches `{inner.prefix}`"
