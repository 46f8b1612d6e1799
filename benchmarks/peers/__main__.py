"""`make peers`: asks every tool about every case, and writes who finds what into docs/peers.md."""

from __future__ import annotations

import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import firnline
from benchmarks.peers import cfn_lint, custodian, environment, moto, ours, results, table
from benchmarks.peers.answers import Answer
from benchmarks.peers.cases import Case, by_hand, conformance
from sandbox.places import CHECKOUT
from sandbox.walkthrough import step


def main() -> int:
    try:
        programs = environment.programs()
    except environment.NoPeers as why:
        print(f"error: {why}; {_written()} are unchanged", file=sys.stderr)
        return 1
    first, second = by_hand(), conformance()
    answers = _ask((*first, *second), programs)
    found = results.Results(
        measured=datetime.now(UTC).date().isoformat(),
        versions={
            "Firnline": firnline.__version__,
            **environment.versions(programs),
            "Python": platform.python_version(),
        },
        by_hand=results.rows(first, answers),
        conformance=results.rows(second, answers),
    )
    print(f"\n{table.text(found)}")
    table.write(found)
    results.write(found)
    print(f"written: {_written()}")
    return 0


def _ask(cases: tuple[Case, ...], programs: Path) -> dict[str, dict[str, Answer]]:
    """The answers by tool, then by case."""
    answers = {ours.LAW: ours.ask_law(cases), ours.CHECK: ours.ask_check(cases)}
    for tool in (cfn_lint, custodian, moto):
        with step(f"{tool.NAME}: {len(cases)} cases"), tempfile.TemporaryDirectory() as folder:
            answers[tool.NAME] = tool.ask(cases, programs, Path(folder))
    return answers


def _written() -> str:
    return " and ".join(str(each.relative_to(CHECKOUT)) for each in (table.PAGE, results.FILE))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\ninterrupted: nothing was written", file=sys.stderr)
        sys.exit(130)
