"""One look at all buckets of a program: who reads what, how often, and what comes of it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import pytest

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.accounts import Access, Clients, NoAccess
from firnline.fleet.live import Live
from firnline.s3.model import RuleSet
from firnline.s3.shape import to_s3
from firnline.targets.pulumi_aws.agreement import Patience
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.shared_look import SharedLook
from firnline.targets.pulumi_aws.write import Write
from tests.targets.pulumi_aws.rules import expiring, rules, write

T = TypeVar("T")
ACCOUNT = Access("111122223333", None, "us-east-1")
AT_ONCE = Patience(over=0)
HASTY = Patience(over=0, agreed_within=0)
SEVEN, EIGHT = rules(expiring(7)), rules(expiring(8))
FOREIGN = rules(
    expiring(7), "{ID: x, Status: Enabled, Filter: {Prefix: x/}, Expiration: {Days: 3}}"
)


@dataclass
class S3:
    """Answers each read of a bucket with the next of its answers, and then with the last again."""

    answers: Mapping[str, Sequence[RuleSet | NoAccess | Live | None]]
    reads: list[str] = field(default_factory=list)

    def read(self, bucket: str) -> Live:
        answers = self.answers[bucket]
        answer = answers[min(self.reads.count(bucket), len(answers) - 1)]
        self.reads.append(bucket)
        if isinstance(answer, NoAccess):
            raise answer
        if isinstance(answer, Live):
            return answer
        return Live(to_s3(answer) if answer else None)


@dataclass(frozen=True)
class FakeLook(Look):
    s3: S3 = field(default_factory=lambda: S3({}))

    def read(self, bucket: str) -> Live:
        return self.s3.read(bucket)


def to(bucket: str) -> Write:
    asked = write(EIGHT, SEVEN)
    return Write(bucket, asked.account_id, asked.namespace, asked.rules, asked.written)


def look_of(s3: S3, patience: Patience = AT_ONCE) -> tuple[SharedLook, Look]:
    """All buckets of `s3` are known to the program."""
    shared, look = SharedLook(), FakeLook(ACCOUNT, Clients(), patience, s3)
    for bucket in s3.answers:
        shared.add(bucket, look)
    return shared, look


def run(program: Callable[[], Coroutine[Any, Any, T]]) -> T:
    return asyncio.run(program())


def code(found: Diagnostic | None) -> str | None:
    return found.kind.code if found else None


def refusal(
    s3: S3, bucket: str, *, preview: bool = False, patience: Patience = AT_ONCE
) -> Diagnostic | None:
    return run(lambda: look_of(s3, patience)[0].refusal(to(bucket), preview=preview))


def test_three_reads_allow_a_preview_and_one_more_a_write() -> None:
    s3 = S3({"a": [SEVEN]})
    assert refusal(s3, "a", preview=True) is None
    assert s3.reads == ["a"] * 3
    s3.reads.clear()
    assert refusal(s3, "a") is None
    assert s3.reads == ["a"] * 4


@pytest.mark.parametrize("preview", [True, False])
@pytest.mark.parametrize("stale", [1, 2])
def test_a_foreign_rule_is_found_behind_stale_answers(stale: int, preview: bool) -> None:
    assert code(refusal(S3({"a": [SEVEN] * stale + [FOREIGN]}), "a", preview=preview)) == "FL409"


def test_stale_answers_that_held_a_foreign_rule_refuse_nothing() -> None:
    assert refusal(S3({"a": [FOREIGN, FOREIGN, SEVEN]}), "a") is None


def test_a_look_of_long_ago_is_not_believed_when_the_turn_to_write_comes() -> None:
    """The one read right before the write may be stale: only three that agree are enough."""
    s3 = S3({"a": [SEVEN, SEVEN, SEVEN, SEVEN, FOREIGN]})
    shared, look = look_of(s3, replace(AT_ONCE, believed_for=0))

    async def twice() -> Diagnostic | None:
        await shared.live("a")
        await asyncio.sleep(0)
        return await shared.refusal(to("a"), preview=False)

    assert code(run(twice)) == "FL409"
    assert look.patience.believed_for == 0
    assert Patience().believed_for == 10


def test_a_rule_that_comes_after_the_look_is_seen_right_before_the_write() -> None:
    s3 = S3({"a": [SEVEN, SEVEN, SEVEN, FOREIGN]})
    assert code(refusal(s3, "a")) == "FL409"
    assert s3.reads == ["a"] * (3 + 1 + 3)


@pytest.mark.parametrize("is_kept", [True, False], ids=["keep", "replace"])
def test_what_changes_of_known_rules_after_the_look_is_seen_right_before_the_write(
    is_kept: bool,
) -> None:
    known = FOREIGN.rules[1:]
    more = "{ID: y, Status: Enabled, Filter: {Prefix: y/}, Expiration: {Days: 3}}"
    writing = replace(
        to("a"),
        rules=replace(EIGHT, rules=(*EIGHT.rules, *known)) if is_kept else EIGHT,
        known_foreign=known if is_kept else (),
        going=() if is_kept else known,
    )
    both = replace(FOREIGN, rules=(*FOREIGN.rules, *rules(more).rules))
    other = replace(FOREIGN, rules=(*SEVEN.rules, replace(known[0], enabled=False)))
    for now, expected in ((FOREIGN, None), (both, "FL409"), (other, "FL729")):
        shared, _ = look_of(S3({"a": [FOREIGN, FOREIGN, FOREIGN, now]}))
        assert code(asyncio.run(shared.refusal(writing, preview=False))) == expected


def test_answers_that_keep_changing_are_refused() -> None:
    found = refusal(S3({"a": [SEVEN, FOREIGN] * 20}), "a", patience=HASTY)
    assert found is not None
    assert found.kind.code == "FL721"
    assert found.notes == ("in some answers only: `x`", "nothing was written")
    # Each time right before the write.
    late = S3({"a": [SEVEN, SEVEN, SEVEN, EIGHT, SEVEN, SEVEN, SEVEN, EIGHT]})
    assert code(refusal(late, "a")) == "FL721"


NO_BUCKET = Live(None, bucket_exists=False)


@pytest.mark.parametrize("preview", [True, False])
def test_a_bucket_that_is_gone_is_refused(preview: bool) -> None:
    assert code(refusal(S3({"a": [NO_BUCKET]}), "a", preview=preview)) == "FL703"


def test_a_bucket_that_was_made_after_the_look_is_looked_at_again() -> None:
    s3 = S3({"a": [NO_BUCKET, NO_BUCKET, NO_BUCKET, None]})
    asked = write(EIGHT)
    making = Write("a", asked.account_id, asked.namespace, asked.rules, None)
    assert run(lambda: look_of(s3)[0].refusal(making, preview=False)) is None
    assert s3.reads == ["a"] * (3 + 1 + 3 + 1)


def test_the_first_hook_looks_at_all_buckets_for_all_hooks() -> None:
    s3 = S3({"a": [SEVEN], "b": [FOREIGN], "c": [SEVEN]})

    async def program() -> list[Diagnostic | None]:
        shared, _ = look_of(s3)
        first = [await shared.refusal(to(bucket), preview=True) for bucket in ("a", "b")]
        assert Counter(s3.reads) == {"a": 3, "b": 3, "c": 3}
        return first

    assert [code(each) for each in run(program)] == [None, "FL409"]
    assert len(s3.reads) == 9


def test_a_bucket_that_is_named_later_is_looked_at_when_its_own_turn_comes() -> None:
    s3 = S3({"a": [SEVEN], "late": [SEVEN, FOREIGN], "later": [SEVEN]})

    async def program() -> list[Diagnostic | None]:
        shared, look = SharedLook(), FakeLook(ACCOUNT, Clients(), AT_ONCE, s3)
        shared.add("a", look)
        first = await shared.refusal(to("a"), preview=True)
        shared.add("late", look)
        shared.add("later", look)
        both = [shared.refusal(to(each), preview=True) for each in ("late", "later")]
        return [first, *await asyncio.gather(*both)]

    assert [code(each) for each in run(program)] == [None, "FL409", None]
    assert Counter(s3.reads) == {"a": 3, "late": 4, "later": 3}


def test_a_bucket_named_while_the_look_is_on_is_not_forgotten() -> None:
    s3 = S3({"a": [SEVEN], "late": [FOREIGN]})

    async def program() -> list[Diagnostic | None]:
        shared, look = SharedLook(), FakeLook(ACCOUNT, Clients(), AT_ONCE, s3)
        shared.add("a", look)
        first = asyncio.create_task(shared.refusal(to("a"), preview=True))
        while not s3.reads:
            await asyncio.sleep(0)
        shared.add("late", look)
        return [await shared.refusal(to("late"), preview=True), await first]

    assert [code(each) for each in run(program)] == ["FL409", None]


def test_what_cannot_be_read_stops_its_own_bucket_alone() -> None:
    s3 = S3({"a": [SEVEN], "b": [NoAccess("111122223333", "s3:GetLifecycleConfiguration", "no")]})
    assert refusal(s3, "a") is None
    with pytest.raises(NoAccess):
        refusal(s3, "b")


def test_a_look_takes_as_long_for_many_buckets_as_for_one() -> None:
    s3 = S3({f"bucket-{n}": [SEVEN] for n in range(200)})
    patience = Patience(over=0.5)

    async def program() -> list[Diagnostic | None]:
        shared, _ = look_of(s3, patience)
        return [await shared.refusal(to(bucket), preview=True) for bucket in s3.answers]

    began = time.monotonic()
    assert set(run(program)) == {None}
    assert 0.5 <= time.monotonic() - began < 50  # one after another they take 100
    assert len(s3.reads) == 600


def test_a_hook_that_the_engine_gives_up_ends_the_look() -> None:
    s3 = S3({"a": [SEVEN], "b": [SEVEN]})

    async def program() -> int:
        shared, _ = look_of(s3, Patience(over=60))
        hook = asyncio.create_task(shared.refusal(to("a"), preview=True))
        while len(s3.reads) < 2:
            await asyncio.sleep(0)
        hook.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hook
        await asyncio.sleep(0.01)
        return len(asyncio.all_tasks())

    assert run(program) == 1, "the program itself"
