"""What are imported retentions called?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, takewhile

from firnline.fleet.imported.model import ImportedRetention
from firnline.inventory.advice.names import slug

_SAYS_NOTHING = ("true", "yes", "on", "1")
_NOT_ALLOWED = ("per_account", "per_bucket")


def named(retentions: Iterable[ImportedRetention]) -> tuple[ImportedRetention, ...]:
    """Each with a name of its own, made of its prefix, else of its tags or sizes."""
    there = list(retentions)
    names: dict[int, str] = {}
    for place in sorted(range(len(there)), key=lambda place: _rank(there[place])):
        taken = {*names.values(), *_NOT_ALLOWED}
        possible = _possible(there[place], alone=len(there) == 1)
        names[place] = next(name for name in possible if name not in taken)
    return tuple(replace(each, name=names[place]) for place, each in enumerate(there))


def _rank(retention: ImportedRetention) -> tuple[int, bool]:
    """The plainest ones choose first."""
    return len(retention.prefixes), retention.over is not None


def _possible(retention: ImportedRetention, *, alone: bool) -> Iterator[str]:
    name = _name(retention, alone=alone)
    yield name
    inside = slug(_of_prefixes(_below_the_shared(retention.prefixes)))
    if len(retention.prefixes) > 1 and inside:
        yield f"{name}-{inside}"
    if retention.over == 0:
        yield f"{name}-not-empty"
    yield from (f"{name}-{number}" for number in count(2))


def _name(retention: ImportedRetention, *, alone: bool) -> str:
    parts = [_of_prefixes(retention.prefixes)]
    parts += [_of_tag(key, values) for key, values in retention.tags]
    parts.append(_of_size(retention))
    name = slug("-".join(part for part in parts if part))
    if name or "" not in retention.prefixes:
        return name or slug(next(iter(retention.rule_ids), "")) or "prefix"
    return "everything" if alone else "everything-else"


def _of_prefixes(prefixes: tuple[str, ...]) -> str:
    if "" in prefixes:
        return ""  # the others are within it
    names = [slug(each) for each in prefixes]
    shared = slug("/".join(_folders_of_all(prefixes))) if len(names) > 1 else ""
    if shared or len(names) == 1:
        return shared or names[0]
    told = [each for each in names if each]
    if len(told) == len(names) == 2:
        return "-and-".join(told)
    return f"{told[0]}-and-others" if told else ""


def _folders_of_all(prefixes: tuple[str, ...]) -> Iterable[str]:
    levels = zip(*(each.split("/")[:-1] for each in prefixes), strict=False)
    return (level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels))


def _below_the_shared(prefixes: tuple[str, ...]) -> tuple[str, ...]:
    shared = sum(len(level) + 1 for level in _folders_of_all(prefixes))
    return tuple(prefix[shared:] for prefix in prefixes)


def _of_tag(key: str, values: tuple[str, ...]) -> str:
    value = slug(values[0]) if len(values) == 1 else ""
    return slug(key) if not value or value in _SAYS_NOTHING else value


def _of_size(retention: ImportedRetention) -> str:
    if retention.over:
        return "medium" if retention.under else "large"
    return "small" if retention.under is not None else ""
