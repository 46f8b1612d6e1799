"""Moves in any order lose no foreign rule in silence, and no bucket its rules.

Every foreign rule is in place, or was named on a screen with an exit code other than 0; no
configuration was deleted; and nothing of ours is live that nobody manages (`Witness` looks after
each command).
"""

from __future__ import annotations

import random

import pytest

from tests.end_to_end.attacks.moves import MOVES, Attack, Move, do_as_advised
from tests.end_to_end.attacks.witness import Witness
from tests.end_to_end.stack import Project

SEQUENCES, MOVES_EACH = 8, 5


def attack(project: Project, chance: random.Random, *moves: Move) -> Witness:
    attacked = Attack(Witness(project), chance)
    for move in moves:
        attacked.told.append(move.__name__)
        print(f"→ {', '.join(attacked.told)}")  # pytest shows it where a test fails
        move(attacked)
    return attacked.witness


@pytest.mark.slow
@pytest.mark.parametrize("move", MOVES, ids=lambda move: move.__name__)
def test_after_any_move_and_what_the_messages_advise_the_stack_deploys_again(
    move: Move, project: Project
) -> None:
    witness = attack(project, random.Random(move.__name__), move, do_as_advised)
    assert witness.foreign == {}
    again = witness.up("--skip-preview")  # previews are among the moves
    assert again.code == 0, again.text


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_moves_in_any_order_lose_nothing(seed: int, project: Project) -> None:
    chance = random.Random(seed)
    attack(project, chance, *chance.sample(MOVES, MOVES_EACH))
