"""What another store's key says, in keys of ours: the remedy, and a fix where it is certain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import chain, count
from typing import Final, NamedTuple

from firnline.diagnostics.fix import Fix
from firnline.diagnostics.remedy import Advise, KeyPath, Setting, Translate, Way, WriteName
from firnline.language.edit_map import CannotEdit, Value, entries, replace_entry, written
from firnline.language.nodes import Map, Node, Path, Text, at
from firnline.language.other_words import RENAMED, advice, advice_on_date, says_when_it_ends
from firnline.language.rewrite import rewrite
from firnline.language.synonyms import (
    IN_OLD_VERSIONS,
    IN_SIZE,
    IN_UPLOADS,
    SYNONYMS,
    Means,
    Synonym,
    plain,
)
from firnline.language.their_dates import date_in
from firnline.language.their_values import Settings, settings_of
from firnline.language.tier_choice import tier_choice
from firnline.language.units import NotADuration, parse_duration
from firnline.s3.terms import Days


class Section(Enum):
    """Which settings a map holds, and the key that they stand under."""

    POLICY = ""
    RETENTION = "retain"
    OLD_VERSIONS = "old_versions"
    UPLOADS = "uploads"
    SIZE = "size"
    OTHER = "other"


class Translation(NamedTuple):
    """`keys` are those that the map has after it; `rests_on` are those on which its fix depends."""

    remedy: Way
    fix: Fix | None = None
    keys: frozenset[str] = frozenset()
    rests_on: frozenset[str] = frozenset()


_SYNONYMS: Final[Mapping[Section, Mapping[str, Synonym]]] = {
    Section.POLICY: SYNONYMS,
    Section.RETENTION: SYNONYMS,
    Section.OLD_VERSIONS: IN_OLD_VERSIONS,
    Section.UPLOADS: IN_UPLOADS,
    Section.SIZE: IN_SIZE,
    Section.OTHER: {},
}
_FOR_THE_BUCKET = (
    Means.OLD_EXPIRATION,
    Means.OLD_TRANSITIONS,
    Means.KEEP_NEWEST,
    Means.DELETE_MARKERS,
    Means.UPLOADS,
    Means.CLASSES,
    Means.VERSIONING,
)
"""What stands at the top level too; anything else belongs into a retention."""

_EXAMPLES: Final[Mapping[Means, Settings]] = {
    Means.EXPIRATION: {"delete_after": "30d"},
    Means.TRANSITIONS: {"warm_after": "30d", "archive_after": "90d"},
    Means.OLD_EXPIRATION: {"old_versions": {"delete_after": "30d"}},
    Means.OLD_TRANSITIONS: {"old_versions": {"warm_after": "30d", "archive_after": "90d"}},
    Means.KEEP_NEWEST: {"old_versions": {"keep_newest": "3"}},
    Means.DELETE_MARKERS: {"delete_markers": "expire"},
    Means.UPLOADS: {"uploads": {"abort_after": "7d"}},
    Means.FILTER: {"prefix": "logs/"},
    Means.PREFIX: {"prefix": "logs/"},
    Means.TAGS: {"tags": {"class": "temporary"}},
    Means.OVER: {"size": {"over": "128KiB"}},
    Means.UNDER: {"size": {"under": "128KiB"}},
    Means.CLASSES: {"storage_classes": {"archive": "GLACIER"}},
    Means.VERSIONING: {"versioning": "enabled"},
}
_DATED = (Means.EXPIRATION, Means.TRANSITIONS)
_KEPT_FOR_EVER = (
    "S3's rule keeps the newest for ever, those of deleted objects too: choose when they end"
)
_USUAL_END: Final = 90
"""Days after which the newest noncurrent versions end in an example."""
_NO_DAYS = "S3 takes a count only beside days: choose when the others are deleted"
_ITS_AGE = "its age is set by `warm_after`, `cold_after` or `archive_after`"
_OF_BUCKET = "it belongs at the top level, as it is a setting of the bucket"


def translation(key: Text, value: Node, root: Map, path: Path) -> Translation | None:
    """Of an unknown key of a policy, in the map at `path`; None where no table knows the word."""
    section = section_at(path)
    synonym = _SYNONYMS[section].get(plain(key.value))
    if synonym is not None:
        if (day := date_in(value)) and synonym.means in _DATED:
            return _dated(day, synonym.means)
        return _translated(key, value, synonym, root, path, section)
    said = value.value if isinstance(value, Text) else None
    has_advice = section in (Section.POLICY, Section.RETENTION)
    text = advice(key.value, said) if has_advice else None
    ends = frozenset({"delete_after"} if says_when_it_ends(key.value) else ())
    return Translation(Advise(text), keys=ends) if text else None


def _dated(day: str, means: Means) -> Translation:
    is_end = means is Means.EXPIRATION
    keys = frozenset({"delete_after"} if is_end else ())
    return Translation(Advise(advice_on_date(day, of_end=is_end)), keys=keys)


def renamed(key: Text, value: Node, unused: list[str]) -> Translation | None:
    """Of a key with another name for the same, where that one is missing."""
    name = RENAMED.get(plain(key.value))
    if name not in unused:
        return None
    fix = rewrite(key.span, key.value, name, safe=False) if _fits(name, value) else None
    return Translation(WriteName(name), fix, frozenset({name}))


def _fits(name: str, value: Node) -> bool:
    """Whether a value has the shape that the key of that name takes."""
    match name:
        case "retain" | "promises" | "storage_classes":
            return isinstance(value, Map) and bool(value.entries)
        case "buckets" | "regions":
            return not isinstance(value, Map)
        case "review_by":
            return isinstance(value, Text) and date_in(value) == value.value
        case "warm_after" | "cold_after" | "archive_after":
            return isinstance(value, Text) and _is_age(value.value)
        case _:
            return isinstance(value, Text) and not value.empty


def _is_age(said: str) -> bool:
    try:
        parse_duration(said)
    except NotADuration:
        return False
    return True


def section_at(path: Path) -> Section:
    """Of the map at that path; those of overrides hold what the map above holds."""
    while len(path) >= 2 and path[-2] in ("per_account", "per_bucket"):
        path = path[:-2]
    match path:
        case ():
            return Section.POLICY
        case ("retain", _):
            return Section.RETENTION
        case (*_, "old_versions") if path[0] != "promises":
            return Section.OLD_VERSIONS
        case (*_, "uploads"):
            return Section.UPLOADS
        case (*_, "size"):
            return Section.SIZE
        case _:
            return Section.OTHER


def _translated(
    key: Text, value: Node, synonym: Synonym, root: Map, path: Path, section: Section
) -> Translation:
    into = at(root, path)
    assert isinstance(into, Map)
    tiers = tier_choice(*_maps_above(root, path))
    synonym = _of_a_transition(key, into) or synonym
    read = settings_of(synonym.means, value, tiers, synonym.storage_class)
    said = read or _EXAMPLES[synonym.means]
    settings = _relative(said, section)
    is_exact = read is not None and synonym.is_exact and settings is not None
    if settings is None:  # a storage class that cannot be chosen here
        settings = said
    map_there, remark = "", _remark(synonym.means, section)
    keys = frozenset(settings) if read else frozenset()
    if synonym.means is Means.EXPIRATION and read is None:
        keys = frozenset({"delete_after"})
    counts = synonym.means in (Means.OLD_EXPIRATION, Means.KEEP_NEWEST)
    if counts and (choice := _choice(settings, into, root)):
        (settings, remark), is_exact = choice, False
    if synonym.means is Means.VERSIONING and section is not Section.POLICY:
        is_exact = False
    if section is Section.POLICY and synonym.means not in _FOR_THE_BUCKET:
        retention = {"prefix": "", "delete_after": "never", **settings}
        settings, is_exact = {_new_name(root): retention}, False
        if root.key("retain"):
            map_there = "retain"
        else:
            settings, keys = {"retain": settings}, frozenset({"retain"})
    elif section is Section.POLICY and "storage_classes" in settings:
        is_exact = False  # it would change what the retentions say
    fix = _fix(into, key, settings) if is_exact else None
    remedy = Translate(
        synonym.term,
        synonym.origin.called,
        entries(settings, quoted=False),
        tuple(_flat(settings)),
        is_example=read is None,
        into=map_there,
        remark=remark,
    )
    moves = synonym.means in (Means.TRANSITIONS, Means.OLD_TRANSITIONS)
    return Translation(remedy, fix, keys, keys | {"storage_classes"} if moves else keys)


def _remark(means: Means, section: Section) -> str:
    if means is Means.CLASSES:
        return _ITS_AGE
    return _OF_BUCKET if means is Means.VERSIONING and section is not Section.POLICY else ""


def _of_a_transition(key: Text, into: Map) -> Synonym | None:
    """`days` are those of a transition where a storage class stands beside them."""
    classes = (value for name, value in into.entries if plain(name.value) == "storageclass")
    beside = next(classes, None)
    if plain(key.value) != "days" or not isinstance(beside, Text):
        return None
    return SYNONYMS["transition"]._replace(is_exact=False, storage_class=beside.value.upper())


def _choice(settings: Settings, into: Map, root: Map) -> tuple[Settings, str] | None:
    """What to write, and why, where a count of versions would not do alone: without days for the
    others, or where objects are deleted, of which some would stay for ever.
    """
    newest = settings.get("old_versions", settings)
    beside = into if newest is settings else into.get("old_versions")
    assert isinstance(newest, Mapping)
    if (most := newest.get("keep_newest")) is None:
        return None
    ages = [newest.get("delete_after")]
    if isinstance(beside, Map) and isinstance(age := beside.get("delete_after"), Text):
        ages.append(age.value)
    finite = [age for age in ages if isinstance(age, str) and age != "never"]
    remarks, said = [], dict(newest)
    if not finite:
        remarks.append(_NO_DAYS)
        said["delete_after"] = "30d"
    if not _never_expire(root):
        remarks.append(_KEPT_FOR_EVER)
        said["keep_newest"] = {"count": most, "delete_after": _longer_than(finite)}
    if not remarks:
        return None
    return (said if newest is settings else {"old_versions": said}), "; ".join(remarks)


def _longer_than(ages: Iterable[str]) -> str:
    """An example of an age at which the newest end: after the others."""
    try:
        longest = max((parse_duration(age) for age in ages), default=Days(0))
    except NotADuration:
        longest = Days(0)
    return "90d" if longest < _USUAL_END else f"{2 * longest}d"


def _never_expire(root: Map) -> bool:
    retain = root.get("retain")
    retentions = [each for _, each in retain.entries] if isinstance(retain, Map) else []
    return all(isinstance(each, Map) and _never_expires(each) for each in retentions)


def _never_expires(retention: Map) -> bool:
    age = retention.get("delete_after")
    is_same = not (retention.key("per_account") or retention.key("per_bucket"))
    return isinstance(age, Text) and age.value == "never" and is_same


def _new_name(root: Map) -> str:
    """Of a retention for all objects."""
    retain = root.get("retain")
    taken = {name.value for name, _ in retain.entries} if isinstance(retain, Map) else set()
    names = chain(["all"], (f"all-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def _maps_above(root: Map, path: Path) -> Iterator[Map]:
    for length in range(len(path) + 1):
        node = at(root, path[:length])
        if isinstance(node, Map):
            yield node


def _relative(settings: Settings, section: Section) -> Settings | None:
    """As the settings of that section; None where they need others beside it."""
    if section in (Section.POLICY, Section.RETENTION):
        return settings
    if settings.keys() != {section.value}:
        return None
    within = settings[section.value]
    assert isinstance(within, Mapping)
    return within


def _fix(into: Map, key: Text, settings: Settings) -> Fix | None:
    try:
        return Fix(tuple(replace_entry(into, key, settings)), safe=False)
    except CannotEdit:
        return None


def _flat(settings: Settings, above: KeyPath = ()) -> Iterator[Setting]:
    for key, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, (*above, key))
        else:
            yield (*above, key), _as_text(value)


def _as_text(value: Value) -> str:
    return value if isinstance(value, str) else written(value, quoted=False)
