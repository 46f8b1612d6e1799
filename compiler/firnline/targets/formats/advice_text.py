"""Advice as a policy: its text in YAML, with what it stands on above it."""

from __future__ import annotations

from collections.abc import Iterator

from firnline.inventory.advice.advice import Advice
from firnline.targets.advice_policy import as_policy
from firnline.targets.advice_verdict import summary
from firnline.targets.advice_words import reasons


def to_text(advice: Advice) -> str:
    return as_policy(advice.draft, tuple(_above(advice)), reasons(advice))


def _above(advice: Advice) -> Iterator[str]:
    forecast = advice.forecast
    as_of = f"{forecast.as_of:%Y-%m-%d %H:%M} UTC"
    yield f"Proposed by `firnline advise` as of {as_of}, by what is stored:"
    yield from forecast.facts
    yield from (f"prices of {each.in_words}" for each in forecast.prices)
    yield from summary(advice)
    yield from advice.notes
