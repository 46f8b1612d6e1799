"""Does a retention match anything of what is stored?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise, Way, WriteName
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.seen import Entry, Seen
from firnline.language.nearest import did_you_mean
from firnline.language.rewrite import rewrite
from firnline.rules.prefix_of_nothing import MATCHES_NOTHING


def check(seen: Seen) -> Iterator[Diagnostic]:
    for span, entry in seen.entries().items():
        if entry.below.is_none:
            yield _nothing_below(span, entry)
        elif entry.of_size.is_none:
            yield MATCHES_NOTHING.at(
                _place(span, entry), f"{_of_all(entry)} {_size(entry)}", remedy=Advise(_OTHER_SIZE)
            )
        elif entry.whole.is_none and not _lacks_a_tag(entry):
            yield MATCHES_NOTHING.at(
                span, f"{_of_all(entry)} has its tags and its size together", remedy=Advise(_ONE)
            )


_OTHER_SIZE = "write a size that objects have there, or remove the retention"
_ONE = "drop a tag or the size, or remove the retention"


def _nothing_below(span: Span, entry: Entry) -> Diagnostic:
    prefix = entry.prefix
    message = f"no object of {called(entry)} begins with `{visible(prefix)}`"
    near = nearest(entry)
    if near is None:
        remedy: Way = Advise("correct the prefix, or remove it until something is written there")
        return MATCHES_NOTHING.at(span, message, remedy=remedy)
    stored = how_many(near.objects, "object version")
    return MATCHES_NOTHING.at(
        span,
        message,
        notes=[f"`{visible(near.prefix)}` has {stored}"],
        remedy=WriteName(near.prefix, is_guess=True),
        fix=rewrite(span, prefix, near.prefix, safe=False),
    )


class Near(NamedTuple):
    prefix: str
    objects: int


def nearest(entry: Entry) -> Near | None:
    """The prefix that exists and of which that of the entry may be a mistyped form, name by
    name.
    """
    parts = entry.prefix.split("/")
    parents, names = parts[:-1], parts[-1]
    found, objects = "", 0
    for name in parents:
        folders = _folders(entry, found)
        exact = f"{found}{name}/"
        if exact not in folders:
            known = {each[len(found) : -1]: each for each in folders}
            near = did_you_mean(name, known)
            if near is None:
                return None
            exact = known[near.name]
        found, objects = exact, folders[exact]
    if not names:
        return Near(found, objects) if found else None
    return _name_without_slash(entry, found, names)


def _name_without_slash(entry: Entry, parent: str, name: str) -> Near | None:
    """Of a prefix that ends within a name: the folder that was meant."""
    folders = _folders(entry, parent)
    known = {each[len(parent) : -1]: each for each in folders}
    near = did_you_mean(name, known)
    return Near(known[near.name], folders[known[near.name]]) if near else None


def _folders(entry: Entry, parent: str) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for bucket in entry.buckets:
        for folder, objects in bucket.population.folders_in(parent).items():
            found[folder] = found.get(folder, 0) + objects
    return found


def called(entry: Entry) -> str:
    """What is known to be stored, for the middle of a message."""
    names = [bucket.facts for bucket in entry.buckets]
    return names[0] if len(names) == 1 else f"{how_many(len(names), 'bucket')}"


def _of_all(entry: Entry) -> str:
    objects = how_many(entry.below.sure.objects, "object version")
    where = f"below `{visible(entry.prefix)}`" if entry.prefix else f"in {called(entry)}"
    return f"of {objects} {where} none"


def _size(entry: Entry) -> str:
    size = entry.retention.size
    assert size is not None, "without one, all below the prefix has its size"
    bounds = [
        *([f"over {size.over.value}"] if size.over else []),
        *([f"under {size.under.value}"] if size.under else []),
    ]
    return f"is {' and '.join(bounds)}"


def _place(span: Span, entry: Entry) -> Span:
    size = entry.retention.size
    return size.span if size else span


def _lacks_a_tag(entry: Entry) -> bool:
    """Of which `tag_unseen` tells."""
    return any(entry.tagged(tag).is_none for _, unit in entry.units for tag in unit.scope.tags)
