"""Changes of retentions that are there → the edits of their files, with a comment on each key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from firnline.diagnostics.fix import Fix
from firnline.diagnostics.position import Source
from firnline.diagnostics.remedy import DropKeys, Section, SetKeys, Setting
from firnline.inventory.advice.proposed import SMALLEST, Change
from firnline.inventory.advice.timeline import Move, Timeline
from firnline.language.mend import Mender
from firnline.language.model import Retention
from firnline.language.nodes import Map, Text
from firnline.language.tier_classes import DEFAULT_CLASSES
from firnline.language.yaml_tree import TreeBuilder
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.terms import Bytes, Days
from firnline.targets.advice_policy import tiers_of

_CLASSES = "storage_classes"
NO_KEY: Final = ""
"""That is written, where a change only drops some."""


def settings_to_write(change: Change) -> Mapping[str, str]:
    """The keys of the retention that are new or another."""
    now = {tier: (into, after) for tier, into, after in tiers_of(change.before.moves)}
    found: dict[str, str] = {}
    for tier, into, after in tiers_of(change.after.moves):
        if now.get(tier) != (into, after):
            found[f"{tier}_after"] = str(Days(after))
    if change.after.at_least > SMALL_OBJECT and change.after.at_least != change.before.at_least:
        found[SMALLEST] = str(Bytes(change.after.at_least))
    return found


def up_to(change: Change, number: int) -> Change:
    """With so many of the keys that it writes, and without all those that it drops."""
    keys = list(settings_to_write(change))
    if number >= len(keys):
        return change
    written, dropped = keys[:number], keys_to_drop(change)
    now, then = _by_tier(change.before), _by_tier(change.after)
    moves = {tier: move for tier, move in now.items() if tier in then}
    moves |= {tier: move for tier, move in then.items() if f"{tier}_after" in written}
    is_then = SMALLEST in (*written, *dropped)
    at_least = (change.after if is_then else change.before).at_least
    in_order = tuple(moves[tier] for tier in DEFAULT_CLASSES if tier in moves)
    return change._replace(after=change.after._replace(moves=in_order, at_least=at_least))


def _by_tier(timeline: Timeline) -> dict[str, Move]:
    return {tier: Move(after, into) for tier, into, after in tiers_of(timeline.moves)}


def keys_to_drop(change: Change) -> tuple[str, ...]:
    then = {tier for tier, _, _ in tiers_of(change.after.moves)}
    found = [f"{tier}_after" for tier, _, _ in tiers_of(change.before.moves) if tier not in then]
    if change.before.at_least > SMALL_OBJECT >= change.after.at_least:
        found.append(SMALLEST)
    return tuple(found)


def fixes_of(change: Change, retention: Retention) -> list[Fix] | None:
    """None where a person must write it: tiers are other classes there, or overrides apply."""
    if not _are_usual(change, retention):
        return None
    section = Section(retention.span, change.retention, f"`{change.retention}`")
    mender, ways = Mender(), []
    if written := settings_to_write(change):
        settings: tuple[Setting, ...] = tuple(((key,), value) for key, value in written.items())
        ways.append(mender.fix_of(SetKeys(section, settings)))
    if dropped := keys_to_drop(change):
        ways.append(mender.fix_of(DropKeys(section, tuple((key,) for key in dropped))))
    fixes = [each for each in ways if each is not None]
    return fixes if len(fixes) == len(ways) else None


def _are_usual(change: Change, retention: Retention) -> bool:
    """Whether each tier means the class that it means where a policy names none."""
    root = TreeBuilder(retention.span.source).build()
    moves = (*tiers_of(change.before.moves), *tiers_of(change.after.moves))
    if not isinstance(root, Map) or any(DEFAULT_CLASSES[tier] != into for tier, into, _ in moves):
        return False
    found = _settings(root, change.retention)
    return found is not None and not (root.key(_CLASSES) or found.key(_CLASSES))


def with_comments(text: str, retention: str, comments: Mapping[str, str]) -> str:
    """Beside the keys of a retention; above it, where it is written in one line, and that of no
    key.
    """
    source = Source("", text)
    root = TreeBuilder(source).build()
    settings = _settings(root, retention) if isinstance(root, Map) else None
    if settings is None:
        return text
    lines = text.split("\n")
    for key, comment in reversed(list(_places(source, settings, comments))):
        line, alone = key
        if alone:
            lines[line - 1] = f"{lines[line - 1]}  # {comment}"
        else:
            indent = " " * (len(lines[line - 1]) - len(lines[line - 1].lstrip()))
            lines.insert(line - 1, f"{indent}# {comment}")
    return "\n".join(lines)


def _places(
    source: Source, settings: Map, comments: Mapping[str, str]
) -> Iterator[tuple[tuple[int, bool], str]]:
    """The number of a line, and whether it has room for the comment behind it."""
    if NO_KEY in comments:
        yield (source.place(settings.entries[0][0].span.start)[0], False), comments[NO_KEY]
    entries = [(key, value) for key, value in settings.entries if key.value in comments]
    lines = [source.place(key.span.start)[0] for key, _ in entries]
    for (key, value), line in zip(entries, lines, strict=True):
        end = value.span.end if isinstance(value, Text) else key.span.end
        tail = source.line(line)[source.place(end)[1] - 1 :]
        alone = lines.count(line) == 1 and not tail.strip()
        told = comments[key.value]
        yield (line, alone), told if alone else f"{key.value}: {told}"


def _settings(root: Map, retention: str) -> Map | None:
    retain = root.get("retain")
    found = retain.get(retention) if isinstance(retain, Map) else None
    return found if isinstance(found, Map) else None
