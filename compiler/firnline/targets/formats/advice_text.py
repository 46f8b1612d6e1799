"""Advice as a policy in YAML; as a diff where policies cover the bucket already."""

from __future__ import annotations

from firnline.inventory.advice.advice import Advice
from firnline.targets.advice_diff import to_diff
from firnline.targets.advice_policy import as_policy
from firnline.targets.advice_verdict import standing
from firnline.targets.advice_words import reasons


def to_text(advice: Advice) -> str:
    if advice.covered:
        return to_diff(advice)
    return as_policy(advice.draft, tuple(standing(advice)), reasons(advice))
