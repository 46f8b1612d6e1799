"""Changes of retentions that are there → the edits of their files, with a comment on each key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from firnline.diagnostics.fix import Fix
from firnline.diagnostics.position import Source
from firnline.diagnostics.remedy import DropKeys, Section, SetKeys, Setting
from firnline.inventory.advice.proposed import SMALLEST, Change
from firnline.language.mend import Mender
from firnline.language.model import Retention
from firnline.language.nodes import Map, Text
from firnline.language.tier_classes import DEFAULT_CLASSES
from firnline.language.yaml_tree import TreeBuilder
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.terms import Bytes, Days
from firnline.targets.advice_policy import tiers_of

_CLASSES = "storage_classes"


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
    """Beside the keys of a retention; above it, where it is written in one line."""
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
