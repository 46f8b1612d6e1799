"""How much is it that no rule ever ends: old versions, and parts of incomplete uploads?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.judged import Watched
from firnline.inventory.checks.transition import WORTH_TELLING
from firnline.inventory.forecast.monthly import as_it_is, of_a_month
from firnline.inventory.forecast.usage import Fate
from firnline.inventory.forecast.volume import merged
from firnline.inventory.how_much import how_much
from firnline.inventory.money import dollars
from firnline.rules.checks.multipart_leak import MULTIPART_LEAK
from firnline.rules.checks.versions_forever import VERSIONS_FOREVER
from firnline.rules.owners import ownership
from firnline.s3.simulate.stored import ItemKind
from firnline.s3.terms import Clock


def never_ends(buckets: Sequence[Watched], told: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What was `told` of them without facts, with what is stored now. Raises `NoPrice`."""
    for each in told:
        notes: list[str] = []
        for bucket in buckets:
            if each.kind is MULTIPART_LEAK and _is_of(bucket, each):
                notes += _note(bucket, "incomplete upload", _uploads(bucket))
            elif each.kind is VERSIONS_FOREVER and _is_of(bucket, each):
                notes += _note(bucket, "noncurrent version", _versions(bucket, each))
        if notes:
            yield replace(each, notes=(*each.notes, *notes))


def _is_of(bucket: Watched, each: Diagnostic) -> bool:
    program = bucket.config.program
    path = getattr(each.place, "path", None)
    return program is not None and any(policy.name.span.path == path for policy in program.policies)


def _note(bucket: Watched, what: str, stored: Iterable[Fate]) -> list[str]:
    volumes = merged({as_it_is(fate.example): fate.volume} for fate, _ in stored)
    usd = of_a_month(volumes, bucket.prices)
    if usd < WORTH_TELLING:
        return []
    objects = sum(volume.objects for volume in volumes.values())
    many = how_much(objects, sum(volume.bytes for volume in volumes.values()), what)
    return [f"`{visible(bucket.name)}` stores {many} now, for {dollars(usd)} a month"]


def _uploads(bucket: Watched) -> list[Fate]:
    return [
        fate
        for fate in bucket.stored
        if fate.stored.example.kind is ItemKind.MULTIPART_UPLOAD and not fate.steps
    ]


def _versions(bucket: Watched, each: Diagnostic) -> list[Fate]:
    """Those that the settings own at which it points."""
    return [
        fate
        for fate in bucket.stored
        if fate.stored.example.kind is ItemKind.OBJECT_VERSION
        and not fate.stored.example.current
        and not any(step.left is None for step in fate.steps)
        and _owned_at(bucket, each, fate)
    ]


def _owned_at(bucket: Watched, each: Diagnostic, fate: Fate) -> bool:
    assert bucket.config.program is not None
    for owned in ownership(bucket.config.program, fate.stored.example):
        line = owned.owner.timeline if owned.owner else None
        if line is None or owned.clock not in (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS):
            continue
        spans = [line.span, *([line.delete.span] if line.delete else [])]
        if each.place in spans:
            return True
    return False
