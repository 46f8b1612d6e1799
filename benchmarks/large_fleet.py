"""check and compile of 10,000 to 100,000 lines: 1,000 retentions, 100 buckets per 10,000."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from benchmarks.figure import Figure, seconds
from firnline.diagnostics.text import to_text
from firnline.language.digest import lock_digest
from firnline.language.read_files import read_files
from firnline.pipeline import compile_files
from firnline.targets.formats.rules_s3_json import to_s3_json

BUCKETS_PER_POLICY = 10
RETENTIONS_PER_POLICY = 100


def measure() -> Iterator[Figure]:
    first = None
    for scale in (1, 2, 5, 10):
        files = fleet(policies=10 * scale)
        lines = sum(content.count(b"\n") for content in files.values())
        spent = min(seconds(partial(_check_and_compile, files)) for _ in range(3))
        first = first or spent / lines
        bound = 2.0 if scale == 1 else None
        yield Figure(f"{lines:,} lines, {100 * scale:,} buckets", spent, "s", bound)
        yield Figure(
            f"{lines:,} lines: time per line against the smallest", spent / lines / first, "×", 1.5
        )


def _check_and_compile(files: dict[str, bytes]) -> None:
    compilation = compile_files(files)
    to_text(compilation.diagnostics)
    assert not compilation.failed
    assert len(json.loads(to_s3_json(compilation))) == len(compilation.buckets) > 0


def fleet(policies: int, retentions: str | None = None) -> dict[str, bytes]:
    """A fleet file, a fresh lock, and policies for 10 buckets each: of 100 retentions, or of the
    text given."""
    text = retentions or "".join(retention(each) for each in range(RETENTIONS_PER_POLICY))
    files = {f"policies/p{number}.yaml": _policy(number, text) for number in range(policies)}
    files["policies/fleet.yaml"] = (
        b"firnline: fleet/v1\nnamespace: bench\n"
        b'accounts: {lab: {id: "111122223333", regions: us-east-1}}\n'
    )
    folder, _ = read_files(files)
    assert folder.fleet
    names = [f"p{p}-b{b}" for p in range(policies) for b in range(BUCKETS_PER_POLICY)]
    files["policies/fleet.lock.yaml"] = (
        f"firnline: fleet-lock/v1\ndigest: {lock_digest(folder.fleet, folder.policies)}\n"
        'accounts:\n  "111122223333":\n'
        + "".join(
            f"    {name}:\n      region: us-east-1\n      partition: aws\n"
            "      kind: general-purpose\n      versioning: enabled\n"
            "      object_lock: off\n      ours: policy\n"
            for name in names
        )
    ).encode()
    return files


def _policy(number: int, retentions: str) -> bytes:
    head = (
        f"firnline: policy/v1\npolicy: p{number}\nowner: lab\nwhy: a benchmark\n"
        f'applies_to: [{{account: lab, buckets: "p{number}-*"}}]\nversioning: enabled\nretain:\n'
    )
    return (head + retentions).encode()


def retention(number: int) -> str:
    return (
        f"  team-{number}:\n    why: artifacts of team {number}\n    prefix: teams/{number}/\n"
        "    warm_after: 14d\n    cold_after: 60d\n    delete_after: 180d\n    old_versions:\n"
        "      warm_after: 1d\n      delete_after: 35d\n"
    )
