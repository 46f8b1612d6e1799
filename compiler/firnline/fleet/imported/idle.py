"""Which rules, and which of their actions, never did anything, and beside which other rule?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from firnline.fleet.imported.acting import Acting, scope_of
from firnline.s3.compare.atoms import Atom, of_rule
from firnline.s3.model import Rule
from firnline.s3.terms import Clock, Versioning


class Idle(NamedTuple):
    """`actions` are those that never did anything, `all_of_it` whether the rule has no others.
    `beside` is a rule that did it before.
    """

    rule: Rule
    actions: tuple[Atom, ...]
    all_of_it: bool
    beside: Rule | None


def idle(acting: Acting, versioning: Versioning | None) -> Iterator[Idle]:
    """In the order of the rules; those that are disabled are left out."""
    clocks = [
        clock
        for clock in Clock
        if versioning is not Versioning.OFF or clock is not Clock.DELETE_MARKERS
    ]
    active = {
        pair for scope in acting.scopes for clock in clocks for pair in acting.actors(scope, clock)
    }
    for rule in acting.rules:
        atoms = tuple(of_rule(rule, acting.minimum_size))
        actions = tuple(atom for atom in atoms if (rule, atom) not in active)
        if rule.enabled and (actions or not atoms):
            yield Idle(rule, actions, len(actions) == len(atoms), _beside(acting, rule, actions))


def in_words(action: Atom) -> str:
    """`the transition to GLACIER at 90d`."""
    if action.clock is Clock.DELETE_MARKERS:
        return "the removal of delete markers"
    what = "the deletion" if action.target is None else f"the transition to {action.target}"
    if action.clock is Clock.MULTIPART_UPLOADS:
        what = "the abort"
    of = "" if action.clock is Clock.OBJECTS else f" of {action.clock.value}"
    return f"{what}{of} at {action.when}"


def _beside(acting: Acting, rule: Rule, actions: tuple[Atom, ...]) -> Rule | None:
    for action in actions:
        others = [
            (other, atom.target is None)
            for other, atom in acting.actors(scope_of(rule.filter), action.clock)
            if other != rule
        ]
        alike = [other for other, ends in others if ends is (action.target is None)]
        if others:
            return alike[0] if alike else others[0][0]
    return None
