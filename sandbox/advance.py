"""Advances the running sandbox's clock, and reports what S3 did in that time."""

import json
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sandbox.state import State
from sandbox.world.accounts import ACCOUNTS

_PATIENCE_SECONDS = 600.0
# In the order of the report (the values are those of the conformance format).
_ORDER = (
    *("transition", "expire", "delete_marker", "delete_version"),
    *("remove_delete_marker", "abort_upload"),
)
_LABELS = {account.id: account.label for account in ACCOUNTS}

Json = dict[str, Any]


class AdvanceFailed(Exception):
    """The clock was not advanced; the text says why."""


def advance(state: State, how_far: dict[str, str]) -> Json:
    """`how_far`: `for` a duration, or `until` a date. The response of POST /_firnline/advance."""
    request = urllib.request.Request(
        f"{state.endpoint}/_firnline/advance", json.dumps(how_far).encode(), method="POST"
    )
    # No proxy: the address is on this machine, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_PATIENCE_SECONDS) as response:
            report: Json = json.load(response)
            return report
    except urllib.error.HTTPError as error:
        with error:
            if error.code != 400:
                raise AdvanceFailed("the emulator failed: see .sandbox/emulator.log") from error
            raise AdvanceFailed(json.load(error)["error"]) from error
    except OSError as error:
        raise AdvanceFailed(f"{state.endpoint} does not respond ({error})") from error


def as_text(report: Json) -> Iterator[str]:
    """Bucket by bucket: the actions and the rules they are due to; then what the bucket holds."""
    events: dict[str, list[Json]] = defaultdict(list)
    for event in report["events"]:
        events[event["bucket"]].append(event)
    yield f"{_minute(report['since'])} → {_minute(report['until'])}: {_summary(report['events'])}"
    for bucket in report["buckets"]:
        yield ""
        yield f"{bucket['bucket']}  {_LABELS.get(bucket['account'], bucket['account'])}"
        yield from _aligned(_rows(events[bucket["bucket"]]))
        if not bucket["rules"]:
            yield "  no lifecycle rules: nothing transitions or expires"
        yield f"  now: {_contents(bucket)}"


def _summary(events: list[Json]) -> str:
    if not events:
        return "no lifecycle actions"
    freed = sum(event["freed"] for event in events)
    deleted = f", {_size(freed)} permanently deleted" if freed else ""
    return f"{_counted(len(events), 'action')}{deleted}"


def _rows(events: list[Json]) -> Iterator[tuple[str, str, str, str]]:
    """One for each kind of action and the first rule that requires it."""
    groups: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for event in sorted(events, key=lambda each: each["at"]):
        kind = _ORDER.index(event["action"]), event["in_words"], event["rules"][0]
        groups[kind].append(event["bytes"])
    for (_, done, rule), sizes in sorted(groups.items(), key=lambda each: each[0][0]):
        size = _size(sum(sizes)) if any(sizes) else ""
        yield done, f"{len(sizes):,}", size, rule


def _aligned(rows: Iterator[tuple[str, str, str, str]]) -> Iterator[str]:
    all_rows = list(rows)
    what, count, size = (max((len(row[i]) for row in all_rows), default=0) for i in range(3))
    for row in all_rows:
        yield f"  {row[0]:<{what}}  {row[1]:>{count}}  {row[2]:>{size}}  {row[3]}".rstrip()


def _contents(bucket: Json) -> str:
    classes = bucket["classes"]
    count = sum(tally["count"] for tally in classes.values())
    size = sum(tally["bytes"] for tally in classes.values())
    parts = [f"{_counted(count, 'object')}{f', {_size(size)}' if size else ''}"]
    if len(classes) > 1 or classes.keys() - {"STANDARD"}:
        each = (f"{name} {tally['count']:,}" for name, tally in classes.items())
        parts[0] += f" ({', '.join(each)})"
    if bucket["noncurrent"]["count"]:
        noncurrent = bucket["noncurrent"]
        versions = _counted(noncurrent["count"], "noncurrent version")
        parts.append(f"{versions}, {_size(noncurrent['bytes'])}")
    if bucket["delete_markers"]:
        parts.append(_counted(bucket["delete_markers"], "delete marker"))
    if bucket["uploads"]["count"]:
        uploads = bucket["uploads"]
        parts.append(f"{_counted(uploads['count'], 'upload')}, {_size(uploads['bytes'])}")
    return " · ".join(parts)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _minute(moment: str) -> str:
    return f"{moment[:10]} {moment[11:16]} UTC"


def _size(count: int) -> str:
    """`1.5 TiB`: the nearest unit of 1,024, one decimal."""
    size, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB", "PiB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{count} B" if unit == "B" else f"{size:,.1f} {unit}"
