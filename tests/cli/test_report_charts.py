"""The charts of `firnline report --out html` have the numbers of its JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_report import AUDIT, GIB, project, report
from tests.targets.charts.drawn import Chart
from tests.targets.charts.test_cost import heights

__all__ = ["project"]
pytestmark = pytest.mark.usefixtures("socket_disabled", "project")


def test_each_chart_shows_the_numbers_of_the_json() -> None:
    Path("audit.json").write_text(json.dumps(AUDIT))
    report("--out", "html:report.html", "--out", "json:report.json", "--audit", "audit.json")
    drawn = re.findall(r"<svg.*?</svg>", Path("report.html").read_text(), re.DOTALL)
    charts = [Chart.of(each) for each in drawn]
    found = json.loads(Path("report.json").read_text())
    assert [each.description for each in charts] == [
        _sentences(_cost(found["months"])),
        _sentences(_by_prefix(found["prefixes"], _fate)),
        _sentences(_by_prefix(found["prefixes"], _classes)),
        _sentences(_by_age(found["ages"])),
        _sentences(_retentions(found["retentions"])),
        _sentences(
            f"{each['reason']}: {_gib(each['bytes'])}" for each in found["unneeded"]["orphans"]
        ),
    ]
    for side in ("before", "after"):
        _lies_as_high_as(charts[0].paths(f"line {side}")[1], found["months"], f"{side}_usd")


def _lies_as_high_as(path: str, months: list[dict[str, Any]], name: str) -> None:
    """What costs a dollar less lies lower by the same everywhere: bounds are none here."""
    usd, line = [each[name] for each in months], heights(path)
    down = [(low - line[0], usd[0] - cost) for low, cost in zip(line, usd, strict=True)]
    most, saved = max(down, key=lambda each: abs(each[1]))
    for lower, less in down:
        assert lower == pytest.approx(most * less / saved if saved else 0, abs=0.11)


def _sentences(said: Iterator[str]) -> str:
    return "".join(f"{each}. " for each in said).rstrip()


def _gib(size: int) -> str:
    return f"{size // GIB}GiB"


def _cost(months: list[dict[str, Any]]) -> Iterator[str]:
    for each in (months[0], months[-1]):
        sides = (f"${each[f'{side}_usd']:.2f} {side}" for side in ("before", "after"))
        yield f"{each['from'][:7]}: {', '.join(sides)}"


def _by_prefix(prefixes: list[dict[str, Any]], parts: Any) -> Iterator[str]:
    for each in prefixes:
        said = [f"{name} {_gib(size)}" for name, size in parts(each) if size]
        yield f"{each['prefix']}: {', '.join(said)}"


def _fate(prefix: dict[str, Any]) -> Iterator[tuple[str, int]]:
    words = {"kept": "kept as it is", "moved": "moved to another class"}
    for name, volume in prefix["fates"].items():
        yield words.get(name, name.replace("_", " ")), volume["bytes"]


def _classes(prefix: dict[str, Any]) -> Iterator[tuple[str, int]]:
    return ((name, volume["bytes"]) for name, volume in prefix["classes"].items())


def _by_age(ages: dict[str, Any]) -> Iterator[str]:
    for number, band in enumerate(ages["bands"]):
        least, under = band["least_days"], band["under_days"]
        days = f"{least} to {under - 1} days" if under else f"{least} days and more"
        sizes = {name: volumes[number]["bytes"] for name, volumes in ages["classes"].items()}
        said = [f"{name} {_gib(size)}" for name, size in sizes.items() if size]
        yield f"{days if least else f'under {under} days'}: {', '.join(said) or 'nothing'}"


def _retentions(retentions: list[dict[str, Any]]) -> Iterator[str]:
    for each in retentions:
        moves, end = each["objects"]["moves"], each["objects"]["deleted_after_days"]
        stays = [("STANDARD", 0), *((move["storage_class"], move["days"]) for move in moves)]
        said = ", ".join(f"{name} from day {day}" for name, day in stays)
        yield f"{each['prefix']}: {said}; {f'gone {end}d' if end else 'never deleted'}"
