"""The part of docs/peers.md that is measured, from the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.peers import moto, timing
from benchmarks.peers.answers import Verdict
from benchmarks.peers.results import PEERS, TOOLS, Results, Row
from sandbox.paths import CHECKOUT

PAGE: Final = CHECKOUT / "docs/peers.md"
BEGIN: Final = "<!-- Measured: `make peers` writes what follows. -->"
END: Final = "<!-- Measured: up to here. -->"
_SIGNS: Final = {"refuses": "✔", "warns": "w", "silent": "·", "n/a": "n/a"}
_SHOWN: Final = {
    "judge": "Firnline's law",
    "check": "`firnline check`",
    "cfn-lint": "cfn-lint",
    "c7n": "c7n",
    "moto": "moto",
}
_CURATED: Final = ("check", *PEERS)
_LISTED: Final = 12


def into_page(page: str, results: Results) -> str:
    """The page with what stands between the markers written anew. Raises `ValueError`."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{PAGE.name} has lost one of its markers: {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{text(results)}\n{END}{after}"


def text(results: Results) -> str:
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Results) -> Iterator[str]:
    yield _measured(results)
    yield from ["", "## Case by case", ""]
    yield from _case_by_case(results)
    yield from ["", "## All conformance cases", ""]
    yield from _totals(results)
    yield from ["", _how_moto_refuses(results)]
    yield from ["", "How many of the rejected ones are refused, by what they are about:", ""]
    yield from _by_topic(results)
    yield from ["", "## Who refuses what S3 accepts", ""]
    yield from _refused_though_taken(results)
    yield from _warned_though_taken(results)
    yield from ["", "## What Firnline misses", ""]
    yield from _our_misses(results)
    yield from ["", "## How long they take", ""]
    yield from _times(results.timing)


def _measured(results: Results) -> str:
    found = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    return f"Measured on {results.measured}: {found}."


def _case_by_case(results: Results) -> Iterator[str]:
    yield from _head(["case", *map(_shown, _CURATED)])
    for id, row in results.curated.items():
        yield _row([id, *(_sign(results, row, tool) for tool in _CURATED)])
    for s3, what in (("reject", "rejected"), ("hurt", "hurtful")):
        rows = [row for row in results.curated.values() if row.s3 == s3]
        counts = (f"**{_score(results, rows, tool)}**" for tool in _CURATED)
        yield _row([f"**{what}: found of those that can be written**", *counts])


def _sign(results: Results, row: Row, tool: str) -> str:
    sign = _SIGNS[row.answers[tool].verdict]
    return f"{sign}¹" if results.for_wrong_reason(row, tool) else sign


def _score(results: Results, rows: Sequence[Row], tool: str) -> str:
    """Catches of those that can be written; warnings and wrong reasons apart."""
    counted = _verdicts(rows, tool)
    writable = len(rows) - counted["n/a"]
    if not writable:
        return "n/a"
    score = f"{counted['refuses']}/{writable}"
    if counted["warns"]:
        score += f" + {counted['warns']} w"
    wrong = sum(results.for_wrong_reason(row, tool) for row in rows)
    return f"{score} ({wrong}¹)" if wrong else score


def _totals(results: Results) -> Iterator[str]:
    rejected = [row for row in results.conformance.values() if row.s3 == "reject"]
    accepted = [row for row in results.conformance.values() if row.s3 == "accept"]
    yield from _head(
        [
            "",
            f"of {len(rejected)} that S3 rejects: refused",
            "warned of",
            "let pass",
            "n/a",
            f"of {len(accepted)} that S3 accepts: refused",
            "warned of",
            "let pass",
            "n/a",
        ]
    )
    for tool in TOOLS:
        cells = [_shown(tool)]
        for rows in (rejected, accepted):
            counted = _verdicts(rows, tool)
            wrong = sum(results.for_wrong_reason(row, tool) for row in rows)
            refused = str(counted["refuses"])
            if wrong and rows is rejected:
                refused += f" ({wrong}¹)"
            cells += [refused, *(str(counted[each]) for each in ("warns", "silent", "n/a"))]
        yield _row(cells)


def _how_moto_refuses(results: Results) -> str:
    refused = [
        row.answers[moto.NAME].said[0]
        for row in results.conformance.values()
        if row.s3 == "reject" and row.answers[moto.NAME].verdict == "refuses"
    ]
    by_boto3 = sum(said.startswith("boto3: ") for said in refused)
    failed = sum(said.startswith("moto: 5") for said in refused)
    return (
        f"Of the {len(refused)} in moto's row, boto3 refuses {by_boto3} before moto is called, and"
        f" {failed} end in an internal error of moto's (HTTP 500)."
    )


def _by_topic(results: Results) -> Iterator[str]:
    rejected = [row for row in results.conformance.values() if row.s3 == "reject"]
    yield from _head(["about", *map(_shown, TOOLS)])
    for topic in dict.fromkeys(row.topic for row in rejected):
        rows = [row for row in rejected if row.topic == topic]
        yield _row([topic, *(_score(results, rows, tool) for tool in TOOLS)])


def _refused_though_taken(results: Results) -> Iterator[str]:
    accepted = {id: row for id, row in results.conformance.items() if row.s3 == "accept"}
    for tool in TOOLS:
        refused = _answered(accepted, tool, "refuses")
        if not refused:
            yield f"- {_shown(tool)}: none."
            continue
        named = ", ".join(f"`{id}`" for id in [*refused][:_LISTED])
        more = f" and {len(refused) - _LISTED} more" if len(refused) > _LISTED else ""
        yield f"- {_shown(tool)}: {len(refused)}, {named}{more}. It says: {_said(refused)}."


def _warned_though_taken(results: Results) -> Iterator[str]:
    accepted = {id: row for id, row in results.conformance.items() if row.s3 == "accept"}
    for tool in TOOLS:
        if warned := _answered(accepted, tool, "warns"):
            yield f"- {_shown(tool)} only warns of {len(warned)} more: {_said(warned)}."


def _said(answers: Mapping[str, tuple[str, ...]]) -> str:
    """What is said, the most frequent first, each with how many cases it is said of."""
    counted = Counter(each for words in answers.values() for each in words)
    return "; ".join(f"`{_plain(words)}` ({n})" for words, n in counted.most_common(_LISTED))


def _answered(rows: Mapping[str, Row], tool: str, verdict: Verdict) -> dict[str, tuple[str, ...]]:
    return {
        id: row.answers[tool].said
        for id, row in rows.items()
        if row.answers[tool].verdict == verdict
    }


def _our_misses(results: Results) -> Iterator[str]:
    rejected = {id: row for id, row in results.conformance.items() if row.s3 == "reject"}
    missed = {
        "Let pass of the curated cases": _answered(results.curated, "check", "silent"),
        "Only warned of, so that `firnline check` ends with 0 without `--fail-on"
        " warning`": _answered(results.curated, "check", "warns"),
        "Of what S3 rejects, let pass by the law": _answered(rejected, "judge", "silent"),
        "Of what S3 rejects, let pass by `firnline check`": _answered(rejected, "check", "silent"),
        "Of what S3 rejects, not testable with `firnline check`, which gets neither the"
        " header nor the kind of bucket nor MFA delete": _answered(rejected, "check", "n/a"),
    }
    for what, found in missed.items():
        named = ", ".join(f"`{id}`" for id in found)
        yield f"- {what}: {named or 'none'}."


def _times(timed: timing.Timing) -> Iterator[str]:
    rules = timing.FILES * timing.RULES_PER_FILE
    yield (
        f"Measured on {timed.measured}, {timing.ROUNDS} rounds in which each tool is started once,"
        f" on the same {rules:,} rules in {timing.FILES} files."
    )
    yield ""
    yield from _head(["", "processor", "against Firnline", "elapsed", "against Firnline"])
    for tool, spent in timed.tools.items():
        yield _row(
            [
                "`firnline check`" if tool == timing.FIRNLINE else _shown(tool),
                f"{spent.processor:.2f} s",
                f"{spent.processor_ratio:.1f} ×",
                f"{spent.wall:.2f} s",
                f"{spent.wall_ratio:.1f} ×",
            ]
        )


def _verdicts(rows: Sequence[Row], tool: str) -> Counter[str]:
    return Counter(row.answers[tool].verdict for row in rows)


def _shown(tool: str) -> str:
    return _SHOWN[tool]


def _plain(words: str) -> str:
    return words.replace("`", "'").replace("|", "\\|")


def _head(cells: Sequence[str]) -> Iterator[str]:
    yield _row(cells)
    yield "|" + "---|" * len(cells)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write(results: Results, page: Path = PAGE) -> None:
    page.write_text(into_page(page.read_text(encoding="utf-8"), results), encoding="utf-8")
