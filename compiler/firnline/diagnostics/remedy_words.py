"""A remedy as the sentence after `= help:`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from firnline.diagnostics import remedy as ways


def in_words(remedy: ways.Remedy) -> str:
    return ", or ".join(map(_words, remedy))


def _words(way: ways.Way) -> str:
    match way:
        case ways.WriteName(name, is_guess):
            return f"did you mean `{name}`?" if is_guess else f"write `{name}`"
        case ways.Translate():
            return _translated(way)
        case ways.WriteValue():
            return _value(way)
        case ways.WriteOneOf(values):
            return f"write one of {', '.join(values)}"
        case ways.BeginAfter(tier, day):
            return f"let `{tier}` begin after {day}"
        case ways.Drop(name, called):
            return f"drop {called or f'`{name}`'}"
        case ways.DropEither():
            return "drop one of the two"
        case ways.RemoveOne(_, called):
            return f"remove {called}"
        case ways.ChooseClass(origin, classes):
            return f"from {origin} S3 can move to {', '.join(classes) or 'no other class'}"
        case ways.AddKey(key, meaning, to):
            return f"add `{key}`{f' to {to}' if to else ''}{f': {meaning}' if meaning else ''}"
        case ways.SetKeys():
            return _settings(way)
        case ways.ChooseEnd(_, key, such_as, beside, within, what):
            return f"{what}: `{_written(within, (*beside, (key, such_as)))}`"
        case ways.LetBe():
            return _at_least(way)
        case ways.EndSooner(by):
            return f"delete {by} sooner"
        case ways.TakeLongerLife():
            return f"give {way.section.called} the longer life of {way.other.called}"
        case ways.DropKeys():
            return f"remove {_keys(way.keys)} from {way.section.called}"
        case ways.NameSiblings():
            return _siblings(way)
        case ways.WriteRetention():
            return f"add a retention for {way.called} that defines what happens to them"
        case ways.SayInRetentions():
            return f"set `{way.key}` in the retentions, not for the whole bucket"
        case ways.Advise(text):
            return text
        case _:
            assert_never(way)


_CLOCKS = {
    "old_versions": ("noncurrent versions", "expire"),
    "uploads": ("incomplete multipart uploads", "be aborted"),
}


def _translated(way: ways.Translate) -> str:
    such = ", for example," if way.is_example else ""
    entry = f" this entry of `{way.into}`:" if way.into else ""
    remark = f"; {way.remark}" if way.remark else ""
    verb = "add" if way.into else "write"
    return f"{way.by} calls this {way.term}: {verb}{such}{entry} `{way.written}`{remark}"


def _keys(keys: Iterable[ways.KeyPath]) -> str:
    return " and ".join(f"`{'.'.join(key)}`" for key in keys)


def _value(way: ways.WriteValue) -> str:
    bound = {ways.Bound.EXACTLY: "", ways.Bound.AT_LEAST: " or more"}[way.bound]
    only_if = f" if {way.only_if}" if way.only_if else ""
    return f"write {way.value}{bound}{only_if}" + (f", {way.remark}" if way.remark else "")


def _settings(way: ways.SetKeys) -> str:
    text = _written(way.within, way.settings)
    return f"{way.what}: `{text}`" if way.what else f"write `{text}` in {way.section.called} too"


def _written(within: ways.KeyPath, settings: Iterable[ways.Setting]) -> str:
    return _flow((_below(within, key), value) for key, value in settings)


def _at_least(way: ways.LetBe) -> str:
    *clock, key = way.key
    if clock:
        what, verb = _CLOCKS[clock[0]]
        when = "never" if way.day is None else f"no sooner than {way.day}"
        return f"let {what} of {way.section.called} {verb} {when}"
    least = "never" if way.day is None else f"at least {way.day}"
    return f"let `{key}` of {way.section.called} be {least}"


def _siblings(way: ways.NameSiblings) -> str:
    parents = " and ".join(f"`{each}`" if each else "the whole bucket" for each in way.prefixes)
    return f"name the {way.what} instead of {parents}"


def _below(within: ways.KeyPath, key: ways.KeyPath) -> ways.KeyPath:
    return key[len(within) :] if key[: len(within)] == within else key


def _flow(settings: Iterable[ways.Setting]) -> str:
    """`a: 1, b: {c: 2}`"""
    groups: dict[str, list[ways.Setting]] = {}
    for key, value in settings:
        groups.setdefault(key[0], []).append((key[1:], value))
    return ", ".join(f"{key}: {_nested(below)}" for key, below in groups.items())


def _nested(below: list[ways.Setting]) -> str:
    return below[0][1] if not below[0][0] else f"{{{_flow(below)}}}"
