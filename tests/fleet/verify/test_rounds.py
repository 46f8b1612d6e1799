"""Answers are believed once enough of them are equal, and a different one once it lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from firnline.fleet.accounts import NoAccess
from firnline.fleet.live import Live
from firnline.fleet.questions import Failure
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.rounds import Read, Settled, read_in_rounds
from firnline.fleet.verify.series import Patience, Standing
from tests.fleet.small_world import PROD
from tests.fleet.verify.buckets import PLACE, answers, expects, ours

RIGHT, WRONG, OTHER = answers(ours()), answers(ours(days=90)), answers(ours(days=91))
EXPECTED = expects(ours())


@dataclass
class World:
    """Answers in sequence, the last one for ever; its clock is what is slept."""

    given: list[Live | Failure]
    now: float = 0.0
    reads: list[tuple[float, Live | Failure]] = field(default_factory=list)

    def read_all(self, buckets: Sequence[ExpectedBucket]) -> Iterator[tuple[ExpectedBucket, Read]]:
        for bucket in buckets:
            answer = self.given.pop(0) if len(self.given) > 1 else self.given[0]
            self.reads.append((self.now, answer))
            yield bucket, Read(answer, self.now, self.now)

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds

    def settled(self, patience: Patience) -> Settled:
        found = read_in_rounds([EXPECTED], self.read_all, patience, lambda: self.now, self.sleep)
        return found[EXPECTED.bucket.key]


def test_three_equal_answers_end_it_at_once() -> None:
    world = World([RIGHT])
    assert world.settled(Patience()).standing is Standing.AGREES
    assert len(world.reads) == 3
    assert world.now < 1


def test_seven_stale_reads_in_a_row_are_no_drift() -> None:
    world = World([*[WRONG] * 7, RIGHT])
    assert world.settled(Patience()).standing is Standing.AGREES


def test_a_drift_counts_when_the_time_to_settle_is_over() -> None:
    world = World([WRONG])
    assert world.settled(Patience()).standing is Standing.DIFFERS
    assert 60 <= world.now < 62
    assert len(world.reads) < 20


def test_without_time_to_settle_it_must_last_three_seconds() -> None:
    world = World([WRONG])
    assert world.settled(Patience(settle=0)).standing is Standing.DIFFERS
    assert 3 <= world.now < 5


def test_answers_that_never_agree_end_as_unsure() -> None:
    world = World([WRONG, RIGHT, OTHER] * 40)
    assert world.settled(Patience()).standing is Standing.KEEPS_CHANGING
    assert world.now <= Patience().longest + 8


def test_a_refusal_is_final_and_other_trouble_is_tried_again() -> None:
    why = NoAccess(PROD, "s3:GetLifecycleConfiguration", "no", code="AccessDenied")
    denied = Failure(PLACE.account, PLACE.name, why)
    assert World([denied]).settled(Patience()) == Settled(denied, Standing.OPEN, 1)
    slow = Failure(PLACE.account, PLACE.name, NoAccess(PROD, "s3", "slow", code="SlowDown"))
    assert World([slow, slow, RIGHT]).settled(Patience()).standing is Standing.AGREES
    assert World([slow]).settled(Patience()) == Settled(slow, Standing.OPEN, 3)


PATIENCE = st.builds(
    Patience,
    equal_reads=st.integers(1, 4),
    over=st.sampled_from([0.0, 3.0]),
    settle=st.sampled_from([0.0, 5.0, 60.0]),
    given_up_after=st.just(30.0),
)


@given(st.lists(st.sampled_from([RIGHT, WRONG, OTHER]), min_size=1, max_size=30), PATIENCE)
def test_what_is_decided_is_what_a_plain_look_at_all_answers_says(
    given: list[Live | Failure], patience: Patience
) -> None:
    world = World(given)
    decided = world.settled(patience).standing
    verdicts = [_naive(world.reads[: n + 1], patience) for n in range(len(world.reads))]
    assert verdicts[-1] is decided
    assert set(verdicts[:-1]) <= {Standing.OPEN}


def _naive(reads: list[tuple[float, Live | Failure]], patience: Patience) -> Standing:
    """All of the reads so far, looked at anew each time."""
    last = reads[-1][1]
    run = 0
    while run < len(reads) and reads[-1 - run][1] == last:
        run += 1
    now, since, began = reads[-1][0], reads[-run][0], reads[0][0]
    if run >= patience.equal_reads:
        if last == RIGHT:
            return Standing.AGREES
        if now - since >= patience.over and now - began >= patience.settle:
            return Standing.DIFFERS
    return Standing.KEEPS_CHANGING if now - began >= patience.longest else Standing.OPEN
