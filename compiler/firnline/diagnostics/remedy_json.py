"""A remedy as data for programs: each alternative with its action and all values."""

from __future__ import annotations

from typing import Any, assert_never

from firnline.diagnostics import remedy as ways
from firnline.diagnostics.place_json import place_json


def remedy_json(remedy: ways.Remedy) -> list[dict[str, Any]]:
    return [
        _in_section(way) if isinstance(way, ways.InSection) else _in_place(way) for way in remedy
    ]


def _in_place(way: ways.InPlace) -> dict[str, Any]:
    match way:
        case ways.WriteName(name):
            return {"do": "write-name", "name": name}
        case ways.Translate(term, by, _, settings, is_example):
            return {
                "do": "translate",
                "term": term,
                "by": by,
                "settings": _settings(settings),
                "is_example": is_example,
            }
        case ways.WriteValue(value, bound):
            return {"do": "write-value", "value": value, "bound": bound.value}
        case ways.WriteOneOf(values):
            return {"do": "write-one-of", "values": list(values)}
        case ways.BeginAfter(tier, day):
            return {"do": "begin-after", "tier": tier, "after": day}
        case ways.Drop(name):
            return {"do": "drop", "name": name}
        case ways.DropEither(one, other):
            return {"do": "drop-either", "names": [one, other]}
        case ways.RemoveOne(entries):
            return {"do": "remove-one", "of": [place_json(entry) for entry in entries]}
        case ways.ChooseClass(origin, classes):
            return {"do": "choose-class", "origin": origin, "classes": list(classes)}
        case ways.AddKey(key):
            return {"do": "add-key", "key": key}
        case ways.EndSooner(by):
            return {"do": "end-sooner", "by": by}
        case ways.Advise(text):
            return {"do": "advise", "text": text}
        case _:
            assert_never(way)


def _in_section(way: ways.InSection) -> dict[str, Any]:
    match way:
        case ways.SetKeys(section, settings):
            return {"do": "set-keys", "in": _section(section), "settings": _settings(settings)}
        case ways.ChooseEnd(section, key, such_as, beside):
            return {
                "do": "choose-end",
                "in": _section(section),
                "key": list(key),
                "such_as": such_as,
                "settings": _settings(beside),
            }
        case ways.LetBe(section, key, day):
            least = "never" if day is None else day
            return {"do": "let-be", "in": _section(section), "key": list(key), "at_least": least}
        case ways.TakeLongerLife():
            return {
                "do": "take-longer-life",
                "in": _section(way.section),
                "of": _section(way.other),
                "settings": _settings(way.settings),
                "dropped": [list(key) for key in way.dropped],
            }
        case ways.DropKeys(section, keys):
            return {"do": "drop-keys", "in": _section(section), "keys": [list(key) for key in keys]}
        case ways.NameSiblings(section, prefixes):
            return {
                "do": "name-siblings",
                "in": _section(section),
                "instead_of": list(prefixes),
            }
        case ways.WriteRetention():
            return {
                "do": "write-retention",
                "both": [_section(each) for each in way.both],
                "name": way.name,
                "prefix": way.prefix,
                "tags": dict(way.tags),
                "over_bytes": way.over,
                "under_bytes": way.under,
            }
        case ways.SayInRetentions(policy, key):
            return {"do": "say-in-retentions", "in": _section(policy), "key": key}
        case _:
            assert_never(way)


def _section(section: ways.Section) -> dict[str, Any]:
    return {"retention": section.retention, "at": place_json(section.settings)}


def _settings(settings: tuple[ways.Setting, ...]) -> list[dict[str, Any]]:
    return [{"key": list(key), "value": value} for key, value in settings]
