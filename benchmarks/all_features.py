"""All features in 10,000 lines, right and with mistakes; fmt of 1,000 files; check of 2,000."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

import yaml

from benchmarks.figure import Figure, in_turn
from benchmarks.large_fleet import fleet
from firnline.cli.fixing import plan_fixes
from firnline.diagnostics.text import to_text
from firnline.language.check import Known
from firnline.language.layout import Formatted, format_file
from firnline.pipeline import check_files

TODAY = date(2026, 11, 21)
POLICIES = 12  # of 25 × 32 lines
FORMATTED, FILES = 1_000, 2_000
ROUNDS = 3

_RETENTIONS = """\
  plain-{n}:
    why: artifacts of team {n}
    prefix: plain/{n}/
    warm_after: 14d
    cold_after: 60d
    delete_after: 180d
    old_versions:
      warm_after: 1d
      keep_newest: {{count: 3, delete_after: 90d}}
      delete_after: 35d
  tagged-{n}:
    prefix: [tagged/{n}/, labelled/{n}/]
    tags: {{class: [tmp, cache], team: t{n}}}
    delete_after: 30d
    old_versions: {{delete_after: 7d}}
    per_bucket:
      "*-b1": {{delete_after: 14d}}
  sized-{n}:
    prefix: sized/{n}/
    size: {{over: 1GiB, under: 500GiB}}
    warm_after: 30d
    delete_after: 365d
    old_versions:
      delete_after: 30d
      per_account: {{lab: {{delete_after: 44d}}}}
  small-{n}:
    prefix: small/{n}/
    smallest_move: 1B
    storage_classes: {{archive: GLACIER}}
    archive_after: 1d
    delete_after: never
    uploads: {{abort_after: 3d}}
"""
_TOP = """\
review_by: 2027-06-30
uploads: {abort_after: 7d}
waivers:
  - {code: FL503, retention: plain-0, why: objects average 90 MiB, expires: 2027-01-31}
"""
_MISTAKES = {
    "delete_after: 180d": "delete_after: 180 days",
    "under:": "undr:",
    "warm_after: 30d": "warm_aftr: 30d",
    "GLACIER": "GLACIR",
}


def measure() -> Iterator[Figure]:
    plain, right = fleet(policies=10), fleet(POLICIES, _featured())
    wrong = {path: _with_mistakes(content) for path, content in right.items()}
    assert not check_files(right, Known(today=TODAY)).failed
    lines, known = _lines(right), _lines(plain)
    spent, _, ratio = in_turn(partial(_check, right), partial(_check, plain), ROUNDS)
    yield Figure(f"{lines:,} lines, all features", spent, "s")
    yield Figure("  time per line against plain retentions", ratio * known / lines, "×", 4.0)
    # Each mistake is a diagnostic to draw, which has no like among plain retentions.
    spent, _, ratio = in_turn(partial(_check, wrong), partial(_read, wrong), ROUNDS)
    yield Figure(f"{lines:,} lines, and a mistake in every eighth", spent, "s")
    yield Figure("  against PyYAML's C reader on the same text", ratio, "×", 22.0)
    fixed, _, ratio = in_turn(partial(_fix, wrong), partial(_check, wrong), ROUNDS)
    yield Figure("mending those mistakes", fixed, "s")
    yield Figure("  against checking them", ratio, "×", 4.0)
    yield from _of_many_files()


def _of_many_files() -> Iterator[Figure]:
    files = _small_files(FORMATTED)
    spent, _, ratio = in_turn(partial(_format, files), partial(_check, files), ROUNDS)
    yield Figure(f"fmt of {FORMATTED:,} files, {_lines(files):,} lines", spent, "s")
    yield Figure("  against check of the same files", ratio, "×", 2.5)
    many, few = _small_files(FILES), _small_files(FILES // 10)
    spent, _, ratio = in_turn(partial(_check, many), partial(_check, few), ROUNDS)
    yield Figure(f"check of {FILES:,} files, {_lines(many):,} lines", spent, "s")
    yield Figure(f"  time per file against {FILES // 10:,} files", ratio / 10, "×", 1.5)


def _check(files: Mapping[str, bytes]) -> None:
    to_text(check_files(files, Known(today=TODAY)).diagnostics)


def _read(files: Mapping[str, bytes]) -> None:
    for content in files.values():
        yaml.load(content, yaml.CSafeLoader)


def _fix(files: Mapping[str, bytes]) -> None:
    plan = plan_fixes(
        files, lambda each: check_files(each, Known(today=TODAY)).diagnostics, unsafe=False
    )
    assert plan.made > len(files)


def _format(files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        formatted = format_file(content, path)
        assert isinstance(formatted, Formatted)
        assert formatted.changed


def _featured() -> str:
    return "".join(_RETENTIONS.format(n=number) for number in range(25)) + _TOP


def _with_mistakes(content: bytes) -> bytes:
    text = content.decode()
    for right, wrong in _MISTAKES.items():
        text = text.replace(right, wrong)
    return text.encode()


def _small_files(count: int) -> dict[str, bytes]:
    """Policies of 20 lines for one bucket each, with comments and keys in any order."""
    return {
        f"policies/p{number}.yaml": (
            f"firnline: policy/v1\npolicy: p{number}\nowner: lab\nwhy: a benchmark\n"
            f"applies_to: [{{account: lab, buckets: b{number}}}]\n"
            "versioning: enabled   # asserted\nuploads:   {abort_after: 7d}\nretain:\n"
            "  # what runs leave\n  runs:\n    delete_after: 30d  # a month\n"
            "    prefix:   runs/\n    old_versions: {delete_after: 7d}\n"
            "  models:\n    prefix: [models/,   built/]\n    delete_after: 365d\n"
            "    warm_after: 30d\n    # undo\n    old_versions:\n      delete_after: 35d\n"
        ).encode()
        for number in range(count)
    }


def _lines(files: Mapping[str, bytes]) -> int:
    return sum(content.count(b"\n") for content in files.values())
