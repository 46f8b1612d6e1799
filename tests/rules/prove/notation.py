"""How the cases are written: rules, things and stories as short texts.

A rule is `<filter> -> <actions>`:
    logs/ t=x >131071 <200000 -> STANDARD_IA 30d, end 90d, old GLACIER 5d keep 2, old end 9d keep 3
`*` is every key; other actions are `end 2026-05-09`, `markers` and `abort 7d`; `off` before the
filter disables the rule, and `[name]` before all gives it an ID of its own.

A thing is `<key>, <words>`: a size (1MiB unless said), `k=v`, `in GLACIER`, `40d` old at the start,
`old` for a noncurrent version, `2 newer`, `marker`, `old marker`, `upload`, `null`, `locked`.
Its story is `STANDARD_IA at 30d, deleted at 90d`, up to where it is gone or hidden; or `nothing`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from firnline.language.units import parse_size
from firnline.s3.compare.difference import Difference
from firnline.s3.compare.effect import BEGINNING
from firnline.s3.model import (
    Filter,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.simulate.history import history
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction, StoredItem
from firnline.s3.terms import Bytes, Days, StorageClass, Versioning, When

TODAY = datetime(2026, 5, 10, 12, tzinfo=UTC)
_DONE = {
    LifecycleAction.EXPIRE: "deleted",
    LifecycleAction.DELETE_MARKER: "hidden",
    LifecycleAction.DELETE_VERSION: "destroyed",
    LifecycleAction.REMOVE_DELETE_MARKER: "removed",
    LifecycleAction.ABORT_UPLOAD: "aborted",
}


def ruleset(texts: list[str]) -> RuleSet:
    return RuleSet(tuple(rule(text, str(place)) for place, text in enumerate(texts)))


def rule(text: str, rule_id: str) -> Rule:
    if named := re.match(r"\[(.*?)\] ", text):
        rule_id, text = named[1], text[named.end() :]
    filter, _, actions = text.partition(" -> ")
    words = filter.split(" ")
    enabled = words[0] != "off"
    prefix, *others = words if enabled else words[1:]
    made = Rule(rule_id, _filter("" if prefix == "*" else prefix, others), enabled)
    for action in actions.split(", "):
        made = _with(made, action.split(" "))
    return made


def _filter(prefix: str, words: list[str]) -> Filter:
    tags = [tuple(word.split("=", 1)) for word in words if "=" in word]
    bounds = {word[0]: int(word[1:]) for word in words if word[0] in "<>"}
    return Filter(
        prefix, tuple((key, value) for key, value in tags), bounds.get(">"), bounds.get("<")
    )


def _with(rule: Rule, words: list[str]) -> Rule:
    match words:
        case ["markers"]:
            return replace(rule, removes_sole_markers=True)
        case ["abort", day]:
            return replace(rule, aborts_uploads_after=_days(day))
        case ["end", when]:
            return replace(rule, expires=_when(when))
        case ["old", "end", day, *keep]:
            return replace(rule, noncurrent_expires=NoncurrentExpiration(_days(day), _kept(keep)))
        case ["old", target, day, *keep]:
            old = NoncurrentTransition(_days(day), StorageClass(target), _kept(keep))
            return replace(rule, noncurrent_transitions=(*rule.noncurrent_transitions, old))
        case [target, when]:
            move = Transition(_when(when), StorageClass(target))
            return replace(rule, transitions=(*rule.transitions, move))
        case _:
            raise AssertionError(words)


def _days(text: str) -> Days:
    assert text.endswith("d"), text
    return Days(text[:-1])


def _when(text: str) -> When:
    return date.fromisoformat(text) if "-" in text else _days(text)


def _kept(words: list[str]) -> int | None:
    return int(words[1]) if words else None


def item(text: str) -> StoredItem:
    key, *words = text.split(", ")
    of: dict[str, Any] = {"size": Bytes(2**20), "created": TODAY}
    tags, age, newer, old, kind = [], 0, 0, False, ItemKind.OBJECT_VERSION
    for word in words:
        match word.split(" "):
            case ["in", name]:
                of["storage_class"] = name
            case ["old", "marker"]:
                old, kind = True, ItemKind.DELETE_MARKER
            case ["old"]:
                old = True
            case ["marker"]:
                kind = ItemKind.DELETE_MARKER
            case ["upload"]:
                kind = ItemKind.MULTIPART_UPLOAD
            case ["null"]:
                of["null_version"] = True
            case ["locked"]:
                of["legal_hold"] = True
            case [count, "newer"]:
                newer = int(count)
            case [one] if "=" in one:
                tags.append(tuple(one.split("=", 1)))
            case [days] if re.fullmatch(r"\d+d", days):
                age = int(days[:-1])
            case [size]:
                of["size"] = parse_size(size)
            case _:
                raise AssertionError(word)
    began = TODAY - timedelta(days=age)
    if kind is not ItemKind.OBJECT_VERSION:
        of["size"] = 0
    of |= {"created": began, "tags": tuple(tags), "kind": kind, "newer_noncurrent": newer}
    return StoredItem(key, current=not old, noncurrent_since=began if old else None, **of)


def told(rules: RuleSet, versioning: Versioning, item: StoredItem) -> str:
    """The story of a thing from `TODAY` on, as the cases write it."""
    began, steps = item.noncurrent_since or item.created, []
    for event in history(rules, BucketState(versioning), item, TODAY):
        what = _DONE.get(event.action_due.action, event.action_due.storage_class)
        steps.append(f"{what} at {(event.at - began).days}d")
        if event.action_due.action is LifecycleAction.DELETE_MARKER:
            break
    return ", ".join(steps) or "nothing"


def state_words(difference: Difference) -> set[str]:
    """Where two sides part, in words that a case may name."""
    state, cell = difference.state, difference.cell
    words = {state.storage_class, f"{int(state.age)}d", f"{state.newer} newer"}
    words |= {f"under {cell.prefix or '*'}", f"{cell.size} bytes", difference.versioning.value}
    words |= {f"{key}={value}" for key, value in cell.tags} or {"no tags"}
    return words | ({f"on {state.today}"} if state.today != BEGINNING else {"any day"})
