"""Advances the running sandbox's clock, and reports what S3 did in that time."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sandbox.advance_bars import bars, in_lines, size_in_words
from sandbox.own_requests import post
from sandbox.state import State
from sandbox.world.accounts import ACCOUNTS, INVENTORY_BUCKETS

# In the order of the report (the values are those of the conformance format).
_ORDER = (
    *("transition", "expire", "delete_marker", "delete_version"),
    *("remove_delete_marker", "abort_upload"),
)
_LABELS = {account.id: account.label for account in ACCOUNTS}

Json = dict[str, Any]


def advance(state: State, how_far: dict[str, str]) -> Json:
    """`how_far`: `for` a duration, or `until` a date. The response of POST /_firnline/advance.
    Raises `RequestFailed`.
    """
    report: Json = post(state, "advance", how_far)
    return report


def as_text(report: Json) -> Iterator[str]:
    """A bar for each bucket, before and now; then bucket by bucket the actions, below the rules
    that they are due to, and what it holds.
    """
    events: dict[str, list[Json]] = defaultdict(list)
    for event in report["events"]:
        events[event["bucket"]].append(event)
    when = f"{_minute(report['since'])} → {_minute(report['until'])}"
    actions, *deleted = _summary(report["events"])
    yield from in_lines([f"{when}: {actions}", *deleted], ", ", "  ")
    yield ""
    buckets = _shown(report["buckets"])
    yield from bars(_shown(report["before"]), buckets)
    for bucket in buckets:
        yield ""
        yield f"{bucket['bucket']}  {_LABELS.get(bucket['account'], bucket['account'])}"
        yield from _by_rule(events[bucket["bucket"]])
        if not bucket["rules"]:
            yield "  no lifecycle rules: nothing transitions or expires"
        first, *others = _contents(bucket)
        yield from in_lines([f"  now: {first}", *others], " · ", " " * len("  now: "))


def _shown(buckets: list[Json]) -> list[Json]:
    """Those of the inventories hold nothing to watch."""
    return [each for each in buckets if each["bucket"] not in INVENTORY_BUCKETS.values()]


def _summary(events: list[Json]) -> Iterator[str]:
    if not events:
        yield "no lifecycle actions"
        return
    yield _counted(len(events), "action")
    if freed := sum(event["freed"] for event in events):
        yield f"{size_in_words(freed)} permanently deleted"


def _by_rule(events: list[Json]) -> Iterator[str]:
    """Each action below the first rule that requires it."""
    sizes: dict[str, dict[tuple[int, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        kind = _ORDER.index(event["action"]), event["in_words"]
        sizes[event["rules"][0]][kind].append(event["bytes"])
    rows = {
        rule: [
            (done, f"{len(each):,}", size_in_words(sum(each)) if any(each) else "")
            for (_, done), each in sorted(kinds.items())
        ]
        for rule, kinds in sorted(sizes.items())
    }
    all_rows = [row for each in rows.values() for row in each]
    what, count, size = (max((len(row[i]) for row in all_rows), default=0) for i in range(3))
    for rule, each in rows.items():
        yield f"  {rule}"
        for row in each:
            yield f"    {row[0]:<{what}}  {row[1]:>{count}}  {row[2]:>{size}}".rstrip()


def _contents(bucket: Json) -> list[str]:
    classes = bucket["classes"]
    count = sum(tally["count"] for tally in classes.values())
    size = sum(tally["bytes"] for tally in classes.values())
    parts = [f"{_counted(count, 'object')}{f', {size_in_words(size)}' if size else ''}"]
    if len(classes) > 1 or classes.keys() - {"STANDARD"}:
        each = (f"{name} {tally['count']:,}" for name, tally in classes.items())
        parts[0] += f" ({', '.join(each)})"
    if bucket["noncurrent"]["count"]:
        noncurrent = bucket["noncurrent"]
        versions = _counted(noncurrent["count"], "noncurrent version")
        parts.append(f"{versions}, {size_in_words(noncurrent['bytes'])}")
    if bucket["delete_markers"]:
        parts.append(_counted(bucket["delete_markers"], "delete marker"))
    if bucket["uploads"]["count"]:
        uploads = bucket["uploads"]
        parts.append(f"{_counted(uploads['count'], 'upload')}, {size_in_words(uploads['bytes'])}")
    return parts


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _minute(moment: str) -> str:
    return f"{moment[:10]} {moment[11:16]} UTC"
