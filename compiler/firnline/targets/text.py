"""What happens to the objects of each bucket, in words."""

from __future__ import annotations

from firnline.language.model import Versioning
from firnline.pipeline import Compilation
from firnline.rules.ir import RuleSet
from firnline.targets.words import describe, to_text


def render(compilation: Compilation) -> str:
    """A paragraph for each group of buckets that get the same rules and keep versions alike."""
    groups: dict[tuple[RuleSet, Versioning | None], list[str]] = {}
    for each in compilation.buckets:
        groups.setdefault((each.rules, each.bucket.versioning), []).append(each.bucket.key)
    paragraphs = [
        "\n".join(
            [f"{key}  ({_state(versioning)})" for key in keys]
            + [to_text(describe(rules, versioning), indent="  ").rstrip("\n")]
        )
        for (rules, versioning), keys in groups.items()
    ]
    return "\n\n".join(paragraphs) + ("\n" if paragraphs else "")


def _state(versioning: Versioning | None) -> str:
    return f"versioning {versioning.value}" if versioning else "versioning not known: no lock"
