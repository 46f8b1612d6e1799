"""What changes, as data: a stable, versioned format (`firnline schema diff`)."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from firnline.diagnostics.json import diagnostic_json
from firnline.diagnostics.kinds import Waived
from firnline.diagnostics.place_json import place_json
from firnline.rules.diff.base_commit import BaseCommit
from firnline.rules.diff.category import Category
from firnline.rules.diff.changes import Change
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.of_others import rules_of_others
from firnline.rules.diff.words import in_words, places
from firnline.rules.gates.gate import GatedItem
from firnline.rules.gates.place import place_of_change
from firnline.rules.gates.report import shown_gates
from firnline.s3.compare.effect import BEGINNING
from firnline.s3.compare.story import Step, Story
from firnline.s3.compare.witness import WitnessStep
from firnline.s3.compare.witness_words import item_in_words, steps_in_words
from firnline.s3.phrases import done_in_words
from firnline.targets.review.doomed_json import doomed_by_change_json
from firnline.targets.review.facts_json import facts_json, radius_json, seen_json
from firnline.targets.review.model import Review
from firnline.targets.where_json import where_json

SCHEMA_VERSION = 1


def to_json(review: Review) -> str:
    """All items in their order, the strictest first."""
    found = review.found
    counts = {each.value: sum(i.category is each for i in found.items) for each in Category}
    document = {
        "schema_version": SCHEMA_VERSION,
        "from": review.one,
        "to": review.other,
        "digest": review.digest,
        "base": None if review.base is None else _base(review.base),
        "buckets": {
            "compared": found.buckets,
            "only_from": list(found.only_one),
            "only_to": list(found.only_other),
            "not_compared": list(found.not_compared),
        },
        "counts": counts,
        "facts": None if review.facts is None else facts_json(review.facts),
        "items": [
            {
                **_item(item),
                "rules_of_others": list(rules_of_others(item, review.found)),
                "at": place_json(place_of_change(item, found)),
                "radius": radius_json(review, place),
                "deleted_first": seen_json(review, place),
            }
            for place, item in enumerate(found.items)
        ],
        "gates": [_gated(item) for item in review.gates],
        "references": None if review.doomed is None else doomed_by_change_json(review.doomed),
        "findings": {
            "new": [diagnostic_json(each) for each in review.findings.new],
            "known": [diagnostic_json(each) for each in review.findings.known],
            "waived": [_waived(each) for each in review.findings.waived],
        },
    }
    return json.dumps(document, indent=2) + "\n"


def _waived(waived: Waived) -> dict[str, Any]:
    return {
        **diagnostic_json(waived.diagnostic),
        "why": waived.why,
        "until": waived.until.isoformat(),
    }


def _base(base: BaseCommit) -> dict[str, Any]:
    return {
        "commit": base.commit,
        "branch": base.branch,
        "found_by": base.found_by.value,
        "named_by": base.named_by,
        "is_head": base.is_head,
        "text": base.in_words(),
    }


def _item(item: ReviewItem) -> dict[str, Any]:
    change = item.change
    old, new = in_words(change)
    return {
        "digest": item.digest,
        "category": item.category.value,
        "categories": [each.value for each in item.categories],
        "retention": change.retention,
        "clock": change.clock.value,
        "where": {
            "text": places(change, most=None),
            "places": [where_json(each) for each in change.where],
        },
        "old": {"text": old, **_story(change.old)},
        "new": {"text": new, **_story(change.new)},
        "buckets": list(item.buckets),
        "example": _example(item, change),
    }


def _gated(item: GatedItem) -> dict[str, Any]:
    return {
        "digest": item.digest,
        "retention": item.retention,
        "buckets": list(item.buckets),
        "is_first_rules": item.is_first_rules,
        "old": item.old,
        "new": item.new,
        "codes": list(item.codes),
        "approved": sorted(item.approved),
        "open": [
            {
                "code": gate.kind.code,
                "name": gate.kind.name,
                "message": gate.message,
                "notes": list(notes),
            }
            for gate, notes in shown_gates(item)
        ],
    }


def _story(story: Story) -> dict[str, Any]:
    return {
        "moves": [{"storage_class": step.into, **_step(step)} for step in story.moves],
        "ends": [_step(step) for step in story.ends],
        "moves_from_bytes": story.moves_from,
    }


def _step(step: Step) -> dict[str, Any]:
    if isinstance(step.when, date):
        return {"from": step.when.isoformat(), "newest_spared": step.newest}
    return {"days": int(step.when), "newest_spared": step.newest}


def _example(item: ReviewItem, change: Change) -> dict[str, Any]:
    witness = item.example
    stored, state = witness.item, witness.state
    return {
        "text": f"{item_in_words(witness)}: {steps_in_words(witness.one)} before;"
        f" {steps_in_words(witness.other)} after",
        "bucket": item.buckets[0],
        "key": stored.key,
        "kind": change.clock.value,
        "tags": dict(stored.tags),
        "size": stored.size,
        "storage_class": state.storage_class,
        "age_days": int(state.age),
        "newer_old_versions": state.newer,
        "today": None if state.today == BEGINNING else state.today.isoformat(),
        "versioning": witness.versioning.value,
        "old": [_witness_step(step) for step in witness.one],
        "new": [_witness_step(step) for step in witness.other],
    }


def _witness_step(step: WitnessStep) -> dict[str, Any]:
    return {
        "age_days": step.age,
        "action": step.action.value,
        "storage_class": step.storage_class,
        "what": done_in_words(step.action, step.storage_class),
    }
