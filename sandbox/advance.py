"""Turns the running sandbox's clock, and says what S3 did meanwhile."""

import json
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sandbox.state import State
from sandbox.world.accounts import ACCOUNTS

_PATIENCE_SECONDS = 600.0
# What is told first: moves, the warmer class before the colder one; then what ends.
_DONE = {
    **{
        name: f"moved to {name}"
        for name in (
            *("STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA"),
            *("GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
        )
    },
    "expire": "deleted",
    "delete_marker": "hidden by a delete marker",
    "delete_version": "old versions deleted",
    "remove_delete_marker": "delete markers removed",
    "abort_upload": "uploads aborted",
}
_LABELS = {account.id: account.label for account in ACCOUNTS}

Json = dict[str, Any]


class NotTurned(Exception):
    """The clock stays where it is; the text says why."""


def advance(state: State, turn: dict[str, str]) -> Json:
    """`turn`: `for` a duration, or `until` a date. What POST /_firnline/advance answers."""
    request = urllib.request.Request(
        f"{state.endpoint}/_firnline/advance", json.dumps(turn).encode(), method="POST"
    )
    # No proxy: the address is on this machine, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_PATIENCE_SECONDS) as answer:
            done: Json = json.load(answer)
            return done
    except urllib.error.HTTPError as error:
        with error:
            if error.code != 400:
                raise NotTurned("the emulator failed: see .sandbox/emulator.log") from error
            raise NotTurned(json.load(error)["error"]) from error
    except OSError as error:
        raise NotTurned(f"{state.endpoint} does not answer ({error})") from error


def told(done: Json) -> Iterator[str]:
    """Bucket by bucket: what happened, by which rules; then what is left."""
    events: dict[str, list[Json]] = defaultdict(list)
    for event in done["events"]:
        events[event["bucket"]].append(event)
    yield f"{_minute(done['since'])} → {_minute(done['until'])}: {_in_short(done['events'])}"
    for left in done["left"]:
        yield ""
        yield f"{left['bucket']}  {_LABELS.get(left['account'], left['account'])}"
        yield from _aligned(_rows(events[left["bucket"]]))
        if not left["rules"]:
            yield "  no lifecycle rules: nothing ever moves or ends"
        yield f"  left: {_left(left)}"


def _in_short(events: list[Json]) -> str:
    if not events:
        return "nothing happened"
    freed = sum(event["freed"] for event in events)
    gone = f", {_size(freed)} are gone for good" if freed else ""
    return f"{_counted(len(events), 'action')}{gone}"


def _rows(events: list[Json]) -> Iterator[tuple[str, str, str, str]]:
    """One for each sort of action and the rule that asked for it first."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in events:
        done = event.get("storage_class") or event["action"]
        groups[done, event["rules"][0]].append(event["bytes"])
    told_first = list(_DONE)
    for (done, rule), sizes in sorted(
        groups.items(), key=lambda each: told_first.index(each[0][0])
    ):
        size = _size(sum(sizes)) if any(sizes) else ""
        yield _DONE[done], f"{len(sizes):,}", size, rule


def _aligned(rows: Iterator[tuple[str, str, str, str]]) -> Iterator[str]:
    all_rows = list(rows)
    what, count, size = (max((len(row[i]) for row in all_rows), default=0) for i in range(3))
    for row in all_rows:
        yield f"  {row[0]:<{what}}  {row[1]:>{count}}  {row[2]:>{size}}  {row[3]}".rstrip()


def _left(left: Json) -> str:
    classes = left["classes"]
    count = sum(tally["count"] for tally in classes.values())
    size = sum(tally["bytes"] for tally in classes.values())
    parts = [f"{_counted(count, 'object')}{f', {_size(size)}' if size else ''}"]
    if len(classes) > 1 or classes.keys() - {"STANDARD"}:
        each = (f"{name} {tally['count']:,}" for name, tally in classes.items())
        parts[0] += f" ({', '.join(each)})"
    if left["old"]["count"]:
        old = left["old"]
        parts.append(f"{_counted(old['count'], 'old version')}, {_size(old['bytes'])}")
    if left["markers"]:
        parts.append(_counted(left["markers"], "delete marker"))
    if left["uploads"]["count"]:
        uploads = left["uploads"]
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
