"""`make peers`: runs every tool on every case, and writes which tool finds what into docs/peers.md.

`python -m benchmarks.peers --ours` runs only Firnline again, and keeps the peers' answers;
`--timing` only measures the times again.
"""

from __future__ import annotations

import platform
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import firnline
from benchmarks.peers import cfn_lint, custodian, environment, moto, ours, results, table, timing
from benchmarks.peers.answers import Answer, NoAnswer
from benchmarks.peers.cases import Case, conformance, curated
from sandbox.paths import CHECKOUT
from sandbox.walkthrough import step


def main(arguments: list[str]) -> int:
    match arguments:
        case []:
            return _measure()
        case ["--ours"]:
            cases = (*curated(), *conformance())
            _write(results.with_ours(results.read(), cases))
            return 0
        case ["--timing"]:
            return _time()
        case _:
            print("usage: python -m benchmarks.peers [--ours | --timing]", file=sys.stderr)
            return 2


def _measure() -> int:
    first, second = curated(), conformance()
    try:
        programs = environment.programs()
        answers = _ask((*first, *second), programs)
        timed = _timing(programs)
    except (environment.NoPeers, NoAnswer) as why:
        print(f"error: {why}; {_written()} are unchanged", file=sys.stderr)
        return 1
    found = results.Results(
        measured=datetime.now(UTC).date().isoformat(),
        versions={
            "Firnline": firnline.__version__,
            **environment.versions(programs),
            "Python": platform.python_version(),
        },
        curated=results.rows(first, answers),
        conformance=results.rows(second, answers),
        timing=timed,
    )
    print(f"\n{table.text(found)}")
    _write(found)
    return 0


def _time() -> int:
    try:
        timed = _timing(environment.programs())
    except (environment.NoPeers, NoAnswer) as why:
        print(f"error: {why}; {_written()} are unchanged", file=sys.stderr)
        return 1
    _write(replace(results.read(), timing=timed))
    return 0


def _timing(programs: Path) -> timing.Timing:
    with step("1,000 rules in 100 files"), tempfile.TemporaryDirectory() as folder:
        return timing.measure(programs, Path(folder))


def _write(found: results.Results) -> None:
    table.write(found)
    results.write(found)
    print(f"written: {_written()}")


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
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\ninterrupted: nothing was written", file=sys.stderr)
        sys.exit(130)
