"""docs/gc-safety.md, from the tests that it tells of: `make docs` writes it, a test compares it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.reach.safety.failures import ELSEWHERE, FAILURES, Elsewhere, Failure
from tests.reach.safety.world import World

FILE = Path(__file__).resolve().parent / "gc-safety.md"
_TEST = "tests/reach/safety/test_reading.py"
_HEAD = f"""\
<!-- Written by `make docs` from {_TEST}: edit the failures there, not this page. -->
# How collectors of garbage destroy live data, and what stops that here

Each failure below happened to a collector that people use, as the links say, or was measured in a
fast version of one. A test builds it as a small bucket with a registry. The well-known loop (one
page of the registry, `startswith`, no proof that all was read) runs on it, and so do
`firnline gc refs` and `firnline gc audit`. Another test takes each guard out of a copy of the
sources and sees the first one fail ([`{_TEST}`](../{_TEST})).

No command of `firnline gc` writes to S3 or to a registry, and no option lifts a guard.

Failures of marking and deleting (a reference that comes back, tags that travel with copies, half a
run that is repeated) are not here: nothing in Firnline marks or deletes yet.
"""


def page() -> str:
    sections = [*map(_section, FAILURES), *map(_elsewhere, ELSEWHERE)]
    return "\n".join([_HEAD, *sections]).rstrip() + "\n"


def _elsewhere(failure: Elsewhere) -> str:
    file, _, test = failure.test.partition("::")
    told = [f"- Shown by [`{test}`](../{file})", *_seen(failure.evidence)]
    return "\n".join([f"## {failure.name}", "", failure.rule, "", *told, ""])


def _seen(evidence: tuple[str, ...]) -> Iterator[str]:
    return (f"- Seen in {_link(each)}" for each in evidence)


def _section(failure: Failure) -> str:
    return "\n".join(
        [
            f"## {failure.name}",
            "",
            f"{failure.rule}",
            "",
            *_told(failure),
            *_seen(failure.evidence),
            "",
        ]
    )


def _told(failure: Failure) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), failure.stored)
        deleted = failure.naive(world)
        answer = failure.firnline(world)
    if lost := deleted & failure.live:
        is_needed = "which is needed" if len(lost) == 1 else "which are needed"
        yield f"- The loop deletes {_keys(lost)}, {is_needed}."
    elif kept := failure.found - deleted:
        yield f"- The loop keeps {_keys(kept)} for ever."
    else:
        yield "- The loop does not notice."
    if failure.verdict:
        said = answer.verdict.removeprefix("firnline gc audit: ")
        assert failure.verdict in said
        yield f"- Firnline says `no verdict`, and why: … {failure.verdict} …"
    elif answer.orphans:
        yield f"- Firnline names {_keys(answer.orphans)} alone."
    elif answer.missing:
        yield f"- Firnline names {_keys(answer.missing)} as missing."
    else:
        yield "- Firnline names nothing."


def _keys(keys: frozenset[str] | set[str]) -> str:
    return " and ".join(f"`{key}`" for key in sorted(keys))


def _link(url: str) -> str:
    return f"[{url.removeprefix('https://github.com/')}]({url})"
