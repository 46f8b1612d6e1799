"""A remedy as data for programs: each alternative with its action and all values."""

from __future__ import annotations

from typing import Any, assert_never

from firnline.diagnostics.place_json import place_json
from firnline.diagnostics.remedy import (
    AddKey,
    Advise,
    BeginAfter,
    ChooseClass,
    ChooseEnd,
    Drop,
    DropEither,
    DropKeys,
    EndSooner,
    LetBe,
    NameSiblings,
    Remedy,
    RemoveOne,
    SayInRetentions,
    Section,
    SetKeys,
    Setting,
    TakeLongerLife,
    Way,
    WriteName,
    WriteOneOf,
    WriteRetention,
    WriteValue,
)


def remedy_json(remedy: Remedy) -> list[dict[str, Any]]:
    return [_way(way) for way in remedy]


def _way(way: Way) -> dict[str, Any]:
    match way:
        case WriteName(name):
            return {"do": "write-name", "name": name}
        case WriteValue(value, bound):
            return {"do": "write-value", "value": value, "bound": bound.value}
        case WriteOneOf(values):
            return {"do": "write-one-of", "values": list(values)}
        case BeginAfter(tier, day):
            return {"do": "begin-after", "tier": tier, "after": day}
        case Drop(name):
            return {"do": "drop", "name": name}
        case DropEither(one, other):
            return {"do": "drop-either", "names": [one, other]}
        case RemoveOne(entries):
            return {"do": "remove-one", "of": [place_json(entry) for entry in entries]}
        case ChooseClass(origin, classes):
            return {"do": "choose-class", "origin": origin, "classes": list(classes)}
        case AddKey(key):
            return {"do": "add-key", "key": key}
        case SetKeys(section, settings):
            return {"do": "set-keys", "in": _section(section), "settings": _settings(settings)}
        case ChooseEnd(section, key, such_as, beside):
            return {
                "do": "choose-end",
                "in": _section(section),
                "key": list(key),
                "such_as": such_as,
                "settings": _settings(beside),
            }
        case LetBe(section, key, day):
            least = "never" if day is None else day
            return {"do": "let-be", "in": _section(section), "key": list(key), "at_least": least}
        case EndSooner(by):
            return {"do": "end-sooner", "by": by}
        case TakeLongerLife():
            return {
                "do": "take-longer-life",
                "in": _section(way.section),
                "of": _section(way.other),
                "settings": _settings(way.settings),
                "dropped": [list(key) for key in way.dropped],
            }
        case DropKeys(section, keys):
            return {"do": "drop-keys", "in": _section(section), "keys": [list(key) for key in keys]}
        case NameSiblings(section, prefixes, such_as):
            return {
                "do": "name-siblings",
                "in": _section(section),
                "instead_of": list(prefixes),
                "such_as": list(such_as),
            }
        case WriteRetention():
            return {
                "do": "write-retention",
                "both": [_section(each) for each in way.both],
                "name": way.name,
                "prefix": way.prefix,
                "tags": dict(way.tags),
                "over_bytes": way.over,
                "under_bytes": way.under,
            }
        case SayInRetentions(policy, key):
            return {"do": "say-in-retentions", "in": _section(policy), "key": key}
        case Advise(text):
            return {"do": "advise", "text": text}
        case _:
            assert_never(way)


def _section(section: Section) -> dict[str, Any]:
    return {"retention": section.retention, "at": place_json(section.settings)}


def _settings(settings: tuple[Setting, ...]) -> list[dict[str, Any]]:
    return [{"key": list(key), "value": value} for key, value in settings]
