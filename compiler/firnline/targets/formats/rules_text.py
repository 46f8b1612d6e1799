"""What happens to the objects of each bucket, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.language.model import Hold
from firnline.pipeline import Compilation
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.program import Program, Unit
from firnline.s3.model import Filter, RuleSet
from firnline.s3.terms import Versioning
from firnline.targets.words import Line, describe, place_of, to_text

Besides = tuple[tuple[Filter, str], ...]


def to_words(compilation: Compilation, *, columns: int = 100) -> str:
    """A paragraph for each group of buckets that get the same rules for the same reasons, and keep
    versions alike."""
    groups: dict[tuple[RuleSet, Versioning | None, Besides], list[BucketRules]] = {}
    for each in compilation.buckets:
        besides = tuple(_besides(each.program)) if each.program else ()
        groups.setdefault((each.rules, each.bucket.versioning, besides), []).append(each)
    paragraphs = [_paragraph(same, besides, columns) for (_, _, besides), same in groups.items()]
    return "\n\n".join(paragraphs) + ("\n" if paragraphs else "")


def _paragraph(same: list[BucketRules], besides: Besides, columns: int) -> str:
    first = same[0]
    kept = {rule.id for rule in first.kept}
    lines = describe(first.rules, first.bucket.versioning, lambda rule_id: rule_id not in kept)
    titles = [
        row for each in same for row in _title(each.bucket.key, each.bucket.versioning, columns)
    ]
    return "\n".join([*titles, to_text(_with(besides, lines), columns, "  ").rstrip("\n")])


def _besides(program: Program) -> Iterator[tuple[Filter, str]]:
    """What a policy requires that no rule does, and why; by filter."""
    for unit in program.units:
        if unit.holds:
            yield _filter(unit), f"held: {_kept_by_holds(unit)} stay ({_by(unit)})"
        elif (age := unit.unneeded_after) is not None:
            yield _filter(unit), f"what no registry needs goes by `gc` alone, after {age}"


def _kept_by_holds(unit: Unit) -> str:
    assert unit.before_hold is not None
    objects = unit.before_hold.objects != unit.clocks.objects
    old_versions = unit.before_hold.old_versions != unit.clocks.old_versions
    if objects and old_versions:
        return "objects and noncurrent versions"
    return "objects" if objects else "noncurrent versions"


def _by(unit: Unit) -> str:
    """The holds, and the prefixes that they name where more is kept."""
    return ", ".join(_named(hold, unit.scope.prefix) for hold in unit.holds)


def _named(hold: Hold, prefix: str) -> str:
    if hold.covers(prefix):
        return hold.name.value
    names = [visible(each.value) for each in hold.prefixes if each.value.startswith(prefix)]
    return f"{hold.name.value} names {', '.join(names)}"


def _filter(unit: Unit) -> Filter:
    scope = unit.scope
    return Filter(
        prefix=scope.prefix,
        tags=scope.tags,
        larger_than=scope.at_least - 1 if scope.at_least else None,
        smaller_than=scope.at_most + 1 if scope.at_most is not None else None,
    )


def _with(besides: Besides, lines: Iterable[Line]) -> list[Line]:
    """The lines with additional notes: in the line about the same objects, if there is one."""
    found = list(lines)
    for filter, says in besides:
        same = [at for at, line in enumerate(found) if _is_about(line, filter)]
        if same:
            line = found[same[0]]
            found[same[0]] = replace(line, says=(*line.says, says))
            continue
        place = place_of(filter)
        later = (at for at, each in enumerate(found) if _comes_after(each, place))
        found.insert(next(later, len(found)), Line(filter, (says,), ()))
    return found


def _is_about(line: Line, filter: Filter) -> bool:
    return line.enabled and line.ours and line.filter == filter


def _comes_after(line: Line, place: tuple[str, str]) -> bool:
    return not line.enabled or place_of(line.filter) > place


def _title(key: str, versioning: Versioning | None, columns: int) -> list[str]:
    return wrapped(f"{key}  ({_state(versioning)})", columns, hanging=2)


def _state(versioning: Versioning | None) -> str:
    return f"versioning {versioning.value}" if versioning else "versioning not known: no lock"
